"""The list of countries, against the one that pycountry maintains."""

import numpy
import pycountry

from openfisca_isv.countries import COUNTRIES, Country, sovereign


def test_the_codes_are_those_of_iso_3166_1():
    maintained = {country.alpha_2 for country in pycountry.countries}
    assert len(maintained) > 200
    # Kosovo has no code of the standard; XK is the one in common use.
    assert set(COUNTRIES) == maintained | {"XK"}


def test_the_enumeration_holds_every_code_after_none():
    names = [country.name for country in Country]
    assert names[0] == "none"
    assert names[1:] == sorted(COUNTRIES)


def test_a_sovereign_state_is_its_own_sovereign():
    dependent = {
        code: row["sovereign"]
        for code, row in COUNTRIES.items()
        if row["sovereign"] != code
    }
    assert len(dependent) > 30
    for code, state in dependent.items():
        assert COUNTRIES[state]["sovereign"] == state, (code, state)


def test_dependent_territories_count_as_their_sovereign_state():
    expected = {
        "GP": "FR",
        "MQ": "FR",
        "GF": "FR",
        "RE": "FR",
        "YT": "FR",
        "NC": "FR",
        "PF": "FR",
        "PM": "FR",
        "GL": "DK",
        "FO": "DK",
        "AX": "FI",
        "AW": "NL",
        "GI": "GB",
        "SJ": "NO",
        "FR": "FR",
        "SN": "SN",
        "CH": "CH",
        "none": "none",
    }
    countries = Country.encode(numpy.array(list(expected)))
    states = sovereign(countries).decode_to_str()
    assert dict(zip(expected, states, strict=True)) == expected


def test_names_are_told_in_both_languages():
    for code, row in COUNTRIES.items():
        assert row["name"].strip(), code
        assert row["name_fr"].strip(), code
