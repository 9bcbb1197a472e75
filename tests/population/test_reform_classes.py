"""Reform classes are taken wherever analysts write them, and touch no other law."""

import json
import os
import subprocess
import sys
import textwrap
from functools import partial
from math import inf, nan

import pytest
from openfisca_core.indexed_enums import Enum
from openfisca_core.model_api import ETERNITY, MONTH, Variable
from openfisca_core.periods import instant
from openfisca_core.reforms import Reform
from openfisca_core.simulations import SimulationBuilder

from openfisca_isv import legal_dates
from openfisca_isv.entities import Mission, Volunteer
from openfisca_isv.population import compare, simulate
from openfisca_isv.population.reforms.reform_file import read_reform
from openfisca_isv.population.reforms.source import ReformError
from openfisca_isv.population.reforms.tax_benefit_systems import tax_benefit_system
from openfisca_isv.variables import allowance
from openfisca_isv.variables.contract import Condition, Domain
from tests.population.test_commands import run as isv

DAYS = {"start_date": ["2023-01-01"] * 2, "end_date": ["2023-12-31"] * 2}
TABLES = {
    "missions": {
        "mission": ["a", "b"],
        "volunteer": ["v", "w"],
        "organisation": ["o", "o"],
        "host_country": ["MG", "MG"],
        "residence_country": ["FR", "FR"],
        "domain": ["humanitarian_action"] * 2,
        "contract_is_written": ["true", "true"],
        "contract_monthly_allowance": ["400", "600"],
    }
    | DAYS,
    "volunteers": {
        "volunteer": ["v", "w"],
        "birth_date": ["1990-01-01"] * 2,
        "nationality": ["FR", "FR"],
    },
    "organisations": {
        "organisation": ["o"],
        "legal_form": ["french_law_association"],
        "accreditation_start_date": ["2020-01-01"],
        "accreditation_end_date": ["2023-12-31"],
    },
}
FLOOR = "allowance.minimum_abroad"
DOMAINS = ["development_cooperation", "humanitarian_action"]
FILE = """
from openfisca_core.periods import instant
from openfisca_core.reforms import Reform

class floor_of_500(Reform):
    name = "A floor of 500"

    def apply(self):
        self.parameters.allowance.minimum_abroad.update(
            start=instant("2020-01-01"), value=500
        )
"""


def lawful(**options) -> list[bool]:
    found = simulate(**TABLES, outputs="contract_is_lawful", years=2023, **options)
    return found["missions"]["contract_is_lawful"].to_pylist()


class InPlace(Reform):
    """Change the tree that the reform was given, and not a copy."""

    name = "Set in place"

    def apply(self):
        self.parameters.allowance.minimum_abroad.update(
            start=instant("2020-01-01"), value=500
        )


class InTheBaseline(Reform):
    """Change the law itself: its parameters, its variables."""

    def apply(self):
        for system in (self.baseline, self):
            parameter = system.parameters.children["allowance"].children
            parameter["minimum_abroad"].values_list[0].value = 500
        del self.baseline.variables["allowance_is_lawful"]
        self.baseline.variables["contract_is_lawful"].formulas.clear()


class InTheCopy(Reform):
    """Change what the engine hands over to be changed."""

    def apply(self):
        def modify(parameters):
            parameters.allowance.minimum_abroad.update(
                start=instant("2020-01-01"), value=500
            )
            return parameters

        self.modify_parameters(modify)


class Calibrated(Reform):
    """Compute with the law, then change it in place."""

    def apply(self):
        mission = {"contract_monthly_allowance": {"ETERNITY": 600}}
        builder = SimulationBuilder()
        law = builder.build_from_entities(self, {"missions": {"m": mission}})
        assert self.get_parameters_at_instant("2023-01-01").allowance.minimum_abroad
        law.calculate("allowance_minimum", ETERNITY)
        self.parameters.allowance.minimum_abroad.update(
            start=instant("2020-01-01"), value=500
        )


class DoesNothing(Reform):
    def apply(self):
        """Change nothing."""


