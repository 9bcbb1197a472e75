"""Every combination of the conditions of a lawful contract, on and about legal days."""

from datetime import date
from itertools import product

from enumeration import Family
from scalar.parties import NEVER, ONE_DAY, months_later

from .common import LEGAL_DAYS, ORDINARY, after, around, last_day, months

FORMS = ("french_law_association", "public_interest_group", "other", "none")
FIELDS = ("humanitarian_action", "development_cooperation", "other", "none")
ACTIVITIES = tuple(product((False, True), ("none", "private_employee_in_post")))
#: A euro below and at each bound of the allowance, and above the highest.
ALLOWANCES = (99, 100, 149, 150, 799, 800, 1600, 1601)


def conditions(start):
    """Each condition met, missed by a day or a euro, or unknown, with all others."""
    spans = (
        (start, start),
        (start + ONE_DAY, NEVER),
        (date(2000, 1, 1), start - ONE_DAY),
        (months_later(start, -48), NEVER),
        (months_later(start, -48) + ONE_DAY, NEVER),
        (NEVER, NEVER),
    )
    births = months_later(start, -216), months_later(start + ONE_DAY, -216), NEVER
    ends = (
        *(last_day(start, 12), last_day(start, 12, -1)),
        *(last_day(start, 24), last_day(start, 24, 1)),
        start - ONE_DAY,
    )
    for form, span, birth, activity, end in product(
        FORMS, spans, births, ACTIVITIES, ends
    ):
        for clauses in product(
            (True, False), FIELDS, ("SN", "DE", "FR", "none"), ALLOWANCES
        ):
            yield (start, end, form, *span, birth, *activity, *clauses)


def conditions_in_a_life(start):
    """The six years met or missed by a day, with the conditions before and after."""
    for served, agreed, span, birth, clauses in product(
        ((48, 0), (48, 1), (49, -1), (1, 0)),
        ((24, 0), (24, 1), (23, 0)),
        ((date(2000, 1, 1), NEVER), (start, start)),
        (months_later(start, -216), months_later(start + ONE_DAY, -216)),
        product((True, False), FIELDS[1:3], ("SN", "DE"), (99, 150, 10_000)),
    ):
        first = after(start, -60)
        yield (
            *(first, last_day(first, *served), start, last_day(start, *agreed)),
            *(*span, birth, *clauses),
        )


def criteria(first):
    """Each test of an accreditation met, missed or at its bound, with all others."""
    yield from product(
        (first,),
        FORMS,
        (0, 2.999, 3, 10),
        (True, False),
        (0, 0.15, 0.150001, 1),
    )


CLAUSES = (
    "contract_is_written",
    "domain",
    "host_country",
    "contract_monthly_allowance",
)
FROM_BRAZIL = {"volunteer.nationality": "BR", "mission.residence_country": "BR"}
CONDITIONS = (
    Family(
        "conditions",
        (
            *("0.start_date", "0.end_date", "organisation.legal_form"),
            "organisation.accreditation_start_date",
            "organisation.accreditation_end_date",
            *("volunteer.birth_date", "0.has_other_professional_activity"),
            "0.status_before_departure",
            *(f"0.{clause}" for clause in CLAUSES),
        ),
        around(LEGAL_DAYS),
        conditions,
        ("contract_first_unmet_condition", "contract_is_lawful"),
        ORDINARY | FROM_BRAZIL,
        one_day_in=7,
        one_case_in=7,
    ),
    Family(
        "conditions_in_a_life",
        (
            *("0.start_date", "0.end_date", "1.start_date", "1.end_date"),
            "organisation.accreditation_start_date",
            "organisation.accreditation_end_date",
            "volunteer.birth_date",
            *(f"1.{clause}" for clause in CLAUSES),
        ),
        around(LEGAL_DAYS),
        conditions_in_a_life,
        (
            *("contract_first_unmet_condition", "contract_is_lawful"),
            *("law_applies", "organisation_is_entitled", "volunteer_is_adult"),
            *("is_volunteering_contract", "domain_is_eligible"),
            "lifetime_duration_is_lawful",
        ),
        ORDINARY,
    ),
    Family(
        "criteria",
        (
            "organisation.accreditation_start_date",
            "organisation.legal_form",
            "organisation.years_of_activity_abroad",
            "organisation.budget_is_balanced",
            "organisation.private_resources_share",
        ),
        (date(2000, 1, 1),),
        criteria,
        ("meets_accreditation_criteria",),
        periods=months((2005, 4), (2005, 7)) + months((2022, 6), (2022, 9)),
    ),
)
