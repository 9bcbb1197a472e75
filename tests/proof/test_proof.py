"""The part of `make proof` that runs with the tests, and the counts that it left."""

from dataclasses import replace
from itertools import cycle, islice

import enumeration
import prove
import pytest
from enumeration import Result, questions
from families import FAMILIES
from rich.console import Console
from scalar import OUTPUTS

from openfisca_isv.law.checked import checked, digest, keep

#: It adds up the State aid of several volunteers, which is compared for each mission.
NOT_OF_ONE_VOLUNTEER = {"organisation_state_aid"}
#: The days of four years, one of them a leap year.
LEAP_CYCLE = 4 * 365 + 1


def test_each_output_of_the_scalar_reading_is_compared():
    compared = {output for family in FAMILIES for output in family.outputs}
    assert compared == set(OUTPUTS) - NOT_OF_ONE_VOLUNTEER


def test_model_and_scalar_reading_agree_on_some_days_of_each_family():
    """One day and case in so many, as each family says; `make proof` takes all."""
    results = prove.run(FAMILIES, Console(quiet=True), samples=True)
    for family in FAMILIES:
        result = results[family.name]
        assert result.answers > 1000, family.name
        assert not result.count_of_differences, (family.name, result.differences)


def count_cases(family):
    """Count the cases of a family.

    The calendar repeats itself, so that a day has as many cases as the day four years
    earlier: of the families of more days the first four years are counted.
    """

    def count(day):
        return sum(1 for _ in family.cases(day))

    of_cycle = [count(day) for day in family.days[:LEAP_CYCLE]]
    of_days = list(islice(cycle(of_cycle), len(family.days)))
    for rank in range(LEAP_CYCLE, len(family.days), 97):
        assert count(family.days[rank]) == of_days[rank], family.days[rank]
    return sum(of_days)


def test_the_counts_are_those_of_the_enumeration():
    """No count is typed: each is that of the cases which a family goes through."""
    kept = checked()["proof"]["subjects"]
    results = {}
    for family in FAMILIES:
        cases = count_cases(family)
        of_each = {"mission": family.missions}
        answers = cases * sum(of_each.get(one[2], 1) for one in questions(family))
        results[family.name] = Result(cases, answers)
    assert kept == prove.by_subject(results)


@pytest.fixture
def broken(monkeypatch):
    """Let the scalar reading refuse a notice of more than 31 days."""
    entity, period, reading = OUTPUTS["notice_is_respected"]

    def wrong(volunteer, mission):
        is_long = (mission.early_termination_date - mission.notice_date).days > 31
        return not is_long and reading(volunteer, mission)

    monkeypatch.setitem(OUTPUTS, "notice_is_respected", (entity, period, wrong))


def test_a_disagreement_is_shown_and_ends_with_status_1(broken, capsys, tmp_path):
    assert (
        prove.main(["--only", "notices", "--out", str(tmp_path / "counts.json")]) == 1
    )
    shown = capsys.readouterr().out
    assert "notices: the first of" in shown
    assert "by hand" in shown
    assert "0.notice_date" in shown
    assert not (tmp_path / "counts.json").exists()


def test_an_agreement_is_counted_and_kept(capsys, tmp_path, monkeypatch):
    family = replace(FAMILIES[-1], days=FAMILIES[-1].days[:2])
    monkeypatch.setattr(prove, "FAMILIES", [family])
    monkeypatch.setattr(prove, "SUBJECTS", {"amounts": [family]})
    file = tmp_path / "counts.json"
    keep("mutation", {"faults": 3}, file)
    assert prove.main(["--out", str(file)]) == 0
    cases = sum(1 for day in family.days for _ in family.cases(day))
    counted = checked(file)["proof"]["subjects"]["amounts"][family.name]
    assert counted["cases"] == cases
    assert checked(file)["proof"]["model"] == digest()
    assert checked(file)["mutation"]["faults"] == 3


def test_differences_of_several_parts_add_up():
    result = Result()
    for _ in range(2):
        result.add(
            Result(cases=2, answers=4, count_of_differences=4, differences=[1] * 4)
        )
    assert (result.cases, result.answers, result.count_of_differences) == (4, 8, 8)
    assert len(result.differences) == enumeration.KEPT_DIFFERENCES
