"""States and their territories, for article 2 of the law (reading 5)."""

from datetime import date

ALWAYS, TODAY = date.min, date.max


def _states(codes, first=ALWAYS, last=TODAY):
    return dict.fromkeys(codes.split(), (first, last))


# Members of the European Union: first and last day.
EUROPEAN_UNION = {
    **_states("AT BE DE DK ES FI FR GR IE IT LU NL PT SE"),
    **_states("CY CZ EE HU LT LV MT PL SI SK", first=date(2004, 5, 1)),
    **_states("BG RO", first=date(2007, 1, 1)),
    **_states("HR", first=date(2013, 7, 1)),
    **_states("GB", last=date(2020, 1, 31)),
}
# Parties to the agreement on the Economic Area that are, or were, not members.
ECONOMIC_AREA = {
    **_states("IS LI NO"),
    **_states("GB", last=date(2020, 12, 31)),
}
TERRITORIES = {
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
SOVEREIGN = {code: state for state, of in TERRITORIES.items() for code in of.split()}


def sovereign(code):
    """The State of a dependent territory, else the code itself."""
    return SOVEREIGN.get(code, code)


def is_in_europe(state, day):
    """Whether the State is in the Union or the Economic Area on the day."""
    for membership in (EUROPEAN_UNION, ECONOMIC_AREA):
        first, last = membership.get(state, (TODAY, ALWAYS))
        if first <= day <= last:
            return True
    return False
