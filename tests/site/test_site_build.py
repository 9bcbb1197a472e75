"""What the command writes: a page for each thing, files that parse, nothing too big."""

import csv
import json

import pytest
from click.testing import CliRunner
from openfisca_core.parameters import ParameterNode

from openfisca_isv.law import TEXTS, provisions
from openfisca_isv.web.site.commands import site as site_command

LANGUAGES = ("en", "fr")
#: Bytes of the largest page, and of the others on average.
LARGEST, AVERAGE = 140_000, 16_000


def test_every_variable_has_its_page(site, system):
    for language in LANGUAGES:
        pages = {path.stem for path in (site / language / "variables").glob("*.html")}
        assert pages == {*system.variables, "index"}


def test_every_parameter_and_group_has_its_page(site, system):
    nodes = {node.name for node in system.parameters.get_descendants()}
    assert len(nodes) > 140
    for language in LANGUAGES:
        folder = site / language / "parameters"
        assert {path.stem for path in folder.glob("*.html")} == {*nodes, "index"}


def test_every_provision_has_its_place(site):
    assert len(provisions()) > 70
    for language in LANGUAGES:
        for name, one in provisions().items():
            page = (site / language / "law" / f"{one['article']}.html").read_text()
            assert f'id="{name}"' in page
        for text in TEXTS:
            assert (site / language / "law" / f"{text}.html").exists()


def test_every_day_of_change_has_its_page(site, system):
    days = {
        value.instant_str
        for node in system.parameters.get_descendants()
        if not isinstance(node, ParameterNode)
        for value in getattr(node, "values_list", ())
    }
    days |= {str(one["from"]) for p in provisions().values() for one in p["versions"]}
    assert {"2005-05-24", "2022-07-31", "2022-12-09"} < days
    for language in LANGUAGES:
        pages = {path.stem for path in (site / language / "days").glob("????-*.html")}
        assert days <= pages


def test_the_downloads_say_what_the_parameters_say(site, system):
    leaves = [
        node
        for node in system.parameters.get_descendants()
        if not isinstance(node, ParameterNode)
    ]
    assert len(leaves) > 100
    found = json.loads((site / "data" / "parameters.json").read_text())
    found = {one["parameter"]: one for one in found}
    assert set(found) == {leaf.name for leaf in leaves}
    for leaf in leaves:
        for one in found[leaf.name]["values"]:
            assert one["sources"], leaf.name
            value = leaf.get_at_instant(one["from"])
            if hasattr(value, "amounts"):
                steps = zip(value.thresholds, value.amounts, strict=True)
                value = [{"threshold": t, "amount": a} for t, a in steps]
            assert one["value"] == value
    rows = list(csv.DictReader((site / "data" / "parameters.csv").open()))
    assert [(row["parameter"], row["from"]) for row in rows] == [
        (name, value["from"]) for name, one in found.items() for value in one["values"]
    ]
    cells = {(row["parameter"], row["from"]): row["value"] for row in rows}
    amount = "resettlement_allowance.amount", "2022-12-09"
    assert cells[amount] == "12:800 18:1500 24:3700"
    assert cells["contract.eligible_domains", "2005-05-24"] == (
        "development_cooperation humanitarian_action"
    )


def test_the_pages_are_small(every_html):
    sizes = {path: len(source.encode()) for path, source in every_html.items()}
    assert {path for path, size in sizes.items() if size > LARGEST} == set()
    assert sum(sizes.values()) / len(sizes) < AVERAGE


def test_the_command_replaces_an_earlier_site(site):
    assert not (site / "en" / "variables" / "renamed_since.html").exists()
    assert (site / "en" / "variables" / "contract_is_lawful.html").exists()


def test_the_command_touches_nothing_but_a_site(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    result = CliRunner().invoke(site_command, ["--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "something else" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scripts_of_the_index_and_the_history_parse(site, language, law):
    index = (site / language / "search-index.js").read_text()
    found = json.loads(index.removeprefix("const searchIndex=").rstrip(";\n"))
    assert len(found["entries"]) > 300
    assert {entry[0] for entry in found["entries"]} == set(found["kinds"])
    history = (site / language / "days" / "history.js").read_text()
    found = json.loads(history.removeprefix("const lawHistory=").rstrip(";\n"))
    assert len(found["entries"]) == len(law.parameters) + len(provisions())
    assert {entry["kind"] for entry in found["entries"]} == set(found["kinds"])
