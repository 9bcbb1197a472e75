"""Tables as French offices write them: read where it is declared, else refused."""

import json
from datetime import date

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfisca_isv.population import check, simulate
from openfisca_isv.population.tables.cells import Day, Month, Number, Weight
from openfisca_isv.population.tables.formats import FORMATS
from tests.population.test_commands import run as isv

FRENCH = FORMATS["french"]
ROWS = {
    "mission": ["m1", "m2"],
    "volunteer": ["Hélène", "Zoé"],
    "organisation": ["o", "o"],
    "start_date": ["2023-01-01", "2023-02-01"],
    "end_date": ["2023-12-31", "2024-01-31"],
    "contract_monthly_allowance": ["1250.50", "800"],
}


def french(name, value):
    """Write a cell as a French office does."""
    if name.endswith("_date"):
        return "/".join(reversed(value.split("-")))
    return {"1250.50": "1 250,50"}.get(value, value)


def csv_of(separator, write=lambda _, value: value):
    lines = [list(ROWS), *zip(*(ROWS[name] for name in ROWS), strict=True)]
    header, *rows = lines
    written = [[write(*cell) for cell in zip(header, row, strict=True)] for row in rows]
    return "\n".join(separator.join(row) for row in [header, *written]) + "\n"


def read(cell, text):
    """Let the database read a text as a kind of cell."""
    query = f"SELECT {cell.of_text('text')} FROM (SELECT $1::VARCHAR AS text)"
    return duckdb.execute(query, [text]).fetchone()[0]


@pytest.fixture
def usual(tmp_path):
    """Compute the same rows, written the usual way."""
    table = tmp_path / "usual.csv"
    table.write_text(csv_of(","), "utf-8")
    return simulate(table)


@pytest.mark.parametrize(
    ("declared", "separator", "encoding"),
    [
        ("french", ";", "utf-8-sig"),
        ("french,encoding=cp1252", ";", "cp1252"),
        ("french,encoding=utf-16,separator=tab", "\t", "utf-16"),
        ("days=dd/mm/yyyy,decimal=comma,thousands=space,separator=bar", "|", "utf-8"),
    ],
)
def test_what_is_declared_is_read(tmp_path, usual, declared, separator, encoding):
    table = tmp_path / "missions.csv"
    table.write_bytes(csv_of(separator, french).encode(encoding))
    found = simulate(table, format_of_cells=declared)
    assert found["missions"]["served_days"].to_pylist() == [365, 365]
    assert "Hélène" in found["missions"]["volunteer"].to_pylist()
    # 1 250.50 for twelve months, and 800 for eleven of 2023.
    assert found["by_year"]["allowance_due"][0].as_py() == 12 * 1250.5 + 11 * 800
    assert found["by_year"].equals(usual["by_year"])


def test_a_file_beside_the_missions_declares_it(tmp_path):
    missions = tmp_path / "missions.csv"
    missions.write_text(csv_of(";", french), "utf-8")
    (tmp_path / "format.yaml").write_text("format: french\n")
    out = tmp_path / "out"
    result = isv("simulate", missions, "--format", "parquet", "--out", out)
    assert result.exit_code == 0, result.stderr
    assert (
        pq.read_table(out / "missions.parquet")["served_days"].to_pylist() == [365] * 2
    )
    account = json.loads((out / "run.json").read_text())
    assert account["command"]["format_of_cells"]["days"] == "dd/mm/yyyy"
    # The option counts before the file.
    result = isv("check", missions, "--format-of-cells", "usual")
    assert result.exit_code == 2
    assert '"01/01/2023" is not a day' in result.stdout


def test_nothing_is_guessed_and_the_refusal_names_the_option(tmp_path):
    missions = tmp_path / "missions.csv"
    missions.write_text(csv_of(";", french), "utf-8")
    told = check(missions).to_pylist()
    assert len(told) == 5
    assert {one["column"] for one in told} == {
        "start_date",
        "end_date",
        "contract_monthly_allowance",
    }
    assert all("--format-of-cells french" in one["remedy"] for one in told)
    missions.write_text(csv_of(","), "utf-8")
    told = check(missions, format_of_cells="french").to_pylist()
    remedies = {one["value"]: one["remedy"] for one in told}
    assert "1250.50" in remedies
    assert "dd/mm/yyyy" in remedies["2023-01-01"]


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("frnch", 'Did you mean "french"?'),
        ("french,usual", "names two formats, french and usual"),
        ("dayz=dd/mm/yyyy", '"dayz" is not a part of a format. Did you mean "days"?'),
        ("decimal=;", "Write one of point, comma"),
        ("french,thousands=comma", 'has "," for decimals and for thousands'),
    ],
)
def test_a_format_that_is_not_known_is_told(tmp_path, declared, said):
    missions = tmp_path / "missions.csv"
    missions.write_text(csv_of(","), "utf-8")
    result = isv("check", missions, "--format-of-cells", declared)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- french\n", "declares no format"),
        ("format: [", "is not YAML in UTF-8"),
        ("format: fr\n", '"fr" is not known'),
    ],
)
def test_a_file_of_a_format_that_is_wrong_is_told(tmp_path, text, said):
    missions = tmp_path / "missions.csv"
    missions.write_text(csv_of(","), "utf-8")
    (tmp_path / "format.yaml").write_text(text)
    result = isv("simulate", missions, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "format.yaml" in result.stderr


@given(day=st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_day_is_read_as_it_was_written(day):
    assert read(Day(FRENCH), f"{day:%d/%m/%Y}") == day
    assert read(Month(FRENCH), f"{day:%m/%Y}") == day.replace(day=1)
    assert read(Day(FRENCH), f"{day:%d/%m/%y}") is None


@given(cents=st.integers(0, 10**8), sign=st.sampled_from(" \u00a0\u202f"))
def test_a_number_is_read_as_it_was_written(cents, sign):
    euros, rest = divmod(cents, 100)
    assert read(Number(FRENCH), f"{euros},{rest:02}") == cents / 100
    parted = f"{euros:,}".replace(",", sign)
    assert read(Number(FRENCH), f"{parted},{rest:02}") == cents / 100
    assert read(Number(FRENCH), f"{euros}.{rest:02}") is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"Missions of 2024;;\nmission;volunteer;organisation\n",
            'one cell, "Missions',
        ),
        (b"sep=;\nmission;volunteer\n", 'starts with "sep=". Delete that line'),
        (b"mission\tvolunteer\n", "Declare --format-of-cells separator=tab"),
        (b"mission|volunteer\n", "Declare --format-of-cells separator=bar"),
        (b"mission,volunteer,,\nm,v,,\n", "has no name for column 3, 4"),
        ("mission,volunteer\n".encode("utf-16"), "is in UTF-16. Declare"),
        ("mission,volunteer\nm,Hélène\n".encode("latin-1"), "is not in UTF-8. Save"),
    ],
)
def test_a_header_that_is_none_is_told_in_one_sentence(tmp_path, content, said):
    missions = tmp_path / "missions.csv"
    if b"volunteer\nm," in content:
        header = ",".join(ROWS).encode()
        content = content.replace(b"mission,volunteer", header)
    missions.write_bytes(content)
    result = isv("check", missions)
    assert result.exit_code == 2
    assert said in result.stdout
    assert len(result.stdout.splitlines()) == 1


def test_what_is_wrong_is_said_of_the_number_that_was_meant():
    weight = Weight(FRENCH)
    assert weight.explain("0,001")[0] == "is too small"
    assert weight.explain("1 250,5") == weight.explain("1,5")
    assert Number(FRENCH).explain("2 000 000,00")[0] == "exceeds 1,000,000"
