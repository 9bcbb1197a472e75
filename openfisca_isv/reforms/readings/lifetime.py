"""Other readings of the cumulative maximum (law, article 4, al. 1)."""

import numpy

from openfisca_isv.dates import DAY, day_count
from openfisca_isv.legal_dates import amount_on
from openfisca_isv.reforms.readings.alternative_formulas import alternative
from openfisca_isv.reforms.readings.contract import DAYS_OF_A_COMMON_YEAR, MONTHS
from openfisca_isv.timeline import Timeline
from openfisca_isv.variables.lifetime import days_left


@alternative("earlier-missions-count-as-agreed", "lifetime_duration_is_lawful")
def earlier_missions_count_as_agreed(mission, period):
    """Earlier missions count as agreed, even if ended early."""
    is_known = mission("contract_days_are_known", period)
    start = mission("start_date", period)
    day = mission("contract_legal_date", period)
    cap = amount_on(mission, "lifetime.maximum_months", day)
    days_per_month = amount_on(mission, "lifetime.days_per_month", day)
    months = mission("contract_months", period)
    days = is_known * days_left(start, mission("end_date", period) + DAY, months)
    timeline = Timeline.of(mission, period)
    total_months = months + timeline.total_on_earlier_days(start, months)
    total_days = days + timeline.total_on_earlier_days(start, days)
    return is_known & (
        days_per_month * total_months + total_days <= days_per_month * cap
    )


@alternative("lifetime-in-days", "lifetime_duration_is_lawful")
def lifetime_in_days(mission, period):
    """Days are summed, and a year has 365 of them."""
    is_known = mission("contract_days_are_known", period)
    start = mission("start_date", period)
    day = mission("contract_legal_date", period)
    years = amount_on(mission, "lifetime.maximum_months", day) / MONTHS
    served = mission("served_days", period).astype(numpy.int64)
    before = Timeline.of(mission, period).total_on_earlier_days(start, served)
    agreed = day_count(start, mission("end_date", period))
    return is_known & (before + agreed <= years * DAYS_OF_A_COMMON_YEAR)
