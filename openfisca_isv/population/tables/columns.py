"""The tables of a population and the columns that each may have.

The columns are the inputs of the model, under their own names; nothing here lists
them. Beside them stand the identifiers: each table has a key, and names by their keys
the rows of other tables.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.tables.cells import (
    Cell,
    Identifier,
    Label,
    Month,
    Weight,
    cell_of,
)
from openfisca_isv.population.tables.formats import USUAL, CellFormat


@dataclass(frozen=True)
class TableKind:
    """What one table of a population holds.

    Attributes:
        name: The name of the table, e.g. ``missions``; the option of the command too.
        entity: The key of the entity whose inputs it gives.
        key: The columns that tell one row from another.
        references: The table that each reference names, by column.
        required: The columns that it must have.
        filled: The columns that have no empty cell.
        cells: The kind of cell of each column that it may have.
        written: How its cells are written.
        ignored: Columns that are not read.
        ignores_unknown: Nor is any that the model does not know.
    """

    name: str
    entity: str
    key: tuple[str, ...]
    references: Mapping[str, str]
    required: tuple[str, ...]
    filled: tuple[str, ...]
    cells: Mapping[str, Cell]
    written: CellFormat
    ignored: frozenset[str] = frozenset()
    ignores_unknown: bool = False

    def leaves_out(self, column: str) -> bool:
        """Return whether a column is not read."""
        is_unknown = self.ignores_unknown and column not in self.cells
        return is_unknown or column in self.ignored


@dataclass(frozen=True)
class Others:
    """What the user declares of the tables, beside the inputs of the model.

    Attributes:
        labels: Columns of texts, to make groups by; of missions, volunteers or
            organisations.
        weight: A column of weights, of missions or volunteers.
        written: How cells are written.
        ignored: Columns that are not read.
        ignores_unknown: Nor is any that is neither an input nor declared here.
    """

    labels: tuple[str, ...] = ()
    weight: str | None = None
    written: CellFormat = USUAL
    ignored: frozenset[str] = frozenset()
    ignores_unknown: bool = False


NO_OTHERS = Others()


def table_kinds(
    *systems: TaxBenefitSystem, others: Others = NO_OTHERS
) -> dict[str, TableKind]:
    """Return the four tables that a population may have under some laws, by name.

    Inputs that hold for a month may stand in the table of their entity, and then hold
    for every month, or in ``monthly``, month by month.

    Args:
        systems: The laws; what one of them takes as an input may be a column.
        others: Columns that are no input of theirs.
    """
    references = {"volunteer": "volunteers", "organisation": "organisations"}
    name = Identifier()
    left_out = {
        "ignored": others.ignored,
        "ignores_unknown": others.ignores_unknown,
    }
    keys = {
        "mission": dict.fromkeys(("mission", *references), name),
        "volunteer": {"volunteer": name},
        "organisation": {"organisation": name},
    }
    columns = {
        entity: cells
        | _inputs(systems, entity, others.written)
        | _others(others, entity)
        for entity, cells in keys.items()
    }
    kinds = [
        TableKind(
            name=f"{entity}s",
            entity=entity,
            key=(entity,),
            references=references if entity == "mission" else {},
            required=(*keys[entity], "start_date", "end_date")
            if entity == "mission"
            else (entity,),
            filled=tuple(one for one in (*keys[entity], others.weight) if one),
            cells=cells,
            written=others.written,
            **left_out,
        )
        for entity, cells in columns.items()
    ]
    monthly = TableKind(
        name="monthly",
        entity="volunteer",
        key=("volunteer", "month"),
        references={"volunteer": "volunteers"},
        required=("volunteer", "month"),
        filled=("volunteer", "month"),
        cells={"volunteer": name, "month": Month(others.written)}
        | _inputs(systems, "volunteer", others.written, DateUnit.MONTH),
        written=others.written,
        **left_out,
    )
    return {kind.name: kind for kind in [*kinds, monthly]}


def _inputs(
    systems: Iterable[TaxBenefitSystem],
    entity: str,
    written: CellFormat,
    unit: DateUnit | None = None,
) -> dict[str, Cell]:
    """Return the cells of the variables of an entity that no formula computes."""
    return {
        variable.name: cell_of(variable, written)
        for system in systems
        for variable in system.variables.values()
        if variable.entity.key == entity
        and variable.is_input_variable()
        and unit in (None, variable.definition_period)
    }


def _others(others: Others, entity: str) -> dict[str, Cell]:
    """Return the cells of the columns that the user names."""
    cells: dict[str, Cell] = dict.fromkeys(others.labels, Label())
    if others.weight is not None and entity != "organisation":
        cells[others.weight] = Weight(others.written)
    return cells
