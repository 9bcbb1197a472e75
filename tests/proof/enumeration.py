"""Compare the model with the scalar reading on every case of a family.

A case is one volunteer with one or more missions signed by one organisation. A family
names the facts that vary and gives their values, case by case, for each of its days.
The model computes a hundred thousand of them at once, the scalar reading one by one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

import numpy
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.simulations import SimulationBuilder
from scalar import OUTPUTS, Mission, Organisation, Volunteer
from simulated import FIELDS, system

AT_ONCE = 100_000
KEPT_DIFFERENCES = 3
PARTIES = {"volunteer": Volunteer, "organisation": Organisation}


@dataclass(frozen=True)
class Family:
    """Cases that are enumerated completely.

    Attributes:
        name: Under which the results are kept.
        facts: What varies: `0.start_date` is that of the first mission,
            `volunteer.nationality` and `organisation.legal_form` are the parties'.
        days: What the cases are of.
        cases: Gives the values of the facts for a day, case by case.
        outputs: What is compared.
        always: The facts that do not vary; of a mission, for all of them.
        periods: The months for which monthly outputs are asked; of yearly ones, their
            years.
        one_day_in: Of how many days the tests look at one; `make proof`, at all.
        one_case_in: Of how many cases of those days likewise; it has no divisor in
            common with the numbers of values, so that all pairs of values are met.
    """

    name: str
    facts: tuple[str, ...]
    days: tuple
    cases: Callable[[date], Iterable[tuple]]
    outputs: tuple[str, ...]
    always: dict = field(default_factory=dict)
    periods: tuple = ()
    one_day_in: int = 1
    one_case_in: int = 1

    @property
    def missions(self) -> int:
        """How many missions each volunteer has."""
        return 1 + max(
            (int(fact[0]) for fact in self.facts if fact[0].isdigit()), default=0
        )


@dataclass
class Result:
    """What a comparison found; of the differences, the first ones."""

    cases: int = 0
    answers: int = 0
    count_of_differences: int = 0
    differences: list = field(default_factory=list)

    def add(self, other: "Result") -> None:
        """Take in what another comparison of the family found."""
        self.cases += other.cases
        self.answers += other.answers
        self.count_of_differences += other.count_of_differences
        self.differences += other.differences
        del self.differences[KEPT_DIFFERENCES:]


def compare(family: Family, days: Iterable[date], one_case_in: int = 1) -> Result:
    """Compare the cases of some days of a family, or one in so many of them."""
    result = Result()
    cases = chain.from_iterable(map(family.cases, days))
    cases = islice(cases, None, None, one_case_in)
    while rows := list(islice(cases, AT_ONCE)):
        found, expected = by_model(family, rows), by_hand(family, rows)
        result.cases += len(rows)
        for asked, readings in expected.items():
            answers = array_of(readings)
            result.answers += answers.size
            differ = numpy.flatnonzero(~same(found[asked], answers))
            result.count_of_differences += len(differ)
            for place in differ[: KEPT_DIFFERENCES - len(result.differences)]:
                rank, row = divmod(int(place), len(rows))
                facts = dict(zip(family.facts, rows[row], strict=True))
                both = found[asked][place], answers[place]
                result.differences.append((*asked, rank, *both, facts))
    return result


def same(found, expected):
    """Return which values are the same, amounts to a hundredth of a cent."""
    if found.dtype.kind == "f":
        return numpy.isclose(found, expected.astype(float), rtol=1e-6, atol=1e-4)
    return found == expected


def questions(family):
    """List each output with each period for which it is asked."""
    for name in family.outputs:
        entity, period, reading = OUTPUTS[name]
        if period == "ETERNITY":
            yield name, "ETERNITY", entity, reading, ()
        for one in family.periods if period == "month" else ():
            yield name, f"{one.year}-{one.month:02}", entity, reading, (one,)
        for one in sorted({one.year for one in family.periods if period == "year"}):
            yield name, str(one), entity, reading, (one,)


def by_hand(family, rows):
    """Return the answers of the scalar reading, missions of one rank after another."""
    organisation = Organisation()
    missions = [Mission(organisation=organisation) for _ in range(family.missions)]
    volunteer = Volunteer(missions=missions)
    parties = {"volunteer": volunteer, "organisation": organisation}
    for name, value in family.always.items():
        for party in owners(name, parties, missions):
            setattr(party, name.split(".")[-1], value)
    setters = [
        (owners(name, parties, missions)[0], name.split(".")[-1])
        for name in family.facts
    ]
    asked, answers = [], {}
    for name, when, entity, reading, more in questions(family):
        places = {"mission": [(volunteer, one) for one in missions]}
        places |= {name: [(party,)] for name, party in parties.items()}
        answers[name, when] = [[] for _ in places[entity]]
        asked += [
            (reading, (*place, *more), into.append)
            for place, into in zip(places[entity], answers[name, when], strict=True)
        ]
    for row in rows:
        for (party, name), value in zip(setters, row, strict=True):
            setattr(party, name, value)
        for reading, arguments, keep in asked:
            keep(reading(*arguments))
    return {key: [*chain.from_iterable(values)] for key, values in answers.items()}


def owners(name, parties, missions):
    """List whose fact it is."""
    owner, _, _ = name.rpartition(".")
    if owner.isdigit():
        return [missions[int(owner)]]
    return missions if owner == "mission" else [parties[owner]]


def by_model(family, rows):
    """Return the answers of the model, missions of one rank after another."""
    law, count, ranks = system(), len(rows), family.missions
    builder = SimulationBuilder()
    builder.create_entities(law)
    builder.declare_person_entity("mission", range(count * ranks))
    for name in PARTIES:
        population = builder.declare_entity(name, range(count))
        population.members_entity_id = numpy.tile(numpy.arange(count), ranks)
    simulation = builder.build(law)
    columns = dict(zip(family.facts, zip(*rows, strict=True), strict=True))
    for entity, names in FIELDS.items():
        for name in names:
            keys = [f"{entity}.{name}"]
            if entity == "mission":
                keys = [f"{rank}.{name}" for rank in range(ranks)]
            default = getattr(PARTIES.get(entity, Mission)(), name)
            always = family.always.get(f"{entity}.{name}", default)
            if any(key in columns for key in keys):
                parts = [columns.get(key, [always] * count) for key in keys]
                put(simulation, name, [*chain.from_iterable(parts)])
            elif always != default:
                put(simulation, name, [always], count * len(keys))
    answers = {}
    for name, when, *_ in questions(family):
        values = simulation.calculate(name, when)
        if law.get_variable(name).value_type is Enum:
            values = values.decode_to_str()
        answers[name, when] = values
    return answers


def put(simulation, name, values, times=1):
    """Give an input to the simulation; of a monthly yes or no, the months of yes."""
    variable = system().get_variable(name)
    if variable.definition_period == "month":
        for month in sorted(set().union(*values)):
            array = numpy.repeat([month in value for value in values], times)
            simulation.set_input(name, f"{month.year}-{month.month:02}", array)
        return
    if variable.value_type is Enum:
        members = variable.possible_values
        index = {one.name: one.index for one in members}
        places = numpy.array([index[value] for value in values], dtype=numpy.int16)
        array = EnumArray(places.repeat(times), members)
    else:
        array = array_of(values).repeat(times)
    simulation.set_input(name, "ETERNITY", array)


def array_of(values):
    """Return values as an array; numpy would take five times as long for dates."""
    if not isinstance(values[0], date):
        return numpy.array(values)
    days = numpy.fromiter(map(date.toordinal, values), numpy.int64, len(values))
    return (days - date(1970, 1, 1).toordinal()).view("datetime64[D]")
