"""State aid to the organisation, at its ceiling.

Décret 2005-600, articles 10 to 12, then décret 2022-1067, articles 9 to 11; amounts
by order. The aid is computed contract by contract, whether or not the contract is
lawful: `contract_is_lawful` tells.
"""

import numpy
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from openfisca_isv.dates import days_within, falls_in, first_day
from openfisca_isv.entities import Mission, Volunteer, sum_over_missions
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import value_at
from openfisca_isv.timeline import Timeline

CONDITION = cite(
    "decret-2005-600-art-10",
    "decret-2022-1067-art-9",
    "arrete-2005-12-21-art-1",
    "arrete-2022-12-01-art-1",
)

CEILINGS = cite(
    "decret-2005-600-art-10",
    "decret-2022-1067-art-9",
    "arrete-2005-12-21-state-aid",
    "arrete-2022-12-01-art-3",
)


def amount_in(mission, period, name):
    """Give the amount of an aid on the first day of the month, 0 before any."""
    amount = value_at(mission, f"state_aid.{name}", first_day(period), otherwise=0)
    return numpy.float32(amount)


def starts_in(mission, period):
    """Tell which missions, of those of which a day is served, start in the month."""
    is_served = mission("served_days", period) > 0
    return is_served & falls_in(period, mission("start_date", period))


class volunteer_contract_days(EternalVariable):
    value_type = int
    entity = Volunteer
    definition_period = ETERNITY
    label = "Days agreed over all the contracts of the volunteer"
    unit = "day"
    reference = CONDITION

    def formula(volunteer, period):
        """Sum of the days of each contract, as agreed."""
        return sum_over_missions(volunteer, volunteer.members("contract_days", period))


class served_days_before(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Days that the volunteer served in earlier contracts"
    unit = "day"
    reference = cite("decret-2005-600-art-12", "decret-2022-1067-art-11")

    def formula(mission, period):
        """Sum of the days served in the contracts before, in order of time."""
        timeline = Timeline.of(mission, period)
        served = timeline.sort(mission("served_days", period).astype(numpy.int64))
        return timeline.restore(timeline.total_before(served))


class opens_state_aid(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "The volunteer's contracts are long enough to open State aid"
    reference = CONDITION

    def formula(mission, period):
        """The contracts of the volunteer total at least the minimum of agreed days."""
        minimum = value_at(
            mission, "state_aid.minimum_contract_days", first_day(period), numpy.inf
        )
        return mission.volunteer("volunteer_contract_days", period) >= minimum


class aided_months(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "Part of the month that State aid covers"
    unit = "/1"
    reference = CONDITION

    def formula(mission, period):
        """Days of mission over the days of the month, where aid is open."""
        is_open = mission("opens_state_aid", period)
        days = is_open * mission("mission_days", period)
        return numpy.divide(days, period.days, dtype=numpy.float32)


class socially_covered_months(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "Part of the month for which the State contributes to social cover"
    unit = "/1"
    reference = cite("decret-2005-600-art-12", "decret-2022-1067-art-11")

    def formula(mission, period):
        """From the first day of a long contract, else from a later day over them all.

        Days served count over the volunteer's contracts, in order of time.
        """
        today = first_day(period)
        long_contract = value_at(
            mission, "state_aid.social_cover.contract_days", today, numpy.inf
        )
        first_paid_day = value_at(
            mission, "state_aid.social_cover.first_day_of_short_contracts", today, 0
        )
        covered = numpy.zeros(mission.count, dtype=numpy.float32)
        # Few missions run in a month: the days are counted for these alone.
        aided = numpy.flatnonzero(mission("aided_months", period))
        is_long = mission("contract_days", period)[aided] >= long_contract
        days_before = mission("served_days_before", period)[aided]
        unpaid_days = numpy.maximum(first_paid_day - 1 - days_before, 0)
        start = mission("start_date", period)[aided]
        first_paid = start + numpy.where(is_long, 0, unpaid_days)
        end = mission("effective_end_date", period)[aided]
        covered[aided] = days_within(period, first_paid, end) / period.days
        return covered


class state_social_cover_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to social cover"
    unit = "currency-EUR"
    reference = cite(
        "decret-2005-600-art-12",
        "decret-2022-1067-art-11",
        "arrete-2005-12-21-state-aid",
        "arrete-2022-12-01-art-2",
    )

    def formula(mission, period):
        """The monthly amount, for the part of the month that is covered."""
        amount = amount_in(mission, period, "social_cover.amount_per_month")
        return amount * mission("socially_covered_months", period)


class state_management_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to management"
    unit = "currency-EUR"
    reference = CEILINGS

    def formula(mission, period):
        """The monthly ceiling, for the part of the month in mission."""
        amount = amount_in(mission, period, "management_per_month")
        return amount * mission("aided_months", period)


class state_allowance_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to the allowance of a volunteer hosted in France"
    unit = "currency-EUR"
    reference = cite("decret-2022-1067-art-10", "arrete-2022-12-01-france")

    def formula(mission, period):
        """The monthly amount, for the part of the month in mission, in France."""
        amount = amount_in(mission, period, "allowance_in_france_per_month")
        is_in_france = mission("is_hosted_in_france", period)
        return amount * mission("aided_months", period) * is_in_france


class is_first_mission_in_france(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The volunteer's first mission hosted in France"
    reference = cite("decret-2022-1067-art-10")

    def formula(mission, period):
        """Hosted in France, as no earlier mission of the volunteer was."""
        timeline = Timeline.of(mission, period)
        is_in_france = mission("is_hosted_in_france", period)
        hosted = timeline.sort(is_in_france.astype(int))
        return is_in_france & (timeline.restore(timeline.total_before(hosted)) == 0)


class state_installation_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to settling a volunteer in France"
    unit = "currency-EUR"
    reference = cite("decret-2022-1067-art-10", "arrete-2022-12-01-france")

    def formula(mission, period):
        """Once a volunteer, in the month the first mission hosted in France starts."""
        is_first = mission("is_first_mission_in_france", period)
        is_settling = is_first & starts_in(mission, period)
        amount = amount_in(mission, period, "installation_in_france")
        return amount * (is_settling & mission("opens_state_aid", period))


class state_training_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to training"
    unit = "currency-EUR"
    reference = CEILINGS

    def formula(mission, period):
        """Once a volunteer, in the month the first mission starts."""
        is_first = (mission("mission_rank", period) == 1) & starts_in(mission, period)
        amount = amount_in(mission, period, "training")
        return amount * (is_first & mission("opens_state_aid", period))


class state_return_support_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to support on return"
    unit = "currency-EUR"
    reference = CEILINGS

    def formula(mission, period):
        """Once an engagement, in the month it ends."""
        is_last = mission("is_last_mission_of_engagement", period)
        ends = falls_in(period, mission("effective_end_date", period))
        amount = amount_in(mission, period, "return_support")
        return amount * (is_last & ends & mission("opens_state_aid", period))


class state_insurance_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to liability and repatriation insurance"
    unit = "currency-EUR"
    reference = cite("decret-2022-1067-art-9", "arrete-2022-12-01-art-3")

    def formula(mission, period):
        """The yearly ceilings, for the days of mission over the days of the year."""
        amount = amount_in(mission, period, "liability_insurance_per_year") + amount_in(
            mission, period, "repatriation_insurance_per_year"
        )
        months_to_years = numpy.float32(period.days / period.this_year.days)
        return amount * months_to_years * mission("aided_months", period)
