"""The volunteer (law n° 2005-159, article 1)."""

from datetime import date

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from openfisca_isv.countries import Country
from openfisca_isv.dates import NEVER, dispatch_by_month, years_later
from openfisca_isv.entities import Mission, Volunteer
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import amount_on


class birth_date(Variable):
    value_type = date
    default_value = NEVER
    entity = Volunteer
    definition_period = ETERNITY
    label = "Day of birth"
    reference = cite("loi-2005-159-art-1-al-1")
    documentation = "The default, 9999-12-31, says that the day is unknown."


class nationality(Variable):
    value_type = Enum
    possible_values = Country
    default_value = Country.none
    entity = Volunteer
    definition_period = ETERNITY
    label = "State of which the volunteer is a national"
    reference = cite("loi-2005-159-art-2-al-1")
    documentation = "`none` says that it is unknown, and opens no host country."


class second_nationality(Variable):
    value_type = Enum
    possible_values = Country
    default_value = Country.none
    entity = Volunteer
    definition_period = ETERNITY
    label = "Second State of which the volunteer is a national"
    reference = cite("loi-2005-159-art-2-al-1")
    documentation = "`none` says that there is no second one."


class is_civil_servant(Variable):
    value_type = bool
    entity = Volunteer
    definition_period = ETERNITY
    label = (
        "The volunteer is a civil servant or treated as one (fonctionnaire ou assimilé)"
    )
    reference = cite("decret-2005-600-art-14", "decret-2022-1067-art-14")


class dependants_count(Variable):
    value_type = int
    entity = Volunteer
    definition_period = MONTH
    set_input = dispatch_by_month
    label = "Number of dependants of the volunteer (ayants droit)"
    reference = cite("loi-2005-159-art-5-al-1")


class volunteer_is_adult(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The volunteer is an adult when the contract starts (personne majeure)"
    reference = cite("loi-2005-159-art-1-al-1")

    def formula(mission, period):
        """The birthday of the age of majority is on or before the first day."""
        start = mission("start_date", period)
        born = mission.volunteer("birth_date", period)
        day = mission("contract_legal_date", period)
        majority = amount_on(mission, "volunteer.minimum_age", day)
        is_adult = years_later(born, majority) <= start
        return mission("contract_start_is_known", period) & is_adult
