"""No gap in time: each version of a provision, a parameter or a reading has its days.

A span of days is a pair: its first day, and the first day after it (``END`` where there
is none). Spans tile another one where they cover it and no two of them overlap; every
check below is that, and says on which days it fails.
"""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from openfisca_core.parameters import Parameter, ParameterScale

from openfisca_isv.law import TEXTS, provisions
from openfisca_isv.reforms.readings import alternatives, with_readings

END = date.max
#: Where a value may stop before another starts: what reads it says that no figure is
#: known for the days between.
FIGURES_KNOWN_IN_PART = "allowance.maximum_abroad.country_supplement."
#: Membership is older than the law, whose article 2 is cited for it.
OLDER_THAN_THE_LAW = ("host_country.european_",)


def not_tiled(span, pieces):
    """List the spans of days that no piece has, that two have, or that lie outside."""
    covered_until, end = span
    wrong = []
    for first, after in sorted(pieces):
        if first >= after:
            wrong.append(f"empty from {first} to {after}")
        if first != covered_until:
            kind = "uncovered" if first > covered_until else "twice"
            wrong.append(f"{kind} between {covered_until} and {first}")
        covered_until = max(covered_until, after)
    if covered_until != end:
        kind = "uncovered" if covered_until < end else "outside"
        wrong.append(f"{kind} between {covered_until} and {end}")
    return wrong


def not_covered(span, pieces):
    """List the spans of days that no piece has; pieces may overlap and reach out."""
    covered_until, end = span
    wrong = []
    for first, after in sorted(pieces):
        if covered_until < first and covered_until < end:
            wrong.append((covered_until, min(first, end)))
        covered_until = max(covered_until, after)
    return wrong + ([(covered_until, end)] if covered_until < end else [])


def of_provision(provision):
    """List the spans of the versions of a provision."""
    return [
        (one["from"], one["to"] + timedelta(days=1) if "to" in one else END)
        for one in provision["versions"]
    ]


def of_parameter(parameter):
    """List the spans of the values of a parameter, each with its value."""
    values = sorted(parameter.values_list, key=lambda one: one.instant_str)
    starts = [date.fromisoformat(one.instant_str) for one in values]
    spans = pairwise([*starts, END])
    return [(span, one.value) for span, one in zip(spans, values, strict=True)]


def parameters(system):
    """Go through the parameters of a law; the thresholds and amounts of its scales."""
    for node in system.parameters.get_descendants():
        if isinstance(node, ParameterScale):
            for bracket in node.brackets:
                yield from bracket.children.values()
        elif isinstance(node, Parameter):
            yield node


def known(parameter):
    """List the spans on which a parameter has a value."""
    return [span for span, value in of_parameter(parameter) if value is not None]


@pytest.mark.parametrize(
    ("pieces", "wrong"),
    [
        ([(1, 4), (4, 9)], []),
        ([(4, 9), (1, 4)], []),
        ([(1, 3), (4, 9)], ["uncovered between 3 and 4"]),
        ([(1, 5), (4, 9)], ["twice between 5 and 4"]),
        ([(1, 4), (4, 8)], ["uncovered between 8 and 9"]),
        ([(2, 9)], ["uncovered between 1 and 2"]),
        ([(1, 10)], ["outside between 10 and 9"]),
        ([(1, 9), (9, 9)], ["empty from 9 to 9"]),
        ([], ["uncovered between 1 and 9"]),
    ],
)
def test_what_does_not_tile_is_found(pieces, wrong):
    assert not_tiled((1, 9), pieces) == wrong


@pytest.mark.parametrize(
    ("pieces", "wrong"),
    [
        ([(0, 5), (3, 12)], []),
        ([(0, 3), (4, 9)], [(3, 4)]),
        ([(2, 8)], [(1, 2), (8, 9)]),
        ([(9, 12)], [(1, 9)]),
        ([], [(1, 9)]),
    ],
)
def test_what_is_not_covered_is_found(pieces, wrong):
    assert not_covered((1, 9), pieces) == wrong


def test_the_versions_of_a_provision_tile_its_span():
    """From its first day to the day it is repealed, one version and no more."""
    assert len(provisions()) > 100
    for name, provision in provisions().items():
        spans = of_provision(provision)
        assert not not_tiled((spans[0][0], spans[-1][1]), spans), name


def test_what_replaces_a_provision_starts_when_it_ends():
    """From a provision to the ones that replace it, no day without either."""
    register = provisions()
    replaced = [one for one in register.values() if "replaced_by" in one]
    assert len(replaced) > 10
    for one in replaced:
        own = of_provision(one)
        for other in one["replaced_by"]:
            span = (own[0][0], of_provision(register[other])[-1][1])
            pieces = own + of_provision(register[other])
            assert not not_tiled(span, pieces), (one["id"], other)


def test_a_text_that_is_repealed_leaves_to_the_text_that_repeals_it():
    """The end of each of its provisions still in force then is the day of repeal."""
    repealed = [text for text, about in TEXTS.items() if "repealed" in about]
    assert repealed
    for text in repealed:
        after = TEXTS[TEXTS[text]["repealed_by"]]["in_force"]
        ends = {
            of_provision(p)[-1][1] for p in provisions().values() if p["text"] == text
        }
        assert max(ends) == after, text


def test_the_values_of_a_parameter_tile_its_span(system):
    """From its first day on, a value each day, save where no figure is known."""
    looked_at, in_part = 0, 0
    for parameter in parameters(system):
        spans = [span for span, _ in of_parameter(parameter)]
        assert not not_tiled((spans[0][0], END), spans), parameter.name
        unknown = not_covered((spans[0][0], END), known(parameter))
        if parameter.name.startswith(FIGURES_KNOWN_IN_PART):
            in_part += bool(unknown)
        else:
            assert not unknown, (parameter.name, unknown)
        looked_at += len(spans)
    assert looked_at > 100
    assert in_part


def test_the_provisions_that_a_value_cites_are_in_force_as_long_as_it_is(system):
    """On each day on which a value applies, a provision that it cites is in force."""
    register = provisions()
    looked_at = 0
    for node in system.parameters.get_descendants():
        references = node.metadata.get("reference", {})
        if node.name.startswith(OLDER_THAN_THE_LAW):
            continue
        for span in pairwise([*map(date.fromisoformat, sorted(references)), END]):
            sources = references[str(span[0])]
            cited = [one["provision"] for one in sources if "provision" in one]
            is_unknown = isinstance(node, Parameter) and node(str(span[0])) is None
            if is_unknown or not cited:
                continue
            looked_at += 1
            pieces = [piece for one in cited for piece in of_provision(register[one])]
            wrong = not_covered(span, pieces)
            assert not wrong, (node.name, span, cited, wrong)
    assert looked_at > 90


def test_another_reading_has_a_value_wherever_the_law_has_one(system):
    """Under each reading; one that drops a rule has no value on any day."""
    own = {one.name: one for one in parameters(system)}
    looked_at = 0
    for identifier, alternative in alternatives().items():
        changed = alternative.entry.get("parameters", {})
        for parameter in parameters(with_readings(system, identifier)):
            if parameter.name in changed and known(parameter):
                looked_at += 1
                for span in known(own[parameter.name]):
                    wrong = not_covered(span, known(parameter))
                    assert not wrong, (identifier, parameter.name, wrong)
    assert looked_at > 10
