"""State aid to the organisation, at its ceiling.

Décret 2005-600, articles 10 to 12, then décret 2022-1067, articles 9 to 11; amounts
by order. Aid goes to accredited organisations, for volunteering contracts; whether the
contract is lawful in its other points is another question (`contract_is_lawful`).
"""

from datetime import date

import numpy
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from openfisca_isv.dates import (
    NEVER,
    UNKNOWN_DAY,
    days_within,
    falls_in,
    first_day,
    last_day,
)
from openfisca_isv.entities import Mission, Volunteer, sum_over_missions
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import amount_on, is_listed_on, threshold_on
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


def monthly_amount(mission, period, name):
    """Return a monthly amount as it stands on the first day of the month."""
    return amount_on(mission, f"state_aid.{name}", first_day(period))


def due_once(mission, period, name, is_event, day):
    """Return an amount due once, in the month of an event, at that day's amount.

    Args:
        mission: The population of missions.
        period: The month.
        name: The amount, among those of State aid.
        is_event: Whether the event of the aid is this mission's, shape ``(missions,)``.
        day: The day of the event, shape ``(missions,)``.
    """
    is_due = (
        is_event
        & falls_in(period, day)
        & (mission("state_aid_first_day", period) <= day)
        & (day <= mission("state_aid_last_day", period))
        & mission("state_aid_is_open", period)
    )
    return is_due * amount_on(mission, f"state_aid.{name}", day)


class state_aid_first_day(EternalVariable):
    value_type = date
    default_value = NEVER
    entity = Mission
    definition_period = ETERNITY
    label = "First day of the mission from which State aid may be due"
    reference = CONDITION

    def formula(mission, period):
        """The first day, or that of the accreditation if this comes later."""
        return numpy.maximum(
            mission("start_date", period),
            mission.organisation("accreditation_start_date", period),
        )


class state_aid_last_day(EternalVariable):
    value_type = date
    default_value = UNKNOWN_DAY
    entity = Mission
    definition_period = ETERNITY
    label = "Last day of the mission until which State aid may be due"
    reference = CONDITION

    def formula(mission, period):
        """The last day served, or that of the accreditation if this comes earlier."""
        return numpy.minimum(
            mission("effective_end_date", period),
            mission.organisation("accreditation_last_day", period),
        )