@pytest.mark.parametrize("given", [InPlace, InTheCopy, InTheBaseline, Calibrated])
def test_a_class_changes_neither_the_law_nor_another_reform(given):
    before = tax_benefit_system().parameters.allowance.minimum_abroad("2023-01-01")
    assert lawful() == [True, True]
    if given is not InTheBaseline:
        assert lawful(reform=given) == [False, True]
    both = compare(**TABLES, reforms=[given, DoesNothing], years=2023)
    rows = {row["scenario"]: row for row in both.cost_by_year.to_pylist()}
    assert rows["law_in_force"]["contracts_lawful"] == 2
    assert rows["DoesNothing"]["contracts_lawful"] == 2
    assert {one["reform"] for one in both.parameters.to_pylist()} == {given.__name__}
    assert (
        tax_benefit_system().parameters.allowance.minimum_abroad("2023-01-01")
        == before
        == 150
    )
    assert "allowance_is_lawful" in tax_benefit_system().variables
    assert lawful() == [True, True]


def listed(name, members, formula=None) -> type:
    """Write a variable with a closed list of its own."""
    content = {"value_type": Enum, "possible_values": members, "entity": Mission}
    content |= {"default_value": members["none"], "definition_period": ETERNITY}
    content |= {"formula": formula} if formula else {}
    return type(name, (Variable,), content | {"label": "As written by an analyst"})


class AnotherField(Reform):
    """Put a field of activity before those of the law, and admit it."""

    def apply(self):
        members = [(one.name, one.value) for one in Domain]
        fields = Enum("Domain", [("climate", "Climate"), *members])
        self.replace_variable(listed("domain", fields))
        self.parameters.contract.eligible_domains.update(
            start=instant("2005-01-01"), value=["climate", *DOMAINS]
        )


@pytest.mark.parametrize("order", [1, -1])
def test_each_law_reads_the_codes_of_its_own_list(order):
    missions = TABLES["missions"] | {"domain": ["climate", "humanitarian_action"]}
    told = 'domain is "climate" in 1 row: the law in force does not have this code'
    with pytest.warns(UserWarning, match=told):
        found = compare(
            **TABLES | {"missions": missions},
            reforms=[AnotherField, DoesNothing][::order],
            years=2023,
        )
    rows = found.cost_by_year.to_pylist()
    assert {row["scenario"]: row["contracts_lawful"] for row in rows} == {
        "law_in_force": 1,
        "AnotherField": 2,
        "DoesNothing": 1,
    }


class AnotherCondition(Reform):
    """Put a condition before those of the law, and let every contract fail it."""

    def apply(self):
        name = "contract_first_unmet_condition"
        members = [(one.name, one.value) for one in Condition]
        members.insert(1, ("no_such_permit", "No permit"))
        conditions = Enum("Condition", members)

        def formula(mission, period):
            return conditions.encode(["no_such_permit"] * mission.count)

        self.update_variable(listed(name, conditions, formula))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_condition_that_a_class_adds_is_counted_by_its_name(language):
    missions = TABLES["missions"] | {"contract_monthly_allowance": ["400", "1"]}
    tables = TABLES | {"missions": missions}
    name = "contract_first_unmet_condition"
    found = compare(
        **tables, reforms=AnotherCondition, years=2023, outputs=name, language=language
    )
    assert {
        row["condition"]: (row["contracts_law"], row["contracts_reform"])
        for row in found.unmet_conditions.to_pylist()
        if row["contracts_law"] or row["contracts_reform"]
    } == {"none": (1, 0), "allowance_too_low": (1, 0), "no_such_permit": (0, 2)}
    assert found.outputs["changed"].to_pylist() == [2]
    assert "no such permit" in found.report()
    own = simulate(**tables, reform=AnotherCondition, years=2023)["unmet_conditions"]
    assert {
        row["condition"]: row["2023"] for row in own.to_pylist() if row["2023"]
    } == {"no_such_permit": 2}


