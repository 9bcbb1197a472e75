"""Every class of States, as article 2 tells them apart, and every State once."""

from itertools import product

from enumeration import Family
from scalar.states import ECONOMIC_AREA, EUROPEAN_UNION, SOVEREIGN, sovereign
from simulated import system

from .common import (
    EUROPEAN_DAYS,
    FIGURE_DAYS,
    LEGAL_DAYS,
    ORDINARY,
    around,
    last_day,
)

#: The codes of countries that an input takes, and `none`.
CODES = tuple(system().get_variable("host_country").possible_values.names)
PARTS_OF_FRANCE = ("FR", "GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM")


def class_of(code):
    """Return what article 2 asks of a State: its memberships, and how it is France."""
    state = sovereign(code)
    return (
        code == "none",
        EUROPEAN_UNION.get(state),
        ECONOMIC_AREA.get(state),
        state == "FR",
        code in PARTS_OF_FRANCE,
    )


def representatives():
    """Return two States and a territory of each class, as far as it has them.

    Two, for a tie with the host State and one with another of its class differ; a
    territory, for its State is another code.
    """
    for one in sorted({class_of(code) for code in CODES}, key=repr):
        codes = [code for code in CODES if class_of(code) == one]
        yield from [code for code in codes if code not in SOVEREIGN][:2]
        yield from [code for code in codes if code in SOVEREIGN][:1]


CLASSES = tuple(representatives())


def states(start):
    """Every host, both nationalities and the residence, of each class."""
    for four in product(CLASSES, CLASSES, CLASSES, CLASSES):
        yield (start, *four)


def every_code(start):
    """Every code as host beside every other, as nationality and as residence."""
    for host, other in product(CODES, CODES):
        yield start, host, other, "none", "SN"
        yield start, host, "SN", "none", other


def allowances(start):
    """Every host, at a year and a day less."""
    for host in CODES:
        for shift in (-1, 0):
            yield start, last_day(start, 12, shift), host


COUNTRIES = (
    "0.start_date",
    "0.host_country",
    "volunteer.nationality",
    "volunteer.second_nationality",
    "0.residence_country",
)
STATES = (
    Family(
        "states",
        COUNTRIES,
        around(EUROPEAN_DAYS + LEGAL_DAYS),
        states,
        ("host_country_is_open",),
        ORDINARY,
        one_day_in=11,
    ),
    Family(
        "every_code",
        COUNTRIES,
        around((*EUROPEAN_DAYS, *LEGAL_DAYS)),
        every_code,
        ("host_country_is_open",),
        ORDINARY,
        one_day_in=8,
    ),
    Family(
        "allowances",
        ("0.start_date", "0.end_date", "0.host_country"),
        around(FIGURE_DAYS + LEGAL_DAYS),
        allowances,
        (
            *("allowance_minimum", "allowance_maximum"),
            *("allowance_maximum_is_undetermined", "allowance_is_lawful"),
        ),
        ORDINARY,
    ),
)
