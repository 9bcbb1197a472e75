"""Populations under other readings of the register."""

import pytest
from click.testing import CliRunner

from openfisca_isv.population import compare, simulate
from openfisca_isv.population.commands.compare import compare as compare_command
from openfisca_isv.population.commands.simulate import simulate as simulate_command
from openfisca_isv.population.reforms.source import ReformError

#: 2024 has a 29 February: two years date to date from its first day are 731 days.
_TWO_YEARS = {
    "mission": ["two_years", "a_day_less"],
    "volunteer": ["ada", "bo"],
    "organisation": ["org", "org"],
    "start_date": ["2024-01-01", "2024-01-01"],
    "end_date": ["2025-12-31", "2025-12-30"],
}
_LAWFUL = _TWO_YEARS | {
    "host_country": ["SN", "SN"],
    "residence_country": ["FR", "FR"],
    "domain": ["humanitarian_action"] * 2,
    "contract_is_written": [True, True],
    "contract_monthly_allowance": [200.0, 200.0],
}
_ADULTS = {"volunteer": ["ada", "bo"], "birth_date": ["1990-01-01"] * 2}
_ADULTS |= {"nationality": ["FR", "FR"]}
_ACCREDITED = {
    "organisation": ["org"],
    "legal_form": ["french_law_association"],
    "accreditation_start_date": ["2023-01-01"],
}
_CSV = (
    "mission,volunteer,organisation,start_date,end_date\n"
    "a,ada,org,2024-01-01,2025-12-31\n"
)
_DURATION = "contract_duration_is_lawful"


def _durations(readings):
    tables = simulate(_TWO_YEARS, outputs=[_DURATION], years=2024, readings=readings)
    found = tables["missions"].to_pydict()
    return dict(zip(found["mission"], found[_DURATION], strict=True))


def test_a_reading_changes_what_tables_say():
    assert _durations(()) == {"two_years": True, "a_day_less": True}
    assert _durations("contract-of-730-days") == {
        "two_years": False,
        "a_day_less": True,
    }


def test_readings_combine_with_a_reform_of_the_law_so_read():
    reform = "examples/reforms/allowance_floor_of_200_euros.yaml"
    found = compare(
        _TWO_YEARS, reforms=reform, readings=["contract-of-730-days"], years=2024
    )
    assert [one["scenario"] for one in found.cost_by_year.to_pylist()] == [
        "law_in_force",
        "contract-of-730-days",
        "allowance_floor_of_200_euros+contract-of-730-days",
    ]


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        (["contract-of-730-day"], 'Did you mean "contract-of-730-days"'),
        (
            ["contract-of-730-days", "contract-to-the-same-day"],
            "both change contract_duration_is_lawful",
        ),
    ],
)
def test_unknown_and_conflicting_readings_are_refused(readings, said):
    with pytest.raises(ReformError, match=said):
        simulate(_TWO_YEARS, readings=readings)


def test_the_commands_take_readings(tmp_path):
    table = tmp_path / "missions.csv"
    table.write_text(_CSV)
    out = tmp_path / "out"
    options = ["--outputs", _DURATION, "--years", "2024", "--quiet", "--out", str(out)]
    reading = ["--reading", "contract-of-730-days"]
    done = CliRunner().invoke(simulate_command, [str(table), *reading, *options])
    assert done.exit_code == 0, done.output
    assert "false" in (out / "missions.csv").read_text().lower()
    account = (out / "run.json").read_text()
    assert "contract-of-730-days" in account


def test_a_comparison_needs_a_reform_or_a_reading(tmp_path):
    table = tmp_path / "missions.csv"
    table.write_text(_CSV)
    options = [str(table), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(compare_command, options)
    assert done.exit_code == 2
    assert "--reading" in done.output


def test_the_worth_of_readings_counts_contracts_that_change():
    chosen = "contract-of-730-days"
    found = compare(_LAWFUL, _ADULTS, _ACCREDITED, each_reading=chosen, years=2024)
    (row,) = found.readings.to_pylist()
    assert row["readings"] == "contract-of-730-days"
    # Both contracts were lawful; that of 731 days no longer is, and nobody is paid
    # otherwise: rights need no lawful contract.
    assert row["contracts_become_unlawful"] == 1
    assert (row["contracts_become_lawful"], row["state_cost_change"]) == (0, 0)
