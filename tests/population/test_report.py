"""The report is one file that needs no other, and that everyone can read."""

import os
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pytest
from markupsafe import escape

from openfisca_isv.population import compare
from openfisca_isv.population.comparison.report.pictures import pictures
from openfisca_isv.population.comparison.sentences import change, value_text
from openfisca_isv.population.reforms.reform_file import reform_from_values
from openfisca_isv.population.wording import counted, number

REFORMS = Path(__file__).parents[2] / "examples" / "reforms"


class Page(HTMLParser):
    """Reads the tags of a page, and checks that they nest."""

    EMPTY = frozenset({"meta", "img", "br", "link"})

    def __init__(self):
        super().__init__()
        self.tags, self.open, self.texts = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def found(synthetic):
    reforms = sorted(REFORMS.glob("*.yaml"))
    return compare(**vars(synthetic), reforms=reforms, years=range(2023, 2026))


@pytest.fixture(scope="module")
def page(found):
    page = Page()
    page.feed(found.report())
    assert page.open == []
    return page


def test_it_needs_no_other_file(page):
    for tag, attributes in page.tags:
        for name in ("src", "href"):
            if value := attributes.get(name):
                assert value.startswith(("data:image/png;base64,", "#")), tag
    assert not page.all("script")
    assert not page.all("link")
    style = "".join(page.texts)
    assert "@import" not in style
    assert "url(" not in style


def test_links_within_it_lead_somewhere(page):
    names = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    targets = [attributes["href"][1:] for attributes in page.all("a")]
    assert len(targets) >= 6
    assert set(targets) <= names


def test_pictures_have_texts_and_tables_have_headers(page, found):
    images = page.all("img")
    assert len(images) == len(found.pictures())
    assert len(images) >= 6
    assert all(len(image["alt"]) > 30 for image in images)
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(one.get("scope") in ("col", "row") for one in page.all("th"))
    assert page.all("html")[0]["lang"] == "en"


def test_it_tells_what_was_compared_and_what_made_it(page, found):
    text = "".join(page.texts)
    for source in found.reforms:
        assert source.title in text
    for row in found.parameters.to_pylist():
        assert row["parameter"] in text
        for value in (row["value_law"], row["value_reform"]):
            assert value_text(value) in text
    assert "4,070" in text
    assert ">None<" not in found.report()
    for words in ("Method", "Limits", "--years 2023:2025", "No figure is masked"):
        assert words in text
    assert "This reform changes nothing" not in text
    account = found.account
    assert account["law"]["parameters_sha256"] in text
    for name, version in account["versions"].items():
        assert name in text
        assert version in text
    assert f"held in memory, {found.rows['missions']} rows" in text


def test_what_a_user_writes_is_no_markup(system, synthetic):
    title = "<script>alert(1)</script> & more, from $5 to $\\bad$"
    values = {"allowance.minimum_abroad": {"2025-01-01": 200}}
    reform = reform_from_values(system, title, values)
    one = vars(synthetic.of_volunteer("v00001"))
    label = pa.array(["<script>2</script> $\\bad$"] * len(one["missions"]))
    one["missions"] = one["missions"].append_column("<i>label</i>", label)
    by = ["<i>label</i>"]
    text = compare(**one, reforms=reform, years=[2020], by=by).report()
    assert "&lt;i&gt;label" in text
    assert "<i>label" not in text
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_same_comparison_gives_the_same_report(found):
    assert pictures(found) == found.pictures()
    assert found.report() == found.report()


def test_masked_figures_are_said_to_be(synthetic):
    path = REFORMS / "steeper_resettlement.yaml"
    masked = compare(**vars(synthetic), reforms=path, years=[2024], min_cell=10)
    text = masked.report()
    assert "<td>masked</td>" in text
    assert "fewer than 10 people" in text


def test_what_is_unsure_of_the_tables_is_told(synthetic):
    path = REFORMS / "steeper_resettlement.yaml"
    found = compare(synthetic.missions, reforms=path, years=[2024])
    told = found.account["warnings"]
    assert told
    text = found.report()
    for line in told:
        assert text.count(f"<li>{escape(line)}</li>") == 1


def test_rights_without_an_amount_are_told_in_the_report(system, synthetic):
    # Without its first step the scale gives nothing for the shortest engagements.
    values = {"resettlement_allowance.amount[0].threshold": {"2018-01-01": 16}}
    reform = reform_from_values(system, "Sixteen months", values)
    found = compare(**vars(synthetic), reforms=reform, years=[2024])
    assert found.warnings
    # The report is written before the account has the warnings of the results.
    early = {**found.account}
    early["warnings"] = [one for one in early["warnings"] if one not in found.warnings]
    report = found.report()
    assert replace(found, account=early).report() == report
    for line in found.warnings:
        assert line in found.account["warnings"]
        assert f"<li>{escape(line)}</li>" in report


def test_many_groups_are_cut_short_in_their_order(synthetic):
    path = REFORMS / "steeper_resettlement.yaml"
    by = ["age", "host_country"]
    text = compare(**vars(synthetic), reforms=path, years=[2024], by=by).report()
    assert "Age at departure: the first 10 of" in text
    assert "Host country: the largest 10 of" in text


def test_a_note_says_whom_it_counts_and_when_it_was_written(synthetic, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    path = REFORMS / "steeper_resettlement.yaml"
    text = compare(**vars(synthetic), reforms=path, years=[2024]).report()
    assert "Written on 1 January 2025." in text
    assert "of these years counted, of tables of 13,365 missions of 8,130" in text
    assert "What each rule adds to the change in cost" in text
    assert "volunteers lose 0" not in text


def test_numbers_in_words():
    assert number(None) == "masked"
    assert number(1234.0) == "1,234"
    assert number(1.25) == "1.2"
    assert value_text("3700") == "3,700"
    assert value_text("1234.5") == "1,234.5"
    assert value_text("no value") == "no value"
    assert change(-1234.5, "") == "\N{MINUS SIGN}1,234"
    assert change(0.2) == "0\N{NO-BREAK SPACE}€"
    assert counted(1, "row") == "1 row"
    assert counted(1234, "row") == "1,234 rows"


SETTINGS = {
    "text.usetex: True": {},
    "font.family: no such font\nsavefig.dpi: 10\nfigure.figsize: 1, 1": {},
    "": {"MPLBACKEND": "nosuch"},
}


DRAWN = """
import hashlib, sys
from openfisca_isv.population import compare
from openfisca_isv.population.reforms.reform_file import reform_from_values
from openfisca_isv.population.reforms.tax_benefit_systems import tax_benefit_system
values = {"allowance.minimum_abroad": {"2020-01-01": 500}}
missions = {"mission": ["m"], "volunteer": ["v"], "organisation": ["o"],
            "start_date": ["2023-01-01"], "end_date": ["2023-12-31"]}
reform = reform_from_values(tax_benefit_system(), "A floor", values)
found = compare(missions, reforms=reform, years=2023)
for name, picture in found.pictures().items():
    print(name, hashlib.sha256(picture).hexdigest())
"""


def drawn(**others: str) -> str:
    words = [sys.executable, "-W", "ignore", "-c", DRAWN]
    result = subprocess.run(
        words, env=os.environ | others, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def drawn_without_settings():
    return drawn()


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_settings_of_the_user_do_not_change_the_pictures(
    drawn_without_settings, tmp_path, settings
):
    path = tmp_path / "matplotlibrc"
    path.write_text(settings)
    found = drawn(MATPLOTLIBRC=str(path), **SETTINGS[settings])
    assert found == drawn_without_settings
    assert "cost_by_year" in found
