"""The parameter files: their form, their sources, their use."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openfisca_core.parameters import Parameter, ParameterNode, ParameterScale

import openfisca_isv
from openfisca_isv.law import TEXTS, provisions

FOLDER = Path(openfisca_isv.__file__).parent / "parameters"
FILES = sorted(path for path in FOLDER.rglob("*.yaml") if path.name != "index.yaml")
SCHEMA = Path(__file__).parent / "schemas" / "parameter.json"


def leaves(system) -> Iterator[Parameter | ParameterScale]:
    """Go through every parameter and scale of the law."""
    for node in system.parameters.get_descendants():
        if not isinstance(node, ParameterNode):
            yield node


def dates_of(leaf: Parameter | ParameterScale) -> set[str]:
    """List the days on which a parameter or a scale takes a value."""
    if isinstance(leaf, Parameter):
        return {value.instant_str for value in leaf.values_list}
    return {
        value.instant_str
        for bracket in leaf.brackets
        for part in bracket.children.values()
        for value in part.values_list
    }


def check(*files: Path) -> subprocess.CompletedProcess:
    """Run check-jsonschema on parameter files, as ``make lint`` does."""
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--schemafile", SCHEMA, *files],
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_file_follows_the_schema():
    assert len(FILES) > 50
    result = check(*FILES)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("unit: day", "unit: days", "'days' is not one of"),
        ("period: month", "period: monthly", "'monthly' is not one of"),
        ("certainty: primary", "certainty: sure", "'sure' is not one of"),
        ("certainty:", "certanty:", "'certanty' was unexpected"),
        ("\nvalues:", "\nvalue:", "'values' is a required property"),
        ("value: 2", 'value: "2"', "'2' is not of type"),
        ("2005-05-24:\n    value", "2005-02-30:\n    value", "is not a 'date'"),
        (
            "  short_label_fr: Congé par mois de mission\n",
            "",
            "'short_label_fr' is a required",
        ),
    ],
)
def test_the_schema_says_what_is_wrong(tmp_path, right, wrong, words):
    text = (FOLDER / "leave" / "days_per_month.yaml").read_text("utf-8")
    assert right in text
    broken = tmp_path / "days_per_month.yaml"
    broken.write_text(text.replace(right, wrong, 1), "utf-8")
    result = check(broken)
    assert result.returncode == 1
    assert words in result.stdout


def test_every_folder_describes_itself():
    folders = [path for path in FOLDER.rglob("*") if path.is_dir()]
    assert len(folders) > 10
    for folder in folders:
        assert (folder / "index.yaml").exists(), folder


def test_every_value_has_a_source_and_a_certainty(system):
    seen = 0
    for leaf in leaves(system):
        dates = dates_of(leaf)
        assert set(leaf.metadata["reference"]) == dates, leaf.name
        certainty = leaf.metadata["certainty"]
        if isinstance(certainty, dict):
            assert set(certainty) == dates, leaf.name
        seen += len(dates)
    assert seen > 100


def test_every_parameter_cites_a_provision_of_a_known_text(system):
    seen = 0
    for leaf in leaves(system):
        cited = {
            source["provision"]
            for sources in leaf.metadata["reference"].values()
            for source in sources
            if "provision" in source
        }
        assert cited, leaf.name
        for provision in cited:
            assert provisions()[provision]["text"] in TEXTS
            seen += 1
    assert seen > 100


def test_a_value_is_published_before_it_applies_and_known_valid_after(system):
    seen = 0
    for leaf in leaves(system):
        dates = dates_of(leaf)
        for day, published in leaf.metadata.get("official_journal_date", {}).items():
            assert day in dates, leaf.name
            assert date.fromisoformat(published) <= date.fromisoformat(day), leaf.name
            seen += 1
        last_valid = leaf.metadata["last_value_still_valid_on"]
        assert last_valid >= max(dates), leaf.name
    assert seen > 50


def test_no_number_is_in_quotes_and_no_value_changes_nothing():
    schema = json.loads(SCHEMA.read_text("utf-8"))
    types = schema["$defs"]["values"]["additionalProperties"]["properties"]["value"]
    assert "string" not in types["type"]
