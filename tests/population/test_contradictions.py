"""Tables refuse what the model finds contradictory, and warn of what is odd."""

import csv
import json

import pyarrow as pa
import pytest
from openfisca_core.reforms import Reform

from openfisca_isv.contradictions import (
    MissionContradiction,
    MissionOddity,
    OrganisationContradiction,
    details,
)
from openfisca_isv.population import check, simulate
from openfisca_isv.population.checks.cell_faults import NO_FAULTS
from openfisca_isv.population.model.part_contradictions import contradictions
from tests.population.test_commands import run as isv
from tests.population.test_rejects import check as check_texts

NAMES = ("mission", "volunteer", "organisation", "start_date", "end_date")
ORGANISATIONS = {
    "organisation": ["o"],
    "accreditation_start_date": ["2020-01-01"],
    "accreditation_end_date": ["2023-12-31"],
}
VOLUNTEERS = {"volunteer": ["v"], "birth_date": ["1990-01-01"]}


def mission(**others: str) -> dict[str, list[str]]:
    """Give a table of one mission."""
    row = dict(zip(NAMES, ("m", "v", "o", "2022-01-01", "2022-12-31"), strict=True))
    return {name: [value] for name, value in (row | others).items()}


CASES = {
    MissionContradiction.end_before_start: {"missions": mission(end_date="2021-12-31")},
    MissionContradiction.birth_after_start: {
        "missions": mission(),
        "volunteers": VOLUNTEERS | {"birth_date": ["2022-01-02"]},
    },
    MissionContradiction.termination_outside_contract: {
        "missions": mission(
            early_termination_date="2023-01-01", early_termination_reason="health"
        )
    },
    MissionContradiction.reason_without_termination: {
        "missions": mission(early_termination_reason="health")
    },
    MissionContradiction.termination_without_reason: {
        "missions": mission(early_termination_date="2022-12-30")
    },
    MissionContradiction.notice_after_end: {
        "missions": mission(notice_date="2023-01-01")
    },
    MissionContradiction.missions_overlap: {
        "missions": {
            "mission": ["l", "m"],
            "volunteer": ["v", "v"],
            "organisation": ["o", "o"],
            "start_date": ["2021-01-01", "2022-12-31"],
            "end_date": ["2022-12-31", "2023-12-31"],
        }
    },
    OrganisationContradiction.accreditation_ends_before_it_starts: {
        "missions": mission(),
        "organisations": ORGANISATIONS | {"accreditation_end_date": ["2019-12-31"]},
    },
}
#: The nearest facts that do not contradict each other.
LIMITS = {
    MissionContradiction.end_before_start: {"missions": mission(end_date="2022-01-01")},
    MissionContradiction.birth_after_start: {
        "missions": mission(),
        "volunteers": VOLUNTEERS | {"birth_date": ["2022-01-01"]},
    },
    MissionContradiction.termination_outside_contract: {
        "missions": mission(
            early_termination_date="2022-12-31", early_termination_reason="health"
        )
    },
    MissionContradiction.reason_without_termination: {
        "missions": mission(early_termination_reason="none")
    },
    MissionContradiction.termination_without_reason: {
        "missions": mission(early_termination_date="2022-12-31")
    },
    MissionContradiction.notice_after_end: {
        "missions": mission(notice_date="2022-12-31")
    },
    MissionContradiction.missions_overlap: {
        "missions": {
            "mission": ["l", "m"],
            "volunteer": ["v", "v"],
            "organisation": ["o", "o"],
            "start_date": ["2021-01-01", "2023-01-01"],
            "end_date": ["2022-12-31", "2023-12-31"],
        }
    },
    OrganisationContradiction.accreditation_ends_before_it_starts: {
        "missions": mission(),
        "organisations": ORGANISATIONS | {"accreditation_end_date": ["2020-01-01"]},
    },
}


def test_the_cases_are_all_those_of_the_model():
    members = {*MissionContradiction, *OrganisationContradiction}
    assert {one for one in members if one.name != "none"} == {*CASES} == {*LIMITS}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_contradiction_is_told_in_the_words_of_the_model(case):
    (problem,) = check(**CASES[case]).to_pylist()
    sentence = f"{case.value[0].lower()}{case.value[1:]}"
    assert problem["reason"].startswith(f"cannot be right: {sentence}")
    assert problem["remedy"] == details(case).remedy.removesuffix(".")
    assert problem["column"] in details(case).facts
    assert problem["row"] == len(CASES[case]["missions"]["mission"])