def test_an_output_of_the_same_code_is_not_changed_by_its_rank():
    class OtherRanks(Reform):
        def apply(self):
            members = [("first", "First"), *((one.name, "") for one in Condition)]
            conditions = Enum("Condition", members)

            def formula(mission, period):
                return conditions.encode(["none"] * mission.count)

            name = "contract_first_unmet_condition"
            self.update_variable(listed(name, conditions, formula))

    name = "contract_first_unmet_condition"
    found = compare(**TABLES, reforms=OtherRanks, years=2023, outputs=name)
    assert found.outputs["changed"].to_pylist() == [0]
    assert found.unmet_conditions["contracts_reform"].to_pylist() == [2] + 12 * [0]


PATCHES = [
    "legal_dates.amount_on = print",
    "variables.allowance.allowance_minimum.label = 'x'",
]


@pytest.mark.parametrize("is_applied", [True, False], ids=["applied", "imported"])
@pytest.mark.parametrize("patch", PATCHES)
def test_a_class_cannot_change_the_modules_of_the_model(tmp_path, patch, is_applied):
    line = f"import openfisca_isv; openfisca_isv.{patch}"
    applied = FILE.replace("self.parameters", f"{line}\n        self.parameters")
    path = tmp_path / "mine.py"
    path.write_text(applied if is_applied else f"{FILE}\n{line}\n")
    before = legal_dates.amount_on, allowance.allowance_minimum.label
    name = patch.partition(" =")[0]
    said = f"changes openfisca_isv.{name}, of which every law is made"
    with pytest.raises(ReformError, match=said) as error:
        lawful(reform=path)
    assert len(str(error.value).splitlines()) == 2
    assert (legal_dates.amount_on, allowance.allowance_minimum.label) == before
    assert lawful() == [True, True]


