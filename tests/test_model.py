"""The model as a whole: documented, without a gap in time, and never generous."""

from datetime import date, timedelta

import numpy
import pytest
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import Parameter, ParameterNode
from openfisca_core.periods import DateUnit, period
from openfisca_core.simulations import SimulationBuilder

from openfisca_isv.law import TEXTS, cited, provisions

# A volunteer who meets every condition, and one of whom nothing is known.
SITUATION = {
    "missions": {
        "known": {
            "start_date": {"ETERNITY": "2018-03-15"},
            "end_date": {"ETERNITY": "2020-03-14"},
            "host_country": {"ETERNITY": "AO"},
            "residence_country": {"ETERNITY": "FR"},
            "domain": {"ETERNITY": "humanitarian_action"},
            "contract_is_written": {"ETERNITY": True},
            "contract_monthly_allowance": {"ETERNITY": 600},
            "status_before_departure": {"ETERNITY": "private_employee_resigning"},
            "integration_premium_request_date": {"ETERNITY": "2020-04-01"},
        },
        "empty": {},
    },
    "volunteers": {
        "known": {
            "missions": ["known"],
            "birth_date": {"ETERNITY": "1990-01-01"},
            "nationality": {"ETERNITY": "FR"},
            "is_registered_jobseeker": {"2020": True},
        },
        "empty": {"missions": ["empty"]},
        "without_mission": {},
    },
    "organisations": {
        "known": {
            "missions": ["known"],
            "legal_form": {"ETERNITY": "french_law_association"},
            "accreditation_start_date": {"ETERNITY": "2017-01-01"},
        },
        "empty": {"missions": ["empty"]},
        "without_mission": {},
    },
}

# What an output gives where it grants nothing.
NOTHING = {
    "allowance_maximum": numpy.inf,
    "maximum_allowance_abroad": numpy.inf,
    "contract_first_unmet_condition": "law_not_in_force",
    "contract_legal_date": date(2005, 5, 24),
    "effective_end_date": date(1970, 1, 1),
    "earliest_termination_date": date(9999, 12, 31),
    "integration_premium_first_month": date(9999, 12, 31),
    "engagement_start_date": date(9999, 12, 31),
    "engagement_agreed_end_date": date(1970, 1, 1),
    "engagement_end_date": date(9999, 12, 30),
    # Nothing is ended, so nothing is ended without notice.
    "notice_is_respected": True,
    "accreditation_last_day": date(9999, 12, 31),
    "integration_premium_request_deadline": date(1970, 1, 1),
    "state_aid_first_day": date(9999, 12, 31),
    "state_aid_last_day": date(1970, 1, 1),
    # What is not said of another activity excludes none.
    "has_no_other_activity": True,
    # The rank of the only mission, and of its engagement.
    "mission_rank": 1,
    "engagement_rank": 1,
    # Nothing is served, and the whole life is left.
    "remaining_lifetime_months": 72,
}


def outputs(system):
    """List the computed variables."""
    computed = [one for one in system.variables.values() if one.formulas]
    assert len(computed) > 80
    return computed


def for_month(variable, month):
    """Give the period of a variable that holds a month."""
    is_yearly = variable.definition_period == DateUnit.YEAR
    return month.this_year if is_yearly else month


def dates_of_change(system):
    """List the days on which some parameter of the law changes."""
    return sorted(
        {
            value.instant_str
            for node in system.parameters.get_descendants()
            if not isinstance(node, ParameterNode)
            for part in (
                [node]
                if isinstance(node, Parameter)
                else [
                    part
                    for bracket in node.brackets
                    for part in bracket.children.values()
                ]
            )
            for value in part.values_list
        }
    )


def test_every_variable_is_labelled_and_cites_the_register(system):
    assert len(system.variables) > 100
    for variable in system.variables.values():
        assert variable.label, variable.name
        assert variable.reference, variable.name
        for reference in variable.reference:
            assert provisions()[cited(reference)]["text"] in TEXTS, variable.name
            assert reference.startswith("https://"), variable.name
        for formula in variable.formulas.values():
            assert formula.__doc__, variable.name


def test_every_amount_and_duration_has_its_unit(system):
    numbers = [
        variable
        for variable in system.variables.values()
        if variable.value_type is float
        or variable.name.split("_")[-1] in ("days", "months")
    ]
    assert len(numbers) > 30
    for variable in numbers:
        assert variable.unit, variable.name


def test_every_output_computes_for_every_month(system):
    simulation = SimulationBuilder().build_from_entities(system, SITUATION)
    months = [period(f"{y}-{m:02}") for y in range(2005, 2027) for m in range(1, 13)]
    assert len(months) == 264
    for variable in outputs(system):
        for month in months:
            values = simulation.calculate(variable.name, for_month(variable, month))
            assert (
                len(values) == simulation.get_variable_population(variable.name).count
            )
            if variable.value_type is float:
                assert not numpy.isnan(values).any(), (variable.name, month)


