"""What programs write where a value is missing is refused, and never a value."""

import re

import polars
import pytest

from openfisca_isv.countries import COUNTRIES, Country
from openfisca_isv.population import check
from openfisca_isv.population.tables.cells import Member
from openfisca_isv.population.tables.country_names import codes_by_name

MISSION = {
    "mission": "m",
    "volunteer": "v",
    "organisation": "o",
    "start_date": "2023-01-01",
    "end_date": "2023-12-31",
    "host_country": "MG",
    "contract_is_written": "true",
    "contract_monthly_allowance": "500",
}


#: R; pandas; polars; Python; databases; Excel; SAS and Stata.
WORDS = ("NA", "<NA>", "NaN", "nan", "NaT", "null", "NULL", "None", "#N/A", ".", ".a")
#: Namibia is read, with a warning.
NAMIBIA = ("host_country", "NA")


@pytest.mark.parametrize("column", MISSION)
def test_no_column_takes_it(column):
    words = [word for word in WORDS if (column, word) != NAMIBIA]
    rows = [
        MISSION | {"mission": f"m{row}", "volunteer": f"v{row}", column: word}
        for row, word in enumerate(words)
    ]
    problems = check({name: [row[name] for row in rows] for name in MISSION})
    assert problems["value"].to_pylist() == words
    for problem in problems.to_pylist():
        assert problem["column"] == column
        assert problem["reason"] == "is what programs write where a value is missing"
        assert problem["remedy"].startswith("Leave the cell empty")


def test_a_column_of_groups_takes_any_text():
    missions = {name: [text] for name, text in (MISSION | {"region": "NA"}).items()}
    assert check(missions, by="region").num_rows == 0


def test_nulls_and_empty_texts_are_the_same():
    missions = polars.DataFrame(
        {name: [text] for name, text in MISSION.items()}
        | {"host_country": [None], "contract_monthly_allowance": [None]}
    )
    assert check(missions).num_rows == 0


def test_a_nan_of_polars_is_refused_as_missing():
    missions = polars.DataFrame(
        {name: [text] for name, text in MISSION.items()}
        | {"contract_monthly_allowance": [float("nan")]}
    )
    (problem,) = check(missions).to_pylist()
    assert problem["reason"] == "is what programs write where a value is missing"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SEN", "SN"),
        ("NAM", "NA"),
        ("RDC", "CD"),
        ("Cote d'Ivoire", "CI"),
        ("Côte d\u2019Ivoire", "CI"),
        ("CÔTE D\u2019IVOIRE", "CI"),
        ("Etats-Unis", "US"),
        ("United States", "US"),
        ("Viet Nam", "VN"),
        ("Guinee-bisau", "GW"),
        ("mg", "MG"),
    ],
)
def test_a_country_that_is_named_is_told_its_code(text, code):
    _, remedy = Member(Country).explain(text)
    assert re.match(f'(Write|Did you mean) "{code}"', remedy)


def test_another_name_is_not_taken_for_a_country():
    _, remedy = Member(Country).explain("Republic of Nowhere")
    assert remedy == "Write an ISO 3166-1 alpha-2 code, as MG for Madagascar"


def test_each_country_has_an_alpha_3_code():
    of_three = [name for name in codes_by_name() if re.fullmatch("[a-z]{3}", name)]
    assert {codes_by_name()[name] for name in of_three} == {*COUNTRIES}
