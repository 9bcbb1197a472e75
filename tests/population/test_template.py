"""The template describes every column, and reads back as tables."""

import csv

from click.testing import CliRunner

from openfisca_isv.population.commands.generate import template
from openfisca_isv.population.tables.columns import table_kinds
from openfisca_isv.population.tables.template import (
    code_list,
    data_dictionary,
    empty_tables,
    write_template,
)

TABLES = ("missions", "volunteers", "organisations", "monthly")


def test_the_headers_are_the_columns_of_the_tables(system):
    kinds = table_kinds(system)
    for name, columns in empty_tables(system).items():
        assert set(columns) == set(kinds[name].cells)
        assert columns[: len(kinds[name].key)] == list(kinds[name].key)
    assert len(empty_tables(system)) == 4


def test_every_column_is_described(system):
    rows = data_dictionary(system).to_pylist()
    assert len(rows) > 35
    for row in rows:
        for name in ("table", "column", "required", "type", "meaning", "left_empty"):
            assert row[name], (row["column"], name)
    by_column = {row["column"]: row for row in rows}
    assert by_column["early_termination_date"]["left_empty"] == "it was not"
    assert by_column["birth_date"]["left_empty"] == "unknown"
    assert by_column["is_civil_servant"]["left_empty"] == "unknown, read as false"
    assert by_column["contract_monthly_allowance"]["unit"] == "euros"
    assert by_column["dependants_count"]["by_month"] == "yes"
    assert by_column["domain"]["codes"].split(", ")[0] == "development_cooperation"


def test_every_code_is_listed(system):
    codes = code_list(system).to_pylist()
    countries = {row["code"] for row in codes if row["column"] == "host_country"}
    assert len(countries) > 240
    assert "none" not in countries
    assert all(row["meaning"] for row in codes)


def test_the_files(system, tmp_path):
    written = write_template(system, tmp_path)
    assert written == sorted(
        [f"{name}.csv" for name in TABLES]
        + ["codes.csv", "dictionary.csv", "dictionary.md"]
    )
    with (tmp_path / "dictionary.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(data_dictionary(system))
    page = (tmp_path / "dictionary.md").read_text("utf-8")
    assert page.count("\n## ") == 4
    lines = [line for line in page.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {7}


def test_the_command_does_not_overwrite_tables(tmp_path):
    out = str(tmp_path / "out")
    first = CliRunner().invoke(template, ["--out", out])
    assert first.exit_code == 0
    again = CliRunner().invoke(template, ["--out", out])
    assert again.exit_code == 2
    assert "missions.csv" in again.output
