"""A situation calculated under trace: what each value rests on, row by row.

The trace of the engine tells which variables a formula read, for the whole
population. A ``TracedSituation`` tells it of one entity: the volunteer of this
mission, the missions of this volunteer.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache, cached_property

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.simulations import Simulation
from openfisca_core.taxscales import TaxScaleLike
from openfisca_core.tracers import TraceNode, TracingParameterNodeAtInstant
from openfisca_core.variables import Variable

from openfisca_isv.counterfactuals.anchors import Anchors
from openfisca_isv.counterfactuals.copies import Change, Copies
from openfisca_isv.counterfactuals.life import ETERNITY, Key, Life, TracedValue, key_of
from openfisca_isv.counterfactuals.trial_values import is_no_day
from openfisca_isv.dates import NEVER, first_day, last_day
from openfisca_isv.graphs import reached
from openfisca_isv.situations.situation import Situation

#: Other missions of a volunteer that are shown with one, and missions of a group.
_MOST = 6


def as_python(variable: Variable, value: object) -> object:
    """Return a value of the engine as Python has it; None for infinity."""
    if variable.value_type is Enum:
        return _members(variable.possible_values)[int(value)]
    if variable.value_type is float:
        return float(str(value)) if numpy.isfinite(value) else None
    value = value.item() if isinstance(value, numpy.generic) else value
    # Days after the last that Python knows come back as numbers.
    is_beyond = variable.value_type is date and not isinstance(value, date)
    return NEVER if is_beyond else value


@cache
def _members(members: type[Enum]) -> tuple[Enum, ...]:
    return tuple(members)


class _Parameters(TracingParameterNodeAtInstant):
    """Parameters as a formula reads them; scales are recorded too."""

    def get_traced_child(self, child: object, key: object) -> object:
        if isinstance(child, TaxScaleLike):
            values = getattr(child, "rates", None) or getattr(child, "amounts", [])
            node = self.parameter_node_at_instant
            self.tracer.record_parameter_access(
                f"{node._name}.{key}",  # noqa: SLF001 - the engine has no other way
                node._instant_str,  # noqa: SLF001
                dict(zip(child.thresholds, values, strict=True)),
            )
            return child
        traced = super().get_traced_child(child, key)
        if isinstance(traced, TracingParameterNodeAtInstant):
            return type(self)(traced.parameter_node_at_instant, self.tracer)
        return traced


class TracedSituation:
    """A situation, what it asks, and the trace of the answers.

    Args:
        simulation: The simulation of the situation, nothing calculated yet.
        situation: What it was built from.
    """

    def __init__(self, simulation: Simulation, situation: Situation) -> None:
        self.simulation = simulation
        self.system = simulation.tax_benefit_system
        self.situation = situation
        #: Ranks in a life; a formula reads the first to look along its missions.
        self.ranks: tuple[str, ...] = getattr(self.system, "rank_variables", ())
        self.nodes: dict[Key, TraceNode] = {}
        self._children: dict[TracedValue, tuple[list[TracedValue], int]] = {}
        simulation.trace = True
        simulation.trace_parameters_at_instant = lambda instant: _Parameters(
            self.system.get_parameters_at_instant(instant), simulation.tracer
        )
        for variable, period in dict.fromkeys(
            (question.variable, question.period) for question in situation.asked
        ):
            simulation.calculate(variable, period)
        for tree in simulation.tracer.trees:
            self._index(tree)
        simulation.trace = False

    def variable(self, name: str) -> Variable:
        """Return a variable of the model."""
        return self.system.variables[name]

    def key(self, node: TraceNode) -> Key:
        """Return the key of what a node of the trace calculated."""
        return key_of(self.variable(node.name), node.period)

    def values(self, step: Key) -> numpy.ndarray:
        """Return the values of a step for the whole population."""
        if step in self.nodes:
            return self.nodes[step].value
        return self.simulation.calculate(*step)

    def raw(self, place: TracedValue) -> object:
        """Return the value of a place in the engine's own form."""
        return self.values(place.key)[place.row]

    def value(self, place: TracedValue) -> object:
        """Return the value of a place as Python has it; None for infinity."""
        return as_python(self.variable(place.variable), self.raw(place))

    def is_given(self, place: TracedValue) -> bool:
        """Return whether the situation gives the value of an input."""
        by_period = self.situation.given.get(place.variable, {})
        return place.row in by_period.get(place.period, {})

    def name(self, place: TracedValue) -> str:
        """Return the identifier of the entity of a place."""
        entity = self.variable(place.variable).entity.key
        return str(self.simulation.populations[entity].ids[place.row])

    def children(self, place: TracedValue) -> list[TracedValue]:
        """List the places that a place rests on, in the order of the formula.

        Missions of a volunteer that the formula goes through stand after the one
        it is about; missions of a group stand in their order. Of many, the first.
        """
        return self._below(place)[0]

    def left_out(self, place: TracedValue) -> int:
        """Count the missions that a place rests on beyond those that are listed."""
        return self._below(place)[1]

    def _below(self, place: TracedValue) -> tuple[list[TracedValue], int]:
        if place not in self._children:
            node = self.nodes.get(place.key)
            keys = dict.fromkeys(map(self.key, node.children)) if node else {}
            rows = {key: self._rows(place, key) for key in keys}
            listed = [
                TracedValue(*key, row) for key in keys for row in rows[key][:_MOST]
            ]
            if any(key.variable in self.ranks[:1] for key in keys):
                others = rows[None] = self._other_missions(place.row)
                listed += [
                    TracedValue(*key, row)
                    for row in others[:_MOST]
                    for key in keys
                    if self.variable(key.variable).entity.is_person
                ]
            most = max(map(len, rows.values()), default=0)
            self._children[place] = listed, max(0, most - _MOST)
        return self._children[place]

    @cached_property
    def known(self) -> dict[Key, numpy.ndarray]:
        """The values that the situation gives, and those that the answers rest on."""
        known = {step: node.value for step, node in self.nodes.items()}
        for name, variable in self.system.variables.items():
            if variable.is_input_variable():
                holder = self.simulation.get_holder(name)
                for period in holder.get_known_periods():
                    step = key_of(variable, period)
                    known[step] = holder.get_array(period)
        return known

    def anchors(self, places: Iterable[TracedValue]) -> Anchors:
        """Return the days and numbers of some places, and of the law that they read."""
        names, days, numbers = set(), [], []
        for period in {place.period for place in places} - {ETERNITY}:
            days += [first_day(period), last_day(period)]
        for place in places:
            variable = self.variable(place.variable)
            value = self.raw(place)
            if variable.value_type is date:
                days += [] if is_no_day(variable, value) else [value]
            elif variable.value_type in (int, float) and numpy.isfinite(value):
                numbers.append((variable.unit, float(value)))
            if node := self.nodes.get(place.key):
                names |= {one.name for one in node.parameters}
        return Anchors(self.system, names, days, numbers)

    @cached_property
    def inputs(self) -> set[Key]:
        """The inputs that are known."""
        return {key for key in self.known if self.variable(key[0]).is_input_variable()}

    def copies(
        self,
        life: Life,
        count: int,
        changes: list[Change],
        again: set[Key] | None = None,
    ) -> Copies:
        """Return copies of a life of the situation.

        What the changes cannot reach is taken from the trace.

        Args:
            life: What is copied.
            count: The number of copies.
            changes: What differs from the situation, copy by copy.
            again: What alone is calculated again, with ``Copies.again``; otherwise all
                that rests on what is changed.
        """
        changed = {place.key for _, place, _ in changes}
        calculated = self.resting_on(changed) - changed if again is None else again
        needed = {
            self.key(one) for key in calculated for one in self.nodes[key].children
        }
        needed |= self.inputs | changed
        if again is None:
            needed -= calculated
        values = {
            key: self.known[key].view(numpy.ndarray)[
                life.rows[life.entity_key(key.variable)]
            ]
            for key in needed
        }
        return Copies(life, count, values, changes)

    def resting_on(self, steps: set[Key]) -> set[Key]:
        """Return all steps that rest on one of some, and these."""
        return reached(self._parents, steps)

    def walk(self, place: TracedValue) -> dict[TracedValue, None]:
        """Return a place and all that it rests on, in the order of the formulas."""
        found = {}
        waiting = [place]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = None
                waiting += reversed(self.children(one))
        return found

    @cached_property
    def _parents(self) -> dict[Key, set[Key]]:
        parents: dict[Key, set[Key]] = {}
        for step, node in self.nodes.items():
            for child in node.children:
                parents.setdefault(self.key(child), set()).add(step)
        return parents

    def _index(self, node: TraceNode) -> None:
        """Keep the node that calculated each step: later ones read it from memory."""
        step = self.key(node)
        if step not in self.nodes:
            self.nodes[step] = node
            for child in node.children:
                self._index(child)

    def _rows(self, place: TracedValue, key: Key) -> list[int]:
        """List the rows of what a place reads: its own, its group's, its members'."""
        entity = self.variable(place.variable).entity
        other = self.variable(key.variable).entity
        populations = self.simulation.populations
        if entity.key == other.key:
            return [place.row]
        if entity.is_person:
            return [int(populations[other.key].members_entity_id[place.row])]
        members = populations[entity.key].members_entity_id
        return numpy.flatnonzero(members == place.row).tolist()

    def _other_missions(self, row: int) -> list[int]:
        life = self.system.group_entities[0].key
        volunteers = self.simulation.populations[life].members_entity_id
        ranks = self.values(Key(self.ranks[0], ETERNITY))
        rows = numpy.flatnonzero(volunteers == volunteers[row])
        rows = rows[numpy.argsort(ranks[rows], kind="stable")].tolist()
        return [other for other in rows if other != row]
