"""Hypothesis strategies: volunteers, their missions and the organisations that sign.

The first choice of every list is the ordinary one, so that examples shrink towards
a plain, lawful contract.
"""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import strategies as st
from scalar import Mission, Organisation, Volunteer
from scalar.parties import NEVER, ONE_DAY, UNKNOWN, end_of, month_of

DAYS_OF_CHANGE = (
    date(2022, 12, 9),
    date(2022, 7, 31),
    date(2021, 8, 6),
    date(2020, 12, 31),
    date(2005, 12, 25),
    date(2005, 5, 30),
    date(2005, 5, 24),
    date(2013, 7, 1),
    date(2019, 3, 20),
    date(2020, 4, 1),
    date(2021, 10, 1),
    date(2023, 7, 1),
)
ENDS_OF_MONTHS = (
    date(2023, 1, 31),
    date(2012, 2, 29),
    date(2020, 2, 29),
    date(2024, 2, 29),
    date(2023, 2, 28),
    date(2021, 8, 31),
    date(2022, 11, 30),
    date(2022, 12, 31),
)
HOSTS = (
    *("SN", "MG", "AO", "AF", "ZA", "LB", "CH", "FR", "MG", "AO"),
    *("GP", "NC", "GL", "GB", "HR", "NO", "SI", "XK", "none"),
)
NATIONALITIES = (
    *("FR", "SN", "MG", "GB", "HR", "NO", "CH", "NC", "GL", "FR", "MG", "none"),
)
RESIDENCES = ("FR", "SN", "CH", "GB", "GP", "HR", "FR", "SN", "none")
LENGTHS_IN_MONTHS = (12, 24, 6, 18, 1, 2, 5, 7, 11, 13, 17, 23, 25, 36)
LENGTHS_IN_DAYS = (365, 364, 366, 90, 89, 180, 200, 540, 730, 1, 20)
STEADY_LENGTHS = ((24, 0), (18, 0), (12, 0), (24, -1), (18, 1), (0, 180))
GAPS_IN_DAYS = (2, 0, -20, -200, 32, 100, 400, 1)
ALLOWANCES = (700, 150, 100, 99, 149, 800, 799, 1600, 1601, 0, 3000, 5500)
DOMAINS = (*("humanitarian_action",) * 6, "other", "none")
STATUSES = (
    *("private_employee_resigning", "jobseeker", "student", "none"),
    *("private_employee_on_sabbatical_leave", "private_employee_in_post"),
    *("private_employee_on_solidarity_leave", "public_agent", "self_employed"),
)
REASONS = (
    *("health", "personal_convenience", "family", "administrative", "security"),
    *("other_force_majeure", "organisation_breach", "organisation_decision"),
    *("accreditation_withdrawn", "none"),
)
SERVED_MONTHS = (12, 6, 5, 11, 18, 1, 23, 24)


def usually(ordinary, *others, weight=6):
    """The ordinary value most of the time, else one of the others."""
    return st.sampled_from((ordinary,) * weight + others)


def rarely(weight):
    """False so many times for each time it is true."""
    return st.sampled_from((False,) * weight + (True,))


def rarely_not(weight):
    """True so many times for each time it is false."""
    return st.sampled_from((True,) * weight + (False,))


def shifted(days, reach):
    """A day of the strategy, moved by at most so many days."""
    shifts = st.integers(-reach, reach)
    return st.builds(lambda day, shift: day + timedelta(shift), days, shifts)


def days():
    """Days from 2004 to 2027, many of them close to a day on which a rule changes."""
    return st.one_of(
        st.integers(-18 * 365, 5 * 365).map(lambda n: date(2023, 1, 1) + timedelta(n)),
        shifted(st.sampled_from(DAYS_OF_CHANGE), 2),
        st.sampled_from(ENDS_OF_MONTHS),
    )


