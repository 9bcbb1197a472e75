"""A reform in a workbook, laid out as those of openfisca-excel-reform."""

from datetime import date

import openpyxl
import pytest
from openfisca_core.periods import instant

from openfisca_isv.population.reforms.reform_file import read_reform
from openfisca_isv.population.reforms.source import ReformError
from tests.population.test_commands import run, tables

DAY = date(2025, 1, 1)
HEADER = ("Nom", "Date", "Valeur")


def workbook(folder, rows, root="allowance", header=HEADER, **others):
    """Write a workbook as the generator of templates of that package does.

    Args:
        folder: Where it goes.
        rows: Those of the sheet ``Paramètres``.
        root: What the sheet ``Config`` names; no such sheet without it.
        header: The first row.
        others: The rows of further sheets, by the end of their names.
    """
    book = openpyxl.Workbook()
    config = book.active
    config.title = "Config" if root is not None else "Notes"
    config.append(["Parameter name", "Parameter value"])
    config.append(["root", root])
    for name, listed in {"": rows, **others}.items():
        sheet = book.create_sheet(f"Paramètres{name}")
        for row in [header, *listed]:
            sheet.append(row)
    book.save(folder / "reform.xlsx")
    return folder / "reform.xlsx"


def problems_of(system, source):
    with pytest.raises(ReformError) as error:
        read_reform(system, source)
    return str(error.value)


def test_values_hold_from_their_days_below_the_root(system, tmp_path):
    rows = [
        ("minimum_abroad", DAY, 200),
        ("minimum_abroad", date(2026, 1, 1), 250),
        ("share_subject_to_income_tax", DAY, 0.5),
        # The template has such a row where the law gives nothing on the day.
        ("maximum_abroad.country_supplement.AF", DAY, None),
        (None, None, None),
        ("A note", None, None),
    ]
    reform = read_reform(system, workbook(tmp_path, rows))
    assert (reform.name, reform.title) == ("reform", "reform.xlsx")
    assert reform.values == {
        "allowance.minimum_abroad": {"2025-01-01": 200, "2026-01-01": 250},
        "allowance.share_subject_to_income_tax": {"2025-01-01": 0.5},
    }
    value = reform.apply(system).parameters.allowance.minimum_abroad
    days = ("2024-12-31", "2025-01-01", "2026-01-01")
    assert [value(day) for day in days] == [150, 200, 250]


def test_lists_and_booleans_are_those_of_the_model(system, tmp_path):
    rows = [
        ("resettlement_allowance.excluded_statuses", DAY, "public_agent, student"),
        ("contract.law_is_in_force", "2030-01-01", False),
    ]
    reform = read_reform(system, workbook(tmp_path, rows, root=None))
    assert reform.values == {
        "resettlement_allowance.excluded_statuses": {
            "2025-01-01": ["public_agent", "student"]
        },
        "contract.law_is_in_force": {"2030-01-01": False},
    }


@pytest.mark.parametrize(
    ("rows", "thresholds", "amounts"),
    [
        # All the steps, one of them at another threshold; then one by its threshold.
        (
            [
                ("amount.12", DAY, 900),
                ("amount.24", DAY, 3700),
                ("amount.15.0", DAY, 1500),
                ("amount.15", date(2026, 1, 1), 1600),
            ],
            [12, 15, 24],
            {"2024-12-31": [800, 1500, 3700], "2025-01-01": [900, 1500, 3700]}
            | {"2026-01-01": [900, 1600, 3700]},
        ),
        # One of the steps, by its threshold.
        ([("amount.18", DAY, 1700)], [12, 18, 24], {"2025-01-01": [800, 1700, 3700]}),
    ],
)
def test_steps_of_a_scale_are_named_by_their_thresholds(
    system, tmp_path, rows, thresholds, amounts
):
    book = workbook(tmp_path, rows, root="resettlement_allowance")
    law = read_reform(system, book).apply(system).parameters
    scale = law.resettlement_allowance.amount
    assert scale.get_at_instant(instant("2026-01-01")).thresholds == thresholds
    for day, wanted in amounts.items():
        assert scale.get_at_instant(instant(day)).amounts == wanted


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            ("minimum_abraod", DAY, 1),
            '!A2: minimum_abraod: is not a parameter of the law. Did you mean "minim',
        ),
        (("minimum_abroad", DAY, "200"), '!C2: minimum_abroad: "200" is a text'),
        (("minimum_abroad", DAY, None), "!C2: minimum_abroad: is empty. Write a numb"),
        (("minimum_abroad", DAY, -1), '!C2: minimum_abroad: "-1" is negative'),
        (("minimum_abroad", DAY, True), '!C2: minimum_abroad: "true" is not a number'),
        (("minimum_abroad", None, 200), "!B2: minimum_abroad: is empty. Write the day"),
        (("minimum_abroad", 45000, 200), '!B2: minimum_abroad: "45000" is a number'),
        (("minimum_abroad", "1/2/2025", 200), '!B2: minimum_abroad: "1/2/2025" is not'),
        ((None, DAY, 200), "!A2: is empty. Name the parameter"),
        (("minimum_abroad", DAY, "=A1"), "!C2: is a formula whose value is not in"),
        (("maximum_abroad", DAY, 1), "!A2: maximum_abroad: is a group of parameters"),
    ],
)
def test_what_is_wrong_is_told_by_cell(system, tmp_path, row, message):
    said = problems_of(system, workbook(tmp_path, [row]))
    assert said.startswith("1 problem in the reform")
    assert f"reform.xlsx, Paramètres{message}" in said


