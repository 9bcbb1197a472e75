"""Inputs that are empty or in no table are told, with how many missions they are of."""

import json

import pytest

from openfisca_isv.population import simulate
from tests.population.test_commands import run as isv

NAMES = ("missions", "volunteers", "organisations", "monthly")


def defaults(lines):
    words = ("is in no table", "is empty", "Also empty")
    return [one for one in lines if any(word in one for word in words)]


def told(folder, out, *more, command="simulate"):
    others = [p for one in NAMES[1:] for p in (f"--{one}", folder / f"{one}.csv")]
    words = [command, folder / "missions.csv", *others, "--years", "2022:2024"]
    result = isv(*words, "--out", out, *more)
    assert result.exit_code == 0, result.stderr
    lines = defaults(json.loads((out / "run.json").read_text())["warnings"])
    for line in lines:
        assert f"Warning: {line}" in result.stderr
    return lines


def test_inputs_in_no_table_are_told_first_those_that_most_rests_on(folder, tmp_path):
    first, *_, others = told(folder, tmp_path / "out")
    assert first == (
        "status_before_departure is in no table: all missions are computed with none."
    )
    assert others.startswith("Also empty or in no table, for some missions: ")
    assert "second_nationality" in " ".join(
        told(folder, tmp_path / "two", "--outputs", "host_country_is_open")
    )


def test_what_no_output_shown_rests_on_is_not_told(folder, tmp_path):
    lines = told(folder, tmp_path / "out", "--outputs", "contract_months")
    # The criteria of accreditation are read by an output that is not asked for.
    assert not any("budget_is_balanced" in one for one in lines)
    lines = told(folder, tmp_path / "more", "--outputs", "meets_accreditation_criteria")
    assert any("budget_is_balanced" in one for one in lines)


def test_empty_cells_are_counted_by_mission(folder, tmp_path):
    # Every other input of a person is given; camille, with two missions of three, has
    # no birth date, and sam has no nationality. Nobody ever had notice.
    path = folder / "missions.csv"
    header, camille, sam = path.read_text().splitlines()
    header += ",status_before_departure,has_other_professional_activity"
    camille, sam = f"{camille},student,false", f"{sam},student,false"
    again = camille.replace("madagascar", "again").replace("2022-01-01", "2021-01-01")
    again = again.replace("2023-12-31", "2021-12-31")
    path.write_text(f"{header}\n{camille}\n{again}\n{sam}\n")
    (folder / "volunteers.csv").write_text(
        "volunteer,birth_date,nationality,second_nationality,is_civil_servant\n"
        "camille,,FR,none,false\nsam,1993-11-30,,none,false\n"
        "stays,,,none,false\n"
    )
    (folder / "monthly.csv").write_text(
        "volunteer,month,is_registered_jobseeker,meets_rsa_conditions,"
        "receives_other_job_search_aid\ncamille,2024-01,true,true,false\n"
    )
    assert told(folder, tmp_path / "out") == [
        (
            "birth_date is empty for 2 of 3 missions (66.7 %): they are computed with"
            " no day."
        ),
        (
            "nationality is empty for 1 of 3 missions (33.3 %): they are computed with"
            " none."
        ),
    ]


def test_python_and_compare_tell_them_too(folder, tmp_path):
    tables = {one: folder / f"{one}.csv" for one in NAMES}
    with pytest.warns(UserWarning, match="status_before_departure is in no table"):
        simulate(**tables, years=2023)
    reform = folder / "reform.yaml"
    reform.write_text(
        "title: More\nparameters:\n  resettlement_allowance.amount[2].amount:\n"
        "    2023-01-01: 4000\n"
    )
    lines = told(folder, tmp_path / "out", "--reform", reform, command="compare")
    assert "status_before_departure is in no table" in lines[0]
    report = (tmp_path / "out" / "report.html").read_text()
    assert "status_before_departure is in no table" in report


def test_a_column_without_a_filled_cell_is_told_as_one(folder, tmp_path):
    path = folder / "missions.csv"
    header, *rows = path.read_text().splitlines()
    rows = [f"{row}," for row in rows]
    path.write_text("\n".join([f"{header},status_before_departure", *rows]) + "\n")
    assert told(folder, tmp_path / "out")[0] == (
        "status_before_departure is empty: all missions are computed with none."
    )