def lengths():
    """A contract's length in (months, days), close to the lengths the rules name."""
    in_months = st.tuples(
        st.sampled_from(LENGTHS_IN_MONTHS), usually(0, -1, 1, 15, weight=4)
    )
    in_days = st.sampled_from(LENGTHS_IN_DAYS).map(lambda length: (0, length))
    return st.one_of(in_months, in_months, in_days)


def last_day(first_day, length):
    """The last day of a contract of that length."""
    months, more_days = length
    return first_day + relativedelta(months=months) + timedelta(more_days) - ONE_DAY


def organisations():
    """Organisations, most of them accredited associations."""
    return st.builds(
        Organisation,
        legal_form=usually(
            "french_law_association",
            *("public_interest_group", "public_interest_group", "other", "none"),
            weight=9,
        ),
        accreditation_start_date=usually(
            date(2000, 1, 1), date(2005, 5, 24), date(2022, 12, 9), NEVER, weight=15
        ),
        accreditation_end_date=usually(
            date(2035, 12, 31),
            *(NEVER, date(2020, 12, 31), date(2022, 12, 8), date(2001, 1, 1)),
            weight=15,
        ),
        years_of_activity_abroad=st.sampled_from((10, 3, 2.5, 0)),
        budget_is_balanced=rarely_not(3),
        private_resources_share=st.sampled_from((0.5, 0.16, 0.15, 0.14, 0)),
    )


@st.composite
def starts(draw, previous, back_to_back):
    """A first day: anywhere, or after, on or before the end of the previous one."""
    if previous is None or previous.end_date < previous.start_date:
        return draw(days())
    end = end_of(previous)
    if back_to_back:
        return end + ONE_DAY
    links = ("next day", "some days", "a year", "anywhere")
    link = draw(st.sampled_from(links))
    if link == "next day":
        return end + ONE_DAY
    if link == "some days":
        return end + timedelta(draw(st.sampled_from(GAPS_IN_DAYS)))
    if link == "a year":
        year_later = end + relativedelta(months=12)
        return year_later + timedelta(draw(st.sampled_from((1, 0, 2))))
    return draw(days())


@st.composite
def missions(draw, pool, previous=None, steady_length=None):
    """A mission signed by an organisation of the pool, placed after the previous.

    With a steady length, it lasts that long and starts where the previous one ends.
    """
    start = draw(starts(previous, back_to_back=steady_length is not None))
    end = last_day(start, steady_length or draw(lengths()))
    if previous is None and draw(rarely(2)):
        moved_to = draw(shifted(st.sampled_from(DAYS_OF_CHANGE), 2))
        start, end = start + (moved_to - end), moved_to
    mission = Mission(
        start_date=start,
        end_date=end,
        host_country=draw(st.sampled_from(HOSTS)),
        residence_country=draw(st.sampled_from(RESIDENCES)),
        domain=draw(usually("development_cooperation", *DOMAINS, weight=len(DOMAINS))),
        contract_is_written=draw(rarely_not(12)),
        has_other_professional_activity=draw(rarely(12)),
        contract_monthly_allowance=draw(st.sampled_from(ALLOWANCES)),
        status_before_departure=draw(st.sampled_from(STATUSES)),
        organisation=draw(st.sampled_from(pool)),
    )
    if draw(rarely(2)):
        end_early(draw, mission)
    mission.integration_premium_request_date = draw(requests(end_of(mission)))
    broken = draw(usually("no", "no start", "no end", "end before start", weight=30))
    if broken == "no start":
        mission.start_date = UNKNOWN
    if broken == "no end":
        mission.end_date = UNKNOWN
    if broken == "end before start":
        mission.end_date = mission.start_date - ONE_DAY
    return mission


