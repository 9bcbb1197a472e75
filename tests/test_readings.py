"""The readings chosen where the texts leave one open: complete, and of what exists."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml
from openfisca_core.parameters import Parameter
from openfisca_core.simulations import SimulationBuilder

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.law import provisions, readings
from openfisca_isv.reforms import readings as readings_module
from openfisca_isv.reforms.readings import alternatives as computed
from openfisca_isv.reforms.readings import with_readings
from openfisca_isv.reforms.readings.alternative_formulas import FORMULAS

TESTS = Path(__file__).parent / "yaml" / "reforms" / "readings.yaml"
PROSE = ("title", "text", "chosen", "reason")
FIELDS = {
    *PROSE,
    *(f"{field}_fr" for field in PROSE),
    *("id", "provisions", "alternatives", "parameters", "variables"),
}
WAYS = ("parameters", "variables")
#: Alternatives that are to be computed, by the names under which they are asked for.
COMPUTED = {
    "rights-need-a-lawful-contract",
    "rights-need-the-law-alone",
    "bounds-for-every-contract",
    "supplements-hold",
    "rsa-judged-month-by-month",
    "info-retraite-conditions",
    "france-article-11-aids-only",
    "rights-of-2022-begin-with-their-amounts",
    "leave-along-the-engagement",
    "decree-of-2005-on-29-may",
}


def alternatives():
    """List the other readings, each with the one chosen."""
    found = [(one, other) for one in readings() for other in one["alternatives"]]
    assert found, "no reading has another one"
    return found


def computable():
    """List the other readings that say how they are computed."""
    return [
        other
        for _, other in alternatives()
        if any(other.get(way) is not None for way in WAYS)
    ]


def find(system, name):
    """Find a parameter by its dotted name."""
    node = system.parameters
    for key in name.split("."):
        node = getattr(node, "children", {}).get(key)
    return node


def test_readings_are_complete():
    """A reading says what is open, what is chosen, what else might be, and why."""
    assert len(readings()) > 50
    twice = [name for name, n in Counter(o["id"] for o in readings()).items() if n > 1]
    assert not twice, f"readings that stand twice: {twice}"
    for one in readings():
        assert re.fullmatch(r"reading-\d\d(-[a-z0-9]+)+", one["id"]), one["id"]
        assert set(one) == FIELDS, (
            f"{one['id']} has fields missing or unknown: {sorted(one)}"
        )
        for field in PROSE:
            english, french = one[field].strip(), one[f"{field}_fr"].strip()
            assert english, f"{one['id']} has no {field}"
            assert french, f"{one['id']} has no French {field}"
            assert english != french, f"{one['id']}: {field} is in one language"
        assert one["alternatives"], f"{one['id']} has no other reading"
        assert one["variables"], f"{one['id']} names no variable"
        assert one["provisions"], f"{one['id']} names no provision"


def test_readings_refer_to_what_exists(system):
    """Provisions, variables and parameters that a reading names exist."""
    register = provisions()
    unknown = []
    for one in readings():
        unknown += [
            f"{one['id']}: provision {name}"
            for name in one["provisions"]
            if name not in register
        ]
        unknown += [
            f"{one['id']}: variable {name}"
            for name in one["variables"]
            if name not in system.variables
        ]
        unknown += [
            f"{one['id']}: parameter {name}"
            for name in one["parameters"]
            if find(system, name) is None
        ]
    assert not unknown, "; ".join(unknown)


def test_other_readings_have_names_of_their_own():
    """An alternative has a unique short name, and says what it is in both languages."""
    names = Counter(other["id"] for _, other in alternatives())
    assert [name for name, times in names.items() if times > 1] == []
    for one, other in alternatives():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", other["id"]), other["id"]
        fields = {"id", "title", "title_fr"}
        assert fields <= set(other) <= fields | set(WAYS), (one["id"], other)
        assert other["title"].strip() != other["title_fr"].strip(), other["id"]
        assert other["title"].endswith("."), other["id"]
        assert other["title_fr"].endswith("."), other["id"]


def test_most_other_readings_can_be_computed():
    """Those that the vocabulary names are, and many more."""
    names = {other["id"] for other in computable()}
    assert len(names) >= 30
    assert names >= COMPUTED


def test_the_ways_to_compute_a_reading_exist(system):
    """The variables that another formula replaces are computed; parameters exist."""
    wrong = []
    for other in computable():
        wrong += [
            f"{other['id']}: {name} is not a computed variable"
            for name in other.get("variables", ())
            if name not in system.variables
            or system.variables[name].is_input_variable()
        ]
        wrong += [
            f"{other['id']}: {name} is not a parameter"
            for name in other.get("parameters", {})
            if not isinstance(find(system, name), Parameter)
        ]
    assert not wrong, "; ".join(wrong)


@pytest.mark.parametrize(
    "other",
    [other for other in computable() if "parameters" in other],
    ids=lambda other: other["id"],
)
def test_another_value_is_of_the_same_kind_and_changes_something(system, other):
    """Each value is one that the parameter may take, and one is not its own."""
    changes = []
    for name, values in other["parameters"].items():
        parameter = find(system, name)
        own = [one.value for one in parameter.values_list if one.value is not None]
        dated = values if isinstance(values, dict) else {date(2024, 1, 1): values}
        assert list(dated) == sorted(dated), name
        for day, value in dated.items():
            kinds = (float, int) if isinstance(own[0], float) else (type(own[0]),)
            assert value is None or type(value) in kinds, (name, day, value)
            changes.append(parameter.get_at_instant(str(day)) != value)
        # The history of the parameter is replaced from the first day on.
        days = {one.instant_str for one in parameter.values_list}
        first = str(min(dated))
        changes.append(any(day > first for day in days - set(map(str, dated))))
    assert any(changes), f"{other['id']} changes nothing"


def test_each_other_reading_has_a_formula_and_a_test_by_hand(system):
    """What the register says is computed is, each by a YAML test of its own."""
    said = {
        (identifier, name)
        for identifier, alternative in computed().items()
        for name in alternative.entry.get("variables", ())
    }
    assert said == set(FORMULAS)
    tested = {
        test["reforms"].rpartition(".")[2].replace("_", "-")
        for test in yaml.safe_load(TESTS.read_text("utf-8"))
    }
    assert tested == set(computed())


def test_the_law_in_force_stays_as_it_is(system):
    """A reading is a system of its own, and several make one together."""
    before = find(system, "allowance.minimum_contract_months").values_list
    both = with_readings(system, "bounds-for-every-contract", "supplements-hold")
    assert find(both, "allowance.minimum_contract_months")("2024-01-01") == 0
    supplement = "allowance.maximum_abroad.country_supplement.AO"
    assert find(both, supplement)("2026-01-01") == pytest.approx(3873.98)
    assert find(system, "allowance.minimum_contract_months").values_list is before
    assert find(system, "allowance.minimum_contract_months")("2024-01-01") == 12
    assert find(system, supplement)("2026-01-01") is None


def test_an_unknown_reading_is_named(system):
    with pytest.raises(KeyError, match="no-such-reading"):
        with_readings(system, "no-such-reading")
    with pytest.raises(AttributeError, match="no_such_reading"):
        assert readings_module.no_such_reading


def test_a_reading_that_leans_on_the_law_stands_under_another():
    """No aid of article 11 in France, whichever reading was applied first."""
    france = "france-article-11-aids-only"
    variable = "state_management_contribution"
    amounts = []
    for chosen in ((france, "supplements-hold"), ("supplements-hold", france)):
        system = with_readings(CountryTaxBenefitSystem(), *chosen)
        simulation = SimulationBuilder().build_default_simulation(system)
        amounts.append(simulation.calculate(variable, "2024-01").tolist())
    assert amounts == [[0], [0]]
