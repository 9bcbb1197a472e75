"""The host country (law n° 2005-159, article 2)."""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import ETERNITY
from openfisca_core.variables import Variable

from openfisca_isv.countries import Country, sovereign
from openfisca_isv.entities import Mission
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import country_value_on, is_listed_on


class host_country(Variable):
    value_type = Enum
    possible_values = Country
    default_value = Country.none
    entity = Mission
    definition_period = ETERNITY
    label = "Country in which the mission takes place"
    reference = cite("loi-2005-159-art-2-al-1")
    documentation = "`none` says that it is unknown, and is never open."


class residence_country(Variable):
    value_type = Enum
    possible_values = Country
    default_value = Country.none
    entity = Mission
    definition_period = ETERNITY
    label = "Country of lawful, habitual residence when the contract starts"
    reference = cite("loi-2005-159-art-2-al-1")
    documentation = "`none` says that it is unknown, and opens no host country."


class is_hosted_in_france(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The mission takes place in France, overseas territories included"
    reference = cite("loi-2005-159-art-1-al-3", "decret-2022-1067-art-10")

    def formula(mission, period):
        """The sovereign State of the host country is France."""
        return sovereign(mission("host_country", period)) == Country.FR


def is_in_europe(mission, state, day):
    """Return whether a State is in the European Union or the Economic Area on a day."""
    return country_value_on(
        mission, "host_country.european_union", state, day, otherwise=False
    ) | country_value_on(
        mission, "host_country.european_economic_area", state, day, otherwise=False
    )


class comes_from_outside_europe(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The volunteer has a nationality or a residence outside Europe"
    reference = cite("loi-2005-159-art-2-al-1")
    documentation = """
    Outside the European Union and outside the European Economic Area, on the day the
    contract starts. One tie is enough: a reading.
    """

    def formula(mission, period):
        """A nationality or the residence is that of a State outside both."""
        start = mission("start_date", period)
        comes_from_outside = mission.filled_array(False)
        for tie in (
            mission.volunteer("nationality", period),
            mission.volunteer("second_nationality", period),
            mission("residence_country", period),
        ):
            state = sovereign(tie)
            is_outside = (state != Country.none) & ~is_in_europe(mission, state, start)
            comes_from_outside |= is_outside
        return comes_from_outside


class host_country_is_open(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The host country is open to this volunteer"
    reference = cite("loi-2005-159-art-2-al-1")
    documentation = """
    A dependent territory counts as its sovereign State, save that France is open only
    in the territories where the law and a scheme of social security reach the
    volunteer. Both nationalities of a dual national count, against and for. An unknown
    host country, nationality or country of residence opens nothing.
    """

    def formula(mission, period):
        """Law, art. 2, on the day the contract starts.

        Not a State of which the volunteer is a national or a lawful resident; not a
        member of the European Union nor a party to the European Economic Area; save
        the territories of France listed since the law of 2021, for a national or
        resident of a State outside both.
        """
        start = mission("start_date", period)
        host = sovereign(mission("host_country", period))
        first_nationality = sovereign(mission.volunteer("nationality", period))
        second_nationality = sovereign(mission.volunteer("second_nationality", period))
        residence = sovereign(mission("residence_country", period))
        is_known = (
            mission("contract_start_is_known", period)
            & (host != Country.none)
            & (first_nationality != Country.none)
            & (residence != Country.none)
        )
        is_foreign = (
            (host != first_nationality)
            & (host != second_nationality)
            & (host != residence)
        )
        part_of_france_is_open = is_listed_on(
            mission,
            "host_country.open_parts_of_france",
            mission("host_country", period),
            start,
        )
        france_is_open_to_the_volunteer = part_of_france_is_open & mission(
            "comes_from_outside_europe", period
        )
        is_outside_europe = ~is_in_europe(mission, host, start)
        return (
            is_known
            & is_foreign
            & (is_outside_europe | france_is_open_to_the_volunteer)
        )
