"""Each mission is told the law of its own day, whatever the others in the situation."""

from collections import defaultdict
from types import SimpleNamespace

import pytest
from explained import add_mission, ask_everything, situation, steps

from openfisca_isv.counterfactuals.life import ETERNITY, TracedValue
from openfisca_isv.counterfactuals.trace import TracedSituation
from openfisca_isv.reasons import explain, explanation
from openfisca_isv.reasons.law_read import is_used, values_read
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.reading import read_situation
from openfisca_isv.situations.simulation import build_simulation

#: The same life with missions on either side of each change of the law.
ASTRIDE = situation(
    start_date="2022-12-01",
    end_date="2023-11-30",
    host_country="TN",
    early_termination_date="2023-02-28",
    early_termination_reason="health",
    notice_date="2023-01-15",
    integration_premium_request_date="2023-06-01",
)
for name, start, end, host in (
    ("angola", "2004-06-01", "2005-06-30", "AO"),
    ("gabon", "2005-11-01", "2006-10-31", "GA"),
    ("liban", "2019-12-01", "2020-11-30", "LB"),
    ("londres", "2020-12-31", "2021-11-30", "GB"),
    ("guyane", "2022-07-01", "2022-08-31", "GF"),
    ("mali2", "2024-01-01", "2025-01-31", "ML"),
):
    add_mission(
        ASTRIDE,
        name,
        start_date=start,
        end_date=end,
        host_country=host,
        notice_date=start,
        integration_premium_request_date=end,
    )


@pytest.fixture(scope="module", autouse=True)
def only_reasons():
    """Search neither changes nor other readings: the reasons rest on neither."""
    none = SimpleNamespace(of=lambda _: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explanation, "Changes", lambda *_: none)
        patch.setattr(explanation, "other_answers", lambda *_: defaultdict(list))
        yield


@pytest.fixture(scope="module")
def astride(system):
    """Explain everything of that life at once."""
    return explain(
        system, ask_everything(system, ASTRIDE, ["2023-02"], ["2023"]), detail="full"
    )


def alone(asked, mission):
    """Take the other missions out of a situation."""
    return {
        "missions": {mission: asked["missions"][mission]},
        **{
            plural: {
                name: one | {"missions": [mission]}
                for name, one in asked[plural].items()
            }
            for plural in ("volunteers", "organisations")
        },
    }


def figures(explanation, mission):
    """Give the values of the law that the steps of one mission are compared with."""
    return {
        (step["variable"], step["period"], one["parameter"], one["label"]): (
            one["since"],
            one["text"],
        )
        for answer in explanation["answers"]
        for step in steps(answer["reasons"])
        if step["of"] == mission
        for one in step.get("compared_with", ())
    }


@pytest.mark.parametrize("mission", ASTRIDE["missions"])
def test_a_mission_among_others_has_its_own_figures(system, astride, mission):
    """The trace mixes the rows; told alone, there is nothing to mix."""
    among = ask_everything(system, ASTRIDE, ["2023-02"], ["2023"])
    found = figures(astride, mission)
    expected = figures(explain(system, alone(among, mission), detail="full"), mission)
    assert expected
    # Alone, an engagement may be another: only what both read is compared.
    same = {
        key for key in found.keys() & expected.keys() if found[key] != expected[key]
    }
    assert len(found.keys() & expected.keys()) > 20
    assert not same, {key: (found[key], expected[key]) for key in same}


@pytest.mark.parametrize("mission", ASTRIDE["missions"])
def test_the_legal_date_declared_is_the_one_the_model_reads_by(system, mission):
    """With one mission, what is told is what the formulas read, and all of it."""
    asked = ask_everything(system, alone(ASTRIDE, mission), ["2023-02"], ["2023"])
    told_of = read_situation(system, asked, Limits())
    case = TracedSituation(build_simulation(system, told_of), told_of)
    examined = 0
    for step, node in case.nodes.items():
        place = TracedValue(*step, 0)
        told = {
            value.name: value.since or "before" for value in values_read(case, place)
        }
        for one in node.parameters:
            if is_used(case, place, one.name):
                assert told[one.name] == str(one.period), (step.variable, one.name)
                examined += 1
    assert examined > 50


def test_a_mission_reads_the_supplement_of_its_own_country_alone(system):
    """None but Liban's is known at the start of one of these missions."""
    asked = ask_everything(system, ASTRIDE, ["2023-02"], ["2023"])
    told_of = read_situation(system, asked, Limits())
    case = TracedSituation(build_simulation(system, told_of), told_of)
    prefix = "allowance.maximum_abroad.country_supplement."
    found = {}
    for row, mission in enumerate(ASTRIDE["missions"]):
        place = TracedValue("maximum_allowance_abroad", ETERNITY, row)
        names = [value.name for value in values_read(case, place)]
        found[mission] = {name for name in names if name.startswith(prefix)}
    hosts = {
        mission: f"{prefix}{values['host_country']['ETERNITY']}"
        for mission, values in ASTRIDE["missions"].items()
    }
    assert f"{prefix}LB" in found["liban"]
    assert all(found[mission] <= {hosts[mission]} for mission in hosts)


def test_provisions_are_those_in_force_on_the_legal_date(astride):
    examined = 0
    for one in astride["answers"]:
        for step in steps(one["reasons"]):
            for provision in step.get("provisions", ()):
                day = step["legal_date"]
                if day and provision["in_force"]:
                    assert provision["from"] <= day
                    assert provision["to"] is None or day <= provision["to"]
                    examined += 1
    assert examined > 100
