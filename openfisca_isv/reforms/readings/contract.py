"""Other readings of what makes a contract, and of how long it may last."""

import numpy

from openfisca_isv.dates import DAY, NEVER, add_months, split_days, years_later
from openfisca_isv.legal_dates import amount_on, is_listed_on
from openfisca_isv.reforms.readings.alternative_formulas import alternative

#: For the readings that count years in days.
DAYS_OF_A_COMMON_YEAR, MONTHS = 365, 12


@alternative("rights-need-a-lawful-contract", "contract_opens_rights")
def need_a_lawful_contract(mission, period):
    """The contract is lawful in every point."""
    return mission("contract_is_lawful", period)


@alternative("rights-need-the-law-alone", "contract_opens_rights")
def need_the_law_alone(mission, period):
    """The law applies, no matter who signs."""
    return mission("law_applies", period)


def _maximum(mission, period):
    day = mission("contract_legal_date", period)
    return amount_on(mission, "duration.contract_maximum_months", day)


@alternative("contract-of-730-days", "contract_duration_is_lawful")
def contract_of_730_days(mission, period):
    """A maximum of two years is one of 730 days."""
    maximum = _maximum(mission, period) // MONTHS * DAYS_OF_A_COMMON_YEAR
    days = mission("contract_days", period)
    return mission("contract_days_are_known", period) & (days <= maximum)


@alternative("contract-to-the-same-day", "contract_duration_is_lawful")
def contract_to_the_same_day(mission, period):
    """The last day may be the same day of the year, included."""
    is_known = mission("contract_days_are_known", period)
    start, end = mission("start_date", period), mission("end_date", period)
    return is_known & (end <= add_months(start, _maximum(mission, period)))


@alternative("missing-day-runs-to-the-next-month", "contract_duration_is_lawful")
def missing_day_runs_to_the_next_month(mission, period):
    """Where the day does not exist in the last month, the first of the next stands."""
    is_known = mission("contract_days_are_known", period)
    start, end = mission("start_date", period), mission("end_date", period)
    limit = add_months(start, _maximum(mission, period))
    is_missing = split_days(limit)[1] < split_days(start)[1]
    return is_known & (end + DAY <= limit + is_missing * DAY)


@alternative("born-on-29-february-adult-on-1-march", "volunteer_is_adult")
def adult_on_1_march(mission, period):
    """A birthday of 29 February is that of 1 March in a common year."""
    start = mission("start_date", period)
    born = mission.volunteer("birth_date", period)
    day = mission("contract_legal_date", period)
    birthday = years_later(born, amount_on(mission, "volunteer.minimum_age", day))
    is_missing = split_days(birthday)[1] < split_days(born)[1]
    is_adult = birthday + is_missing * DAY <= start
    return mission("contract_start_is_known", period) & is_adult


@alternative("declared-activity-alone-counts", "has_no_other_activity")
def declared_activity_alone_counts(mission, period):
    """Only an activity that is declared counts."""
    return ~mission("has_other_professional_activity", period)


@alternative("accreditation-runs-on", "accreditation_last_day")
def accreditation_runs_on(organisation, period):
    """An accreditation without a known end has none."""
    return organisation("accreditation_end_date", period)


@alternative("accreditation-without-end-fails", "accreditation_last_day")
def accreditation_without_end_fails(organisation, period):
    """An accreditation without a known end covers no day."""
    start = organisation("accreditation_start_date", period)
    end = organisation("accreditation_end_date", period)
    return numpy.where(end == numpy.datetime64(NEVER), start - DAY, end)


@alternative("accreditation-as-long-as-the-contract", "organisation_is_entitled")
def accreditation_as_long_as_the_contract(mission, period):
    """The accreditation covers every day agreed."""
    start, end = mission("start_date", period), mission("end_date", period)
    form = mission.organisation("legal_form", period)
    return (
        is_listed_on(mission, "organisation.allowed_legal_forms", form, start)
        & (mission.organisation("accreditation_start_date", period) <= start)
        & (
            numpy.maximum(start, end)
            <= mission.organisation("accreditation_last_day", period)
        )
    )
