"""The cumulative duration of a volunteer's missions (law, article 4, al. 1)."""

import numpy
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from openfisca_isv.dates import (
    DAY,
    add_months,
    complete_months,
    first_day,
    last_day,
)
from openfisca_isv.entities import Mission, Volunteer, sum_over_missions
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import amount_on, first_effective_day
from openfisca_isv.timeline import Timeline


def days_left(first, after, months):
    """Count the days between the complete months from a first day and the last day."""
    days = (after - add_months(first, months)).view(numpy.int64)
    return numpy.maximum(days, 0, out=days)


class lifetime_duration_is_lawful(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "With the volunteer's earlier missions, the contract stays within the cap"
    reference = cite("loi-2005-159-art-4-al-1", "decret-2005-600-art-16")
    documentation = """
    Earlier missions, by first day, count as served, this one as agreed. Months and
    remaining days are summed apart; thirty days make a month (a reading: the law says
    six years, and not how broken months add up). Missions before the law count.
    """

    def formula(mission, period):
        """Months and days served before, and agreed here, are within the cap."""
        is_known = mission("contract_days_are_known", period)
        start = mission("start_date", period)
        after_agreed = mission("end_date", period) + DAY
        after_served = mission("effective_end_date", period) + DAY
        day = mission("contract_legal_date", period)
        cap = amount_on(mission, "lifetime.maximum_months", day)
        days_per_month = amount_on(mission, "lifetime.days_per_month", day)
        timeline = Timeline.of(mission, period)
        agreed_months = mission("contract_months", period)
        served_months = mission("served_months", period)
        months = agreed_months + timeline.total_on_earlier_days(start, served_months)
        days = days_left(start, after_agreed, agreed_months)
        days += timeline.total_on_earlier_days(
            start, is_known * days_left(start, after_served, served_months)
        )
        return is_known & (days_per_month * months + days <= days_per_month * cap)


class lifetime_months(Variable):
    value_type = float
    entity = Volunteer
    definition_period = MONTH
    label = "Months served by the volunteer up to the end of the month"
    unit = "month"
    reference = cite("loi-2005-159-art-4-al-1", "decret-2005-600-art-16")
    documentation = "Complete months, and remaining days as thirtieths of a month."

    def formula(volunteer, period):
        """Sum over the missions of complete months and remaining days / 30."""
        is_known = volunteer.members("contract_days_are_known", period)
        start = volunteer.members("start_date", period)
        end = volunteer.members("effective_end_date", period)
        until = numpy.minimum(end, last_day(period))
        months = complete_months(start, until + DAY)
        days = days_left(start, until + DAY, months)
        name = "lifetime.days_per_month"
        # Missions before the law count too, by the same days to a month.
        day = max(last_day(period), first_effective_day(volunteer, name))
        days_per_month = amount_on(volunteer, name, day)
        return sum_over_missions(volunteer, is_known * (months + days / days_per_month))


class remaining_lifetime_months(Variable):
    value_type = float
    entity = Volunteer
    definition_period = MONTH
    label = "Months that the volunteer may still serve after the end of the month"
    unit = "month"
    reference = cite("loi-2005-159-art-4-al-1", "decret-2005-600-art-16")

    def formula(volunteer, period):
        """The cap less the months served, at least 0; 0 while the law sets no cap."""
        cap = amount_on(volunteer, "lifetime.maximum_months", first_day(period))
        return numpy.maximum(cap - volunteer("lifetime_months", period), 0)
