"""A reform in YAML changes what it says, and every problem of it is told at once."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy
import pytest
from openfisca_core.periods import instant

from openfisca_isv.population.reforms.changes import parameter_changes, rule_changes
from openfisca_isv.population.reforms.reform_file import read_reform, reform_from_values
from openfisca_isv.population.reforms.source import ReformError

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "reforms").glob("*.yaml"))


def written(folder, parameters, title="title: A reform\n"):
    path = folder / "reform.yaml"
    path.write_text(f"{title}parameters:\n{parameters}", "utf-8")
    return path


def problems_of(system, path):
    with pytest.raises(ReformError) as error:
        read_reform(system, path)
    return str(error.value)


def test_a_value_holds_from_its_day_and_the_law_stays_as_it_is(system, tmp_path):
    path = written(tmp_path, "  allowance.minimum_abroad: {2025-01-01: 200}\n")
    reform = read_reform(system, path)
    assert (reform.name, reform.title) == ("reform", "A reform")
    law = reform.apply(system)
    value = law.parameters.allowance.minimum_abroad
    assert [value(day) for day in ("2024-12-31", "2025-01-01", "2040-01-01")] == [
        150,
        200,
        200,
    ]
    assert system.parameters.allowance.minimum_abroad("2025-01-01") == 150
    assert parameter_changes(system, law).to_pylist() == [
        {
            "parameter": "allowance.minimum_abroad",
            "label": "Minimum allowance abroad",
            "unit": "currency-EUR",
            "from": "2025-01-01",
            "until": "",
            "value_law": "150",
            "value_reform": "200",
        }
    ]
    assert rule_changes(system.variables, law) == []


def test_what_the_law_says_later_is_replaced(system, tmp_path):
    path = written(tmp_path, "  allowance.minimum_abroad: {2020-01-01: 130}\n")
    changes = parameter_changes(system, read_reform(system, path).apply(system))
    assert [list(row.values())[3:] for row in changes.to_pylist()] == [
        ["2020-01-01", "2022-12-08", "100", "130"],
        ["2022-12-09", "", "150", "130"],
    ]


def test_a_step_of_a_scale_and_a_list(system, tmp_path):
    path = written(
        tmp_path,
        "  resettlement_allowance.amount[0].amount: {2025-01-01: 1000}\n"
        "  resignation.statuses: {2025-01-01: [public_agent]}\n",
    )
    law = read_reform(system, path).apply(system)
    scale = law.parameters.resettlement_allowance.amount
    assert scale.get_at_instant(instant("2025-01-01")).amounts == [1000, 1500, 3700]
    assert scale.get_at_instant(instant("2024-12-31")).amounts == [800, 1500, 3700]
    assert law.parameters.resignation.statuses("2025-01-01") == ["public_agent"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            "  allowance.minimum_abraod: {2025-01-01: 1}\n",
            'is not a parameter of the law. Did you mean "allowance.minimum_abroad"?',
        ),
        ("  allowance: {2025-01-01: 1}\n", "is a group of parameters. Write one of"),
        ("  resettlement_allowance.amount: {2025-01-01: 1}\n", "is a scale, whose"),
        (
            "  resettlement_allowance.amount[7].amount: {2025-01-01: 1}\n",
            "is not part of the scale",
        ),
        (
            "  allowance.minimum_abroad: {2025-02-29: 1}\n",
            '"2025-02-29" is not a day of the calendar',
        ),
        ("  allowance.minimum_abroad: {2025: 1}\n", '"2025" is not a day'),
        ("  allowance.minimum_abroad: 1\n", "gives no day to its value"),
        ("  allowance.minimum_abroad: {2025-01-01: }\n", "is empty. Write a number"),
        ("  allowance.minimum_abroad: {2025-01-01: '1'}\n", '"1" is a text'),
        ("  allowance.minimum_abroad: {2025-01-01: -1}\n", '"-1" is negative'),
        ("  allowance.minimum_abroad: {2025-01-01: .nan}\n", "is not a number"),
        ("  allowance.minimum_abroad: {2025-01-01: [1]}\n", "is a list"),
        (
            "  resignation.statuses: {2025-01-01: 3}\n",
            "is a single value where a list is expected",
        ),
        (
            "  resignation.statuses: {2025-01-01: [public_agnt]}\n",
            '"public_agnt" is not one of the codes. Did you mean "public_agent"?',
        ),
        ("  contract.law_is_in_force: {2025-01-01: 1}\n", "is neither true nor false"),
        (
            "  lifetime.maximum_months: {2025-01-01: 7.5}\n",
            "is not a whole number of months",
        ),
        (
            "  allowance.share_subject_to_income_tax: {2025-01-01: 20}\n",
            "is not a share",
        ),
        (
            "  resettlement_allowance.amount[0].threshold: {2025-01-01: 20}\n",
            "has thresholds that do not rise on 2025-01-01: 20, 18, 24",
        ),
    ],
)
def test_each_problem_is_told(system, tmp_path, parameters, message):
    assert message in problems_of(system, written(tmp_path, parameters))


def test_all_problems_come_at_once_with_their_lines(system, tmp_path):
    path = written(
        tmp_path,
        "  allowance.minimum_abroad:\n    2025-02-30: 1\n    2025-03-01: null\n"
        "  nothing.at_all:\n    2025-01-01: 1\n",
        title="titel: A reform\n",
    )
    text = problems_of(system, path)
    assert text.startswith("5 problems in the reform")
    for line in (1, 4, 5, 6):
        assert f"reform.yaml, line {line}: " in text
    assert "title: is missing" in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: [\n", "is not YAML"),
        ("title: A\nb: \0\n", "line 2: is not YAML: special characters are not all"),
        ("[" * 5000, "is not YAML: it is too deep"),
        ("", "title: is missing"),
        ("title: A\n", "changes nothing"),
        ("- a\n", "is not a mapping"),
        ("title: A\nparameters: {}\n", "is empty"),
        (
            "title: A\nparameters: {a.b: {2025-01-01: 1}, a.b: {2025-01-01: 2}}\n",
            "is given twice",
        ),
        ("title: A\nallowance.minimum_abroad: {2025-01-01: 1}\n", "Put parameters"),
    ],
)
def test_a_file_that_is_no_reform(system, tmp_path, text, message):
    path = tmp_path / "reform.yaml"
    path.write_text(text, "utf-8")
    assert message in problems_of(system, path)


def test_a_file_in_another_encoding(system, tmp_path):
    path = tmp_path / "reform.yaml"
    path.write_bytes("title: Réforme\n".encode("latin-1"))
    assert "is not in UTF-8" in problems_of(system, path)


def test_a_class_by_its_name(system):
    name = "openfisca_isv.reforms.lifetime_of_eight_years.lifetime_of_eight_years"
    reform = read_reform(system, name)
    assert reform.title == "Lifetime maximum of eight years from 2025"
    changes = parameter_changes(system, reform.apply(system)).to_pylist()
    assert [row["value_reform"] for row in changes] == ["96"]
    module = "openfisca_isv.reforms.resettlement_by_interpolation"
    rules = read_reform(system, f"{module}.resettlement_by_interpolation")
    assert len(rule_changes(system.variables, rules.apply(system))) == 1


@pytest.mark.parametrize("name", ["nope", "a.b", "os.path.join", "openfisca_isv.dates"])
def test_a_name_that_is_no_class(system, name):
    text = problems_of(system, name)
    assert "is not a Reform class" in text or "is neither a file nor a class" in text


def test_the_same_from_python(system):
    values = {"allowance.minimum_abroad": {"2025-01-01": 200}}
    law = reform_from_values(system, "200 euros", values).apply(system)
    assert law.parameters.allowance.minimum_abroad("2025-01-01") == 200
    with pytest.raises(ReformError):
        reform_from_values(system, "x", {"allowance.minimum": {"2025-01-01": 200}})


@pytest.mark.parametrize(
    ("day", "value", "read"),
    [
        ("2025-01-01", numpy.float64(200.5), 200.5),
        ("2025-01-01", numpy.int64(200), 200),
        ("2025-01-01", Decimal("200.5"), 200.5),
        ("2025-01-01", Fraction(1, 4), 0.25),
        ("2025-01-01", 1 / 3, 1 / 3),
        ("2025-01-01", 0.1 + 0.2, 0.1 + 0.2),
        ("2025-01-01", 1e-7, 0.0000001),
        (instant("2025-01-01"), 200, 200),
        (date(2025, 1, 1), 200, 200),
        (numpy.datetime64("2025-01-01"), 200, 200),
    ],
)
def test_values_and_days_of_any_library_are_read(system, day, value, read):
    values = {"allowance.minimum_abroad": {day: value}}
    reform = reform_from_values(system, "x", values)
    assert reform.values == {"allowance.minimum_abroad": {"2025-01-01": read}}


def test_a_list_of_numpy_is_read(system):
    values = {"resignation.statuses": {"2025-01-01": numpy.array(["public_agent"])}}
    law = reform_from_values(system, "x", values).apply(system)
    assert law.parameters.resignation.statuses("2025-01-01") == ["public_agent"]


@pytest.mark.parametrize(
    ("title", "dated", "message"),
    [
        ("x", 200, "gives no day to its value"),
        (None, {"2025-01-01": 200}, "title: is missing"),
        ("x", {"2025-01-01": 1, date(2025, 1, 1): 2}, "is given twice. Keep one"),
        ("x", {"2025-01-01": float("nan")}, "is not a number"),
        ("x", {"2025-01-01": 10**20}, "exceeds 1,000,000"),
        ("x", {"2025-01-01": range}, "cannot be written: \"<class 'range'>\""),
    ],
)
def test_values_of_python_that_cannot_be_used(system, title, dated, message):
    with pytest.raises(ReformError) as error:
        reform_from_values(system, title, {"allowance.minimum_abroad": dated})
    assert message in str(error.value)
    assert len(error.value.problems) == 1


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_change_something(system, path):
    law = read_reform(system, path).apply(system)
    assert len(parameter_changes(system, law)) > 0


def test_there_are_examples():
    assert len(EXAMPLES) >= 3
