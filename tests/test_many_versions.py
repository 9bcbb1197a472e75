"""A parameter is read at its own date however many dated values it has."""

import pytest
from openfisca_core.periods import instant
from openfisca_core.reforms import Reform
from openfisca_core.simulations import SimulationBuilder

from openfisca_isv.population.reforms.changes import find_parameter

#: A value a month from January 2000 on: 1 in the first month, 2 in the next.
MONTHS = [f"{year}-{month:02}" for year in range(2000, 2030) for month in range(1, 13)]
MISSION = {
    "end_date": "2027-12-31",
    "host_country": "BJ",
    "domain": "development_cooperation",
    "contract_is_written": True,
    "contract_monthly_allowance": 700,
}
VOLUNTEER = {"birth_date": "1990-05-01", "nationality": "FR"}
ORGANISATION = {
    "legal_form": "french_law_association",
    "accreditation_start_date": "2005-06-01",
    "accreditation_end_date": "2029-12-31",
}
FIRST_STEP = "resettlement_allowance.amount[0].amount"


def moved_every_month(system, *names):
    """Give parameters a value a month."""

    def modify(parameters):
        for name in names:
            parameter = find_parameter(parameters, name)
            for value, month in enumerate(MONTHS, 1):
                parameter.update(start=instant(f"{month}-01"), value=value)
        return parameters

    class Moved(Reform):
        def apply(self):
            self.modify_parameters(modify)

    return Moved(system)


def computed(system, variable, period, start, end="2027-12-31"):
    mission = MISSION | {"start_date": start, "end_date": end}
    situation = {
        "missions": {"m": mission},
        "volunteers": {"v": {"missions": ["m"]} | VOLUNTEER},
        "organisations": {"o": {"missions": ["m"]} | ORGANISATION},
    }
    for kind in situation.values():
        for facts in kind.values():
            for name, value in facts.items():
                if name != "missions":
                    facts[name] = {"ETERNITY": value}
    simulation = SimulationBuilder().build_from_entities(system, situation)
    return simulation.calculate(variable, period)[0].item()


@pytest.mark.parametrize(
    ("start", "value"),
    # 127, 128, 129 and 300 months after December 1999.
    [
        ("2010-07-15", 127),
        ("2010-08-01", 128),
        ("2010-09-30", 129),
        ("2024-12-31", 300),
    ],
)
def test_a_value(system, start, value):
    moved = moved_every_month(system, "allowance.minimum_abroad")
    assert computed(moved, "allowance_minimum", "ETERNITY", start) == value


@pytest.mark.parametrize(
    ("end", "month", "value"),
    # The 282nd and the 300th month; a year served gives the first step.
    [("2023-06-30", "2023-06", 282), ("2024-12-31", "2024-12", 300)],
)
def test_a_step_of_a_scale(system, end, month, value):
    moved = moved_every_month(system, FIRST_STEP)
    start = f"{int(end[:4]) - 1}{end[4:]}"
    allowance = computed(moved, "resettlement_allowance", month, start, end)
    assert allowance == value


def test_a_flow(system):
    moved = moved_every_month(system, "state_aid.management_per_month")
    # The 283rd month, of 31 days that are all served.
    aid = computed(
        moved, "state_management_contribution", "2023-07", "2023-01-01", "2024-12-31"
    )
    assert aid == 283


def test_a_country(system):
    maximum = "allowance.maximum_abroad"
    moved = moved_every_month(
        system, f"{maximum}.fixed_part", f"{maximum}.country_supplement.BJ"
    )
    # Twice the 300th month.
    found = computed(moved, "allowance_maximum", "ETERNITY", "2024-12-31")
    assert found == 600
