"""The tables of a population and the columns that each may have.

The columns are the inputs of the model, under their own names; nothing here lists
them. Beside them stand the identifiers: each table has a key, and names by their keys
the rows of other tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.population.tables.cells import Cell, Identifier, Month, cell_of


@dataclass(frozen=True)
class TableKind:
    """What one table of a population holds.

    Attributes:
        name: The name of the table, as ``missions``; the option of the command too.
        entity: The key of the entity whose inputs it gives.
        key: The columns that tell one row from another.
        references: The table that each reference names, by column.
        required: The columns that it must have.
        cells: The kind of cell of each column that it may have.
    """

    name: str
    entity: str
    key: tuple[str, ...]
    references: Mapping[str, str]
    required: tuple[str, ...]
    cells: Mapping[str, Cell]


def table_kinds(system: TaxBenefitSystem) -> dict[str, TableKind]:
    """Give the four tables that a population may have under a law, by name.

    Inputs that hold for a month may stand in the table of their entity, and then hold
    for every month, or in ``monthly``, month by month.
    """
    references = {"volunteer": "volunteers", "organisation": "organisations"}
    columns = {
        key: {variable.name: cell_of(variable) for variable in _inputs(system, key)}
        for key in ("mission", "volunteer", "organisation")
    }
    by_month = {
        variable.name: cell_of(variable)
        for variable in _inputs(system, "volunteer")
        if variable.definition_period == DateUnit.MONTH
    }
    name = Identifier()
    kinds = [
        TableKind(
            name="missions",
            entity="mission",
            key=("mission",),
            references=references,
            required=("mission", *references, "start_date", "end_date"),
            cells=dict.fromkeys(("mission", *references), name) | columns["mission"],
        ),
        TableKind(
            name="volunteers",
            entity="volunteer",
            key=("volunteer",),
            references={},
            required=("volunteer",),
            cells={"volunteer": name} | columns["volunteer"],
        ),
        TableKind(
            name="organisations",
            entity="organisation",
            key=("organisation",),
            references={},
            required=("organisation",),
            cells={"organisation": name} | columns["organisation"],
        ),
        TableKind(
            name="monthly",
            entity="volunteer",
            key=("volunteer", "month"),
            references={"volunteer": "volunteers"},
            required=("volunteer", "month"),
            cells={"volunteer": name, "month": Month()} | by_month,
        ),
    ]
    return {kind.name: kind for kind in kinds}


def _inputs(system: TaxBenefitSystem, entity: str) -> list[Variable]:
    """List the variables of an entity that no formula computes."""
    return [
        variable
        for variable in system.variables.values()
        if variable.entity.key == entity and variable.is_input_variable()
    ]
