"""Minimum leave (law n° 2005-159, article 6, al. 1)."""

import numpy
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from openfisca_isv.dates import DAY, complete_months, first_day, last_day
from openfisca_isv.entities import Mission
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import amount_on, threshold_on


class leave_days_per_month(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Days of leave that a complete month of this mission gives at least"
    unit = "day"
    reference = cite("loi-2005-159-art-6-al-1")

    def formula(mission, period):
        """The days of the law, where a volunteering contract is long enough."""
        start = mission("start_date", period)
        days = amount_on(mission, "leave.days_per_month", start)
        minimum = threshold_on(mission, "leave.minimum_contract_months", start)
        is_long_enough = mission("contract_months", period) >= minimum
        opens_rights = mission("contract_opens_rights", period)
        return days * (opens_rights & is_long_enough)


class leave_days_total(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Minimum leave over the mission as served (jours non chômés)"
    unit = "day"
    reference = cite("loi-2005-159-art-6-al-1")
    documentation = (
        "The contract may give more. A broken month gives nothing: a reading."
    )

    def formula(mission, period):
        """The days of each complete month served."""
        return mission("leave_days_per_month", period) * mission(
            "served_months", period
        )


class leave_days_accrued(Variable):
    value_type = int
    entity = Mission
    definition_period = MONTH
    label = "Minimum leave of the months of mission that this month completes"
    unit = "day"
    reference = cite("loi-2005-159-art-6-al-1")

    def formula(mission, period):
        """Each month's days accrue on the day that completes it.

        Those of the law of this month, where the contract opens any leave.
        """
        days = amount_on(mission, "leave.days_per_month", first_day(period))
        opens_leave = mission("leave_days_per_month", period) > 0
        start = mission("start_date", period)
        served = mission("served_months", period)
        until_end = complete_months(start, last_day(period) + DAY)
        until_start = complete_months(start, first_day(period))
        completed = numpy.minimum(until_end, served) - numpy.minimum(
            until_start, served
        )
        return days * opens_leave * completed
