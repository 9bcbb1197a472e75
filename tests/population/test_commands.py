"""The command, as a user runs it."""

import csv
import io
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from openfisca_isv.population.commands import volunteer as commands
from openfisca_isv.subcommands import commands as isv

SUMMARY = ("by_year.csv", "missions.csv", "run.json", "unmet_conditions.csv")


@dataclass
class Result:
    exit_code: int
    stdout: str
    stderr: str


def run(*arguments):
    """Run the command, and let the errors of the program come through."""
    output, errors = io.StringIO(), io.StringIO()
    words = [str(one) for one in arguments]
    with (
        patch.object(sys, "argv", ["openfisca-isv", *words]),
        redirect_stdout(output),
        redirect_stderr(errors),
        pytest.raises(SystemExit) as end,
    ):
        isv.main(words, prog_name="openfisca-isv")
    return Result(end.value.code, output.getvalue(), errors.getvalue())


def tables(folder, *names):
    """Give the options that name the tables of a folder."""
    return [part for one in names for part in (f"--{one}", folder / f"{one}.csv")]


def add_column(folder, name, column, value):
    """Fill a new column of a table with one value."""
    table = folder / f"{name}.csv"
    header, *told = table.read_text("utf-8").splitlines()
    told = [f"{header},{column}", *(f"{one},{value}" for one in told)]
    table.write_text("\n".join(told), "utf-8")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def width(text):
    """Give the length of the longest line, but for the one that names the folder."""
    lines = [line for line in text.splitlines() if "Results in " not in line]
    assert len(lines) > 10
    return max(len(line) for line in lines)


def simulate(folder, out, *more):
    others = tables(folder, "volunteers", "organisations", "monthly")
    return run("simulate", folder / "missions.csv", *others, "--out", out, *more)


def test_simulate_writes_the_results_by_identifier(folder, tmp_path):
    out = tmp_path / "results" / "out"
    result = simulate(folder, out, "--years", "2022:2024")
    assert result.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == list(SUMMARY)
    madagascar, cambodia = rows(out / "missions.csv")
    assert madagascar["mission"] == "madagascar"
    assert madagascar["volunteer"] == "camille"
    assert madagascar["organisation"] == "association"
    assert madagascar["contract_is_lawful"] == "true"
    assert madagascar["allowance_maximum"] == "inf"
    assert madagascar["leave_days_total"] == "48"
    assert cambodia["contract_first_unmet_condition"] == "allowance_too_low"
    assert cambodia["allowance_minimum"] == "150"
    by_year = {row["year"]: row for row in rows(out / "by_year.csv")}
    assert list(by_year) == ["2022", "2023", "2024"]
    assert by_year["2023"]["resettlement_allowance"] == "3700"
    assert by_year["2024"]["occupational_integration_premium"] == "444.67"
    assert by_year["2023"]["state_aid"] == "11489.73"


def test_simulate_shows_the_summary_within_100_columns(folder, tmp_path):
    result = simulate(folder, tmp_path / "out", "--years", "2022:2024")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["By", "year", "2022", "2023", "2024"]
    paid = next(line for line in lines if line.startswith("  paid, €"))
    assert paid == "  paid, €                    0  3,700    800"
    assert "allowance_too_low" in result.stdout
    assert "allowance_too_high" not in result.stdout
    assert width(result.stdout) <= 100
    assert not any(line.endswith(" ") for line in lines)
    assert "\x1b" not in result.stdout
    warned = result.stderr.splitlines()
    assert all("is in no table" in one or "Also empty" in one for one in warned)


def test_years_that_do_not_fit_beside_each_other_come_below(folder, tmp_path):
    result = simulate(folder, tmp_path / "out", "--years", "2005:2025")
    lines = result.stdout.splitlines()
    assert width(result.stdout) <= 100
    heads = [line.split()[2:] for line in lines if line.startswith("By year")]
    assert len(heads) > 1
    assert [year for head in heads for year in head] == [
        str(year) for year in range(2005, 2026)
    ]


def test_the_years_are_those_of_the_missions_unless_given(folder, tmp_path):
    simulate(folder, tmp_path / "out")
    years = [row["year"] for row in rows(tmp_path / "out" / "by_year.csv")]
    assert years == ["2022", "2023", "2024"]
    simulate(folder, tmp_path / "one", "--years", "2023")
    years = [row["year"] for row in rows(tmp_path / "one" / "by_year.csv")]
    assert years == ["2023"]


def test_missions_alone_are_enough_and_the_consequence_is_told(folder, tmp_path):
    result = run("simulate", folder / "missions.csv", "--out", tmp_path / "out")
    assert result.exit_code == 0
    told = result.stderr.splitlines()
    assert told[0] == (
        "Warning: Without --volunteers and --organisations no contract is known to be"
        " lawful."
    )
    assert told[1].startswith("Warning: Without --monthly nobody is known to be")
    assert "None of the contracts is known to be lawful" in told[-1]
    assert "fail first is organisation_not_entitled" in told[-1]


