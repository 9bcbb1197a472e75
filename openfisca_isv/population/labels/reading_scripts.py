"""The scripts that read the results of a run in R, SAS or Stata, with labels."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.labels.labelled_columns import Column, columns_of
from openfisca_isv.population.labels.quoting import (
    cut,
    one_line,
    r_text,
    sas_file,
    sas_text,
    stata_file,
    stata_text,
)
from openfisca_isv.population.labels.short_names import short_names
from openfisca_isv.population.tables.cells import nearest

_TEMPLATES = Path(__file__).with_name("templates")
#: The script of each tool.
SCRIPTS = {"r": "read_results.R", "sas": "read_results.sas", "stata": "read_results.do"}
#: What the label of a variable holds: characters in Stata, bytes in SAS.
_STATA_LABEL, _SAS_LABEL = 80, 256


@dataclass(frozen=True)
class _Described(Column):
    """A column as a script reads it.

    Attributes:
        short: Its name in SAS and Stata.
        width: The bytes of its longest text.
    """

    short: str = ""
    width: int = 1


@dataclass(frozen=True)
class _Table:
    """A table of results as a script reads it.

    Attributes:
        file: The name of its file.
        short: Its name in SAS.
        columns: Its columns.
        rows: How many rows it has, where that was counted.
    """

    file: str
    short: str
    columns: Sequence[_Described]
    rows: int | None

    @property
    def name(self) -> str:
        """Return the name of the table."""
        return Path(self.file).stem

    @property
    def code_lists(self) -> dict[str, Mapping[str, str]]:
        """Return the lists of codes of its columns, by name."""
        return {one.code_list: one.codes for one in self.columns if one.code_list}


def read_tools(text: str | Sequence[str]) -> tuple[str, ...]:
    """Read the names of tools, such as ``r,stata``.

    Raises:
        RequestError: One is not known.
    """
    if not isinstance(text, str):
        return tuple(text)
    tools = dict.fromkeys(one.strip().lower() for one in text.split(",") if one.strip())
    for one in tools:
        if one not in SCRIPTS:
            close = nearest(one, SCRIPTS) or ", ".join(SCRIPTS)
            message = f'"{one}" is not a tool with labels. Write {close}'
            raise RequestError(message)
    return tuple(tools)


def check_format(tools: Sequence[str], file_format: str) -> None:
    """Refuse the tools that do not read a format.

    Raises:
        RequestError: There is one.
    """
    others = [one for one in tools if one != "r"]
    if tools and file_format == "csv-french":
        message = "--labels reads CSV with commas: leave out --format csv-french"
        raise RequestError(message)
    if others and file_format == "parquet":
        message = f"--labels {others[0]} reads CSV alone: leave out --format parquet,"
        message += " or ask for --labels r alone"
        raise RequestError(message)


def write_scripts(
    folder: Path,
    tools: Sequence[str],
    systems: Sequence[TaxBenefitSystem],
    shown: str,
) -> None:
    """Write a script for each tool next to the tables of a folder.

    Args:
        folder: The folder of the tables, in which the scripts are written.
        tools: Keys of ``SCRIPTS``.
        systems: The laws applied.
        shown: The folder as the examples in the scripts call it.
    """
    if not tools:
        return
    files = [
        one for one in sorted(folder.iterdir()) if one.suffix in (".csv", ".parquet")
    ]
    shorts = short_names([one.stem for one in files])
    tables = [_described(one, shorts[one.stem], systems) for one in files]
    columns = [one for table in tables for one in table.columns]
    renamed = {one.name: one.short for one in columns if one.short != one.name}
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=False,  # noqa: S701 - the scripts are not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "line": one_line,
        "r": r_text,
        "sas": lambda text: sas_text(cut(text, _SAS_LABEL)),
        "sas_file": sas_file,
        "stata_file": stata_file,
        "stata_label": lambda text: stata_text(cut(text, _STATA_LABEL)),
        "stata_text": stata_text,
    }
    for tool in tools:
        of_tables = {one.name: one.short for one in tables if one.name != one.short}
        script = environment.get_template(SCRIPTS[tool]).render(
            folder=shown,
            tables=tables,
            code_lists={
                name: codes
                for table in tables
                for name, codes in table.code_lists.items()
            },
            renamed=renamed | (of_tables if tool == "sas" else {}),
            parquet=any(one.suffix == ".parquet" for one in files),
        )
        (folder / SCRIPTS[tool]).write_text(script, "utf-8", newline="\n")


def _described(file: Path, short: str, systems: Sequence[TaxBenefitSystem]) -> _Table:
    """Describe a table from its file."""
    if file.suffix == ".parquet":
        first = min(file.iterdir()) if file.is_dir() else file
        header, widths, rows = pq.read_schema(first).names, {}, None
    else:
        header, widths, rows = _measure(file)
    shorts = short_names(header)
    columns = []
    for one in columns_of(systems, file.stem, header):
        width = max(map(len, one.codes), default=widths.get(one.name, 1))
        columns.append(_Described(**vars(one), short=shorts[one.name], width=width))
    return _Table(file.name, short, columns, rows)


def _measure(file: Path) -> tuple[list[str], dict[str, int], int]:
    """Return the header of a CSV file, the bytes of its longest texts, and its rows."""
    with file.open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    texts = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()))
    parsed = pyarrow.csv.ParseOptions(newlines_in_values=True)
    widths, rows = dict.fromkeys(header, 1), 0
    with pyarrow.csv.open_csv(
        file, convert_options=texts, parse_options=parsed
    ) as reader:
        for batch in reader:
            rows += len(batch)
            for name in header:
                longest = pc.max(pc.binary_length(batch[name])).as_py()
                widths[name] = max(widths[name], longest or 0)
    return header, widths, rows
