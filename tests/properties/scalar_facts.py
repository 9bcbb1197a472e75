"""Figures, dates and country facts of the scalar reading, as plain literal tables.

A table of dated values is a tuple of (first day, value), oldest first. ``None``
stands for a value that no text seen gives. Numbers of readings are those of the
vocabulary.
"""

from datetime import date

UNKNOWN_START = date(1970, 1, 1)
NEVER = date(9999, 12, 31)

# Days on which a text takes effect.

LAW_2005 = date(2005, 5, 24)
DECREE_2005 = date(2005, 5, 30)
ORDER_2005 = date(2005, 12, 25)
LAW_2021 = date(2021, 8, 6)
DECREE_2022 = date(2022, 7, 31)
ORDER_2022 = date(2022, 12, 9)
RETIREMENT_ATTESTED = date(2022, 12, 8)

# The contract (readings 2, 3, 4, 6, 7).

ADULT_AT = 18
CONTRACT_MAXIMUM = ((LAW_2005, 24),)
LIFETIME_MAXIMUM = ((LAW_2005, 72),)
DAYS_IN_A_LIFETIME_MONTH = 30
MINIMUM_NOTICE_MONTHS = 1

LEGAL_FORM_ALLOWED_FROM = {
    "french_law_association": LAW_2005,
    "public_interest_group": LAW_2021,
}
ELIGIBLE_DOMAINS = {"development_cooperation", "humanitarian_action"}

LONGEST_ACCREDITATION_YEARS = 4
ACCREDITATION_YEARS_OF_ACTIVITY = 3
ACCREDITATION_PRIVATE_SHARE = 0.15
ACCREDITATION_CRITERIA_FROM = {
    "french_law_association": DECREE_2005,
    "public_interest_group": DECREE_2022,
}

ALLOWANCE_BOUND_FROM_MONTHS = 12
ALLOWANCE_MINIMUM_ABROAD = ((ORDER_2005, 100), (ORDER_2022, 150))
ALLOWANCE_MINIMUM_IN_FRANCE = ((ORDER_2022, 800),)
ALLOWANCE_MAXIMUM_IN_FRANCE = ((ORDER_2022, 1600),)
ALLOWANCE_FIXED_PART = (
    (date(2018, 4, 1), 723.99),
    (date(2022, 7, 1), 749.33),
    (date(2023, 7, 1), 760.57),
    (date(2024, 1, 1), 772.87),
)
# By country: first day, last day of the quarter in which it was seen, amount.
_SEEN_IN_2019 = date(2019, 3, 20), date(2019, 3, 31)
_SEEN_IN_2020 = date(2020, 1, 1), date(2020, 3, 31)
_SEEN_IN_2021 = date(2021, 7, 1), date(2021, 9, 30)
ALLOWANCE_SUPPLEMENT = {
    "AO": ((*_SEEN_IN_2019, 4210.84), (*_SEEN_IN_2020, 3873.98)),
    "BJ": ((*_SEEN_IN_2019, 1334.00), (*_SEEN_IN_2020, 1353.34)),
    "LB": ((*_SEEN_IN_2019, 2602.00), (*_SEEN_IN_2020, 2567.40)),
    "TN": ((*_SEEN_IN_2020, 964.99),),
    "SI": ((*_SEEN_IN_2020, 890.88),),
    "AF": ((*_SEEN_IN_2020, 4389.42), (*_SEEN_IN_2021, 3954.42)),
    "ZA": ((*_SEEN_IN_2021, 1268.76),),
    "AL": ((*_SEEN_IN_2021, 1846.51),),
    "DZ": ((*_SEEN_IN_2021, 1274.83),),
}

# Leave, resignation, retirement (readings 8, 9, 12).

LEAVE_DAYS_A_MONTH = 2
LEAVE_FROM_CONTRACT_MONTHS = 6
RESIGNATION_FROM_MONTHS = 12
QUARTER_DAYS = 90
QUARTERS_A_YEAR = 4

# Aids on return (readings 10, 11).

COMPELLING_REASONS = {"health", "family", "administrative", "security"}
FORCE_MAJEURE = COMPELLING_REASONS | {"other_force_majeure"}
ENDED_BY_ANOTHER = {"organisation_decision", "accreditation_withdrawn"}

