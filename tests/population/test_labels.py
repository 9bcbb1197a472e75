"""Results with labels for R, SAS and Stata."""

import re
import shutil

import pyarrow as pa
import pytest
from labelled import OUTPUTS, OWN, files_of, in_r, make_results

from openfisca_isv.population import compare, generate
from openfisca_isv.population.labels.labelled_columns import columns_of, names
from openfisca_isv.population.labels.reading_scripts import is_legal, short_names
from openfisca_isv.population.language import speaking, words
from openfisca_isv.population.subject import MEASURES
from openfisca_isv.variables.contract import Condition
from tests.population.test_commands import run, tables


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Give the folder of the tables, of ``simulated`` and of ``compared``."""
    folder = tmp_path_factory.mktemp("labels")
    make_results(folder)
    return folder


#: Texts that may be years, or numbers of the law.
DIGITS = ("period", "value_law", "value_reform")
FITS = {
    "text": "(?s:.*)",
    "number": r"|-?inf|-?\d+(\.\d+)?|unknown",
    "boolean": "|true|false",
    "day": r"|\d{4}-\d\d-\d\d",
    "month": r"\d{4}-\d\d",
}


@pytest.mark.parametrize("kind", ["simulated", "compared"])
def test_each_column_holds_what_is_said_of_it_and_has_a_label(system, results, kind):
    seen = set()
    for table, header, rows in files_of(results / kind):
        for place, column in enumerate(columns_of([system], table, header)):
            assert column.name == header[place]
            assert len(column.label) <= 110
            if column.name != OWN:
                assert column.label != column.name, (table, column.name)
            seen.add(column.kind)
            for row in rows:
                if column.kind == "code":
                    assert row[place] in {"", *column.codes}
                else:
                    assert re.fullmatch(FITS[column.kind], row[place]), (table, column)
            if column.kind == "text" and column.name not in DIGITS:
                values = {row[place] for row in rows} - {""}
                assert not values or not all(map(str.isdigit, values)), column
    wanted = {*FITS, "code"} if kind == "simulated" else {"text", "number", "code"}
    assert wanted <= seen


def test_the_columns_of_readings_have_labels(system):
    tables, chosen = generate(volunteers=100, seed=7), "training-for-every-contract"
    worth = compare(*tables.values(), years=2024, each_reading=chosen).readings
    assert worth.num_columns > 15
    for one in columns_of([system], "readings", worth.column_names):
        assert one.label != one.name
        is_text = not pa.types.is_integer(worth[one.name].type)
        is_text &= not pa.types.is_floating(worth[one.name].type)
        is_text &= one.name != "masked"
        assert (one.kind == "text") == is_text, one


def test_short_names_are_legal_unique_and_all_needed(system, results):
    listed = names()["short_names"]
    in_results = {
        name
        for kind in ("simulated", "compared")
        for _, header, _ in files_of(results / kind)
        for name in header
        if name != OWN and not name.endswith("_is_settled")
    }
    every = {*system.variables, *MEASURES, *names()["labels"], *in_results}
    assert {one for one in every if len(one) > 32} == {*listed}
    assert all(len(one) <= 32 for one in listed.values())
    every |= {f"{one}_is_settled" for one in system.variables}
    shorts = short_names(sorted(every))
    assert [one for one in shorts.values() if not is_legal(one)] == []
    assert len({one.lower() for one in shorts.values()}) == len(every) > 300
    for name, short in shorts.items():
        assert short_names([name]) == {name: short}, "it depends on other columns"


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("Région", "Region_"),
        ("code postal", "code_postal_"),
        ("2nd wave", "x2nd_wave_"),
        ("in", "in_"),
        ("str5", "str5_"),
        ("_n", "n_"),
        ("v3", "v3_"),
        ("q2.5", "q2_5_"),
        ("日本", "x_"),
        ("a" * 40, "a" * 27 + "_"),
    ],
)
def test_columns_of_ones_own_have_a_legal_name_that_stays_the_same(name, start):
    short = short_names([name])[name]
    assert is_legal(short)
    assert re.fullmatch(re.escape(start) + "[0-9a-f]{4}", short)
    assert short_names(["domain", name])[name] == short


def test_names_that_differ_by_case_are_told_apart():
    found = short_names(["domain", "Domain", "DOMAIN"])
    assert found["domain"] == "domain"
    assert len({one.lower() for one in found.values()}) == 3
    assert all(map(is_legal, found.values()))


def test_r_reads_the_results(results):
    code = """
    source("simulated/read_results.R")
    r <- read_results("simulated")
    m <- r$missions
    stopifnot(
      m$mission == c("madagascar", "open", "namibia"),
      m$contract_is_lawful == c(TRUE, FALSE, FALSE),
      levels(m$contract_first_unmet_condition)[1] == "Every condition is met",
      m$contract_first_unmet_condition[3] == "The allowance is below the minimum",
      class(m$effective_end_date) == "Date",
      is.na(m$effective_end_date) == c(FALSE, TRUE, FALSE),
      m$effective_end_date[1] == as.Date("2023-12-31"),
      m$allowance_maximum == Inf,
      attr(m$contract_is_lawful, "label") ==
        "The contract meets every condition of the law",
      r$missions_by_month$month[2] == as.Date("2024-02-01"),
      sum(r$by_year$contracts_started) == 3,
      nrow(r$unmet_conditions) == 11
    )
    g <- r$summary_by_host_country_and_year
    stopifnot(
      !is.na(g$host_country), "Namibia" %in% g$host_country, is.numeric(g$year)
    )
    codes <- read_results("simulated", codes = TRUE)
    stopifnot("NA" %in% codes$summary_by_host_country_and_year$host_country)
    stopifnot(codes$missions$contract_first_unmet_condition[3] == "allowance_too_low")
    own <- r[[grep("accueil", names(r))]]
    stopifnot(sort(unique(enc2utf8(own[[1]]))) ==
      c("L'\\"\\u00eele\\", ouest", "Sud", "unknown"))
    source("compared/read_results.R")
    d <- read_results("compared")
    stopifnot(
      class(d$parameters$from) == "Date", is.na(d$parameters$until),
      d$cost_by_year$masked == FALSE, is.character(d$cost_by_year$scenario)
    )
    cat("columns:", sum(lengths(c(r, d))), "\\n")
    """
    found = [
        len(header)
        for kind in ("simulated", "compared")
        for _, header, _ in files_of(results / kind)
    ]
    assert in_r(code, results) == f"columns: {sum(found)} \n"


def test_labels_are_in_the_language_that_is_spoken(system, results, tmp_path):
    entries = [*names()["labels"].values(), *names()["forms"].values()]
    entries += names()["of_outputs"].values()
    assert len(entries) > 70
    for one in entries:
        assert one.keys() == {"en", "fr"}
        assert one["en"].count("{}") == one["fr"].count("{}")
    others = tables(results, "volunteers", "organisations")
    asked = ["--by", OWN, "--by", "host_country,year", "--outputs", OUTPUTS, "--quiet"]
    asked += ["--labels", "r,stata", "--language", "fr", "--out", tmp_path / "out"]
    done = run("simulate", results / "missions.csv", *others, *asked)
    assert done.exit_code == 0, done.stderr
    code = """
    source("out/read_results.R")
    r <- read_results("out")
    m <- r$missions
    stopifnot(
      attr(m$contract_is_lawful, "label") ==
        "Le contrat remplit toutes les conditions de la loi",
      attr(r$by_year$year, "label") == "Ann\u00e9e",
      attr(r$unmet_conditions$condition, "label") ==
        "Premi\u00e8re condition d'un contrat licite qui n'est pas remplie",
      "Namibie" %in% r$summary_by_host_country_and_year$host_country
    )
    cat(levels(m$contract_first_unmet_condition)[11])
    """
    with speaking("fr"):
        condition = words().member(Condition.allowance_too_low)
    assert in_r(code, tmp_path) == condition != Condition.allowance_too_low.value
    with speaking("fr"):
        for table, header, _ in files_of(results / "compared"):
            for column in columns_of([system], table, header):
                assert column.label != column.name or column.name == OWN


def test_a_value_that_is_read_as_missing_stops_r(results, tmp_path):
    shutil.copytree(results / "simulated", tmp_path / "simulated")
    table = tmp_path / "simulated" / "missions.csv"
    table.write_text(table.read_text("utf-8").replace("allowance_too_low", "x"))
    code = 'source("simulated/read_results.R"); try(read_results("simulated"))'
    assert "tables" not in in_r(code, tmp_path)
    code = 'source("simulated/read_results.R"); cat(class(try(read_results('
    assert in_r(code + '"simulated"), silent = TRUE)))', tmp_path) == "try-error"


def test_tools_that_do_not_exist_or_do_not_read_parquet_are_refused(results):
    table = results / "missions.csv"
    done = run("simulate", table, "--by", OWN, "--labels", "r,strata", "--out", "x")
    assert done.exit_code == 2
    assert '"strata" is not a tool with labels. Write stata' in done.stderr
    asked = ["--labels", "r,sas", "--format", "parquet", "--out", results / "x"]
    done = run("simulate", table, "--by", OWN, *asked)
    assert done.exit_code == 2
    assert "--labels sas reads CSV alone" in done.stderr
    assert not (results / "x").exists()


def test_r_is_given_parquet_by_the_same_columns(results, tmp_path):
    others = tables(results, "volunteers", "organisations")
    asked = ["--by", OWN, "--quiet", "--labels", "r", "--out", tmp_path / "out"]
    read = []
    for more in ([], ["--format", "parquet", "--replace"]):
        done = run("simulate", results / "missions.csv", *others, *asked, *more)
        assert done.exit_code == 0, done.stderr
        script = (tmp_path / "out" / "read_results.R").read_text("utf-8")
        assert ("arrow::open_dataset" in script) == bool(more)
        listed = script[script.index("  codes_of <- list()") :]
        read.append(listed.replace(".parquet", ".csv"))
    assert read[0] == read[1]


def test_scripts_are_results_that_the_same_command_replaces(results, tmp_path):
    others = tables(results, "volunteers", "organisations")
    asked = ["--by", OWN, "--outputs", "contract_is_lawful", "--standing", "--quiet"]
    asked += ["--out", tmp_path / "out"]
    for labels in ("r,stata", "r,stata", "sas"):
        command = ["simulate", results / "missions.csv", *others, *asked]
        done = run(*command, "--labels", labels)
        assert done.exit_code == 0, done.stderr
    scripts = {one.name for one in (tmp_path / "out").glob("read_results.*")}
    assert scripts == {"read_results.sas"}