class volunteering_contract_days(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Days agreed, where the contract is one of volunteering"
    unit = "day"
    reference = CONDITION

    def formula(mission, period):
        """The days of the contract; none if it is not a volunteering contract."""
        return mission("contract_opens_rights", period) * mission(
            "contract_days", period
        )


class volunteer_contract_days(Variable):
    value_type = int
    entity = Volunteer
    definition_period = MONTH
    label = "Days agreed over the contracts that have started by the end of the month"
    unit = "day"
    reference = CONDITION

    def formula(volunteer, period):
        """Sum of the days of the volunteering contracts already concluded.

        A contract that starts later opens no aid for earlier months.
        """
        start = volunteer.members("start_date", period)
        days = volunteer.members("volunteering_contract_days", period)
        return sum_over_missions(volunteer, days * (start <= last_day(period)))


class is_entitled_to_state_aid(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "The volunteer's contracts are long enough for State aid"
    reference = CONDITION

    def formula(mission, period):
        """A volunteering contract, of a volunteer whose contracts total enough days."""
        minimum = threshold_on(
            mission, "state_aid.minimum_contract_days", first_day(period)
        )
        days = mission.volunteer("volunteer_contract_days", period)
        return mission("contract_opens_rights", period) & (days >= minimum)


class state_aid_is_open(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "State aid is open to the mission, on the days that it may be due"
    reference = CONDITION

    def formula(mission, period):
        """The contracts suffice, the days are known, and the legal form is allowed.

        The forms are those of the first day of the month that may be aided.
        """
        is_allowed = is_listed_on(
            mission,
            "organisation.allowed_legal_forms",
            mission.organisation("legal_form", period),
            numpy.maximum(mission("state_aid_first_day", period), first_day(period)),
        )
        return (
            mission("is_entitled_to_state_aid", period)
            & mission("contract_days_are_known", period)
            & is_allowed
        )


class state_aid_days(Variable):
    value_type = int
    entity = Mission
    definition_period = MONTH
    label = "Days of the month for which State aid is due"
    unit = "day"
    reference = CONDITION

    def formula(mission, period):
        """Days served on which the organisation is accredited, where aid is open."""
        first = mission("state_aid_first_day", period)
        last = mission("state_aid_last_day", period)
        return mission("state_aid_is_open", period) * days_within(period, first, last)


class served_days_before(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Days that the volunteer served in earlier volunteering contracts"
    unit = "day"
    reference = cite("decret-2005-600-art-12", "decret-2022-1067-art-11")

    def formula(mission, period):
        """Sum of the days served in the volunteering contracts before, in time."""
        timeline = Timeline.of(mission, period)
        counts = mission("contract_opens_rights", period)
        served = mission("served_days", period).astype(numpy.int64)
        return timeline.total_before(served * counts)


class state_social_cover_days(Variable):
    value_type = int
    entity = Mission
    definition_period = MONTH
    label = "Days of the month for which the State contributes to social cover"
    unit = "day"
    reference = cite("decret-2005-600-art-12", "decret-2022-1067-art-11")

    def formula(mission, period):
        """From the first day of a long contract, else from a later day over them all.

        Days served count over the volunteer's volunteering contracts, in time.
        """
        today = first_day(period)
        long_contract = threshold_on(
            mission, "state_aid.social_cover.contract_days", today
        )
        first_paid_day = amount_on(
            mission, "state_aid.social_cover.first_day_of_short_contracts", today
        )
        is_long = mission("contract_days", period) >= long_contract
        days_before = mission("served_days_before", period)
        first = mission("state_aid_first_day", period)
        last = mission("state_aid_last_day", period)
        later = mission("start_date", period) + (first_paid_day - 1 - days_before)
        first_covered = numpy.where(is_long, first, numpy.maximum(first, later))
        is_open = mission("state_aid_is_open", period)
        return is_open * days_within(period, first_covered, last)


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
        amount = monthly_amount(mission, period, "social_cover.amount_per_month")
        return amount * mission("state_social_cover_days", period) / period.days


class state_management_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to management"
    unit = "currency-EUR"
    reference = CEILINGS

    def formula(mission, period):
        """The monthly ceiling, for the part of the month that is aided."""
        amount = monthly_amount(mission, period, "management_per_month")
        return amount * mission("state_aid_days", period) / period.days


class state_allowance_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to the allowance of a volunteer hosted in France"
    unit = "currency-EUR"
    reference = cite("decret-2022-1067-art-10", "arrete-2022-12-01-france")

    def formula(mission, period):
        """The monthly amount, for the part of the month that is aided, in France."""
        amount = monthly_amount(mission, period, "allowance_in_france_per_month")
        days = mission("state_aid_days", period)
        return amount * mission("is_hosted_in_france", period) * days / period.days


class is_first_mission(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The volunteer's first mission under a volunteering contract"
    reference = CEILINGS

    def formula(mission, period):
        """A volunteering contract, as no earlier one of the volunteer was."""
        timeline = Timeline.of(mission, period)
        return timeline.is_first_where(mission("contract_opens_rights", period))


class is_first_mission_in_france(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The volunteer's first mission hosted in France under such a contract"
    reference = cite("decret-2022-1067-art-10")

    def formula(mission, period):
        """Hosted in France under a volunteering contract, as no earlier one was."""
        timeline = Timeline.of(mission, period)
        return timeline.is_first_where(
            mission("contract_opens_rights", period)
            & mission("is_hosted_in_france", period)
        )


class state_installation_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to settling a volunteer in France"
    unit = "currency-EUR"
    reference = cite("decret-2022-1067-art-10", "arrete-2022-12-01-france")

    def formula(mission, period):
        """Once per volunteer, when the first mission hosted in France starts."""
        return due_once(
            mission,
            period,
            "installation_in_france",
            is_event=mission("is_first_mission_in_france", period),
            day=mission("start_date", period),
        )


class state_training_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to training"
    unit = "currency-EUR"
    reference = CEILINGS

    def formula(mission, period):
        """Once per volunteer, when the first mission starts."""
        return due_once(
            mission,
            period,
            "training",
            is_event=mission("is_first_mission", period),
            day=mission("start_date", period),
        )


class state_return_support_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to support on return"
    unit = "currency-EUR"
    reference = CEILINGS

    def formula(mission, period):
        """Once per engagement, when it ends."""
        return due_once(
            mission,
            period,
            "return_support",
            is_event=mission("is_last_mission_of_engagement", period),
            day=mission("effective_end_date", period),
        )


class state_insurance_contribution(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State contribution to liability and repatriation insurance"
    unit = "currency-EUR"
    reference = cite("decret-2022-1067-art-9", "arrete-2022-12-01-art-3")

    def formula(mission, period):
        """The yearly ceilings, for the days aided over the days of the year."""
        amount = monthly_amount(
            mission, period, "liability_insurance_per_year"
        ) + monthly_amount(mission, period, "repatriation_insurance_per_year")
        return amount * mission("state_aid_days", period) / period.this_year.days
