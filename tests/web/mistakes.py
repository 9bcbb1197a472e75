"""Each kind of mistake: a change to a correct situation, and what is said of it."""

ETERNITY = "ETERNITY"


def put(*keys_and_value):
    """Give a change: put a value at a place of the situation."""
    *keys, last, value = keys_and_value

    def change(situation):
        place = situation
        for key in keys:
            place = place[key]
        place[last] = value

    return change


def drop(*keys):
    """Give a change: remove what is at a place of the situation."""

    def change(situation):
        place = situation
        for key in keys[:-1]:
            place = place[key]
        del place[keys[-1]]

    return change


def of_first(variable, value, period=ETERNITY):
    """Give a change: give the first mission a value."""
    return put("missions", "first", variable, {period: value})


def of_sam(variable, value, period=ETERNITY):
    """Give a change: give the volunteer a value."""
    return put("volunteers", "sam", variable, {period: value})


def axis(**parts):
    """Give a change: add one axis, that of the allowance where not said otherwise."""
    usual = {
        "name": "contract_monthly_allowance",
        "period": ETERNITY,
        "min": 0,
        "max": 1000,
        "count": 3,
    }
    return put("axes", [[{**usual, **parts}]])


# Name, change, path of the problem, part of the reason, part of the remedy.
MISTAKES = [
    (
        "unknown entity",
        put("mision", {}),
        "/mision",
        "not a kind of entity",
        '"missions"',
    ),
    (
        "entity in the singular",
        put("mission", {}),
        "/mission",
        "not a kind",
        'Write "missions"',
    ),
    (
        "variable outside",
        put("start_date", {}),
        "/start_date",
        "not a kind",
        "one of the missions",
    ),
    (
        "entities as a list",
        put("volunteers", []),
        "/volunteers",
        "not an object",
        "object",
    ),
    (
        "entities as null",
        put("volunteers", None),
        "/volunteers",
        "not an object",
        "object",
    ),
    ("no mission", put("missions", {}), "/missions", "no mission", "Describe one"),
    (
        "mission as a number",
        put("missions", "first", 3),
        "/missions/first",
        "not an object",
        "object",
    ),
    (
        "unknown variable",
        of_first("strat_date", "2024-01-01"),
        "/missions/first/strat_date",
        "not a variable of the mission",
        '"start_date"',
    ),
    (
        "variable of another",
        of_first("birth_date", "1990-01-01"),
        "/missions/first/birth_date",
        "variable of the volunteer",
        "volunteers",
    ),
    (
        "role misspelt",
        put("volunteers", "sam", "mission", ["first"]),
        "/volunteers/sam/mission",
        "not a variable",
        '"missions"',
    ),
    (
        "value without period",
        put("missions", "first", "start_date", "2024-01-01"),
        "/missions/first/start_date",
        "no period",
        '"ETERNITY"',
    ),
    (
        "list without period",
        put("missions", "first", "start_date", ["2024-01-01"]),
        "/missions/first/start_date",
        "no period",
        '"ETERNITY"',
    ),
    *(
        (
            f"period {key!r}",
            of_sam("dependants_count", 1, key),
            f"/volunteers/sam/dependants_count/{key}",
            reason,
            remedy,
        )
        for key, reason, remedy in [
            ("", "not a period", "2024-01"),
            ("2024-13", "not a period of the calendar", "2024-01"),
            ("2024-1", "not a period", "2024-01"),
            ("next month", "not a period", "2024-01"),
            ("0024-01", "out of the calendar", "1900"),
            ("9999-12", "not a period of the calendar", "2024-01"),
            ("month:2024", "not a period of the calendar", "2024-01"),
            ("month:2024-01:0", "not a period", "2024-01"),
            ("month:2024-01:-3", "not a period", "2024-01"),
            ("year:1900:5000", "more than 1200 months", "shorter"),
            ("2024-01-15", "is a day", "one month"),
            (ETERNITY, "no period at all", "one month"),
            ("2024-W05", "not a period", "2024-01"),
        ]
    ),
    (
        "year asked of a month",
        put("missions", "first", "allowance_due", {"2024": None}),
        "/missions/first/allowance_due/2024",
        "is a year",
        "2024-01 to 2024-12",
    ),
    (
        "month asked of a year",
        put("volunteers", "sam", "retirement_quarters", {"2024-01": None}),
        "/volunteers/sam/retirement_quarters/2024-01",
        "is a month",
        "one year",
    ),
    (
        "eternity asked of a month",
        put("missions", "first", "allowance_due", {ETERNITY: None}),
        "/missions/first/allowance_due/ETERNITY",
        "no period at all",
        "one month",
    ),
    (
        "two months asked at once",
        put("missions", "first", "allowance_due", {"month:2024-01:2": None}),
        "/missions/first/allowance_due/month:2024-01:2",
        "2 months",
        "one month",
    ),
    (
        "year given to a computed month",
        of_first("allowance_due", 100, "2024"),
        "/missions/first/allowance_due/2024",
        "given for one month",
        "2024-01 to",
    ),
    *(
        (
            f"day {value!r}",
            of_first("end_date", value),
            "/missions/first/end_date/ETERNITY",
            reason,
            remedy,
        )
        for value, reason, remedy in [
            ("999999999-01-01", "not a day", "2024-09-01"),
            ("2023", "not a day", "2024-09-01"),
            (20230101, "not a day", "2024-09-01"),
            ("20230101", "not a day", "2024-09-01"),
            ("2023-1-1", "not a day", "2024-09-01"),
            ("2023-W01-1", "not a day", "2024-09-01"),
            ("2023-01-01T00:00:00", "not a day", "2024-09-01"),
            ("01/02/2023", "not a day", "2024-09-01"),
            ("2023-02-30", "not a day of the calendar", "2024-09-01"),
            ("2023-02-29", "not a day of the calendar", "2024-09-01"),
            ("2023-13-01", "not a day of the calendar", "2024-09-01"),
            ("0000-01-01", "not a day of the calendar", "2024-09-01"),
            ("1899-12-31", "out of the calendar", "1900-01-01"),
            ("", "not a day", "2024-09-01"),
            (True, "not a day", "2024-09-01"),
            (["2023-01-01"], "not a day", "2024-09-01"),
            ("\u0662\u0660\u0662\u0663-01-01", "not a day", "2024-09-01"),
        ]
    ),
    *(
        (
            f"amount {value!r}",
            of_first("contract_monthly_allowance", value),
            "/missions/first/contract_monthly_allowance/ETERNITY",
            reason,
            remedy,
        )
        for value, reason, remedy in [
            (True, "not a number", "digits"),
            ("500", "text, and not a number", "500, without quotes"),
            ("10*10", "text, and not a number", "digits"),
            ("__import__('os')", "text, and not a number", "digits"),
            ("", "text, and not a number", "digits"),
            ("Infinity", "text, and not a number", "digits"),
            ("nan", "text, and not a number", "digits"),
            (-0.01, "negative", "0 or more"),
            (1e10, "too large", "at most"),
            (10**400, "too large", "at most"),
            (float("inf"), "too large", "at most"),
            (float("nan"), "not a number", "digits"),
            ([500], "not a number", "digits"),
            ({"value": 500}, "not a number", "digits"),
        ]
    ),
    *(
        (
            f"count {value!r}",
            of_sam("dependants_count", value, "2024-01"),
            "/volunteers/sam/dependants_count/2024-01",
            reason,
            remedy,
        )
        for value, reason, remedy in [
            (18.7, "not a whole number", "whole"),
            (True, "not a number", "digits"),
            (-1, "negative", "0 or more"),
            (2**31, "too large", "at most"),
            ("2", "text", "2, without quotes"),
        ]
    ),
    *(
        (
            f"truth {value!r}",
            of_sam("is_civil_servant", value),
            "/volunteers/sam/is_civil_servant/ETERNITY",
            "neither true nor false",
            remedy,
        )
        for value, remedy in [
            ("false", "false, without quotes"),
            (0, "true or false"),
            (1.5, "true or false"),
            ("yes", "true or false"),
            ([], "true or false"),
        ]
    ),
    *(
        (
            f"code {value!r}",
            of_first("host_country", value),
            "/missions/first/host_country/ETERNITY",
            "not a code",
            remedy,
        )
        for value, remedy in [
            ("kh", '"KH"'),
            ("Cambodia", '"KH"'),
            ("ZZZ", "251 of them"),
            (12, "of them"),
            (True, "of them"),
            (["KH"], "of them"),
        ]
    ),
    (
        "code nearly right",
        of_first("domain", "humanitarian_acton"),
        "/missions/first/domain/ETERNITY",
        "not a code of domain",
        '"humanitarian_action"',
    ),
    (
        "share of more than one",
        put("organisations", "association", "private_resources_share", {ETERNITY: 15}),
        "/organisations/association/private_resources_share/ETERNITY",
        "not a share",
        "0.15",
    ),
    (
        "empty identifier",
        lambda situation: situation["missions"].update({"": {}}),
        "/missions/",
        "empty name",
        "Name",
    ),
    (
        "identifier with a slash",
        lambda situation: situation["missions"].update({"a/b": {}}),
        "/missions/a~1b",
        "slash",
        "without a slash",
    ),
    (
        "identifier with half a character",
        lambda situation: situation["missions"].update({"\ud800": {}}),
        "/missions/\\ud800",
        "broken name",
        "whole characters",
    ),
    (
        "mission in no group",
        put("volunteers", "sam", "missions", ["first"]),
        "/volunteers",
        "has no volunteer",
        '"missions"',
    ),
    (
        "mission in two groups",
        put("volunteers", "alex", {"missions": ["second"]}),
        "/volunteers/alex/missions/0",
        "has its volunteer already",
        "once",
    ),
    (
        "mission twice in a group",
        put("volunteers", "sam", "missions", ["first", "second", "first"]),
        "/volunteers/sam/missions/2",
        "has its volunteer already",
        "once",
    ),
    (
        "unknown mission in a group",
        put("volunteers", "sam", "missions", ["first", "second", "secnd"]),
        "/volunteers/sam/missions/2",
        "no mission of the request",
        '"second"',
    ),
    (
        "member as null",
        put("volunteers", "sam", "missions", ["first", "second", None]),
        "/volunteers/sam/missions/2",
        "not a name",
        "quotes",
    ),
    (
        "members as an object",
        put("volunteers", "sam", "missions", {"first": {}}),
        "/volunteers/sam/missions",
        "not a list of names",
        "list",
    ),
    (
        "group without role",
        put("volunteers", "alex", {}),
        "/volunteers/alex/missions",
        "does not name its missions",
        '"missions": []',
    ),
    (
        "born after the start",
        of_sam("birth_date", "2022-06-01"),
        "/volunteers/sam/birth_date",
        "born after the contract starts",
        "two dates",
    ),
    (
        "notice after the end",
        of_first("notice_date", "2023-06-01"),
        "/missions/first/notice_date",
        "notice is given after the mission ended",
        "two dates",
    ),
    (
        "a reason without a day",
        of_first("early_termination_reason", "health"),
        "/missions/first/early_termination_reason",
        "no day of early termination",
        "Give the last day served",
    ),
    (
        "a day without a reason",
        of_first("early_termination_date", "2022-12-01"),
        "/missions/first/early_termination_date",
        "but no reason",
        "Give the reason",
    ),
    (
        "missions that overlap",
        of_first("end_date", "2023-06-30"),
        "/missions/second/start_date",
        "before an earlier one of the volunteer ended",
        "Correct the dates",
    ),
    (
        "end before start",
        of_first("end_date", "2022-01-09"),
        "/missions/first/end_date",
        "the contract ends before it starts",
        "two dates",
    ),
    (
        "end of accreditation before its start",
        lambda situation: situation["organisations"]["association"].update(
            accreditation_start_date={ETERNITY: "2022-01-02"},
            accreditation_end_date={ETERNITY: "2022-01-01"},
        ),
        "/organisations/association/accreditation_end_date",
        "the accreditation ends before it starts",
        "two dates",
    ),
    (
        "two values of an eternal variable",
        put(
            "missions",
            "first",
            "host_country",
            {ETERNITY: "KH", "2024-01": "MG"},
        ),
        "/missions/first/host_country/2024-01",
        "another value than ETERNITY",
        "Keep one",
    ),
    (
        "two values of a month",
        put(
            "volunteers",
            "sam",
            "dependants_count",
            {"2024-01": 1, "month:2024-01": 2},
        ),
        "/volunteers/sam/dependants_count/month:2024-01",
        "another value than 2024-01",
        "Keep one",
    ),
    (
        "computed value given in part",
        of_first("served_months", 3),
        "/missions/first/served_months",
        "the 1 other would not be computed",
        "all the missions",
    ),
    ("axes as an object", put("axes", {}), "/axes", "not a list", "[["),
    ("axes empty", put("axes", []), "/axes", "not a list", "[["),
    ("axes empty inside", put("axes", [[]]), "/axes/0", "not a list", "[["),
    ("axes flat", put("axes", [{"name": "x"}]), "/axes/0", "not a list", "[["),
    ("axis as a text", put("axes", [["x"]]), "/axes/0/0", "not an axis", "name"),
    (
        "axis without count",
        put("axes", [[{"name": "dependants_count"}]]),
        "/axes/0/0",
        "has no",
        "Add",
    ),
    (
        "axis of nothing",
        axis(name="alowance"),
        "/axes/0/0/name",
        "not a variable",
        "contract_monthly_allowance",
    ),
    (
        "axis of days",
        axis(name="start_date"),
        "/axes/0/0/name",
        "not a number",
        "contract_monthly_allowance",
    ),
    ("axis name as null", axis(name=None), "/axes/0/0/name", "not a variable", "Write"),
    *(
        (
            f"axis count {value!r}",
            axis(count=value),
            "/axes/0/0/count",
            "not a number of",
            "1 or more",
        )
        for value in (0, -1, 2.5, "3", True, None)
    ),
    ("axis min negative", axis(min=-1), "/axes/0/0/min", "negative", "0 or more"),
    ("axis max text", axis(max="10"), "/axes/0/0/max", "text", "without quotes"),
    ("axis period number", axis(period=2024), "/axes/0/0/period", "period", "quotes"),
    ("axis period none", axis(period="x"), "/axes/0/0/period", "period", "2024-01"),
    ("axis place", axis(index=2), "/axes/0/0/index", "place", "0 to 1"),
    ("axis part", axis(step=2), "/axes/0/0/step", "not a part of an axis", "Write"),
    (
        "axis of broken counts",
        axis(name="dependants_count", period="2024-01", max=3),
        "/axes/0/0/max",
        "whole numbers",
        "count",
    ),
    (
        "parallel axes of two lengths",
        put(
            "axes",
            [
                [
                    {
                        "name": "contract_monthly_allowance",
                        "period": ETERNITY,
                        "min": 0,
                        "max": 1,
                        "count": count,
                        "index": count - 2,
                    }
                    for count in (2, 3)
                ]
            ],
        ),
        "/axes/0/1/count",
        "differs from the count",
        "Write 2",
    ),
    (
        "one variable along two axes",
        put(
            "axes",
            [
                [
                    {
                        "name": "contract_monthly_allowance",
                        "period": ETERNITY,
                        "min": 0,
                        "max": 1,
                        "count": 2,
                    }
                ]
            ]
            * 2,
        ),
        "/axes/1/0/name",
        "two axes",
        "Keep one",
    ),
]