@pytest.mark.parametrize("years", ["2025:2019", "x", "2019:", "1800", "2019:2219"])
def test_a_span_of_years_is_checked(folder, tmp_path, years):
    result = simulate(folder, tmp_path / "out", "--years", years)
    assert result.exit_code == 2
    assert f'"{years}" is not a range of years, e.g. 2019:2025' in result.stderr


def test_bad_tables_leave_no_result_and_no_traceback(folder, tmp_path):
    volunteers = folder / "volunteers.csv"
    volunteers.write_text(volunteers.read_text().replace("1990-05-01", "1990-13-01"))
    out = tmp_path / "out"
    result = simulate(folder, out)
    assert result.exit_code == 2
    assert not out.exists()
    assert result.stderr == (
        "Error: 1 problem in the tables\n"
        f'  {volunteers}, row 2, column birth_date: "1990-13-01" is not a day of the'
        " calendar. Write yyyy-mm-dd, e.g. 2024-09-01\n"
    )


def test_what_cannot_be_read_or_written_is_bad_usage(folder, tmp_path):
    missing = run("simulate", tmp_path / "none.csv", "--out", tmp_path / "out")
    assert missing.exit_code == 2
    assert "does not exist" in missing.stderr
    (tmp_path / "file").write_text("")
    inside = simulate(folder, tmp_path / "file" / "out")
    assert inside.exit_code == 2
    assert inside.stderr.startswith("Error: the results cannot be written in")
    onto = simulate(folder, tmp_path / "file")
    assert onto.exit_code == 2


def test_the_results_never_replace_the_tables(folder):
    before = (folder / "missions.csv").read_bytes()
    result = simulate(folder, folder)
    assert result.exit_code == 2
    assert "the results would stand among the tables" in result.stderr
    assert (folder / "missions.csv").read_bytes() == before
    assert not (folder / "by_year.csv").exists()


def test_the_file_of_a_volunteer(folder):
    others = tables(folder, "missions", "volunteers", "organisations", "monthly")
    result = run("volunteer", "camille", *others)
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    for expected in (
        "Volunteer camille",
        "Day of birth 1 May 1990",
        "on the list of jobseekers yes (January 2024 to March 2024)",
        "Mission madagascar, with association",
        "takes place Madagascar",
        "contract €500",
        "€12,000 in all",
        "8 in all, 2022 to 2023",
        "Loi 2005-159, art. 4, al. 1",
        "https://www.legifrance.gouv.fr/",
        # Nobody said whether camille is a civil servant.
        "What is marked ? cannot be said yet. What is missing:",
        "- The volunteer is a civil servant",
    ):
        assert expected in text, expected
    # The order of 2005 is not that of a mission of 2024, nor the reverse.
    sam = run("volunteer", "sam", *others).stdout
    assert "Arrêté du 1er décembre 2022" in sam
    assert "Arrêté du 21 décembre 2005" not in sam
    # 140 a month is below the minimum, whatever else is true.
    assert re.search(r"every condition of the law +no ", sam)


def test_the_file_of_a_volunteer_in_french(folder):
    others = tables(folder, "missions", "volunteers", "organisations", "monthly")
    result = run("volunteer", "camille", *others, "--language", "fr")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert "Date de naissance 1er mai 1990" in text
    assert "Le pays d'accueil (loi, art. 2)" in text
    assert "on ne peut pas encore" in text


def test_a_nationality_that_is_stated_to_be_none_is_not_unknown(folder):
    add_column(folder, "volunteers", "second_nationality", "none")
    result = run("volunteer", "stays", *tables(folder, "missions", "volunteers"))
    assert re.search(r"Second State of which the volunteer is a +none\n", result.stdout)


def values_of(text):
    """Return the middle column of a file, in which values stand, as one line."""
    return " ".join(line[47:73].strip() for line in text.splitlines())


def test_an_undetermined_amount_is_said_to_be(folder):
    missions = folder / "missions.csv"
    text = missions.read_text("utf-8")
    missions.write_text(text.replace("2023-07-01,2024-06-30", "2021-09-01,2022-08-31"))
    others = tables(folder, "missions", "volunteers", "organisations")
    text = run("volunteer", "sam", *others).stdout
    # Whether sam is a civil servant is not stated, and the right hangs on it.
    line = next(one for one in text.splitlines() if "Resettlement allowance" in one)
    assert "? cannot be said yet" in line
    add_column(folder, "volunteers", "is_civil_servant", "false")
    add_column(folder, "missions", "status_before_departure", "student")
    text = run("volunteer", "sam", *others).stdout
    line = next(one for one in text.splitlines() if "Resettlement allowance" in one)
    assert "undetermined" in line
    assert "plus an amount that is undetermined" in values_of(text)
    # Nor is it forgotten where no other aid is due in the month of the return.
    table = folder / "organisations.csv"
    table.write_text(table.read_text("utf-8").replace("2030-12-31", "2022-05-31"))
    text = run("volunteer", "sam", *others).stdout
    assert "plus an amount that is undetermined" in values_of(text)


