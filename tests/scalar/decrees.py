"""Décrets n° 2005-600 and n° 2022-1067, save State aid; and retirement quarters."""

from datetime import date, timedelta

from .law import allowance_due, is_in_france, is_volunteering_contract
from .parties import (
    ONE_DAY,
    complete_months,
    end_of,
    ended_early,
    engagement_ended_by,
    engagements,
    in_force,
    month_of,
    months_later,
    output,
)

# Reading 15: the day after publication, for both.
DECREE_OF_2005, DECREE_OF_2022 = date(2005, 5, 30), date(2022, 7, 31)
ORDER_OF_2005, ORDER_OF_2022 = date(2005, 12, 25), date(2022, 12, 9)

COMPELLING = {"health", "family", "administrative", "security"}
FORCE_MAJEURE = COMPELLING | {"other_force_majeure"}
NOT_THE_VOLUNTEERS = {"organisation_decision", "accreditation_withdrawn"}

# Articles 1 and 2: accreditation.


@output("organisation", "month")
def meets_accreditation_criteria(organisation, month):
    """Of an association, three tests; of a public interest group, none, since 2022."""
    if organisation.legal_form == "public_interest_group":
        return month.first >= DECREE_OF_2022
    return (
        organisation.legal_form == "french_law_association"
        and month.first >= DECREE_OF_2005
        and organisation.years_of_activity_abroad >= 3
        and organisation.budget_is_balanced
        and organisation.private_resources_share > 0.15
    )


# Article 8 of 2022: contributions that the host structure in France owes.


@output("mission", "month")
def social_contribution_base(volunteer, mission, month):
    is_owed = is_in_france(mission) and month.first >= DECREE_OF_2022
    return allowance_due(volunteer, mission, month) if is_owed else 0


# Article 13: the integration premium (reading 11).


def has_integration_premium(volunteer, mission):
    """What does not change from month to month."""
    engagement, end = engagement_ended_by(volunteer, mission), end_of(mission)
    if engagement is None or end < DECREE_OF_2005:
        return False
    kept_for = in_force(
        end,
        (DECREE_OF_2005, FORCE_MAJEURE | {"organisation_breach"} | NOT_THE_VOLUNTEERS),
        (DECREE_OF_2022, COMPELLING | NOT_THE_VOLUNTEERS),
    )
    is_kept = not ended_early(mission) or mission.early_termination_reason in kept_for
    is_abroad = mission.host_country != "none" and not is_in_france(mission)
    return (
        is_volunteering_contract(volunteer, mission)
        and engagement.agreed_months >= 12
        and is_kept
        and (is_abroad or end < DECREE_OF_2022)
        and mission.integration_premium_request_date <= months_later(end, 12)
        and month_of(end) not in volunteer.meets_rsa_conditions
    )


@output("mission", "month")
def occupational_integration_premium(volunteer, mission, month):
    """A ninth for each of nine months, on the list and without another aid."""

    def qualifies(one):
        is_registered = one in volunteer.is_registered_jobseeker
        return is_registered and one not in volunteer.receives_other_job_search_aid

    if not qualifies(month) or not has_integration_premium(volunteer, mission):
        return 0
    end = end_of(mission)
    running = month_of(max(end, mission.integration_premium_request_date)).next
    if month < running:
        return 0
    months_before = 0
    while running < month:
        months_before += qualifies(running)
        running = running.next
    return (in_force(end, (ORDER_OF_2005, 2001)) or 0) / 9 if months_before < 9 else 0


# Article 14: the resettlement allowance (reading 10).


def meets_resettlement_conditions(volunteer, engagement):
    """Long enough on its last day; never a civil servant or a public agent."""
    mission, end = engagement.last_mission, engagement.last_day
    if mission is None or end < DECREE_OF_2005:
        return False
    statuses = [one.status_before_departure for one in engagement.missions]
    if volunteer.is_civil_servant or "public_agent" in statuses:
        return False
    ordinary, reduced, reasons = in_force(
        end,
        (DECREE_OF_2005, (24, 12, FORCE_MAJEURE)),
        (DECREE_OF_2022, (12, 6, COMPELLING)),
    )
    is_reduced = ended_early(mission) and mission.early_termination_reason in reasons
    months = complete_months(engagement.first_day, end)
    is_long_enough = months >= (reduced if is_reduced else ordinary)
    return is_long_enough and is_volunteering_contract(volunteer, mission)


@output("mission")
def is_entitled_to_resettlement_allowance(volunteer, mission):
    """Once an earlier engagement met them, more than 12 months after the previous."""
    earlier = []
    for engagement in engagements(volunteer):
        if engagement.last_mission is mission:
            return meets_resettlement_conditions(volunteer, engagement) and (
                not any(
                    meets_resettlement_conditions(volunteer, one) for one in earlier
                )
                or engagement.first_day > months_later(earlier[-1].last_day, 12)
            )
        earlier.append(engagement)
    return False


def resettlement_amount(volunteer, mission):
    """The highest step reached on the last day; None below the first."""
    steps = in_force(
        end_of(mission),
        (ORDER_OF_2005, {24: 3700}),
        (ORDER_OF_2022, {12: 800, 18: 1500, 24: 3700}),
    )
    engagement = engagement_ended_by(volunteer, mission)
    months = complete_months(engagement.first_day, engagement.last_day)
    reached = [amount for step, amount in (steps or {}).items() if step <= months]
    return max(reached, default=None)


@output("mission")
def resettlement_allowance_is_undetermined(volunteer, mission):
    is_entitled = is_entitled_to_resettlement_allowance(volunteer, mission)
    return is_entitled and resettlement_amount(volunteer, mission) is None


@output("mission", "month")
def resettlement_allowance(volunteer, mission, month):
    """At once, in the month of the end."""
    if month_of(end_of(mission)) != month:
        return 0
    if not is_entitled_to_resettlement_allowance(volunteer, mission):
        return 0
    return resettlement_amount(volunteer, mission) or 0


# The official page on retirement (reading 12): first attested on 8 December 2022.

QUARTERS_FROM = 2022


@output("volunteer", "year")
def retirement_quarters(volunteer, year):
    """Blocks of 90 days, in the year of their last day, four at most."""
    quarters = 0
    for engagement in engagements(volunteer):
        mission = engagement.last_mission
        if mission is None or not is_volunteering_contract(volunteer, mission):
            continue
        if any(is_in_france(one) for one in engagement.missions):
            continue
        block_end = engagement.first_day + timedelta(days=90) - ONE_DAY
        while block_end <= engagement.last_day:
            quarters += block_end.year == year
            block_end += timedelta(days=90)
    return min(quarters, 4) if year >= QUARTERS_FROM else 0


@output("volunteer", "year")
def retirement_quarters_are_undetermined(volunteer, year):
    """Days served under a contract, before the rule or with a mission in France."""
    return any(
        mission.start_date <= date(year, 12, 31)
        and max(mission.start_date, date(year, 1, 1)) <= end_of(mission)
        and is_volunteering_contract(volunteer, mission)
        for engagement in engagements(volunteer)
        if year < QUARTERS_FROM or any(is_in_france(one) for one in engagement.missions)
        for mission in engagement.missions
    )