RESETTLEMENT_FROM_MONTHS = ((DECREE_2005, 24), (DECREE_2022, 12))
RESETTLEMENT_REDUCED_FROM_MONTHS = ((DECREE_2005, 12), (DECREE_2022, 6))
RESETTLEMENT_REDUCED_FOR = (
    (DECREE_2005, FORCE_MAJEURE),
    (DECREE_2022, COMPELLING_REASONS),
)
RESETTLEMENT_STEPS = (
    (ORDER_2005, ((24, 3700),)),
    (ORDER_2022, ((12, 800), (18, 1500), (24, 3700))),
)
RESETTLEMENT_GAP_MONTHS = 12

PREMIUM_FROM_MONTHS = 12
PREMIUM_REQUEST_MONTHS = 12
PREMIUM_PAID_MONTHS = 9
PREMIUM_TOTAL = ((ORDER_2005, 2001),)
PREMIUM_KEPT_FOR = (
    (DECREE_2005, FORCE_MAJEURE | {"organisation_breach"} | ENDED_BY_ANOTHER),
    (DECREE_2022, COMPELLING_REASONS | ENDED_BY_ANOTHER),
)

# State aid to the organisation (reading 13).

STATE_AID_FROM_DAYS = 365
STATE_SOCIAL_COVER = ((ORDER_2005, 272), (ORDER_2022, 390))
STATE_MANAGEMENT = ((ORDER_2005, 75), (ORDER_2022, 150))
STATE_TRAINING = ((ORDER_2005, 780), (ORDER_2022, 780))
STATE_RETURN_SUPPORT = ((ORDER_2005, 358), (ORDER_2022, 358))
STATE_LIABILITY_INSURANCE = ((ORDER_2022, 20),)
STATE_REPATRIATION_INSURANCE = ((ORDER_2022, 400),)
STATE_ALLOWANCE_IN_FRANCE = ((ORDER_2022, 600),)
STATE_INSTALLATION_IN_FRANCE = ((ORDER_2022, 2000),)

# Parts of France open to volunteers from outside Europe (reading 5).

OPEN_PARTS_OF_FRANCE = {"FR", "GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM"}

# States (reading 5). Membership: State -> (first day, last day), both included.

_OLDER_MEMBERS = "AT BE DE DK ES FI FR GR IE IT LU NL PT SE"
_MEMBERS_SINCE_2004 = "CY CZ EE HU LT LV MT PL SI SK"
EU_MEMBERSHIP = {
    **dict.fromkeys(_OLDER_MEMBERS.split(), (date.min, NEVER)),
    **dict.fromkeys(_MEMBERS_SINCE_2004.split(), (date(2004, 5, 1), NEVER)),
    "GB": (date.min, date(2020, 1, 31)),
    "BG": (date(2007, 1, 1), NEVER),
    "RO": (date(2007, 1, 1), NEVER),
    "HR": (date(2013, 7, 1), NEVER),
}
EEA_MEMBERSHIP_OUTSIDE_THE_EU = {
    "IS": (date.min, NEVER),
    "LI": (date.min, NEVER),
    "NO": (date.min, NEVER),
    "GB": (date.min, date(2020, 12, 31)),
}

_TERRITORIES = {
    "AU": "CC CX HM NF",
    "CN": "HK MO",
    "DK": "FO GL",
    "FI": "AX",
    "FR": "BL GF GP MF MQ NC PF PM RE TF WF YT",
    "GB": "AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG",
    "NL": "AW BQ CW SX",
    "NO": "BV SJ",
    "NZ": "CK NU TK",
    "US": "AS GU MP PR UM VI",
}
SOVEREIGN = {
    territory: state
    for state, territories in _TERRITORIES.items()
    for territory in territories.split()
}


def in_force(table, day):
    """The value of the table in force on the day, None where there is none."""
    value = None
    for first_day, later_value in table:
        if first_day <= day:
            value = later_value
    return value


def sovereign(code):
    """The State of which a code is a dependent territory, else the code itself."""
    return SOVEREIGN.get(code, code)


def is_in_eu_or_eea(state, day):
    """Whether the State is an EU member or an EEA party that day (reading 5)."""
    for membership in (EU_MEMBERSHIP, EEA_MEMBERSHIP_OUTSIDE_THE_EU):
        if state in membership:
            first_day, last_day = membership[state]
            if first_day <= day <= last_day:
                return True
    return False
