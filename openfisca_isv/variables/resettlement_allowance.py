"""The resettlement allowance (indemnité de réinstallation).

Décret 2005-600, article 14, then décret 2022-1067, article 14; amounts by order.
"""

import numpy
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from openfisca_isv.dates import UNKNOWN_DAY, add_months, falls_in
from openfisca_isv.entities import Mission
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import amount_on, is_listed_on, scales_on, threshold_on
from openfisca_isv.timeline import Timeline

DECREES = cite("decret-2005-600-art-14", "decret-2022-1067-art-14")
ORDERS = cite("arrete-2005-12-21-resettlement", "arrete-2022-12-01-resettlement")


class is_excluded_from_resettlement(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The volunteer is a civil servant, or left as a public agent"
    reference = DECREES
    documentation = """
    The decrees exclude a civil servant "or assimilated"; the official page says a
    public official. A public agent is excluded for any mission of the engagement.
    """

    def formula(mission, period):
        """A civil servant, or a public agent before a mission of the engagement."""
        status = mission("status_before_departure", period)
        end = mission("engagement_end_date", period)
        left_as_public_agent = is_listed_on(
            mission, "resettlement_allowance.excluded_statuses", status, end
        )
        timeline = Timeline.with_engagements(mission, period)
        is_civil_servant = mission.volunteer("is_civil_servant", period)
        return is_civil_servant | timeline.any_in_engagement(left_as_public_agent)


class meets_resettlement_conditions(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The engagement that ends here is long enough for resettlement"
    reference = DECREES
    documentation = """
    Whatever earlier engagements were; `is_entitled_to_resettlement_allowance` adds
    the time that must separate two of them.
    """

    def formula(mission, period):
        """Long enough, or less if ended for a reason the decree admits.

        On the last day served of the last mission; never for a civil servant.
        """
        end = mission("effective_end_date", period)
        months = mission("engagement_months", period)
        ordinary = threshold_on(mission, "resettlement_allowance.minimum_months", end)
        reduced = threshold_on(
            mission, "resettlement_allowance.reduced_minimum_months", end
        )
        reason_is_admitted = mission("is_ended_early", period) & is_listed_on(
            mission,
            "resettlement_allowance.reasons_for_the_reduced_minimum",
            mission("early_termination_reason", period),
            end,
        )
        is_long_enough = (months >= ordinary) | (
            reason_is_admitted & (months >= reduced)
        )
        return (
            mission("contract_opens_rights", period)
            & mission("is_last_mission_of_engagement", period)
            & is_long_enough
            & ~mission("is_excluded_from_resettlement", period)
        )


class is_entitled_to_resettlement_allowance(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The return from this mission opens the resettlement allowance"
    reference = DECREES

    def formula(mission, period):
        """The conditions are met, and no earlier right stands too close.

        Once an earlier engagement has met them, the new one must start more than the
        minimum gap after the previous one ended.
        """
        meets_conditions = mission("meets_resettlement_conditions", period)
        end = mission("effective_end_date", period)
        gap = amount_on(mission, "resettlement_allowance.minimum_gap_months", end)
        timeline = Timeline.with_engagements(mission, period)
        had_a_right = timeline.any_in_earlier_engagements(meets_conditions)
        previous_end = timeline.of_previous_engagement(
            mission("engagement_end_date", period),
            otherwise=numpy.datetime64(UNKNOWN_DAY),
        )
        start = mission("engagement_start_date", period)
        is_far_enough = start > add_months(previous_end, gap)
        return meets_conditions & (~had_a_right | is_far_enough)


class resettlement_step_is_reached(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The engagement reaches a step of the resettlement amounts in force"
    reference = ORDERS

    def formula(mission, period):
        """As long as the first step asks, on a day on which amounts are known."""
        end = mission("effective_end_date", period)
        months = mission("engagement_months", period)
        is_reached = mission.filled_array(False)
        for rows, steps in scales_on(mission, "resettlement_allowance.amount", end):
            is_reached[rows] = months[rows] >= steps.thresholds[0]
        return is_reached


class resettlement_amount(EternalVariable):
    value_type = float
    entity = Mission
    definition_period = ETERNITY
    label = "Resettlement allowance for the length of the engagement, 0 if undetermined"
    unit = "currency-EUR"
    reference = ORDERS

    def formula(mission, period):
        """The amount of the highest step that the engagement reaches."""
        end = mission("effective_end_date", period)
        months = mission("engagement_months", period)
        amount = numpy.zeros(mission.count)
        for rows, steps in scales_on(mission, "resettlement_allowance.amount", end):
            amount[rows] = steps.calc(months[rows])
        return amount * mission("is_entitled_to_resettlement_allowance", period)


class resettlement_allowance_is_undetermined(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The right to resettlement exists, and no text seen gives its amount"
    reference = DECREES + ORDERS

    def formula(mission, period):
        """Entitled, below the first step of the amounts in force, or before any."""
        is_entitled = mission("is_entitled_to_resettlement_allowance", period)
        return is_entitled & ~mission("resettlement_step_is_reached", period)


class resettlement_allowance(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "Resettlement allowance due in the month"
    unit = "currency-EUR"
    reference = DECREES + ORDERS
    documentation = """
    0 where it is undetermined: ask `resettlement_allowance_is_undetermined`.
    """

    def formula(mission, period):
        """Paid at once, in the month of the last day served."""
        is_paid = falls_in(period, mission("effective_end_date", period))
        return is_paid * mission("resettlement_amount", period)
