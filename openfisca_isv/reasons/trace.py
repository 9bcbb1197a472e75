"""A situation calculated under trace: what each value rests on, row by row.

The trace of the engine tells which variables a formula read, for the whole
population. A ``Case`` tells it of one entity: the volunteer of this mission, the
missions of this volunteer.
"""

from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit, Period
from openfisca_core.periods import period as parse_period
from openfisca_core.simulations import Simulation
from openfisca_core.taxscales import TaxScaleLike
from openfisca_core.tracers import TraceNode, TracingParameterNodeAtInstant
from openfisca_core.variables import Variable

from openfisca_isv.dates import NEVER
from openfisca_isv.situations.situation import Question, Situation
from openfisca_isv.standing import Pinned

#: The variable that a formula reads to look along the missions of a life.
_ALONG_THE_LIFE = "mission_rank"
#: Other missions of a volunteer that are shown beside one, and missions of a group.
MOST_MISSIONS = 6
ETERNITY = "ETERNITY"


@lru_cache(maxsize=4096)
def to_period(when: str) -> Period:
    """Read a period, each text once."""
    return parse_period(when)


class Step(NamedTuple):
    """The value of a variable for a period: what a node of the trace computes."""

    variable: str
    when: str


class Place(NamedTuple):
    """A step for one entity: its row in the population of the variable."""

    variable: str
    when: str
    row: int

    @property
    def step(self) -> Step:
        """The step, whatever the entity."""
        return Step(self.variable, self.when)


class _Parameters(TracingParameterNodeAtInstant):
    """Parameters as a formula reads them, of which scales are recorded too."""

    def get_traced_child(self, child: object, key: object) -> object:
        """Return what a formula reads, and record it."""
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


