"""What this law tells the tools: its outputs by name, measures, groupings, words.

Nothing else in this package names an input or an output of the law, but
``conclusions.yaml``, which is read here.
"""

from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

import yaml

from openfisca_isv.countries import COUNTRIES, Country
from openfisca_isv.population.language import language, translated, words
from openfisca_isv.variables.contract import Condition, Domain
from openfisca_isv.variables.organisation import LegalForm
from openfisca_isv.variables.resignation import Status
from openfisca_isv.variables.termination import TerminationReason

#: What tables call the law in force.
LAW = "law_in_force"
#: The first day of a mission, and the last one agreed: without them nothing is due.
START, AGREED_END = NEEDED_DAYS = ("start_date", "end_date")
#: The last day served.
LAST_DAY = "effective_end_date"
#: Days of a mission in a month, and what a volunteer is paid month by month afterwards.
DAYS, PAID_MONTHS = "mission_days", "occupational_integration_premium"
#: What a year of a mission adds up, month by month, in euros.
FLOWS = (
    "allowance_due",
    "resettlement_allowance",
    "occupational_integration_premium",
    "state_aid",
    "state_cost",
)
#: What does not change about a mission, by its name in ``Outcome.years``.
FACTS = {
    "days_served": "served_days",
    "is_lawful": "contract_is_lawful",
    "unmet": "contract_first_unmet_condition",
    "is_undetermined": "resettlement_allowance_is_undetermined",
}
#: The allowance due, and agreed, of which the lack is added up as an amount.
MINIMUM, AGREED = "allowance_minimum", "contract_monthly_allowance"
#: What the allowance lacks to reach the minimum, over the year.
SHORTFALL = "allowance_shortfall"
#: What the volunteer receives.
RECEIVED = FLOWS[:3]
#: The amounts of a comparison, in the order in which they are shown.
AMOUNTS = (
    "state_cost",
    "state_aid",
    "resettlement_allowance",
    "occupational_integration_premium",
    "allowance_due",
    SHORTFALL,
)
#: The amounts that groups are compared by, and what to call those who have some.
COMPARED = {"state_cost": "costing", SHORTFALL: "short"}
#: The amounts that make up the cost to the State.
COST = ("state_aid", "resettlement_allowance", "occupational_integration_premium")
#: Names of outputs, by subject.
CONCLUSIONS: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "conclusions.yaml").read_text("utf-8")
)
#: State aid, and its parts.
AID = COST[0]
PARTS_OF_AID = tuple(
    one for one in chain(*CONCLUSIONS.values()) if one.endswith("_contribution")
)
#: The rules that make up the cost to the State, in the order in which they are shown:
#: the parts of State aid, and the aids on return.
RULES = (*PARTS_OF_AID, *COST[1:])
#: What they add up to.
TOTAL = "state_cost"
#: What they leave out of it, by rounding, or since a reform has rules of its own.
OTHER = "other_rules_and_rounding"
#: Amounts, and those that add up to them.
SUMS = ((TOTAL, COST), (AID, PARTS_OF_AID), (TOTAL, RULES))
#: What volunteers are credited with by year.
OF_VOLUNTEERS = "retirement_quarters"
#: What is given by year or month unless outputs are named.
USUAL_BY_YEAR = (*FLOWS, OF_VOLUNTEERS)
#: What is added up for an organisation over its missions.
ADDED_UP = {"organisation_state_aid": "state_aid"}
#: What the example row of a workbook to fill has beside its identifiers.
EXAMPLE_CELLS = {
    "start_date": date(2024, 9, 1),
    "end_date": date(2026, 8, 31),
    "birth_date": date(1998, 6, 15),
    "month": date(2026, 9, 1),
    "host_country": "MG",
    "residence_country": "FR",
    "nationality": "FR",
}
#: Columns that can be asked for, and those that they are made of.
DERIVED = {
    "year": ("start_date",),
    "age": ("birth_date", "start_date"),
    "age_band": ("birth_date", "start_date"),
}
#: What is said of a contract that meets all conditions, and the names of these, in the
#: order of the law.
NONE, *CONDITIONS = (one.name for one in Condition)
#: What groupings are called for a reader; other columns have their own names.
GROUPING_NAMES = {
    "all": "Everyone",
    "age": "Age at departure",
    "age_band": "Age at departure",
    "host_country": "Host country",
    "organisation": "Organisation",
    "status_before_departure": "Status before departure",
    "year": "Year of departure",
    "nationality": "Nationality",
    "residence_country": "Country of residence",
    "domain": "Field",
}
_COUNTRIES = ("host_country", "nationality", "residence_country", "second_nationality")
_MEMBERS = {
    "contract_first_unmet_condition": Condition,
    "domain": Domain,
    "early_termination_reason": TerminationReason,
    "legal_form": LegalForm,
    "status_before_departure": Status,
}
#: Lower bounds of the bands of age, in years.
AGE_BANDS = (18, 25, 30, 35, 45, 60)
#: By what gainers and losers are told apart, unless asked otherwise.
USUAL_GROUPINGS = (
    "age_band",
    "host_country",
    "organisation",
    "status_before_departure",
)
#: A code that programs write where a text is missing, and what is said of it.
AMBIGUOUS = (
    Country,
    "NA",
    (
        '{column} is "NA" in {rows}: it is read as Namibia. R writes it where a text is'
        " missing: write an empty cell for that."
    ),
)
#: What is said where none of some tables is given.
WITHOUT = {
    ("volunteers", "organisations"): "Without {tables} no contract is known to be"
    " lawful.",
    ("monthly",): "Without --monthly nobody is known to be registered as a jobseeker,"
    " unless the table of volunteers says so: no integration premium is due.",
}
#: What is said where contracts start and none is lawful, and the measures of both.
NONE_LAWFUL = (
    ("contracts_started", "contracts_lawful"),
    (
        "None of the contracts is known to be lawful; the condition that most of them"
        " fail first is {condition}."
    ),
)
#: A measure of rights whose amount is not known, and what is said of them.
UNDETERMINED = (
    "resettlement_undetermined",
    (
        "{count} rights{how} to a resettlement allowance have an amount that no text"
        " seen gives: they count for 0 euros."
    ),
)
#: What a comparison says of them.
UNDETERMINED_UNDER = (
    "{title}{number}{how} to a resettlement allowance {verb} an amount that no text"
    " seen gives: counted for 0 euros."
)
#: What is said wherever allowances agreed are raised to the minimum.
RAISED = (
    "Assumption: under each reform the organisations raise every allowance agreed that"
    " is below its minimum to that minimum, also where it is below that of the law in"
    " force today."
)


