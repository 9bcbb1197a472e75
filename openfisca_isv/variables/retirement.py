"""Retirement quarters (fiche F11444 of service-public; no such rule in the law)."""

import numpy
from openfisca_core.periods import YEAR
from openfisca_core.variables import Variable

from openfisca_isv.dates import DAY, day_count, first_day, last_day
from openfisca_isv.entities import Volunteer, sum_over_missions
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import value_at


class retirement_quarters(Variable):
    value_type = int
    entity = Volunteer
    definition_period = YEAR
    label = "Retirement quarters credited for the year (trimestres)"
    unit = "none"
    reference = cite("fiche-f11444-retirement")
    documentation = """
    Credited by blocks of days, date to date, from the first day of each engagement;
    a block counts in the year of its last day. Before the rule is attested for this
    volunteering, old age was insured voluntarily and nothing is credited.
    """

    def formula(volunteer, period):
        """Blocks of days that end in the year, at most the yearly maximum."""
        year_end = last_day(period)
        days_per_quarter = value_at(
            volunteer, "retirement.days_per_quarter", year_end, otherwise=0
        )
        if not days_per_quarter:
            return volunteer.filled_array(0)
        maximum = value_at(
            volunteer, "retirement.maximum_quarters_per_year", year_end, otherwise=0
        )
        start = volunteer.members("engagement_start_date", period)
        end = volunteer.members("engagement_end_date", period)
        blocks = (
            day_count(start, numpy.minimum(end, year_end)) // days_per_quarter
            - day_count(start, numpy.minimum(end, first_day(period) - DAY))
            // days_per_quarter
        )
        # Each engagement once: at its last mission.
        is_last = volunteer.members("is_last_mission_of_engagement", period)
        return numpy.minimum(sum_over_missions(volunteer, blocks * is_last), maximum)
