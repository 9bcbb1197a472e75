"""CSV as French Excel opens it, and as it is read back."""

from datetime import date

import pyarrow as pa
import pytest

from openfisca_isv.population import check
from openfisca_isv.population.runs.run_stages import REJECTS
from openfisca_isv.population.tables.formats import FORMATS
from openfisca_isv.population.tables.writing import has_columns, write_table
from tests.population.reading import read_tables
from tests.population.test_commands import run as isv
from tests.population.test_commands import simulate

#: Inputs that a run can hand over as outputs.
INPUTS = (
    "start_date,end_date,host_country,contract_is_written,contract_monthly_allowance"
)


def test_each_kind_of_cell_is_written_in_french(tmp_path):
    table = pa.table(
        {
            "text": ["a;b", 'l"', "1,5", "é", None],
            "day": [date(2024, 2, 29), date(9999, 12, 31), None, None, None],
            "number": [1250.5, float("inf"), -0.25, 1e6, None],
            "is_so": [True, False, None, True, False],
            "count": [1, 2, 3, 4, None],
        }
    )
    write_table(table, tmp_path / "t.csv", french=True)
    assert (tmp_path / "t.csv").read_bytes().decode().splitlines() == [
        "\ufefftext;day;number;is_so;count",
        '"a;b";29/02/2024;1250,5;VRAI;1',
        '"l""";31/12/9999;inf;FAUX;2',
        "1,5;;-0,25;;3",
        "é;;1000000;VRAI;4",
        ";;;FAUX;",
    ]


def french_of(path):
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig").splitlines()


def test_results_are_written_in_french_and_read_back(system, folder, tmp_path):
    out = tmp_path / "out"
    more = ["--outputs", INPUTS, "--format", "csv-french", "--part-size", "1"]
    result = simulate(folder, out, *more, "--by", "host_country")
    assert result.exit_code == 0, result.stderr
    header, madagascar, cambodia = french_of(out / "missions.csv")
    assert header == f"mission;volunteer;organisation;{INPUTS.replace(',', ';')}"
    assert madagascar == (
        "madagascar;camille;association;01/01/2022;31/12/2023;MG;VRAI;500"
    )
    assert cambodia == "cambodia;sam;association;01/07/2023;30/06/2024;KH;VRAI;140"
    by_year = french_of(out / "by_year.csv")
    assert ";11489,73;" in by_year[2]
    assert french_of(out / "summary_by_host_country.csv")[0].startswith("host_country;")
    assert french_of(out / "unmet_conditions.csv")[0].startswith("condition;")
    asked = {"format_of_cells": FORMATS["french"]}
    again = read_tables(out / "missions.csv", asked=asked).missions
    before = read_tables(folder / "missions.csv").missions
    assert again.equals(before.select(again.column_names))


def test_generated_tables_are_read_back(tmp_path):
    for name, words in {"usual": (), "french": ("--format", "csv-french")}.items():
        result = isv(
            "generate", "--volunteers", 500, "--quiet", "--out", tmp_path / name, *words
        )
        assert result.exit_code == 0, result.stderr
    names = ("missions", "volunteers", "organisations", "monthly")
    french = [tmp_path / "french" / f"{one}.csv" for one in names]
    assert check(*french, format_of_cells="french").num_rows == 0
    for one, _usual in zip(french, ("missions", "monthly"), strict=False):
        rows = french_of(one)
        assert len(rows) > 100
        assert rows[0] == (
            (tmp_path / "usual" / one.name).read_text().partition("\n")[0]
        ).replace(",", ";")
    assert french_of(tmp_path / "french" / "closeness.csv")[0].startswith("statistic;")


def test_the_template_is_one_of_columns_in_french_excel(tmp_path):
    assert (
        isv("template", "--out", tmp_path / "t", "--format", "csv-french").exit_code
        == 0
    )
    (header,) = french_of(tmp_path / "t" / "monthly.csv")
    assert header.startswith("volunteer;month;")


def test_a_comparison_and_its_rejects_are_written_in_french(folder, tmp_path):
    path = folder / "missions.csv"
    path.write_text(path.read_text().replace(",140,", ",a lot,"))
    reform = folder / "reform.yaml"
    reform.write_text(
        "title: More\nparameters:\n  resettlement_allowance.amount[2].amount:\n"
        "    2023-01-01: 4000.50\n"
    )
    tables = [
        part
        for one in ("volunteers", "organisations")
        for part in (f"--{one}", folder / f"{one}.csv")
    ]
    rejects, out = tmp_path / "rejects.csv", tmp_path / "out"
    words = ("compare", path, *tables, "--reform", reform, "--rejects", rejects)
    words += ("--out", out, "--format", "csv-french", "--years", "2023:2024")
    result = isv(*words)
    assert result.exit_code == 0, result.stderr
    header, *costs = french_of(out / "cost_by_year.csv")
    change = header.split(";").index("resettlement_allowance_change")
    # 4,000.50 instead of 3,700 euros at the end of 2023.
    assert [line.split(";")[change] for line in costs] == ["", "", "300,5", "0"]
    assert french_of(rejects)[1] == (
        f'missions;{path};3;cambodia;"contract_monthly_allowance: ""a lot"" is not a'
        ' number"'
    )
    # A list of rejects may be written over, whatever its format.
    assert has_columns(rejects, REJECTS)
    assert isv(*words, "--replace").exit_code == 0


def test_the_problems_of_check_are_written_in_french(folder, tmp_path):
    path = folder / "missions.csv"
    path.write_text(path.read_text().replace(",140,", ",a lot,"))
    out = tmp_path / "problems.csv"
    for _ in range(2):
        assert isv("check", path, "--out", out, "--format", "csv-french").exit_code == 2
        header, problem = french_of(out)
        assert header == "file;row;column;value;reason;remedy;identifier"
        assert problem.startswith(f"{path};3;contract_monthly_allowance;a lot;")


def test_a_workbook_of_summaries_has_numbers(folder, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = tmp_path / "book.xlsx"
    more = ["--format", "csv-french", "--workbook", book]
    result = simulate(folder, tmp_path / "out", *more)
    assert result.exit_code == 0, result.stderr
    header, _, row, *_ = openpyxl.load_workbook(book)["by_year"].values
    assert row[header.index("state_aid")] == 11489.73
