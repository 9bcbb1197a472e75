"""Tables say which results hang on their empty cells, as ``/questions`` says it."""

import random

import pyarrow as pa
import pytest

from openfisca_isv.population import simulate
from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.standing import questions
from tests.population.test_commands import run as isv

pytestmark = pytest.mark.filterwarnings("ignore:Without", "ignore:None of")

OUTPUTS = [
    "contract_duration_is_lawful",
    "host_country_is_open",
    "contract_is_lawful",
    "volunteer_is_adult",
    "is_entitled_to_resettlement_allowance",
    "state_aid",
]
# Two years to the day, two years and a day, two of one year: law, article 4. Germany is
# in the Union, Senegal is not: law, article 2.
MISSIONS = """\
mission,volunteer,organisation,start_date,end_date,host_country,domain
to-the-day,ada,known,2022-01-01,2023-12-31,SN,humanitarian_action
a-day-more,bob,known,2022-01-01,2024-01-01,SN,humanitarian_action
in-germany,cyd,nothing-said,2023-01-01,2023-12-31,DE,
no-host,dan,known,2023-01-01,2023-12-31,,humanitarian_action
"""
VOLUNTEERS = """\
volunteer,birth_date,nationality,second_nationality
ada,1990-01-01,FR,none
bob,1990-01-01,,
cyd,,FR,none
dan,2008-01-01,FR,none
"""
ORGANISATIONS = """\
organisation,legal_form,accreditation_start_date,accreditation_end_date
known,french_law_association,2020-01-01,2023-12-31
nothing-said,,,
"""


@pytest.fixture
def tables(tmp_path):
    paths = {}
    for name, text in {
        "missions": MISSIONS,
        "volunteers": VOLUNTEERS,
        "organisations": ORGANISATIONS,
    }.items():
        paths[name] = tmp_path / f"{name}.csv"
        paths[name].write_text(text)
    return paths


def settled(table, output):
    """Return by mission whether an output is settled."""
    return dict(
        zip(
            table["mission"].to_pylist(),
            table[f"{output}_is_settled"].to_pylist(),
            strict=True,
        )
    )


def test_each_result_says_whether_it_hangs_on_an_empty_cell(tables):
    results = simulate(**tables, outputs=OUTPUTS, periods=[2023], standing=True)
    missions = results["missions"]
    every = dict.fromkeys(["a-day-more", "in-germany", "no-host", "to-the-day"], True)
    assert settled(missions, "contract_duration_is_lawful") == every
    # Where the residence is not told it may be Senegal; Germany is closed to all.
    assert settled(missions, "host_country_is_open") == {
        "to-the-day": False,
        "a-day-more": False,
        "in-germany": True,
        "no-host": False,
    }
    # A contract that is too long is unlawful whoever signs it; so is one in Germany,
    # and one of somebody who is fifteen.
    lawful = settled(missions, "contract_is_lawful")
    assert lawful == every | {"to-the-day": False}
    assert settled(missions, "volunteer_is_adult") == every | {"in-germany": False}
    # Nobody knows what the three did before they left: a public agent has no allowance,
    # and a host country that is closed strips nobody of it. Dan, at fifteen, has signed
    # no contract of this law.
    assert settled(missions, "is_entitled_to_resettlement_allowance") == {
        "to-the-day": False,
        "a-day-more": False,
        "in-germany": False,
        "no-host": True,
    }
    aid = settled(results["missions_by_year"], "state_aid")
    assert aid == {
        "to-the-day": True,
        "a-day-more": True,
        "in-germany": False,
        "no-host": True,
    }


def test_the_summary_counts_what_is_settled_and_what_is_missing(tables):
    outputs = ["host_country_is_open", "volunteer_is_adult"]
    results = simulate(**tables, outputs=outputs, standing=True)
    assert results["settled"].to_pylist() == [
        {
            "table": "missions",
            "output": "host_country_is_open",
            "settled": 1,
            "not_settled": 3,
        },
        {
            "table": "missions",
            "output": "volunteer_is_adult",
            "settled": 3,
            "not_settled": 1,
        },
    ]
    missing = {
        (row["output"], row["fact"]): (row["values"], row["asked_first"])
        for row in results["missing_facts"].to_pylist()
    }
    # Dan's host is not told, and three residences; bob's two nationalities.
    assert missing["host_country_is_open", "host_country"][0] == 1
    assert missing["host_country_is_open", "residence_country"][0] == 3
    assert missing["host_country_is_open", "nationality"][0] == 1
    assert missing["volunteer_is_adult", "birth_date"] == (1, 1)
    asked = [first for (name, _), (_, first) in missing.items() if "host" in name]
    assert sum(asked) == 3


def test_a_volunteer_without_a_mission_is_told_too(tables):
    with tables["volunteers"].open("a") as file:
        file.write("eve,,,\n")
    outputs = ["retirement_quarters", "unemployment_rights_are_open"]
    results = simulate(**tables, outputs=outputs, periods=[2023], standing=True)
    settled = results["volunteers_by_year"].to_pylist()
    assert [row["volunteer"] for row in settled] == ["ada", "bob", "cyd", "dan", "eve"]
    # Nothing was served; whoever signed what the others served may have been entitled.
    assert settled[-1]["retirement_quarters_is_settled"]
    assert not settled[2]["retirement_quarters_is_settled"]


