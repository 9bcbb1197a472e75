"""What the families share: days, calendars, an ordinary contract."""

from datetime import date, timedelta

from scalar.parties import ONE_DAY, Month, months_later

#: A contract that is lawful on every point, for what a family does not vary.
ORDINARY = {
    "volunteer.birth_date": date(1980, 6, 15),
    "volunteer.nationality": "FR",
    "organisation.legal_form": "french_law_association",
    "organisation.accreditation_start_date": date(2000, 1, 1),
    "organisation.accreditation_end_date": date(2045, 12, 31),
    "mission.host_country": "SN",
    "mission.residence_country": "FR",
    "mission.domain": "humanitarian_action",
    "mission.contract_is_written": True,
    "mission.contract_monthly_allowance": 700,
}
#: The days on which a rule of the law, the decrees, the orders or the page changes.
LEGAL_DAYS = (
    date(2005, 5, 24),
    date(2005, 5, 30),
    date(2005, 12, 25),
    date(2021, 8, 6),
    date(2022, 7, 31),
    date(2022, 12, 9),
)
#: The days on which a State joins or leaves the Union or the Economic Area.
EUROPEAN_DAYS = (
    date(2004, 5, 1),
    date(2007, 1, 1),
    date(2013, 7, 1),
    date(2020, 2, 1),
    date(2021, 1, 1),
)
#: The days on which a maximum abroad is known, or no longer.
FIGURE_DAYS = (
    *(date(2018, 4, 1), date(2019, 3, 20), date(2019, 4, 1), date(2020, 1, 1)),
    *(date(2020, 4, 1), date(2021, 7, 1), date(2021, 10, 1), date(2022, 7, 1)),
    *(date(2023, 7, 1), date(2024, 1, 1)),
)
REASONS = (
    *("none", "personal_convenience", "health", "family", "administrative"),
    *("security", "other_force_majeure", "organisation_breach"),
    *("organisation_decision", "accreditation_withdrawn"),
)


def around(days, reach=1):
    """Return each day, and the days around."""
    shifts = range(-reach, reach + 1)
    return tuple(
        sorted({day + timedelta(days=shift) for day in days for shift in shifts})
    )


def all_days(first, last):
    return tuple(
        first + timedelta(days=rank) for rank in range((last - first).days + 1)
    )


def last_day(first, months, days=0):
    """Return the last day of so many months and days."""
    return months_later(first, months) - ONE_DAY + timedelta(days=days)


def after(day, months, days=0):
    """Return the day so many months and days later."""
    return months_later(day, months) + timedelta(days=days)


def months(first: tuple, last: tuple) -> tuple[Month, ...]:
    """List the months from one to another, both included."""
    month, listed = Month(*first), []
    while month <= last:
        listed.append(month)
        month = month.next
    return tuple(listed)
