"""The population of the benchmarks as Parquet tables, as an analyst would hold it."""

from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.parquet as pq
from openfisca_core.indexed_enums import Enum

from benchmarks.population import (
    FIRST_FACTS,
    MONTHS_OF_FACTS,
    Population,
    make_population,
)
from openfisca_isv import CountryTaxBenefitSystem

#: Missions drawn at once: the tables of any size are made of such blocks.
_BLOCK = 1_000_000


def write_population(folder: Path, missions: int) -> None:
    """Write missions, volunteers, organisations and monthly facts as Parquet."""
    system = CountryTaxBenefitSystem()
    writers: dict[str, pq.ParquetWriter] = {}
    organisations = min(missions, _BLOCK) // 500 + 20
    for block, first in enumerate(range(0, missions, _BLOCK)):
        size = min(_BLOCK, missions - first)
        population = without_faults(make_population(size, seed=2005 + block))
        population.mission_organisation %= organisations
        tables = _tables(system, population, block)
        if block:
            del tables["organisations"]
        for name, table in tables.items():
            if name not in writers:
                path = folder / f"{name}.parquet"
                writers[name] = pq.ParquetWriter(path, table.schema)
            writers[name].write_table(table.cast(writers[name].schema))
    for writer in writers.values():
        writer.close()


def without_faults(population: Population) -> Population:
    """Keep of each life the missions that do not overlap, their days in order."""
    rows = population.missions
    start, end = rows["start_date"], rows["end_date"]
    early = rows["early_termination_date"]
    rows["early_termination_date"] = early = numpy.where(
        (early < start) | ((early > end) & (early < numpy.datetime64("9999-12-31"))),
        numpy.datetime64("9999-12-31"),
        early,
    )
    served = numpy.minimum(end, early)
    person = population.mission_volunteer
    order = numpy.lexsort((start, person))
    shift = person[order].astype(numpy.int64) << 32
    days = [
        one[order].astype("datetime64[D]").astype(numpy.int64)
        for one in (start, served)
    ]
    latest = numpy.maximum.accumulate(shift + days[1])
    kept = numpy.ones(len(start), bool)
    same = person[order][1:] == person[order][:-1]
    kept[order[1:]] = ~(same & (shift[1:] + days[0][1:] <= latest[:-1]))
    kept &= end >= start
    population.missions = {name: values[kept] for name, values in rows.items()}
    population.mission_organisation = population.mission_organisation[kept]
    people, population.mission_volunteer = numpy.unique(
        person[kept], return_inverse=True
    )
    population.volunteers = {
        name: values[people] for name, values in population.volunteers.items()
    }
    last = numpy.full(len(people), FIRST_FACTS - 24)
    months = numpy.minimum(end, early)[kept].astype("datetime64[M]")
    numpy.maximum.at(last, population.mission_volunteer, months)
    population.facts = {
        name: values[:, people] for name, values in population.facts.items()
    }
    # Facts are known for a year after the last return.
    told = FIRST_FACTS + numpy.arange(MONTHS_OF_FACTS)[:, None] - last
    for values in population.facts.values():
        values &= (told >= 0) & (told <= 12)  # noqa: PLW2901
    return population


def _tables(
    system: CountryTaxBenefitSystem, population: Population, block: int
) -> dict[str, pa.Table]:
    """Give a block of a population as tables."""
    people = len(next(iter(population.volunteers.values())))
    volunteers = _names(f"v{block:02}", people)
    signers = _names("o", len(next(iter(population.organisations.values()))))
    missions = {
        "mission": _names(f"m{block:02}", len(population.mission_volunteer)),
        "volunteer": volunteers.take(pa.array(population.mission_volunteer)),
        "organisation": signers.take(pa.array(population.mission_organisation)),
    } | _columns(system, population.missions)
    return {
        "missions": pa.table(missions),
        "volunteers": pa.table(
            {"volunteer": volunteers} | _columns(system, population.volunteers)
        ),
        "organisations": pa.table(
            {"organisation": signers} | _columns(system, population.organisations)
        ),
        "monthly": _monthly(population, volunteers),
    }


def _monthly(population: Population, volunteers: pa.Array) -> pa.Table:
    """List the months of the volunteers who register, and their facts."""
    facts = population.facts
    told = facts["is_registered_jobseeker"]
    rank, person = numpy.nonzero(told)
    months = (FIRST_FACTS + rank).astype("datetime64[D]")
    columns = {"volunteer": volunteers.take(pa.array(person)), "month": months}
    columns |= {name: values[rank, person] for name, values in facts.items()}
    return pa.table(columns)


def _columns(system: CountryTaxBenefitSystem, inputs: dict) -> dict[str, pa.Array]:
    """Give inputs as columns: codes as texts, what is unknown as nulls."""
    columns = {}
    for name, values in inputs.items():
        variable = system.get_variable(name)
        if variable.value_type is Enum:
            codes = [member.name for member in variable.possible_values]
            values = pa.DictionaryArray.from_arrays(values, codes)  # noqa: PLW2901
        columns[name] = (
            pa.array(values) if isinstance(values, numpy.ndarray) else values
        )
    return columns


def _names(prefix: str, count: int) -> pa.Array:
    """Name so many rows, in an order that is not theirs."""
    numbers = numpy.random.default_rng(count).permutation(count)
    return pa.array(numpy.char.add(prefix, numpy.char.zfill(numbers.astype(str), 7)))
