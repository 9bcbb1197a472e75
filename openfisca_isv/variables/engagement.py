"""Engagements: chains of missions that follow each other without a gap.

A volunteer's missions make one engagement as long as each starts no later than the
day after the previous ones effectively ended. Law n° 2005-159, article 3, speaks of
a continuous duration over one or several missions.
"""

from datetime import date

import numpy
from openfisca_core.periods import ETERNITY

from openfisca_isv.dates import DAY, NEVER, UNKNOWN_DAY, complete_months
from openfisca_isv.entities import Mission
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.timeline import Timeline, ranks_in_life, volunteers_of


def served_span(mission, period):
    """Return the first and last day served, out of the way where days are unknown.

    A contract without known days stands after all others and holds no day, so that
    it takes no part in a chain.
    """
    is_known = mission("contract_days_are_known", period)
    never = numpy.datetime64(NEVER)
    start = numpy.where(is_known, mission("start_date", period), never)
    end = numpy.where(is_known, mission("effective_end_date", period), start - DAY)
    return start, end


class mission_rank(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Rank of the mission in the volunteer's life, the first being 1"
    reference = cite("loi-2005-159-art-4-al-1")
    documentation = """
    By first day, then by last day served, then by last day agreed; contracts without
    known days come last.
    """

    def formula(mission, period):
        """Sort the missions of each volunteer by their days."""
        first_day, last_day_served = served_span(mission, period)
        last_day_agreed = mission("end_date", period)
        return ranks_in_life(
            volunteers_of(mission), first_day, last_day_served, last_day_agreed
        )


class engagement_rank(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Rank of the mission's engagement in the volunteer's life, from 1"
    reference = cite("loi-2005-159-art-3-al-1")

    def formula(mission, period):
        """A new engagement opens more than a day after all earlier missions ended."""
        timeline = Timeline.of(mission, period)
        return timeline.engagement_ranks(*served_span(mission, period))


class engagement_start_date(EternalVariable):
    value_type = date
    default_value = UNKNOWN_DAY
    entity = Mission
    definition_period = ETERNITY
    label = "First day of the engagement"
    reference = cite("loi-2005-159-art-3-al-1")

    def formula(mission, period):
        """First day of the engagement's first mission."""
        timeline = Timeline.with_engagements(mission, period)
        start, _ = served_span(mission, period)
        return timeline.engagement_first(start)


class engagement_agreed_end_date(EternalVariable):
    value_type = date
    default_value = UNKNOWN_DAY
    entity = Mission
    definition_period = ETERNITY
    label = "Latest day agreed in the contracts of the engagement"
    reference = cite("loi-2005-159-art-3-al-1")

    def formula(mission, period):
        """Latest of the last days agreed in the engagement."""
        timeline = Timeline.with_engagements(mission, period)
        return timeline.engagement_highest(mission("end_date", period))


class engagement_end_date(EternalVariable):
    value_type = date
    default_value = UNKNOWN_DAY
    entity = Mission
    definition_period = ETERNITY
    label = "Last day served in the engagement"
    reference = cite("loi-2005-159-art-3-al-1")

    def formula(mission, period):
        """Latest of the last days served in the engagement."""
        timeline = Timeline.with_engagements(mission, period)
        _, end = served_span(mission, period)
        return timeline.engagement_highest(end)


class engagement_includes_mission_in_france(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "A mission of the engagement is hosted in France"
    reference = cite("decret-2022-1067-art-8")

    def formula(mission, period):
        """Any of the engagement's missions is hosted in France."""
        timeline = Timeline.with_engagements(mission, period)
        return timeline.any_in_engagement(mission("is_hosted_in_france", period))


class is_last_mission_of_engagement(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The engagement ends with this mission"
    reference = cite(
        "decret-2005-600-art-13",
        "decret-2005-600-art-14",
        "decret-2022-1067-art-13",
        "decret-2022-1067-art-14",
    )

    def formula(mission, period):
        """The mission ends on the engagement's last day; the last such, if several.

        A mission of which no day was served ends nothing.
        """
        timeline = Timeline.with_engagements(mission, period)
        is_served = mission("served_days", period) > 0
        _, end = served_span(mission, period)
        ends = is_served & (end == mission("engagement_end_date", period))
        return timeline.is_last_in_engagement_where(ends)


class engagement_months(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Complete months from the engagement's first day to this mission's end"
    unit = "month"
    reference = cite("decret-2005-600-art-14", "decret-2022-1067-art-14")

    def formula(mission, period):
        """Complete months, date to date, across the chain up to the last day served."""
        is_known = mission("contract_days_are_known", period)
        start = mission("engagement_start_date", period)
        end = mission("effective_end_date", period)
        return is_known * complete_months(start, end + DAY)


class engagement_agreed_months(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Complete months of the engagement as agreed"
    unit = "month"
    reference = cite("loi-2005-159-art-3-al-1")

    def formula(mission, period):
        """Complete months from the engagement's first day to its latest agreed day."""
        is_known = mission("contract_days_are_known", period)
        start = mission("engagement_start_date", period)
        end = mission("engagement_agreed_end_date", period)
        return is_known * complete_months(start, end + DAY)