@pytest.mark.parametrize(
    ("march", "premium", "cost"),
    [
        # Two ninths of 2,001 euros.
        ("false", "month ≈ €444.67 in all, February", "State ≈ €"),
        ("", "month ? cannot be said yet", "State (March 2024) ? cannot be said yet"),
    ],
)
def test_a_sum_is_established_where_each_of_its_months_is(folder, march, premium, cost):
    add_column(folder, "missions", "status_before_departure", "student")
    add_column(folder, "volunteers", "is_civil_servant", "false")
    add_column(folder, "volunteers", "is_registered_jobseeker", "false")
    (folder / "monthly.csv").write_text(
        "volunteer,month,is_registered_jobseeker,receives_other_job_search_aid,"
        "meets_rsa_conditions\ncamille,2023-12,,,false\ncamille,2024-02,true,false,\n"
        f"camille,2024-03,true,{march},\n",
        "utf-8",
    )
    others = tables(folder, "missions", "volunteers", "organisations", "monthly")
    text = " ".join(run("volunteer", "camille", *others).stdout.split())
    assert f"Occupational integration premium for the {premium}" in text
    assert f"Cost of the mission to the {cost}" in text
    missing = "- The volunteer receives another aid for jobseekers"
    assert (missing in text) == (not march)


def test_the_file_of_a_volunteer_without_a_mission(folder):
    others = tables(folder, "missions", "volunteers")
    result = run("volunteer", "stays", *others)
    assert result.exit_code == 0
    assert "Volunteer stays, without a mission" in result.stdout
    assert "1 January 2001" in result.stdout


def test_an_unknown_volunteer_is_named_with_the_nearest(folder):
    result = run("volunteer", "camile", *tables(folder, "missions"))
    assert result.exit_code == 2
    assert result.stderr == (
        'Error: the tables have no volunteer "camile". Did you mean "camille"?\n'
    )


def test_the_demonstration(tmp_path):
    out = tmp_path / "out"
    result = run("demo", "--out", out)
    assert result.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == list(SUMMARY)
    by_year = {row["year"]: row for row in rows(out / "by_year.csv")}
    assert by_year["2021"]["volunteers_in_mission"] == "1442"
    assert by_year["2022"]["volunteers_in_mission"] == "1630"
    text = " ".join(result.stdout.split())
    assert "Mission printed-premium-2" in text
    assert "€3,700 in all" in text
    assert width(result.stdout) <= 100


def test_the_demonstration_says_where_its_population_should_be(tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "_DEMO_TABLES", tmp_path / "nowhere")
    result = run("demo", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "it comes with the sources of the project" in result.stderr


def test_outputs_are_listed_with_entity_period_unit_and_label(system):
    result = run("simulate", "--outputs", "help")
    assert result.exit_code == 0
    header, *lines = result.stdout.splitlines()
    assert re.split("  +", header) == ["output", "entity", "period", "unit", "label"]
    listed = {line.split()[0]: re.split("  +", line)[1:] for line in lines}
    computed = {
        one.name for one in system.variables.values() if not one.is_input_variable()
    }
    assert set(listed) == computed != set()
    assert listed["state_cost"][:3] == ["mission", "month", "currency-EUR"]
    assert listed["contract_is_lawful"][:2] == ["mission", "eternity"]
    assert all(about[-1] for about in listed.values())


def test_the_outputs_that_compare_takes_are_listed(system):
    result = run("compare", "--outputs", "help")
    assert result.exit_code == 0
    lines = [re.split("  +", line) for line in result.stdout.splitlines()]
    assert {entity for _, entity, *_ in lines[1:]} == {"mission", "volunteer"}
    assert "organisation_state_aid" not in {name for name, *_ in lines}


@pytest.mark.parametrize("command", [[], ["simulate"], ["volunteer"], ["demo"]])
def test_the_help_tells_the_exit_statuses(command):
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Exit status:" in result.stdout
    assert "2    the usage or the tables are wrong" in result.stdout


@pytest.mark.parametrize("missing", ["click", "pyarrow", "rich"])
def test_a_missing_extra_is_named_in_one_line(missing):
    program = (
        f"import sys; sys.modules[{missing!r}] = None;"
        " sys.argv = ['openfisca-isv', 'demo', '--out', 'out'];"
        " from openfisca_isv.cli import main; main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr == (
        'openfisca-isv: this command needs the extra "population":'
        ' pip install "openfisca-isv[population]"\n'
    )


def test_the_installed_command_runs():
    command = Path(sys.executable).parent / "openfisca-isv"
    result = subprocess.run(
        [command, "--version"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0
    assert result.stdout.startswith("openfisca-isv, version")