def test_every_output_computes_around_each_day_on_which_a_parameter_changes(system):
    """Contracts that start, and that end, the day before, the day and the day after."""
    changes = [day for day in dates_of_change(system) if day >= "1994"]
    assert len(changes) > 15
    days = [
        date.fromisoformat(change) + timedelta(days=shift)
        for change in changes
        for shift in (-1, 0, 1)
    ]
    starts = days + [day - timedelta(days=800) for day in days]
    ends = [day + timedelta(days=800) for day in days] + days
    builder = SimulationBuilder()
    simulation = builder.build_default_simulation(system, count=len(starts))
    simulation.set_input("start_date", "ETERNITY", numpy.array(starts, "datetime64[D]"))
    simulation.set_input("end_date", "ETERNITY", numpy.array(ends, "datetime64[D]"))
    for variable in outputs(system):
        for day in days:
            month = period(day.isoformat()[:7])
            values = simulation.calculate(variable.name, for_month(variable, month))
            assert len(values) == len(starts)


@pytest.mark.parametrize("index", [1, 2])
def test_what_is_empty_is_granted_nothing(system, index):
    """Neither a mission, volunteer or organisation left blank, nor one without any."""
    simulation = SimulationBuilder().build_from_entities(system, SITUATION)
    examined = 0
    for variable in outputs(system):
        if simulation.get_variable_population(variable.name).count <= index:
            continue
        for month in ("1970-01", "2005-06", "2019-06", "2024-06"):
            asked = for_month(variable, period(month))
            values = simulation.calculate(variable.name, asked)
            is_enum = variable.value_type is Enum
            value = values.decode_to_str()[index] if is_enum else values[index].item()
            nothing = NOTHING.get(variable.name, "none" if is_enum else 0)
            if variable.name == "remaining_lifetime_months" and month < "2005-06":
                nothing = 0
            assert value == nothing, (variable.name, month)
            examined += 1
    assert examined >= 12


def test_the_known_volunteer_is_granted_something(system):
    """So that the test of emptiness above would see a difference."""
    simulation = SimulationBuilder().build_from_entities(system, SITUATION)
    assert simulation.calculate("contract_is_lawful", "ETERNITY").tolist() == [
        True,
        False,
    ]
    assert simulation.calculate("resettlement_allowance", "2020-03")[0] == 3700
    assert simulation.calculate("occupational_integration_premium", "2020-05")[0] > 222


def test_a_month_inside_a_year_keeps_its_own_value(system):
    """A year's value holds for the months around one that is given apart."""
    situation = {
        "missions": {"mission": {}},
        "volunteers": {
            "volunteer": {
                "missions": ["mission"],
                "dependants_count": {"2024": 2, "2024-03": 1},
            }
        },
    }
    simulation = SimulationBuilder().build_from_entities(system, situation)
    counts = [
        simulation.calculate("dependants_count", f"2024-{month:02}")[0]
        for month in range(1, 13)
    ]
    assert counts == [2, 2, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2]


def test_a_maximum_that_no_source_gives_is_infinite_and_said_to_be_undetermined(system):
    """Infinity cannot be expected in YAML: the runner subtracts it from itself."""
    hosts = ["SN", "AO", "AO", "FR", "FR"]
    days = ["2020-01-01", "2020-01-01", "2019-03-19", "2022-12-08", "2022-12-09"]
    builder = SimulationBuilder()
    simulation = builder.build_default_simulation(system, count=len(hosts))
    simulation.set_input("host_country", "ETERNITY", numpy.array(hosts))
    simulation.set_input("start_date", "ETERNITY", numpy.array(days, "datetime64[D]"))
    bounded = numpy.ones(len(hosts), dtype=bool)
    simulation.set_input("allowance_is_bounded", "ETERNITY", bounded)
    maximum = simulation.calculate("allowance_maximum", "ETERNITY")
    infinity = numpy.inf
    expected = [infinity, 723.99 + 3873.98, infinity, infinity, 1600]
    assert maximum == pytest.approx(expected, rel=1e-6)
    is_undetermined = simulation.calculate(
        "allowance_maximum_is_undetermined", "ETERNITY"
    )
    # In France no maximum was in force before 9 December 2022: none, not unknown.
    assert is_undetermined.tolist() == [True, False, True, False, False]


def test_eternal_outputs_answer_to_any_period(system):
    for asked in ("ETERNITY", "2024-01", "2024", "2024-01-15"):
        simulation = SimulationBuilder().build_from_entities(system, SITUATION)
        lawful = simulation.calculate("contract_is_lawful", asked)
        assert lawful.tolist() == [True, False], asked


def test_engagements_follow_the_missions_when_inputs_change(system):
    """The order of the missions that is kept for speed is not kept too long."""
    builder = SimulationBuilder()
    missions = {"first": {}, "second": {}}
    volunteer = {"volunteers": {"ada": {"missions": list(missions)}}}
    simulation = builder.build_from_entities(system, {"missions": missions} | volunteer)

    def ranks(starts, ends):
        for variable in system.variables.values():
            simulation.get_holder(variable.name).delete_arrays()
        for name, days in (("start_date", starts), ("end_date", ends)):
            simulation.set_input(name, "ETERNITY", numpy.array(days, "datetime64[D]"))
        return [
            simulation.calculate(name, "ETERNITY").tolist()
            for name in ("mission_rank", "engagement_rank")
        ]

    ends = ["2020-06-30", "2020-12-31"]
    assert ranks(["2020-01-01", "2020-07-01"], ends) == [[1, 2], [1, 1]]
    assert ranks(["2020-01-01", "2020-07-02"], ends) == [[1, 2], [1, 2]]
    ends = ["2020-12-31", "2020-06-30"]
    assert ranks(["2020-07-02", "2020-01-01"], ends) == [[2, 1], [2, 1]]
