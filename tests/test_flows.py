"""What is due month by month follows the law of the month, not of the contract."""

import pytest
from openfisca_core.periods import instant
from openfisca_core.reforms import Reform
from openfisca_core.simulations import SimulationBuilder

#: A contract in course when a parameter changes, on 1 January 2024.
MISSION = {
    "is_volunteering_contract": {"ETERNITY": True},
    "start_date": {"ETERNITY": "2023-07-01"},
    "end_date": {"ETERNITY": "2024-12-31"},
    "host_country": {"ETERNITY": "FR"},
    "contract_monthly_allowance": {"ETERNITY": 700},
}


def changed(system, name, value):
    """Return a law in which a parameter has another value from 2024 on."""

    def change(parameters):
        node = parameters
        for key in name.split("."):
            node = node.children[key]
        node.update(start=instant("2024-01-01"), value=value)
        return parameters

    class OtherFrom2024(Reform):
        def apply(self):
            self.modify_parameters(change)

    return OtherFrom2024(system)


@pytest.mark.parametrize(
    ("parameter", "output", "amounts"),
    [
        (("leave.days_per_month", 3), "leave_days_accrued", [2, 3]),
        (
            ("allowance.share_subject_to_income_tax", 1),
            "allowance_subject_to_income_tax",
            [0, 700],
        ),
        (
            ("allowance.share_subject_to_social_contributions", 0.5),
            "allowance_subject_to_social_contributions",
            [0, 350],
        ),
        (
            ("allowance.share_in_contribution_base", 0.5),
            "social_contribution_base",
            [700, 350],
        ),
        (
            ("social_cover.volunteer_risks", ["maternity"]),
            "social_security_covers_sickness",
            [True, False],
        ),
    ],
)
def test_a_value_that_changes_in_mid_contract_changes_the_flow(
    system, parameter, output, amounts
):
    simulation = SimulationBuilder().build_from_entities(
        changed(system, *parameter), {"missions": {"m": MISSION}}
    )
    months = "2023-12", "2024-01"
    assert [simulation.calculate(output, one)[0] for one in months] == amounts


def test_the_law_holds_from_its_first_day_also_in_its_first_month(system):
    mission = MISSION | {
        "start_date": {"ETERNITY": "2005-05-24"},
        "end_date": {"ETERNITY": "2006-05-23"},
    }
    before = mission | {"start_date": {"ETERNITY": "2005-05-23"}}
    simulation = SimulationBuilder().build_from_entities(
        system, {"missions": {"under_the_law": mission, "before": before}}
    )
    name = "allowance_subject_to_income_tax"
    # Nine of 31 days are before the law: none of them is of the first contract.
    subject = simulation.calculate(name, "2005-05").tolist()
    assert subject == pytest.approx([0, 203.23], abs=0.005)
    covered = simulation.calculate("social_security_covers_sickness", "2005-05")
    assert covered.tolist() == [True, False]