class Case:
    """A situation, what it asks, and the trace of the answers.

    Args:
        simulation: The simulation of the situation, nothing calculated yet.
        situation: What it was built from.
    """

    def __init__(self, simulation: Simulation, situation: Situation) -> None:
        self.simulation = simulation
        self.system = simulation.tax_benefit_system
        self.situation = situation
        self.nodes: dict[Step, TraceNode] = {}
        self._children: dict[Place, list[Place]] = {}
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
        """Give a variable of the model."""
        return self.system.variables[name]

    def step(self, name: str, period: Period | str) -> Step:
        """Give the step of a variable for a period; an eternal one has a single one."""
        if self.variable(name).definition_period == DateUnit.ETERNITY:
            return Step(name, ETERNITY)
        return Step(name, str(to_period(str(period))))

    def place(self, question: Question) -> Place:
        """Give the place that a question asks for."""
        return Place(*self.step(question.variable, question.period), question.index)

    def question(self, place: Place) -> Question:
        """Return the question that asks for a place."""
        return next(one for one in self.situation.asked if self.place(one) == place)

    def values(self, step: Step) -> numpy.ndarray:
        """Give the values of a step for the whole population."""
        if step in self.nodes:
            return self.nodes[step].value
        return self.simulation.calculate(step.variable, to_period(step.when))

    def value(self, place: Place) -> object:
        """Give the value of a place as Python has it; None for infinity."""
        values = self.values(place.step)
        variable = self.variable(place.variable)
        if variable.value_type is Enum:
            members = list(variable.possible_values)
            return members[int(values.view(numpy.ndarray)[place.row])]
        if variable.value_type is float:
            number = values[place.row]
            return float(str(number)) if numpy.isfinite(number) else None
        value = values[place.row].item()
        # Days after the last that Python knows come back as numbers.
        is_beyond = variable.value_type is date and not isinstance(value, date)
        return NEVER if is_beyond else value

    def name(self, place: Place) -> str:
        """Give the identifier of the entity of a place."""
        entity = self.variable(place.variable).entity.key
        return str(self.simulation.populations[entity].ids[place.row])

    def children(self, place: Place) -> list[Place]:
        """List the places that a place rests on, in the order of the formula."""
        if place not in self._children:
            self._children[place] = self._list_children(place)
        return self._children[place]

    def _list_children(self, place: Place) -> list[Place]:
        """List the places that a place rests on, in the order of the formula.

        Missions of a volunteer that the formula goes through stand after the one
        it is about; missions of a group stand in their order. Of many, the first.
        """
        node = self.nodes.get(place.step)
        if node is None:
            return []
        steps = dict.fromkeys(self.step(one.name, one.period) for one in node.children)
        own = [
            Place(*step, row) for step in steps for row in self._rows(place, step)[0]
        ]
        if not any(step.variable == _ALONG_THE_LIFE for step in steps):
            return own
        return own + [
            Place(*step, row)
            for row in self._other_missions(place.row)[:MOST_MISSIONS]
            for step in steps
            if self.variable(step.variable).entity.is_person
        ]

    def left_out(self, place: Place) -> int:
        """Count the missions that a place rests on beyond those that are listed."""
        node = self.nodes.get(place.step)
        if node is None or not node.children:
            return 0
        steps = {self.step(one.name, one.period) for one in node.children}
        counts = [self._rows(place, step)[1] for step in steps]
        if any(step.variable == _ALONG_THE_LIFE for step in steps):
            counts.append(len(self._other_missions(place.row)) - MOST_MISSIONS)
        return max(0, *counts)

    @cached_property
    def pinned(self) -> Pinned:
        """Which values the facts stated pin down, whatever the others may be."""
        return Pinned(self.system, self.situation)

    @cached_property
    def known(self) -> dict[Step, numpy.ndarray]:
        """The values that the situation gives, and those that the answers rest on."""
        known = {step: node.value for step, node in self.nodes.items()}
        for name, variable in self.system.variables.items():
            if variable.is_input_variable():
                holder = self.simulation.get_holder(name)
                for period in holder.get_known_periods():
                    step = self.step(name, period)
                    known[step] = holder.get_array(period)
        return known

    @cached_property
    def inputs(self) -> set[Step]:
        """The inputs that are known."""
        return {
            step
            for step in self.known
            if self.variable(step.variable).is_input_variable()
        }

    def read_by(self, steps: set[Step]) -> set[Step]:
        """Give all that the formulas of some steps read."""
        return {
            self.step(child.name, child.period)
            for step in steps
            for child in self.nodes[step].children
        }

    def resting_on(self, steps: set[Step]) -> set[Step]:
        """Give all steps that rest on one of some, and these."""
        found, waiting = set(steps), list(steps)
        while waiting:
            for parent in self._parents.get(waiting.pop(), ()):
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return found

    def walk(self, place: Place) -> dict[Place, None]:
        """Give a place and all that it rests on, in the order of the formulas."""
        found = {}
        waiting = [place]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = None
                waiting += reversed(self.children(one))
        return found

    @cached_property
    def _parents(self) -> dict[Step, set[Step]]:
        """The steps whose formula read each step."""
        parents: dict[Step, set[Step]] = {}
        for step, node in self.nodes.items():
            for child in node.children:
                parents.setdefault(self.step(child.name, child.period), set()).add(step)
        return parents

    def _index(self, node: TraceNode) -> None:
        """Keep the node that calculated each step: later ones read it from memory."""
        step = self.step(node.name, node.period)
        if step not in self.nodes:
            self.nodes[step] = node
            for child in node.children:
                self._index(child)

    def _rows(self, place: Place, step: Step) -> tuple[list[int], int]:
        """Give the rows of a child of a place, and how many more there are."""
        entity = self.variable(place.variable).entity
        other = self.variable(step.variable).entity
        populations = self.simulation.populations
        if entity.key == other.key:
            return [place.row], 0
        if entity.is_person:
            return [int(populations[other.key].members_entity_id[place.row])], 0
        members = populations[entity.key].members_entity_id
        rows = numpy.flatnonzero(members == place.row).tolist()
        return rows[:MOST_MISSIONS], len(rows) - MOST_MISSIONS

    def _other_missions(self, row: int) -> list[int]:
        """List the other missions of the volunteer of a mission, in order of time."""
        volunteers = self.simulation.populations["volunteer"].members_entity_id
        ranks = self.values(Step(_ALONG_THE_LIFE, ETERNITY))
        rows = numpy.flatnonzero(volunteers == volunteers[row])
        rows = rows[numpy.argsort(ranks[rows], kind="stable")].tolist()
        return [other for other in rows if other != row]
