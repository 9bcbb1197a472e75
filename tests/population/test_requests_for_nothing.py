"""What is asked and finds nothing is said, on the screen and in ``run.json``."""

import json

import pytest

from tests.population.test_commands import rows, simulate
from tests.population.test_commands import run as isv

#: What the law in force says, and something else, on a day.
REFORM = """\
title: {title}
parameters:
  resettlement_allowance.amount[2].amount:
    {day}: {amount}
"""


def told(out):
    return json.loads((out / "run.json").read_text())["warnings"]


@pytest.fixture
def reform(folder):
    def write(day, amount):
        path = folder / "later.yaml"
        path.write_text(REFORM.format(title="Another amount", day=day, amount=amount))
        return path

    return write


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ("2000:2003", "2000 to 2003"),
        ("2021:2024", "2021"),
        ("2025", "2025"),
        ("2020:2026", "2020 to 2021 and 2025 to 2026"),
        ("2022:2024", None),
        (None, None),
    ],
)
def test_years_without_missions_are_told(folder, tmp_path, years, said):
    out = tmp_path / "out"
    result = simulate(folder, out, *(["--years", years] if years else []))
    lines = [one for one in told(out) if one.startswith("No mission is under way")]
    if said is None:
        assert lines == []
        return
    (line,) = lines
    reach = "the tables reach from 2022 to 2024."
    assert line == f"No mission is under way in {said}: {reach}"
    assert f"Warning: {line}" in result.stderr


@pytest.mark.parametrize("command", ["simulate", "compare"])
@pytest.mark.parametrize(
    ("day", "amount", "said"),
    [
        ("2025-01-01", 1, "changes nothing before 2025-01-01: the years that are"),
        ("2024-12-31", 1, None),
        ("2024-01-01", 3700, "is the law in force: it changes no value or rule."),
    ],
)
def test_a_reform_that_comes_too_late_or_changes_nothing_is_told(  # noqa: PLR0913, PLR0917
    folder, tmp_path, reform, command, day, amount, said
):
    out = tmp_path / "out"
    words = ["--reform", reform(day, amount), "--years", "2022:2024", "--out", out]
    assert isv(command, folder / "missions.csv", *words).exit_code == 0
    lines = [one for one in told(out) if one.startswith('"Another amount" ')]
    assert [said in one for one in lines if said] == [True] * (said is not None)


@pytest.fixture
def one_bad_of_two(folder):
    path = folder / "missions.csv"
    path.write_text(path.read_text().replace(",140,", ",a lot,"))
    return folder


@pytest.mark.parametrize(
    ("share", "status"), [("0.5", 0), ("0.49", 2), ("0", 2), (None, 0)]
)
def test_rejects_above_a_share_stop_the_run(one_bad_of_two, tmp_path, share, status):
    out, rejects = tmp_path / "out", tmp_path / "rejects.csv"
    words = ["--rejects", rejects, *(["--max-rejects", share] if share else [])]
    result = simulate(one_bad_of_two, out, *words)
    assert result.exit_code == status
    assert rejects.exists() == out.joinpath("by_year.csv").exists() == (status == 0)
    if status == 0:
        assert [row["mission"] for row in rows(out / "missions.csv")] == ["madagascar"]
    else:
        said = (
            f"would lose 1 of its 2 rows to --rejects, more than --max-rejects {share}"
        )
        assert said in result.stderr
        assert '"a lot" is not a number' in result.stderr


def test_a_run_in_which_all_missions_are_rejected_stops(one_bad_of_two, tmp_path):
    path = one_bad_of_two / "missions.csv"
    path.write_text(path.read_text().replace(",MG,", ",Mars,"))
    out = tmp_path / "out"
    result = simulate(one_bad_of_two, out, "--rejects", tmp_path / "rejects.csv")
    assert result.exit_code == 2
    assert "would lose 2 of its 2 rows to --rejects. Correct the rows" in result.stderr


def test_a_share_of_rejects_without_a_place_for_them_is_refused(folder, tmp_path):
    result = simulate(folder, tmp_path / "out", "--max-rejects", "0.1")
    assert result.exit_code == 2
    assert "give both" in result.stderr


def test_outputs_are_given_without_a_summary(folder, tmp_path):
    whole, bare = tmp_path / "whole", tmp_path / "bare"
    simulate(folder, whole)
    result = simulate(folder, bare, "--no-summary", "--by", "organisation")
    assert sorted(one.name for one in bare.iterdir()) == [
        "missions.csv",
        "run.json",
        "summary_by_organisation.csv",
    ]
    assert (bare / "missions.csv").read_bytes() == (whole / "missions.csv").read_bytes()
    assert "By year" not in result.stdout
    assert "Results in" in result.stdout
    assert json.loads((bare / "run.json").read_text())["command"]["no_summary"] is True


def test_a_reform_of_nothing_shown_is_told_without_a_summary(folder, tmp_path, reform):
    changed = reform("2022-07-31", 700)
    asked = "--outputs", "contract_months", "--reform", str(changed)
    simulate(folder, tmp_path / "whole", *asked)
    assert not [one for one in told(tmp_path / "whole") if "of what is shown" in one]
    simulate(folder, tmp_path / "bare", "--no-summary", *asked)
    assert [one for one in told(tmp_path / "bare") if "of what is shown" in one]
