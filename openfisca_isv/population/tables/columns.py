"""The tables of a population and the columns that each may have.

The columns are the inputs of the model, under their own names; nothing here lists
them. Beside them stand the identifiers: each table has a key, and names by their keys
the rows of other tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.subject import NEEDED_DAYS
from openfisca_isv.population.tables.cells import (
    Cell,
    Identifier,
    Label,
    Member,
    Month,
    Weight,
    cell_of,
)
from openfisca_isv.population.tables.formats import USUAL, CellFormat


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
        others: What the user declares of it.
    """

    name: str
    entity: str
    key: tuple[str, ...]
    references: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    cells: Mapping[str, Cell] = field(default_factory=dict)
    others: Others = NO_OTHERS

    def leaves_out(self, column: str) -> bool:
        """Return whether a column is not read."""
        is_unknown = self.others.ignores_unknown and column not in self.cells
        return is_unknown or column in self.others.ignored


_OF_VOLUNTEER = {"volunteer": "volunteers"}
_OF_MISSION = _OF_VOLUNTEER | {"organisation": "organisations"}
#: What the tables have beside the inputs of the model, and what they must have of them.
_KINDS = (
    TableKind("missions", "mission", ("mission",), _OF_MISSION, NEEDED_DAYS),
    TableKind("volunteers", "volunteer", ("volunteer",)),
    TableKind("organisations", "organisation", ("organisation",)),
    TableKind("monthly", "volunteer", ("volunteer", "month"), _OF_VOLUNTEER),
)
#: The names of the tables.
TABLES = tuple(kind.name for kind in _KINDS)


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
    kinds = {}
    for kind in _KINDS:
        of_month = "month" in kind.key
        filled = [*dict.fromkeys([*kind.key, *kind.references])]
        required = *filled, *kind.required
        cells: dict[str, Cell] = dict.fromkeys(filled, Identifier())
        for variable in (one for law in systems for one in law.variables.values()):
            has_place = not of_month or variable.definition_period == DateUnit.MONTH
            is_of_table = variable.entity.key == kind.entity and has_place
            if is_of_table and variable.is_input_variable():
                cell, known = (
                    cell_of(variable, others.written),
                    cells.get(variable.name),
                )
                if isinstance(cell, Member) and isinstance(known, Member):
                    cell = Member(*known.lists, *cell.lists)
                cells[variable.name] = cell
        if of_month:
            cells["month"] = Month(others.written)
        else:
            cells |= dict.fromkeys(others.labels, Label())
        if others.weight and not of_month and kind.entity != "organisation":
            cells[others.weight] = Weight(others.written)
            filled.append(others.weight)
        kinds[kind.name] = replace(
            kind, required=required, filled=tuple(filled), cells=cells, others=others
        )
    return kinds
