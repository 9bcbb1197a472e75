"""Reforms alone and together: what each is worth, and what they do to each other."""

import pytest

from openfisca_isv.population import compare
from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.reforms.reform_file import reform_from_values
from openfisca_isv.population.reforms.source import ReformError
from openfisca_isv.reforms.allowance_floor_of_200_euros import (
    allowance_floor_of_200_euros,
)
from tests.population.test_commands import rows
from tests.population.test_commands import run as isv

AMOUNT = "resettlement_allowance.amount"
#: More after 18 months; and 3,700 euros after 30 months only, no longer after 24.
MORE = {f"{AMOUNT}[1].amount": {"2023-01-01": 2000}}
LATER = {f"{AMOUNT}[2].threshold": {"2023-01-01": 30}}


@pytest.fixture
def tables(folder):
    names = ("missions", "volunteers", "organisations", "monthly")
    return {name: folder / f"{name}.csv" for name in names}


def reform(system, name, values):
    return reform_from_values(system, name, values)


def test_reforms_act_on_each_other(system, tables):
    # Camille, back after 24 months at the end of 2023, has 3,700 euros: still so with
    # more after 18 months, 1,500 if 30 months are needed, 2,000 under both.
    both = [reform(system, "more", MORE), reform(system, "later", LATER)]
    found = compare(**tables, reforms=both, years="2023:2024", together=True)
    costs = {row["part"]: row["state_cost_change"] for row in found.package.to_pylist()}
    assert costs == {"more": 0, "later": -2200, "together": -1700, "interaction": 500}
    row = next(one for one in found.package.to_pylist() if one["part"] == "together")
    assert row["resettlement_allowance_change"] == -1700
    assert row["state_aid_change"] == 0
    assert [one.name for one in found.reforms] == ["more", "later", "together"]
    by_rule = {
        (row["reform"], row["rule"]): row["cost_change"]
        for row in found.cost_by_rule.to_pylist()
    }
    assert by_rule["together", "resettlement_allowance"] == -1700
    report = found.report()
    assert "Each reform alone, and all together: change over 2023 to 2024" in report
    assert "of which what they do to each other" in report


def test_a_class_and_values_go_together(system, tables):
    # A class raises the minimum from 150 to 200 euros for contracts from 2025 on: sam,
    # with 140 euros for twelve months, then lacks 60 and no longer 10.
    missions = tables["missions"].read_text().replace("2023-07-01", "2025-01-01")
    tables["missions"].write_text(missions.replace("2024-06-30", "2025-12-31"))
    parts = [reform(system, "later", LATER), allowance_floor_of_200_euros]
    found = compare(**tables, reforms=parts, years="2023:2025", together=True)
    changes = {
        row["part"]: (row["state_cost_change"], row["allowance_shortfall_change"])
        for row in found.package.to_pylist()
    }
    assert [*changes.values()] == [(-2200, 0), (0, 600), (-2200, 600), (0, 0)]


def test_what_is_masked_masks_the_interaction(system, tables):
    both = [reform(system, "more", MORE), reform(system, "later", LATER)]
    found = compare(
        **tables, reforms=both, years="2023:2024", together=True, min_cell=2
    )
    for row in found.package.to_pylist():
        assert row["state_cost_change"] is None, row["part"]
        assert row["masked"]


def test_what_cannot_be_put_together_is_refused(system, tables):
    more = reform(system, "more", MORE)
    with pytest.raises(RequestError, match="give at least two"):
        compare(**tables, reforms=more, together=True)
    other = reform(system, "other", MORE | LATER)
    with pytest.raises(
        ReformError, match=r"amount\[1\].amount: is changed by"
    ) as error:
        compare(**tables, reforms=[more, other], together=True)
    assert len(error.value.problems) == 1
    with pytest.raises(RequestError, match="leave out --reading"):
        compare(
            **tables,
            reforms=[more, reform(system, "later", LATER)],
            readings="training-for-every-contract",
            together=True,
        )


def test_the_command_writes_the_package(tables, tmp_path):
    files = []
    for name, values in {"more": MORE, "later": LATER}.items():
        ((parameter, dated),) = values.items()
        ((day, value),) = dated.items()
        text = f"title: {name}\nparameters:\n  {parameter}:\n    {day}: {value}\n"
        (tmp_path / f"{name}.yaml").write_text(text)
        files += ["--reform", tmp_path / f"{name}.yaml"]
    others = [part for one in list(tables)[1:] for part in (f"--{one}", tables[one])]
    words = ["compare", tables["missions"], *others, "--years", "2023:2024"]
    out = tmp_path / "out"
    done = isv(*words, *files, "--together", "--out", out)
    assert done.exit_code == 0, done.stderr
    written = {
        row["part"]: row["state_cost_change"] for row in rows(out / "package.csv")
    }
    assert written["interaction"] == "500"
    assert "interaction" in done.stdout
    refused = isv(*words, *files[:2], "--together", "--out", tmp_path / "other")
    assert refused.exit_code == 2
    assert "give at least two" in refused.stderr
