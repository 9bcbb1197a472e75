"""What the pages say, before any page says it: values, days, drawings, sources."""

from datetime import date
from xml.etree import ElementTree

import pytest

from openfisca_isv.law import provisions
from openfisca_isv.web.site import prose
from openfisca_isv.web.site.drawings import draw_history
from openfisca_isv.web.site.languages import Language
from openfisca_isv.web.site.pages import relative


@pytest.fixture(scope="module")
def english(law):
    return Language("en", law.members)


@pytest.fixture(scope="module")
def french(law):
    return Language("fr", law.members)


def share(element, side):
    """Return a place or a width as a share of the page; 0 where there is none."""
    return float(element.get(side, "0").rstrip("%")) / 100


def plain(text):
    return text.replace("\u00a0", " ")


def test_a_figure_has_its_versions_with_their_days(law):
    versions = law.parameters["allowance.minimum_abroad"].versions
    assert [(one.start, one.end, one.value) for one in versions] == [
        (date(2005, 12, 25), date(2022, 12, 8), 100),
        (date(2022, 12, 9), None, 150),
    ]
    steps = law.parameters["resettlement_allowance.amount"].versions
    assert [one.value for one in steps] == [
        ((24, 3700),),
        ((12, 800), (18, 1500), (24, 3700)),
    ]


def test_values_are_said_in_both_languages(law, english, french):
    for name, in_english, in_french in (
        ("allowance.minimum_abroad", "€150 a month", "150 € par mois"),
        ("duration.contract_maximum_months", "24 months (2 years)", "24 mois (2 ans)"),
        ("leave.days_per_month", "2 days a month", "2 jours par mois"),
        ("organisation.accreditation.private_resources_share_floor", "15%", "15 %"),
        ("contract.law_is_in_force", "yes", "oui"),
        (
            "contract.extended_territories",
            "Saint Pierre and Miquelon; Mayotte",
            "Saint-Pierre-et-Miquelon ; Mayotte",
        ),
    ):
        figure = law.parameters[name]
        value = figure.latest.value
        said = english.value(figure, value)
        assert said == in_english
        assert french.value(figure, value).replace("\u00a0", " ") == in_french


def test_a_value_that_no_source_gives_is_said_to_be_unknown(law, english):
    figure = law.parameters["allowance.maximum_abroad.country_supplement.AO"]
    version = figure.on(date(2020, 4, 1))
    assert version.value is None
    assert english.value(figure, version.value) == "no known value"
    assert figure.on(date(2019, 3, 19)) is None


def test_each_day_of_change_changes_something_and_the_days_follow_each_other(law):
    assert law.days[0].day < law.entry_into_force.day == date(2005, 5, 24)
    for one, following in zip(law.days, law.days[1:], strict=False):
        assert one.parameters or one.provisions
        assert (following.day - one.end).days == 1
    assert law.days[-1].end is None
    december = next(day for day in law.days if day.day == date(2022, 12, 9))
    changes = {change.parameter.name: change for change in december.parameters}
    change = changes["allowance.minimum_abroad"]
    assert (change.before.value, change.after.value) == (100, 150)
    assert changes["integration_premium.maximum_amount"].is_same
    ended = [one.provision["id"] for one in december.provisions if one.after is None]
    assert "arrete-2005-12-21-resettlement" in ended


def test_every_parameter_is_used_and_cited_and_every_rule_cites_the_law(law):
    for name, figure in law.parameters.items():
        assert law.used_by[name], name
        assert set(figure.provisions) <= set(provisions()), name
    for rule in law.variables.values():
        assert rule.provisions, rule.name
        assert set(rule.provisions) <= set(provisions())
        assert (rule.formula is None) == rule.variable.is_input_variable()
        if rule.formula:
            assert f"def {rule.formula.text.split('(')[0][4:]}(" in rule.formula.text


def test_a_rule_knows_what_it_reads_in_the_order_of_its_formula(law):
    rule = law.variables["contract_is_lawful"]
    assert rule.reads == ["contract_first_unmet_condition"]
    assert {"start_date", "birth_date", "legal_form"} < set(rule.inputs)
    rule = law.variables["training_is_owed"]
    assert rule.parameters == ["organisation_duties.duties"]
    assert [code.text.split("(")[0] for code in rule.helpers] == ["def is_owed_from"]
    premium = law.variables["meets_integration_premium_conditions"]
    assert premium.reads[0] == "is_registered_jobseeker"


def drawn(language, *figures, name="drawn"):
    return ElementTree.fromstring(draw_history(language, list(figures), name))


def kinds_of(drawing):
    return [one.get("class") for one in drawing.iter("rect")]


def test_a_history_is_drawn_by_bars_with_its_words(law, english):
    """17 years at 100 euros, then 3 years and two months to the last check at 150."""
    drawing = drawn(english, law.parameters["allowance.minimum_abroad"])
    first, second = drawing.iter("rect")
    assert share(first, "x") == pytest.approx(0.01)
    assert share(first, "width") / share(second, "width") == pytest.approx(
        17 / 3.14, 0.01
    )
    values = [one.text for one in drawing.iter("text") if one.get("class") == "value"]
    assert values == ["€100", "€150"]
    description = drawing.findtext("desc")
    assert "€100 a month from 25 December 2005 to 8 December 2022" in description
    assert "€150 a month since 9 December 2022" in description


def test_a_scale_is_drawn_step_by_step(law, french):
    """One amount from 24 months since 2005; steps at 12 and 18 months since 2022."""
    drawing = drawn(french, law.parameters["resettlement_allowance.amount"])
    rows = [one.text for one in drawing.iter("text") if one.get("class") == "row"]
    assert [plain(row) for row in rows] == ["dès 12 mois", "dès 18 mois", "dès 24 mois"]
    assert kinds_of(drawing).count("holds") == 4
    assert kinds_of(drawing).count("gap") == 2


def test_every_history_can_be_drawn_inside_its_page(law, english, french):
    for figure in law.parameters.values():
        for language in (english, french):
            drawing = drawn(language, figure)
            assert drawing.get("role") == "img"
            for one in drawing.iter():
                assert 0 <= share(one, "x") + share(one, "width") <= 1, figure.name


def test_memberships_are_drawn_as_bars(law, english):
    group = law.all_groups["host_country.european_union"]
    kinds = kinds_of(drawn(english, *group.parameters, name=group.name))
    assert kinds.count("holds") == len(group.parameters)
    # The United Kingdom, since it left.
    assert kinds.count("holds-not") == 1


def test_prose_links_the_names_of_the_model():
    known = {"start_date": "../variables/start_date.html"}
    written = prose.paragraphs(
        "The `start_date`, *date d'effet*, and `other` <one>.\n\nSee https://a.example/b.",
        known.get,
    )
    assert written == (
        '<p>The <a href="../variables/start_date.html"><code>start_date</code></a>, '
        "<em>date d&#39;effet</em>, and <code>other</code> &lt;one&gt;.</p>\n"
        '<p>See <a href="https://a.example/b" rel="external">a.example</a>.</p>'
    )


def test_addresses_are_relative():
    assert relative("law/a.html", "law/b.html#c") == "b.html#c"
    assert relative("index.html", "law/b.html") == "law/b.html"
    assert relative("source/x/y.html", "index.html") == "../../index.html"