def end_early(draw, mission):
    """Give the mission an early termination, on or after its first day."""
    served = draw(st.sampled_from(SERVED_MONTHS)), draw(usually(0, -1, 1, weight=2))
    last_served = last_day(mission.start_date, served)
    mission.early_termination_date = max(last_served, mission.start_date)
    mission.early_termination_reason = draw(st.sampled_from(REASONS))
    notice = draw(st.sampled_from((31, 30, 28, 27, 0, 60, None)))
    if notice is not None:
        last_served = mission.early_termination_date
        mission.notice_date = last_served - timedelta(notice)


def requests(end):
    """A day on which the premium is asked for, seen from the end of the mission."""
    year_later = end + relativedelta(months=12)
    return st.sampled_from(
        (
            *(end + timedelta(10), end + timedelta(100), end - timedelta(40)),
            *(year_later, year_later + ONE_DAY, NEVER),
        )
    )


def months_after(day, ranks):
    """The (year, month) that come so many months after the day's own."""
    shifted_days = [day + relativedelta(day=1, months=rank) for rank in ranks]
    return {month_of(shifted_day) for shifted_day in shifted_days}


@st.composite
def volunteers(draw, pool=None, max_missions=6):
    """A volunteer and from 0 to 6 missions, with the monthly inputs of one return.

    Missions are signed by organisations of the pool, or else of a pool of their own.
    """
    if pool is None:
        pool = draw(st.lists(organisations(), min_size=1, max_size=2))
    volunteer = Volunteer(
        nationality=draw(st.sampled_from(NATIONALITIES)),
        second_nationality=draw(usually("none", "SN", "FR", "GB", "CH", weight=4)),
        is_civil_servant=draw(rarely(8)),
    )
    count = draw(st.integers(0, max_missions))
    steady_length = draw(usually(None, *STEADY_LENGTHS, weight=9))
    previous = None
    for _ in range(count):
        previous = draw(missions(pool, previous, steady_length))
        volunteer.missions.append(previous)

    first_start = min((one.start_date for one in volunteer.missions), default=NEVER)
    volunteer.birth_date = draw(birth_dates(first_start))
    if volunteer.missions:
        returned_from = draw(st.sampled_from(volunteer.missions[::-1]))
        add_monthly_inputs(draw, volunteer, end_of(returned_from))
    if count > 1 and draw(rarely(3)):
        volunteer.missions.reverse()
    return volunteer


def birth_dates(first_start):
    """Birth dates of adults, mostly, some of them 18 on the day or the day after."""
    known = (date(1980, 6, 15), date(1984, 2, 29), date(1990, 12, 31))
    if first_start == NEVER:
        return st.sampled_from((*known, NEVER))
    eighteen = first_start - relativedelta(years=18)
    edges = (eighteen, eighteen + ONE_DAY, eighteen - ONE_DAY, date(2004, 2, 29))
    return st.sampled_from(known * 5 + edges + (NEVER,))


def add_monthly_inputs(draw, volunteer, end):
    """Draw the monthly inputs of the fifteen months that follow the end's own."""
    ranks = range(draw(st.sampled_from((16, 12, 6, 2, 0))))
    few = st.sets(st.integers(0, 15), max_size=4)
    off_the_list = draw(few)
    registered = [rank for rank in ranks if rank not in off_the_list]
    volunteer.is_registered_jobseeker = months_after(end, registered)
    volunteer.meets_rsa_conditions = months_after(end, draw(few))
    volunteer.receives_other_job_search_aid = months_after(end, draw(few))
    insured = range(-1, 16) if draw(rarely_not(2)) else ()
    volunteer.meets_other_unemployment_conditions = months_after(end, insured)
    with_family = months_after(end, range(-2, draw(st.integers(-2, 0))))
    volunteer.dependants_count = dict.fromkeys(with_family, 2)


@st.composite
def populations(draw, max_volunteers=3):
    """Volunteers whose missions share a pool of organisations: (pool, volunteers)."""
    pool = draw(st.lists(organisations(), min_size=1, max_size=3))
    people = st.lists(
        volunteers(pool, max_missions=4), min_size=1, max_size=max_volunteers
    )
    return pool, draw(people)