#: Whatever the summary by year is made of.
SUMMED_UP = (*FLOWS, *FACTS.values(), OF_VOLUNTEERS, START, LAST_DAY, DAYS)


@dataclass(frozen=True)
class Measure:
    """What one column of the summary says.

    Attributes:
        subject: The heading under which it is shown.
        label: What it counts or adds up.
        value: Of a mission in a year, in SQL, from the columns of ``Outcome.years``.
        unit: ``currency-EUR``, ``month`` or ``none`` for a count.
        is_of_people: A volunteer counts once, who has it in one of the missions.
        is_shown: Otherwise it only says whether a figure beside it gives it away.
    """

    subject: str
    label: str
    value: str = ""
    unit: str = "none"
    is_of_people: bool = False
    is_shown: bool = True


_EUROS = "currency-EUR"
_RESETTLEMENT, _PREMIUM = "resettlement_allowance", "occupational_integration_premium"
#: The columns of the summary, after the year.
MEASURES = {
    "contracts_started": Measure("Contracts", "started in the year", "starts"),
    "contracts_lawful": Measure("Contracts", "of which lawful", "starts AND is_lawful"),
    "contracts_unlawful": Measure(
        "Contracts", "of which not", "starts AND NOT is_lawful"
    ),
    "volunteers_in_mission": Measure(
        "Missions",
        "volunteers on 31 Dec.",
        "on_last_day AND days_served > 0",
        is_of_people=True,
    ),
    "mission_months": Measure("Missions", "months served", "months", "month"),
    "allowance_due": Measure("Missions", "allowances due, €", "allowance_due", _EUROS),
    "resettlement_count": Measure(
        "Resettlement", "paid, number", f"{_RESETTLEMENT} > 0"
    ),
    "resettlement_allowance": Measure("Resettlement", "paid, €", _RESETTLEMENT, _EUROS),
    "resettlement_undetermined": Measure(
        "Resettlement", "undetermined", "is_undetermined AND end_year = year"
    ),
    "premium_volunteers": Measure(
        "Integration premium", "volunteers", "paid_months > 0", is_of_people=True
    ),
    "premium_months": Measure("Integration premium", "months due", "paid_months"),
    "occupational_integration_premium": Measure(
        "Integration premium", "due, €", _PREMIUM, _EUROS
    ),
    "retirement_quarters": Measure("Retirement", "quarters credited"),
    "state_aid": Measure("State", "aid, €", "state_aid", _EUROS),
    "state_aid_lawful": Measure(
        "State", "of lawful contracts", "state_aid * is_lawful::INT", _EUROS
    ),
    # Known by what it is taken from.
    "state_aid_unlawful": Measure(
        "State", "", "state_aid * (NOT is_lawful)::INT", _EUROS, is_shown=False
    ),
    "state_cost": Measure("State", "cost, €", "state_cost", _EUROS),
}
#: A measure that is the sum of what these subjects show.
SUM_OF_SUBJECTS = ("state_cost", ("Resettlement", "Integration premium", "State"))


def group_name(by: str, group: str) -> str:
    """Name a group: a country by its name, a status in words, others as they are."""
    if by in _COUNTRIES and group in COUNTRIES:
        return words().member(Country[group])
    if by == "status_before_departure" and language() == "en":
        return group.replace("_", " ").replace("private employee", "employee")
    if language() != "en" and by in _MEMBERS and group in _MEMBERS[by].__members__:
        return words().member(_MEMBERS[by][group])
    return translated(group) if by == "age_band" or group == "unknown" else group
