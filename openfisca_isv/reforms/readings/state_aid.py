"""Other readings of State aid to the organisation."""

from openfisca_isv.dates import falls_in, first_day
from openfisca_isv.entities import sum_over_missions
from openfisca_isv.legal_dates import amount_on, threshold_on
from openfisca_isv.reforms.readings.alternative_formulas import alternative


@alternative("contracts-to-come-count", "volunteer_contract_days")
def contracts_to_come_count(volunteer, period):
    """Every volunteering contract of the volunteer, whenever it starts."""
    days = volunteer.members("volunteering_contract_days", period)
    return sum_over_missions(volunteer, days)


@alternative("state-aid-needs-a-lawful-contract", "is_entitled_to_state_aid")
def needs_a_lawful_contract(mission, period):
    """A lawful contract, of a volunteer whose contracts total enough days."""
    minimum = threshold_on(
        mission, "state_aid.minimum_contract_days", first_day(period)
    )
    days = mission.volunteer("volunteer_contract_days", period)
    return mission("contract_is_lawful", period) & (days >= minimum)


def _once(mission, period, name, day):
    """Return an amount due once per contract, on a day on which aid is due."""
    is_due = falls_in(period, day) & (mission("state_aid_days", period) > 0)
    return is_due * amount_on(mission, f"state_aid.{name}", day)


@alternative("training-for-every-contract", "state_training_contribution")
def training_for_every_contract(mission, period):
    """When each contract starts."""
    return _once(mission, period, "training", mission("start_date", period))


@alternative("return-support-for-every-contract", "state_return_support_contribution")
def return_support_for_every_contract(mission, period):
    """When each contract ends."""
    end = mission("effective_end_date", period)
    return _once(mission, period, "return_support", end)


@alternative("installation-for-each-contract", "state_installation_contribution")
def installation_for_each_contract(mission, period):
    """When each contract hosted in France starts."""
    start = mission("start_date", period)
    amount = _once(mission, period, "installation_in_france", start)
    return amount * mission("is_hosted_in_france", period)


def _abroad_only(name):
    """Return a formula that gives the law's own amount, and none in France."""

    def formula(mission, period):
        law = mission.simulation.tax_benefit_system
        # Other readings may have been applied since.
        while law.get_variable(name).get_formula(period) is formula:
            law = law.baseline
        own = law.get_variable(name).get_formula(period)(mission, period)
        return own * ~mission("is_hosted_in_france", period)

    return formula


for _name in ("management", "training", "return_support", "insurance"):
    _variable = f"state_{_name}_contribution"
    alternative("france-article-11-aids-only", _variable)(_abroad_only(_variable))