IN_PLACE = {
    "countries.COUNTRIES": "clear()",
    "contradictions._DETAILS": "popitem()",
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_a_class_cannot_change_what_the_modules_of_the_model_hold(tmp_path, name):
    line = f"import openfisca_isv; openfisca_isv.{name}.{IN_PLACE[name]}"
    path = tmp_path / "mine.py"
    path.write_text(FILE.replace("self.parameters", f"{line}\n        self.parameters"))
    module, attribute = name.split(".")
    held = getattr(sys.modules[f"openfisca_isv.{module}"], attribute)
    before = held.copy()
    with pytest.raises(ReformError, match=f"changes openfisca_isv.{name}, of which"):
        lawful(reform=path)
    assert held == before
    assert lawful() == [True, True]


@pytest.mark.parametrize("call", [simulate, compare])
def test_a_formula_cannot_change_the_modules_of_the_model(call):
    class Patches(Reform):
        def apply(self):
            def formula(mission, period):
                legal_dates.amount_on = print
                return mission("contract_monthly_allowance", ETERNITY) * 0

            variable = plain(MONTH, name="resettlement_allowance")
            variable.formula = formula
            self.update_variable(variable)

    before = legal_dates.amount_on
    which = {"reforms": Patches} if call is compare else {"reform": Patches}
    said = "Patches: changes openfisca_isv.legal_dates.amount_on, of which"
    with pytest.raises(ReformError, match=said):
        call(**TABLES, **which, years=2023)
    assert legal_dates.amount_on is before


def test_only_the_rules_that_a_class_changes_are_told():
    class Otherwise(Reform):
        def apply(self):
            self.update_variable(plain(MONTH, name="leave_days_accrued"))

    found = compare(**TABLES, reforms=[Otherwise, InPlace], years=2023)
    (rule,) = found.rules["Otherwise"]
    assert rule.startswith("leave_days_accrued: ")
    assert found.rules["InPlace"] == []


def test_a_variable_that_is_neutralized_is_told_and_its_values_are_not(recwarn):
    class Neutral(Reform):
        def apply(self):
            self.neutralize_variable("contract_monthly_allowance")
            self.neutralize_variable("occupational_integration_premium")

    found = compare(**TABLES, reforms=Neutral, years=2023)
    assert found.cost_by_year["contracts_lawful"].to_pylist() == [2, 0]
    assert [one.partition(" [")[0] for one in found.rules["Neutral"]] == [
        "contract_monthly_allowance:",
        "occupational_integration_premium:",
    ]
    assert not [one for one in recwarn if "neutralized" in str(one.message)]


def plain(
    period, *, name="allowance_minimum", value=500, missing=None, entity=Mission
) -> type:
    """Write a variable as the documentation of OpenFisca does."""

    def formula(mission, period):
        if missing:
            return mission(missing, period)
        return mission("contract_monthly_allowance", ETERNITY) * 0 + value

    content = {"entity": entity, "definition_period": period, "formula": formula}
    content["value_type"] = int if "days" in name else float
    if value is None:
        del content["formula"]
    return type(name, (Variable,), content | {"label": "As written by an analyst"})


def test_a_plain_variable_of_no_period_is_admitted():
    class Floor(Reform):
        def apply(self):
            self.update_variable(plain(ETERNITY))

    assert lawful(reform=Floor) == [False, True]


@pytest.mark.parametrize("call", ["simulate", "compare"])
def test_a_formula_that_fails_is_told_in_one_message(call):
    class Broken(Reform):
        def apply(self):
            variable = plain(MONTH, name="resettlement_allowance", missing="no_such")
            self.update_variable(variable)

    calls = {
        "simulate": partial(simulate, reform=Broken),
        "compare": partial(compare, reforms=[InPlace, Broken]),
    }
    with pytest.raises(ReformError) as error:
        calls[call](**TABLES, years=2023)
    said = str(error.value)
    assert "Broken: fails: in resettlement_allowance: VariableNotFound" in said
    assert "no_such" in said
    assert len(error.value.problems) == 1
    assert len(said.splitlines()) == 2


@pytest.mark.parametrize("call", [simulate, compare])
@pytest.mark.parametrize(
    ("written", "said"),
    [
        # It is read as contradictions are looked for.
        (
            {"period": ETERNITY, "name": "contract_legal_date", "missing": "no_such"},
            "in contract_legal_date: VariableNotFoundError: ",
        ),
        (
            {"period": MONTH, "name": "contract_monthly_allowance", "value": None},
            'PeriodMismatchError: Unable to set a value for variable "contract_monthly',
        ),
    ],
)
def test_what_fails_before_the_years_is_told_in_one_message(call, written, said):
    class Broken(Reform):
        def apply(self):
            self.replace_variable(plain(**written))

    which = {"reforms": Broken} if call is compare else {"reform": Broken}
    with pytest.raises(ReformError, match=f"Broken: fails: {said}"):
        call(**TABLES, **which, years=2023)


@pytest.mark.parametrize("changed", [{"entity": Volunteer}, {"value_type": int}])
@pytest.mark.parametrize("order", [1, -1])
def test_laws_that_read_a_column_differently_are_refused(changed, order):
    class Otherwise(Reform):
        def apply(self):
            name = "contract_monthly_allowance"
            content = {"value_type": float, "entity": Mission, "label": "x"} | changed
            content["definition_period"] = ETERNITY
            self.replace_variable(type(name, (Variable,), content))

    said = 'gives the input "contract_monthly_allowance" another type or entity'
    with pytest.raises(ReformError, match=said):
        compare(**TABLES, reforms=[Otherwise, DoesNothing][::order], years=2023)


def test_a_conclusion_that_a_class_removes_is_left_out():
    class Removes(Reform):
        def apply(self):
            del self.variables["leave_days_total"]

    assert lawful(reform=Removes) == [True, True]
    found = simulate(**TABLES, reform=Removes, years=2023)["missions"]
    assert "contract_is_lawful" in found.column_names


@pytest.mark.parametrize("call", [simulate, compare])
def test_a_formula_that_exits_does_not_end_the_run(call):
    class Exits(Reform):
        def apply(self):
            variable = plain(MONTH, name="resettlement_allowance")
            variable.formula = lambda *_: sys.exit()
            self.update_variable(variable)

    which = {"reforms": Exits} if call is compare else {"reform": Exits}
    said = "Exits: fails: in resettlement_allowance: SystemExit. Correct it"
    with pytest.raises(ReformError, match=said):
        call(**TABLES, **which, years=2023)


OF_YEARS = {"outputs": "social_contribution_base", "periods": "2023"}


@pytest.mark.parametrize("amount", [inf, nan, -1e9, 1e30])
@pytest.mark.parametrize(
    ("call", "name"),
    [
        (partial(simulate, outputs="contract_is_lawful"), "state_aid"),
        (partial(simulate, **OF_YEARS), "social_contribution_base"),
        (compare, "state_aid"),
    ],
)
def test_an_amount_that_cannot_be_added_up_is_told(call, name, amount):
    class Endless(Reform):
        def apply(self):
            self.update_variable(plain(MONTH, name=name, value=amount))

    which = {"reforms": Endless} if call is compare else {"reform": Endless}
    with pytest.raises(ReformError, match=r"Endless: fails: .* of 2023 is"):
        call(**TABLES, **which, years=2023)


@pytest.mark.parametrize("call", [simulate, compare])
@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("resettlement_allowance", MONTH),
        ("occupational_integration_premium", MONTH),
        ("state_aid", MONTH),
        ("allowance_minimum", ETERNITY),
    ],
)
def test_the_part_of_a_sum_that_is_at_fault_is_told(call, name, period):
    class Endless(Reform):
        def apply(self):
            self.update_variable(plain(period, name=name, value=nan))

    which = {"reforms": Endless} if call is compare else {"reform": Endless}
    when = " of 2023" if period == MONTH else ""
    said = f"Endless: fails: ArithmeticError: {name}{when} is nan"
    with pytest.raises(ReformError, match=said):
        call(**TABLES, **which, years=2023)


