"""What cannot be true together among the facts stated, and what is odd but possible.

Every tool reads these variables: tables, Web API, explanations and simulator refuse a
contradiction, and warn of an oddity. Only facts that are stated contradict each other:
a fact left out, which reads as its default, never does, save that a day of early
termination and its reason go together. ``contradictions.py`` says which facts each of
them concerns, and the remedy.
"""

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import ETERNITY

from openfisca_isv.contradictions import (
    MissionContradiction,
    MissionOddity,
    OrganisationContradiction,
    VolunteerContradiction,
)
from openfisca_isv.countries import Country
from openfisca_isv.dates import NEVER, UNKNOWN_DAY
from openfisca_isv.entities import Mission, Organisation, Volunteer, any_mission
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import ceiling_on
from openfisca_isv.timeline import Timeline


def first_of(cases):
    """Return the index of the first member whose condition holds, else that of none.

    Args:
        cases: Conditions, shape ``(n,)`` each, by member of one enumeration.
    """
    return numpy.select(
        list(cases.values()), [member.index for member in cases], default=0
    )


def is_stated(days):
    """Return whether each day is given, and neither default of a date."""
    return (days != numpy.datetime64(UNKNOWN_DAY)) & (days != numpy.datetime64(NEVER))


class overlaps_earlier_mission(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The mission starts before an earlier one of the volunteer ended"
    reference = cite("loi-2005-159-art-1-al-3")
    documentation = "The contract excludes any other activity."

    def formula(mission, period):
        """It starts on or before a day that the volunteer served in another one."""
        is_served = mission("served_days", period) > 0
        unknown = numpy.datetime64(UNKNOWN_DAY)
        end = numpy.where(is_served, mission("effective_end_date", period), unknown)
        latest_end = Timeline.of(mission, period).highest_before(end, otherwise=0)
        start = mission("start_date", period).astype("datetime64[D]")
        return is_served & (start.view(numpy.int64) <= latest_end) & (latest_end > 0)


class input_contradiction(EternalVariable):
    value_type = Enum
    possible_values = MissionContradiction
    default_value = MissionContradiction.none
    entity = Mission
    definition_period = ETERNITY
    label = "Facts of the mission that cannot be true together"
    reference = cite("loi-2005-159-art-1-al-2", "loi-2005-159-art-4-al-3")

    def formula(mission, period):
        """The first contradiction among the facts that are stated."""
        start = mission("start_date", period)
        end = mission("end_date", period)
        birth = mission.volunteer("birth_date", period)
        termination = mission("early_termination_date", period)
        reason = mission("early_termination_reason", period)
        notice = mission("notice_date", period)
        starts, ends = is_stated(start), is_stated(end)
        has_reason = reason != reason.possible_values.none
        is_terminated = is_stated(termination)
        is_early = is_terminated & ~(ends & (termination >= end))
        effective_end = mission("effective_end_date", period)
        return first_of(
            {
                MissionContradiction.end_before_start: starts & ends & (end < start),
                MissionContradiction.birth_after_start: starts
                & is_stated(birth)
                & (birth > start),
                MissionContradiction.termination_outside_contract: is_terminated
                & ((starts & (termination < start)) | (ends & (termination > end))),
                MissionContradiction.reason_without_termination: has_reason
                & ~is_terminated,
                MissionContradiction.termination_without_reason: is_early & ~has_reason,
                MissionContradiction.notice_after_end: is_stated(notice)
                & ends
                & (notice > effective_end),
                MissionContradiction.missions_overlap: mission(
                    "overlaps_earlier_mission", period
                ),
            }
        )


class volunteer_input_contradiction(EternalVariable):
    value_type = Enum
    possible_values = VolunteerContradiction
    default_value = VolunteerContradiction.none
    entity = Volunteer
    definition_period = ETERNITY
    label = "Facts of the volunteer and of a mission that cannot be true together"
    reference = cite("loi-2005-159-art-1-al-1", "loi-2005-159-art-1-al-3")

    def formula(volunteer, period):
        """Born after a contract starts, or missions that overlap."""
        contradiction = volunteer.members("input_contradiction", period)
        overlaps = volunteer.members("overlaps_earlier_mission", period)
        return first_of(
            {
                VolunteerContradiction.birth_after_start: any_mission(
                    volunteer, contradiction == MissionContradiction.birth_after_start
                ),
                VolunteerContradiction.missions_overlap: any_mission(
                    volunteer, overlaps
                ),
            }
        )


class organisation_input_contradiction(EternalVariable):
    value_type = Enum
    possible_values = OrganisationContradiction
    default_value = OrganisationContradiction.none
    entity = Organisation
    definition_period = ETERNITY
    label = "Facts of the organisation that cannot be true together"
    reference = cite("loi-2005-159-art-9-al-1")

    def formula(organisation, period):
        """The accreditation ends before it starts."""
        start = organisation("accreditation_start_date", period)
        end = organisation("accreditation_end_date", period)
        is_reversed = is_stated(start) & is_stated(end) & (end < start)
        case = OrganisationContradiction.accreditation_ends_before_it_starts
        return first_of({case: is_reversed})


class input_oddity(EternalVariable):
    value_type = Enum
    possible_values = MissionOddity
    default_value = MissionOddity.none
    entity = Mission
    definition_period = ETERNITY
    label = "Facts of the mission that are possible, and probably a mistake"
    reference = cite("loi-2005-159-art-4-al-1")

    def formula(mission, period):
        """The first oddity among the facts that are stated."""
        day = mission("contract_legal_date", period)
        lifetime = ceiling_on(mission, "lifetime.maximum_months", day)
        notice = mission("notice_date", period)
        start = mission("start_date", period)
        first_nationality = mission.volunteer("nationality", period)
        is_known = first_nationality != Country.none
        is_same = first_nationality == mission.volunteer("second_nationality", period)
        return first_of(
            {
                MissionOddity.longer_than_a_lifetime: mission("contract_months", period)
                > lifetime,
                MissionOddity.notice_before_start: is_stated(notice)
                & is_stated(start)
                & (notice < start),
                MissionOddity.same_nationality_twice: is_known & is_same,
            }
        )
