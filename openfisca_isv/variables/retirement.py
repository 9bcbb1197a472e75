"""Retirement quarters (fiche F11444 of service-public; no such rule in the law)."""

import numpy
from openfisca_core.periods import YEAR
from openfisca_core.variables import Variable

from openfisca_isv.dates import DAY, day_count, days_within, first_day, last_day
from openfisca_isv.entities import Volunteer, any_mission, sum_over_missions
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import amount_on

REFERENCE = cite("fiche-f11444-retirement")


class retirement_quarters(Variable):
    value_type = int
    entity = Volunteer
    definition_period = YEAR
    label = "Retirement quarters for the year at most, by the official page"
    unit = "none"
    reference = REFERENCE
    documentation = """
    By blocks of days, date to date, from the first day of each engagement; a block
    counts in the year of its last day. The official page announces them "under certain
    conditions" that it does not list, and no text seen grants them to this
    volunteering. `retirement_quarters_are_undetermined` says where no rule was seen.
    """

    def formula(volunteer, period):
        """Blocks of days that end in the year, at most the yearly maximum.

        Of engagements without a mission in France: with one, contributions count.
        """
        year_end = last_day(period)
        days_per_quarter = amount_on(volunteer, "retirement.days_per_quarter", year_end)
        if not days_per_quarter:
            return volunteer.filled_array(0)
        start = volunteer.members("engagement_start_date", period)
        end = volunteer.members("engagement_end_date", period)
        blocks = (
            day_count(start, numpy.minimum(end, year_end)) // days_per_quarter
            - day_count(start, numpy.minimum(end, first_day(period) - DAY))
            // days_per_quarter
        )
        # Each engagement once: at its last mission.
        counts = (
            volunteer.members("is_last_mission_of_engagement", period)
            & volunteer.members("contract_opens_rights", period)
            & ~volunteer.members("engagement_includes_mission_in_france", period)
        )
        maximum = amount_on(volunteer, "retirement.maximum_quarters_per_year", year_end)
        return numpy.minimum(sum_over_missions(volunteer, blocks * counts), maximum)


class retirement_quarters_are_undetermined(Variable):
    value_type = bool
    entity = Volunteer
    definition_period = YEAR
    label = "No rule seen says how many retirement quarters the year gives"
    reference = REFERENCE + cite("decret-2005-600-art-12", "decret-2022-1067-art-8")
    documentation = """
    Before the rule is first attested, and for engagements with a mission hosted in
    France, old age is insured by contributions that this model does not compute.
    """

    def formula(volunteer, period):
        """Days of a volunteering contract are served in a year without a rule."""
        has_rule = amount_on(volunteer, "retirement.days_per_quarter", last_day(period))
        days = volunteer.members("contract_days_are_known", period) * days_within(
            period,
            volunteer.members("start_date", period),
            volunteer.members("effective_end_date", period),
        )
        opens_rights = volunteer.members("contract_opens_rights", period)
        is_insured_otherwise = volunteer.members(
            "engagement_includes_mission_in_france", period
        ) | (has_rule == 0)
        return any_mission(volunteer, (days > 0) & opens_rights & is_insured_otherwise)
