"""From the results of the parts to those of the population."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openfisca_core.periods import Period
from openfisca_core.simulations import Simulation
from openfisca_core.variables import Variable

from openfisca_isv.population.groups.figures import add_up
from openfisca_isv.population.groups.fixed_point import MICROS, fixed
from openfisca_isv.population.model.outputs import ResultTable, column_of, value_in
from openfisca_isv.population.model.standing import Standing, is_standing
from openfisca_isv.population.subject import ADDED_UP
from openfisca_isv.population.tables.typed_tables import Tables
from openfisca_isv.population.tables.writing import is_french, suffix_of, write_table


def metadata_of(account: Mapping[str, object]) -> dict[str, str]:
    """Say what made a table, for the files that can hold it."""
    return {"openfisca_isv": json.dumps(account, sort_keys=True)}


def read_parts(folders: Sequence[Path], name: str) -> list[pa.Table]:
    """Read what each part has under a name."""
    return [pq.read_table(folder / f"{name}.parquet") for folder in folders]


def added(folders: Sequence[Path], name: str) -> pa.Table:
    """Add up the sums of the parts."""
    return add_up(read_parts(folders, name))


def gather_table(
    table: ResultTable,
    folders: Sequence[Path],
    made: Path,
    file_format: str,
    metadata: Mapping[str, str],
) -> pa.Table | None:
    """Put the rows of the parts together in a folder.

    CSV parts make one file; Parquet parts stay files of one folder, named after the
    table, which any reader of Parquet takes for one table.

    Returns:
        The rows of the organisations, of which each part has all.
    """
    target = made / f"{table.name}.{suffix_of(file_format)}"
    if table.entity == "organisation":
        total = _add_up_organisations(table, folders)
        french = is_french(file_format)
        write_table(to_the_cent(total), target, dict(metadata), french=french)
        return total
    if file_format != "parquet":
        _join([folder / target.name for folder in folders], target)
    else:
        target.mkdir()
        for part, folder in enumerate(folders):
            _link(folder / target.name, target / f"part-{part:05}.parquet")
    return None


def to_the_cent(table: pa.Table) -> pa.Table:
    """Round the sums to two decimals."""
    return pa.table(
        {
            field.name: pc.round(table[field.name], 2)
            if pa.types.is_floating(field.type)
            else table[field.name]
            for field in table.schema
        }
    )


def organisation_sums(
    simulation: Simulation,
    table: ResultTable,
    tables: Tables,
    standing: Standing | None = None,
) -> pa.Table:
    """Give what a part knows of all the organisations.

    What adds up the missions of an organisation is the amount of those of the part,
    in whole steps, which add up to the same whatever the parts.
    """
    names = tables.organisations["organisation"]
    periods = table.periods or (None,)
    columns = {"organisation": pa.chunked_array(names.chunks * len(periods))}
    if table.when is not None:
        columns[table.when] = numpy.repeat([str(one) for one in periods], len(names))
    for variable in table.variables:
        values = numpy.concatenate(
            [_of_organisations(simulation, variable, one) for one in periods]
        )
        columns[variable.name] = (
            values if variable.name in ADDED_UP else column_of(values, variable)
        )
    if standing is not None:
        columns = standing.beside(columns, by_period=True)
    return pa.table(columns)


def _of_organisations(
    simulation: Simulation, variable: Variable, when: Period | None
) -> numpy.ndarray:
    """Give a value of each organisation; what adds up missions is added up here.

    The engine adds up in 32 bits, and what that makes of a part depends on the others.
    """
    added_up = ADDED_UP.get(variable.name)
    if added_up is None:
        return numpy.asarray(value_in(simulation, variable, when))
    of_missions = simulation.tax_benefit_system.get_variable(added_up)
    population = simulation.populations["organisation"]
    steps = fixed(numpy.round(value_in(simulation, of_missions, when), 2))
    total = numpy.zeros(population.count, numpy.int64)
    numpy.add.at(total, population.members_entity_id, steps)
    return total


def _add_up_organisations(table: ResultTable, folders: Sequence[Path]) -> pa.Table:
    """Add up what the parts know of the organisations, in order of their names."""
    parts = read_parts(folders, table.name)
    total = parts[0]
    for place, name in enumerate(total.column_names):
        values = [one[name].to_numpy() for one in parts]
        if name in ADDED_UP:
            steps = numpy.sum(values, axis=0)
            total = total.set_column(place, name, pa.array(steps / MICROS))
        elif is_standing(name):
            total = total.set_column(place, name, pa.array(numpy.all(values, axis=0)))
    keys = ["organisation", *([table.when] if table.when else [])]
    return total.sort_by([(key, "ascending") for key in keys])


def _join(files: Sequence[Path], target: Path) -> None:
    """Join CSV files, with the header of the first."""
    with target.open("wb") as joined:
        for place, one in enumerate(files):
            with one.open("rb") as file:
                if place:
                    file.readline()
                shutil.copyfileobj(file, joined, 1 << 20)
        joined.flush()
        os.fsync(joined.fileno())


def _link(source: Path, target: Path) -> None:
    """Give a file a second place, without a copy where the disk allows it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
