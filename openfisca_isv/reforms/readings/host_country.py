"""Other readings of the ties that open France (law, article 2)."""

from openfisca_isv.countries import Country, sovereign
from openfisca_isv.legal_dates import country_value_on
from openfisca_isv.reforms.readings.alternative_formulas import alternative

_UNION = "host_country.european_union"
_AREA = "host_country.european_economic_area"


def _ties(mission, period):
    return [
        sovereign(mission.volunteer("nationality", period)),
        sovereign(mission.volunteer("second_nationality", period)),
        sovereign(mission("residence_country", period)),
    ]


def _is_outside(mission, period, state, name):
    start = mission("start_date", period)
    inside = country_value_on(mission, name, state, start, otherwise=False)
    return (state != Country.none) & ~inside


def _is_outside_both(mission, period, state):
    return _is_outside(mission, period, state, _UNION) & _is_outside(
        mission, period, state, _AREA
    )


@alternative("both-ties-outside-europe", "comes_from_outside_europe")
def both_ties_outside_europe(mission, period):
    """A nationality and the residence are outside the Union and the Area."""
    first, second, residence = (
        _is_outside_both(mission, period, state) for state in _ties(mission, period)
    )
    return (first | second) & residence


@alternative("outside-one-of-the-two-is-enough", "comes_from_outside_europe")
def outside_one_of_the_two_is_enough(mission, period):
    """To the letter: a State outside the Union, or outside the Area."""
    comes_from_outside = mission.filled_array(False)
    for state in _ties(mission, period):
        comes_from_outside |= _is_outside(mission, period, state, _UNION)
        comes_from_outside |= _is_outside(mission, period, state, _AREA)
    return comes_from_outside


@alternative("first-nationality-alone-counts", "comes_from_outside_europe")
def first_nationality_alone_counts(mission, period):
    """The second nationality opens nothing."""
    first, _, residence = (
        _is_outside_both(mission, period, state) for state in _ties(mission, period)
    )
    return first | residence


@alternative("european-nationality-prevails", "comes_from_outside_europe")
def european_nationality_prevails(mission, period):
    """A dual national with a European nationality is European."""
    nationality, second, residence = _ties(mission, period)
    is_outside = _is_outside_both(mission, period, nationality)
    has_second = second != Country.none
    is_outside &= ~has_second | _is_outside_both(mission, period, second)
    return is_outside | _is_outside_both(mission, period, residence)
