"""The report is one file that needs no other, and that everyone can read."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from openfisca_isv.population.comparison.compare import compare
from openfisca_isv.population.comparison.pictures import pictures
from openfisca_isv.population.comparison.report import change, html_report, number
from openfisca_isv.population.reforms.file import reform_from_values

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
def found(system, synthetic):
    reforms = [str(path) for path in sorted(REFORMS.glob("*.yaml"))]
    return compare(synthetic, reforms, years=range(2023, 2026), system=system)


@pytest.fixture(scope="module")
def drawn(found):
    return pictures(found)


@pytest.fixture(scope="module")
def page(found, drawn):
    page = Page()
    made = {"command": "a command", "inputs": {"missions.csv": "0" * 64}}
    page.feed(html_report(found, made, drawn))
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


def test_pictures_have_texts_and_tables_have_headers(page, drawn):
    images = page.all("img")
    assert len(images) == len(drawn)
    assert len(drawn) >= 6
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
        assert row["value_law"] in text
        assert row["value_reform"] in text
    for words in ("Method", "Limits", "a command", "0" * 64, "No figure is masked"):
        assert words in text
    assert "This reform changes nothing" not in text


def test_what_a_user_writes_is_no_markup(system, synthetic):
    title = "<script>alert(1)</script> & more"
    values = {"allowance.minimum_abroad": {"2025-01-01": 200}}
    reform = reform_from_values(system, title, values)
    one = compare(
        synthetic.of_volunteer("v00001"),
        [reform],
        years=range(2020, 2021),
        system=system,
    )
    text = html_report(one)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_same_comparison_gives_the_same_report(found, drawn):
    assert pictures(found) == drawn
    assert html_report(found, drawn=drawn) == html_report(found, drawn=drawn)


def test_masked_figures_are_said_to_be(system, synthetic):
    path = str(REFORMS / "steeper_resettlement.yaml")
    masked = compare(
        synthetic, [path], years=range(2024, 2025), min_cell=10, system=system
    )
    text = html_report(masked)
    assert "<td>masked</td>" in text
    assert "fewer than 10 people" in text


def test_numbers_in_words():
    assert number(None) == "masked"
    assert number(1234.0) == "1,234"
    assert number(1.25) == "1.2"
    assert change(-1234.5, "") == "\N{MINUS SIGN}1,234"
    assert change(0.2) == "0\N{NO-BREAK SPACE}€"
