"""What is wrong with the columns of a table, before its rows are looked at."""

from collections.abc import Iterator, Mapping

from openfisca_isv.population.tables.cells import nearest
from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.problems import Problem


def check_columns(
    kinds: Mapping[str, TableKind], table: str, file: str, columns: list[str]
) -> Iterator[Problem]:
    """Find the columns that a table lacks, and those that the model does not know.

    Args:
        kinds: What each table may hold.
        table: The name of the table.
        file: What problems call the file.
        columns: The columns of the file.
    """
    kind = kinds[table]
    unknown = [column for column in columns if column not in kind.cells]
    for column in kind.required:
        if column not in columns:
            mend = "Add it"
            if close := nearest(column, unknown):
                unknown.remove(close)
                mend = f'Rename "{close}", if that is it'
            yield Problem(file, "is missing", mend, column=column)
    for column in unknown:
        others = [other.name for other in kinds.values() if column in other.cells]
        if others:
            mend = f"It belongs in the table of {others[0]}"
        elif close := nearest(column, set(kind.cells) - set(columns)):
            mend = f'Did you mean "{close}"?'
        else:
            mend = "Remove it, or name it with --by or --weight"
        yield Problem(file, f"is no column of the {table}", mend, column=column)