def test_steps_that_the_law_does_not_have_are_refused(system, tmp_path):
    rows = [("amount.12", DAY, 900), ("amount.20", DAY, 1500)]
    said = problems_of(system, workbook(tmp_path, rows, "resettlement_allowance"))
    assert (
        "!A2: amount.12: is one of 2 steps on 2025-01-01, where the law has 3:" in said
    )
    rows = [("amount.12", DAY, 900), ("amount.12", DAY, 1500)]
    said = problems_of(system, workbook(tmp_path, rows, "resettlement_allowance"))
    assert '!A3: amount.12: "2025-01-01" is given twice' in said


def test_the_layout_is_checked(system, tmp_path):
    rows = [("minimum_abroad", DAY, 200)]
    header = ("Nom", "Dates", "Valeur")
    said = problems_of(system, workbook(tmp_path, rows, header=header))
    assert 'Paramètres!A1: has no column "Date"' in said
    said = problems_of(system, workbook(tmp_path, rows, root=""))
    assert 'names no root in the sheet "Config"' in said
    assert "changes nothing" in problems_of(system, workbook(tmp_path, []))
    said = problems_of(system, workbook(tmp_path, [*rows, *rows]))
    assert '!A3: minimum_abroad: "2025-01-01" is given twice' in said
    book = openpyxl.load_workbook(workbook(tmp_path, rows))
    book["Paramètres"].row_dimensions[2].hidden = True
    book["Paramètres"].merge_cells("A4:B4")
    book.save(tmp_path / "reform.xlsx")
    said = problems_of(system, tmp_path / "reform.xlsx")
    assert "Paramètres: has a hidden row 2" in said
    assert "Paramètres!A4:B4: are merged cells" in said
    del book["Paramètres"]
    book.save(tmp_path / "reform.xlsx")
    said = problems_of(system, tmp_path / "reform.xlsx")
    assert 'has no sheet "Paramètres". Its sheets are Config' in said
    (tmp_path / "reform.xlsx").write_text("no workbook")
    assert "is damaged, or no workbook" in problems_of(system, tmp_path / "reform.xlsx")
    assert "cannot be read: No such file" in problems_of(system, tmp_path / "x.xlsx")
    (tmp_path / "old.xls").write_text("")
    assert "Save it as .xlsx or .ods" in problems_of(system, tmp_path / "old.xls")


def test_one_reform_of_several_is_named(system, tmp_path):
    rows = [("minimum_abroad", DAY, 200)]
    others = {"_de 2026": [("minimum_abroad", date(2026, 1, 1), 300)]}
    book = workbook(tmp_path, rows, **others)
    said = problems_of(system, book)
    assert "has 2 reforms: Paramètres, Paramètres_de 2026. Name one, e.g. " in said
    reform = read_reform(system, f"{book}:Paramètres_de 2026")
    assert (reform.name, reform.title) == (
        "reform_de_2026",
        "reform.xlsx, Paramètres_de 2026",
    )
    assert reform.values == {"allowance.minimum_abroad": {"2026-01-01": 300}}
    said = problems_of(system, f"{book}:Paramètres_2027")
    assert 'has no sheet "Paramètres_2027". Its sheets are Paramètres,' in said


def test_the_command_takes_a_workbook(folder):
    # 140 euros from July 2023, where the minimum is 150, is lawful under 120.
    book = workbook(folder, [("minimum_abroad", date(2023, 1, 1), 120)])
    others = tables(folder, "volunteers", "organisations", "monthly")
    asked = ["--reform", book, "--years", "2023", "--out", folder / "out", "--quiet"]
    done = run("simulate", folder / "missions.csv", *others, *asked)
    assert done.exit_code == 0, done.stderr
    summary = (folder / "out" / "by_year.csv").read_text("utf-8").splitlines()[1]
    assert summary.startswith("2023,1,1,0,")
    text = (folder / "out" / "run.json").read_text("utf-8")
    assert '"allowance.minimum_abroad"' in text
    done = run("simulate", folder / "missions.csv", *asked[:1], "x.xlsx", *asked[2:])
    assert done.exit_code == 2
    assert "x.xlsx: cannot be read" in done.stderr