def test_nothing_is_missing_where_all_is_told(tables):
    output = "contract_duration_is_lawful"
    results = simulate(**tables, outputs=[output], standing=True)
    assert results["settled"].to_pylist()[0]["not_settled"] == 0
    assert results["missing_facts"].num_rows == 0


def test_organisations_have_their_standing_whatever_the_parts(tables, tmp_path):
    by_part_size = []
    for size in (1, 100):
        out = tmp_path / f"by-{size}"
        done = isv(
            "simulate",
            tables["missions"],
            *("--volunteers", tables["volunteers"]),
            *("--organisations", tables["organisations"]),
            *("--outputs", "contract_is_lawful,organisation_state_aid,state_aid"),
            *("--periods", "2023", "--years", "2023", "--standing"),
            *("--part-size", size, "--out", out),
        )
        assert done.exit_code == 0, done.stdout
        files = sorted(out.glob("*.csv"))
        by_part_size.append({one.name: one.read_bytes() for one in files})
    one_by_one, together = by_part_size
    assert one_by_one == together
    # Of whom nothing is said there may be an association, accredited or not.
    lines = together["organisations_by_year.csv"].decode().splitlines()
    assert [line.rpartition(",")[2] for line in lines[1:]] == ["true", "false"]
    counts = together["settled.csv"].decode().splitlines()
    assert "organisations_by_year,organisation_state_aid,1,1" in counts


def test_the_terminal_says_what_to_ask(tables, tmp_path):
    done = isv(
        "simulate",
        tables["missions"],
        *("--outputs", "host_country_is_open", "--standing", "--out", tmp_path / "out"),
    )
    assert "Settled whatever the empty cells are" in done.stdout
    (line,) = [
        one for one in done.stdout.splitlines() if one.startswith("host_country_is")
    ]
    _, yes, no, fact = line.split()
    assert (yes, no) == ("1", "3")
    assert fact.endswith(("country", "nationality"))


def test_small_cells_cannot_be_masked_in_it(tables, tmp_path):
    with pytest.raises(RequestError, match="leave out min_cell"):
        simulate(tables["missions"], standing=True, min_cell=5)


COLUMNS = {
    "missions": {
        "host_country": ["SN", "FR", "DE", "none"],
        "residence_country": ["FR", "SN", "DE"],
        "domain": ["humanitarian_action", "other"],
        "contract_is_written": [True, False],
        "contract_monthly_allowance": [0.0, 150.0, 700.0],
        "has_other_professional_activity": [True, False],
        "status_before_departure": ["student", "public_agent"],
    },
    "volunteers": {
        "nationality": ["FR", "SN", "DE"],
        "second_nationality": ["none", "SN"],
        "is_civil_servant": [True, False],
    },
    "organisations": {
        "legal_form": ["french_law_association", "other"],
    },
}


def test_tables_and_questions_agree(system):
    draw = random.Random(3)
    count = 12

    def cells(values):
        return [draw.choice([*values, None]) for _ in range(count)]

    identifiers = [f"{number:02}" for number in range(count)]
    tables = {
        name: {column: cells(values) for column, values in columns.items()}
        for name, columns in COLUMNS.items()
    }
    tables["missions"] |= {
        "mission": identifiers,
        "volunteer": identifiers,
        "organisation": identifiers,
        "start_date": ["2023-02-01"] * count,
        "end_date": ["2025-01-31", "2025-02-01"] * (count // 2),
    }
    tables["volunteers"] |= {
        "volunteer": identifiers,
        "birth_date": [draw.choice(["1990-01-01", None]) for _ in identifiers],
    }
    tables["organisations"] |= {
        "organisation": identifiers,
        "accreditation_start_date": ["2022-01-01"] * count,
    }
    results = simulate(
        **{name: pa.table(columns) for name, columns in tables.items()},
        outputs=OUTPUTS[:-1],
        standing=True,
    )["missions"].to_pylist()
    answers = []
    for row in range(count):
        body = {name: {"one": {}} for name in tables}
        for name, columns in tables.items():
            for column, values in columns.items():
                if values[row] is not None and column not in {
                    "mission",
                    "volunteer",
                    "organisation",
                }:
                    body[name]["one"][column] = {"ETERNITY": values[row]}
        body["missions"]["one"] |= {name: {"ETERNITY": None} for name in OUTPUTS[:-1]}
        body["volunteers"]["one"]["missions"] = ["one"]
        body["organisations"]["one"]["missions"] = ["one"]
        answers += [one["settled"] for one in questions(system, body)["answers"]]
    told = [row[f"{name}_is_settled"] for row in results for name in OUTPUTS[:-1]]
    assert told == answers
    assert {*told} == {True, False}
