"""The page of what was checked: the counts of the runs, and no more than they say."""

import pytest

from openfisca_isv.law.checked import digest
from openfisca_isv.web.site.languages import Language
from openfisca_isv.web.site.pages import Pages
from openfisca_isv.web.site.sections import others

FAMILIES = {
    "early_ends": {"cases": 20_000, "answers": 80_000},
    "contracts": {"cases": 1_000, "answers": 3_000},
}


@pytest.fixture
def page(law, tmp_path, monkeypatch):
    """Return the page of some runs, in a language, as text."""

    def written(runs, language="en"):
        monkeypatch.setattr(others, "checked", lambda: runs)
        others.write_checks(Pages(law, Language(language, law.members), tmp_path))
        text = (tmp_path / language / "checked.html").read_text("utf-8")
        return text.replace("\N{NO-BREAK SPACE}", " ").replace(
            "\N{NARROW NO-BREAK SPACE}", " "
        )

    return written


def runs(model):
    mutation = {"faults": 1_400, "killed": 1_390, "equivalent": 10}
    return {
        "proof": {"model": model, "subjects": {"contracts": FAMILIES}},
        "mutation": {"model": model, **mutation},
    }


def test_the_counts_of_a_run_are_shown(page):
    text = page(runs(digest()))
    assert "<td>21,000</td><td>83,000</td>" in text
    assert "83,000 answers were compared" in text
    assert "1,400 faults" in text
    assert "found 1,390; the 10 others" in text
    assert "has changed since" not in text
    assert "That a reading is the law\N{RIGHT SINGLE QUOTATION MARK}s." in text
    assert "<td>21 000</td><td>83 000</td>" in page(runs(digest()), "fr")


def test_a_run_on_another_model_is_said_to_be(page):
    assert page(runs("of another model")).count("The model has changed since") == 2


def test_a_run_that_was_not_made_is_not_shown(page):
    text = page({})
    assert text.count("This run has not been made.") == 2
    assert "answers were compared" not in text
