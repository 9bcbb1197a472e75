"""The generated pages of documentation are those of the code and of the register."""

import inspect
import re

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.law import evidence
from openfisca_isv.law.documentation import PAGES, main, out_of_date
from openfisca_isv.law.evidence import inputs_read, parameters_read, variables_read


def test_the_pages_are_up_to_date():
    """What is in docs/ is what would be generated."""
    stale = out_of_date()
    assert PAGES, "no page is generated"
    assert not stale, (
        f"out of date in docs/: {', '.join(stale)}; "
        "run python -m openfisca_isv.law.documentation"
    )


def test_the_check_names_what_is_out_of_date(tmp_path, capsys):
    """The command writes all pages, then says which one was changed."""
    options = ["--folder", str(tmp_path)]
    assert main([*options, "--check"]) == 1, "a folder without pages passes the check"
    assert main(options) == 0
    assert main([*options, "--check"]) == 0, "pages just written fail the check"
    capsys.readouterr()
    (tmp_path / "inputs.md").write_text("something else", "utf-8")
    assert main([*options, "--check"]) == 1, "a page that differs passes the check"
    message = capsys.readouterr().err
    assert "inputs.md" in message
    assert "coverage.md" not in message


def test_the_trace_reaches_what_formulas_name(system):
    """Every variable that a formula names is read at one of the dates of the trace."""
    read = variables_read(system)
    looked_at = 0
    missed = []
    for name, variable in system.variables.items():
        for formula in variable.formulas.values():
            named = set(re.findall(r'"(\w+)"', inspect.getsource(formula)))
            looked_at += 1
            missed += [
                f"{name} names {other}"
                for other in sorted(named & set(system.variables) - read[name])
            ]
    assert looked_at, "no formula was looked at"
    assert not missed, (
        "the situations of the trace leave branches of formulas out: "
        + "; ".join(missed)
    )


def test_every_input_is_read(system):
    """No input is there for nothing."""
    read = set().union(*inputs_read(system).values())
    inputs = {n for n, v in system.variables.items() if v.is_input_variable()}
    assert inputs, "the model has no input"
    unread = sorted(inputs - read)
    assert not unread, f"inputs that no output reads: {unread}"


def test_the_contracts_are_traced_once_for_all_that_is_read(monkeypatch):
    """One trace of a model is enough, however much is asked of it."""
    traced, trace = [], evidence.traced_nodes
    monkeypatch.setattr(
        evidence, "traced_nodes", lambda system: traced.append(system) or trace(system)
    )
    law = CountryTaxBenefitSystem()
    found = [read(law) for read in (variables_read, parameters_read, inputs_read)]
    assert all(found)
    assert traced == [law]