def test_the_whole_first_sentence_of_an_error_is_told():
    class OfAnother(Reform):
        def apply(self):
            self.replace_variable(plain(ETERNITY, value=None, entity=Volunteer))

    said = r"for the entity 'missions'; however .* is defined for 'volunteers'\. Corr"
    with pytest.raises(ReformError, match=said):
        compare(**TABLES, reforms=OfAnother, years=2023)


BROKEN = """
from openfisca_core.model_api import MONTH, Variable
from openfisca_core.reforms import Reform
from openfisca_isv.entities import Mission, Volunteer

class broken(Reform):
    def apply(self):
        class resettlement_allowance(Variable):
            value_type = float
            entity = Mission
            definition_period = MONTH
            label = "x"

            def formula(mission, period):
                return 1 / 0

        self.update_variable(resettlement_allowance)
"""


def written(folder):
    """Write the tables; give the words of a command."""
    for name, columns in TABLES.items():
        rows = [columns, *zip(*columns.values(), strict=True)]
        text = "\n".join(",".join(row) for row in rows)
        (folder / f"{name}.csv").write_text(text)
    words = ["missions.csv", "--years", "2023", "--out", "out"]
    return [*words, *(f"--{one}={one}.csv" for one in ("volunteers", "organisations"))]


@pytest.mark.parametrize(
    "given",
    [
        "mine.py",
        "mine.py:floor_of_500",
        "mine.floor_of_500",
        "mine.py --reading leave-along-the-engagement",
    ],
)
@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_command_takes_a_file_and_a_class_of_the_folder(tmp_path, given, workers):
    (tmp_path / "mine.py").write_text(FILE)
    # A file of the folder takes the name of no library.
    (tmp_path / "statistics.py").write_text("raise SystemExit")
    words = [*written(tmp_path), "--workers", workers, "--reform", *given.split()]
    code = "from openfisca_isv.cli import main; main()"
    path = os.pathsep.join(filter(None, sys.path))
    result = subprocess.run(
        [sys.executable, "-P", "-c", code, "simulate", *words, "--part-size", "1"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    rows = (tmp_path / "out" / "missions.csv").read_text().splitlines()
    place = rows[0].split(",").index("contract_is_lawful")
    assert [row.split(",")[place] for row in rows[1:]] == ["false", "true"]


def test_the_command_says_what_fails_and_goes_on_once_it_is_corrected(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    words = [*written(tmp_path), "--reform", "mine.py"]
    (tmp_path / "mine.py").write_text(BROKEN)
    result = isv("simulate", *words)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[1:] == [
        (
            "  mine.py:broken: fails: in resettlement_allowance: ZeroDivisionError:"
            " division by zero. Correct it"
        )
    ]
    assert not (tmp_path / "out").exists()
    (tmp_path / "mine.py").write_text(FILE)
    assert isv("simulate", *words).exit_code == 0


@pytest.mark.parametrize(
    ("content", "given", "said"),
    [
        ("x = 1\n", "mine.py", "mine.py: has no Reform class. Define one"),
        (FILE, "mine.py:other", 'has no Reform class "other". Write mine.py:floor'),
        (FILE + FILE.replace("500", "9"), "mine.py", "has 2 Reform classes. Write"),
        ("1 / 0\n", "mine.py", "fails as it is imported: ZeroDivisionError"),
        ("def (\n", "mine.py", "fails as it is imported: SyntaxError"),
        (FILE, "yours.py", "yours.py: cannot be read: No such file or directory."),
        (
            FILE,
            "yours.py:floor",
            "yours.py: cannot be read: No such file or directory.",
        ),
        (FILE + FILE.replace("500", "9"), "mine.py:", "has 2 Reform classes. Write"),
        (FILE, "yours.mine", "neither a file nor a class: No module named 'yours'"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    tmp_path, monkeypatch, content, given, said
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(content)
    with pytest.raises(ReformError) as error:
        read_reform(tax_benefit_system(), given)
    assert said in str(error.value)
    assert len(str(error.value).splitlines()) == 2


def test_a_class_of_a_notebook_is_taken_and_its_changes_seen(tmp_path):
    program = """
    import json
    from openfisca_core.periods import instant
    from openfisca_core.reforms import Reform
    from openfisca_isv.population import compare
    from openfisca_isv.population.reforms.reform_file import read_reform
    from openfisca_isv.population.reforms.source import ReformError
    from tests.population.test_reform_classes import TABLES

    digests = []
    for amount in (450, 700):
        class mine(Reform):
            name = f"A floor of {amount}"
            def apply(self, amount=amount):
                self.parameters.allowance.minimum_abroad.update(
                    start=instant("2020-01-01"), value=amount)
        found = compare(**TABLES, reforms=mine, years=2023)
        print(found.cost_by_year["contracts_lawful"].to_pylist())
        assert found.reforms[0].account()["sha256"]
    try:
        compare(**TABLES, reforms=mine, years=2023, workers=2)
    except ReformError as error:
        print(error)
    """
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-"],
        input=textwrap.dedent(program),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        "[2, 1]",
        "[2, 0]",
        "1 problem in the reform",
        (
            "  class __main__.mine: is known to this process alone: other workers "
            "cannot import it. Put it in a Python file, or use one worker"
        ),
    ]


def test_the_account_tells_another_program_from_the_same(tmp_path):
    def digest(amount: int) -> str:
        path = tmp_path / "mine.py"
        path.write_text(FILE.replace("500", str(amount)))
        return json.dumps(
            read_reform(tax_benefit_system(), f"{path}").account()["sha256"]
        )

    assert digest(500) == digest(500) != digest(501)


def test_the_account_tells_another_module_of_the_program(tmp_path, monkeypatch):
    path = tmp_path / "mine.py"
    path.write_text(f"import floor_of_mine\n{FILE}")
    monkeypatch.syspath_prepend(tmp_path)
    digests = []
    for amount in (500, 500, 501):
        (tmp_path / "floor_of_mine.py").write_text(f"FLOOR = {amount}\n")
        known = read_reform(tax_benefit_system(), path).account()
        digests.append(known["sha256"])
    assert digests[0] == digests[1] != digests[2]
    monkeypatch.delitem(sys.modules, "floor_of_mine")


def test_the_account_tells_a_module_that_a_formula_imports(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(f"{FILE}\n\ndef formula():\n    import later_of_mine\n")
    digests = []
    for amount in (500, 500, 501):
        (tmp_path / "later_of_mine.py").write_text(f"FLOOR = {amount}\n")
        digests.append(read_reform(tax_benefit_system(), path).account()["sha256"])
    assert digests[0] == digests[1] != digests[2]