@pytest.mark.parametrize("case", LIMITS, ids=lambda case: case.name)
def test_what_lies_at_the_limit_is_no_contradiction(case):
    assert not check(**LIMITS[case]).num_rows


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_contradiction_is_set_aside_with_its_volunteer(case, tmp_path):
    words = []
    for name, columns in CASES[case].items():
        path = tmp_path / f"{name}.csv"
        with path.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(columns)
            rows.writerows(zip(*columns.values(), strict=True))
            if name == "missions":
                good = mission(mission="other", volunteer="w", organisation="p")
                rows.writerow([good[one][0] if one in good else "" for one in columns])
            if name == "volunteers":
                rows.writerow(["w", "1990-01-01"])
            if name == "organisations":
                rows.writerow(["p", "2020-01-01", "2023-12-31"])
        words += [path] if name == "missions" else [f"--{name}", path]
    rejects, out = tmp_path / "rejects.csv", tmp_path / "out"
    result = isv("simulate", *words, "--rejects", rejects, "--out", out)
    assert result.exit_code == 0, result.stderr
    with (out / "missions.csv").open(newline="") as file:
        assert [row["mission"] for row in csv.DictReader(file)] == ["other"]
    assert "cannot be right" in rejects.read_text()


def test_rows_at_fault_otherwise_do_not_stand_in_the_way(tmp_path):
    header = ",".join(NAMES)
    status, lines = check_texts(
        tmp_path,
        missions=f"{header}\n"
        ",v,o,2022-01-01,2022-12-31\n"
        "b,,nobody,2022-01-01,2021-12-31\n"
        "c,,o,2022-06-01,2022-12-31\n"
        "d,w,o,2022-01-01,2022-13-31\n"
        "d,w,o,2022-01-01,2022-12-31\n",
        organisations="organisation\no\no\n",
    )
    assert status == 2
    contradictory = [line for line in lines if "cannot be right" in line]
    assert len(contradictory) == 1
    assert contradictory[0].startswith("missions.csv, row 3, column end_date")


ODD = {
    MissionOddity.longer_than_a_lifetime: mission(end_date="2028-02-01"),
    MissionOddity.notice_before_start: mission(
        notice_date="2021-12-31",
        early_termination_date="2022-06-30",
        early_termination_reason="health",
    ),
}


@pytest.mark.parametrize("case", ODD, ids=lambda case: case.name)
@pytest.mark.parametrize("sets_aside", [False, True])
def test_what_is_odd_is_computed_with_a_warning(case, sets_aside, tmp_path):
    columns = ODD[case]
    path, out = tmp_path / "missions.csv", tmp_path / "out"
    path.write_text(
        "\n".join(
            ",".join(row)
            for row in (columns, next(zip(*columns.values(), strict=True)))
        )
    )
    words = ["--rejects", tmp_path / "rejects.csv"] if sets_aside else []
    result = isv("simulate", path, "--years", "2022", "--out", out, *words)
    assert result.exit_code == 0
    sentence = f"{case.value[0].lower()}{case.value[1:]}"
    told = f"{path}, row 2: {sentence}. {details(case).remedy}"
    assert told in json.loads((out / "run.json").read_text())["warnings"]
    assert f"Warning: {told}" in result.stderr
    checked = isv("check", path)
    assert checked.exit_code == 0
    assert f"Warning: {told}" in checked.stderr


def test_warnings_reach_python():
    with pytest.warns(UserWarning, match="row 1: the contract is longer than all"):
        simulate(ODD[MissionOddity.longer_than_a_lifetime], years=2022)


def test_a_nationality_given_twice_is_odd():
    volunteers = VOLUNTEERS | {"nationality": ["FR"], "second_nationality": ["FR"]}
    case = MissionOddity.same_nationality_twice
    assert {*ODD, case, MissionOddity.none} == {*MissionOddity}
    with pytest.warns(UserWarning, match="both nationalities of the volunteer"):
        assert not check(mission(), volunteers).num_rows


def test_a_reform_refuses_what_the_law_refuses(system):
    class Plain(Reform):
        def apply(self):
            """Change nothing."""

    names = getattr(Plain(system), "contradiction_variables", ())
    assert names == system.contradiction_variables
    assert getattr(Plain(system), "no_such_attribute", ()) == ()


def test_a_law_that_declares_nothing_finds_nothing():
    tables = {"missions": pa.table(mission())}
    assert contradictions(object(), tables) == NO_FAULTS
