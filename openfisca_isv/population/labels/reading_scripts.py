"""The scripts that read the results of a run in R, SAS or Stata, with labels."""

import csv
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import jinja2
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.names import nearest
from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.labels.labelled_columns import SETTLED, columns_of, names

_TEMPLATES = Path(__file__).with_name("templates")
_FORMATS = (".csv", ".parquet")
#: The script of each tool.
SCRIPTS = {"r": "read_results.R", "sas": "read_results.sas", "stata": "read_results.do"}
#: What the label of a variable holds: characters in Stata, bytes in SAS.
_STATA_LABEL, _SAS_LABEL = 80, 256
#: What SAS and Stata take as a name: letters, digits and underscores, up to a length.
_LONGEST = 32
_LEGAL = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII | re.IGNORECASE)
#: Words of Stata, names that SAS keeps for itself, and those that Stata gives to
#: columns without a name.
_RESERVED = re.compile(
    r"_.*_?|byte|double|float|if|in|int|long|str\d+|strl|using|with|v\d+", re.IGNORECASE
)
_YEAR = re.compile(r"\d{4}", re.ASCII)


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
    folder: Path, tools: Sequence[str], systems: Sequence[TaxBenefitSystem], shown: str
) -> None:
    """Write a script for each tool next to the tables of a folder.

    ``shown`` is the folder as the examples in the scripts call it.
    """
    if not tools:
        return
    files = sorted(one for one in folder.iterdir() if one.suffix in _FORMATS)
    shorts = short_names([one.stem for one in files])
    tables = [_described(one, shorts[one.stem], systems) for one in files]
    columns = [one for table in tables for one in table["columns"]]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=False,  # noqa: S701 - the scripts are not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "line": _one_line,
        "r": _r_text,
        "sas": _sas_label,
        "sas_file": _sas_file,
        "stata_file": _stata_file,
        "stata_label": lambda text: _stata_text(_cut(text, _STATA_LABEL)),
        "stata_text": _stata_text,
    }
    for tool in tools:
        script = environment.get_template(SCRIPTS[tool]).render(
            folder=shown,
            tables=tables,
            code_lists=_code_lists(columns),
            renamed={
                one["name"]: one["short"]
                for one in (columns + tables if tool == "sas" else columns)
                if one["short"] != one["name"]
            },
            parquet=any(one.suffix == ".parquet" for one in files),
        )
        (folder / SCRIPTS[tool]).write_text(script, "utf-8", newline="\n")


def _described(file: Path, short: str, systems: Sequence[TaxBenefitSystem]) -> dict:
    """Describe a table from its file, for a script.

    Of each column: what ``Column`` has; ``short``, its name in SAS and Stata; and
    ``width``, the bytes of its longest text.
    """
    if file.suffix == ".parquet":
        first = min(file.iterdir()) if file.is_dir() else file
        header, widths, rows = pq.read_schema(first).names, {}, None
    else:
        header, widths, rows = _measure(file)
    shorts = short_names(header)
    columns = []
    for one in columns_of(systems, file.stem, header):
        width = max(map(len, one.codes), default=widths.get(one.name, 1))
        columns.append(vars(one) | {"short": shorts[one.name], "width": width})
    return {
        "name": file.stem,
        "file": file.name,
        "short": short,
        "columns": columns,
        "code_lists": _code_lists(columns),
        # Of Parquet they are not counted.
        "rows": rows,
    }


def _code_lists(columns: Sequence[dict]) -> dict[str, dict[str, str]]:
    return {one["code_list"]: one["codes"] for one in columns if one["code_list"]}


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


def short_names(columns: Sequence[str]) -> dict[str, str]:
    """Return the names in SAS and Stata of the columns of a table, or of tables.

    The name itself where it is legal, that of ``names.yaml`` for those of the model
    that are too long. Columns of the user's own get a name that depends on theirs
    alone. No two are the same, whatever the case.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in columns:
        short = _short_name(name)
        if short.lower() in taken:
            short = _made_up(name)
        taken.add(short.lower())
        found[name] = short
    return found


def is_legal(name: str) -> bool:
    """Return whether SAS and Stata take a name."""
    is_word = _LEGAL.fullmatch(name) and not _RESERVED.fullmatch(name)
    return bool(is_word) and len(name) <= _LONGEST


def _short_name(name: str) -> str:
    if short := names()["short_names"].get(name):
        return short
    if is_legal(name):
        return name
    if name.endswith(SETTLED):
        short = f"{_short_name(name.removesuffix(SETTLED))[: _LONGEST - 2]}_s"
        return short if is_legal(short) else _made_up(name)
    return f"y{name}" if _YEAR.fullmatch(name) else _made_up(name)


def _made_up(name: str) -> str:
    """Return what is legal of a name, and four digits of its SHA-256."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"\W+", "_", plain, flags=re.ASCII).strip("_")
    if not words or words[0].isdigit():
        words = f"x{words}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:4]
    return f"{words[: _LONGEST - 5]}_{digest}"


def _one_line(text: str) -> str:
    """Return a text in one line, in which no comment starts or ends."""
    return " ".join(text.split()).replace("*/", "* /").replace("/*", "/ *")


def _cut(text: str, longest: int) -> str:
    """Return a text cut to some bytes of UTF-8, which may hold fewer characters."""
    written = text.encode()
    if len(written) <= longest:
        return text
    return f"{written[: longest - 3].decode(errors='ignore')}..."


def _r_text(text: str) -> str:
    """Return a text as R writes it, whatever the locale."""
    text = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{re.sub("[^ -~]", _r_escape, text)}"'


def _r_escape(found: re.Match) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


def _sas_label(text: str) -> str:
    quoted = _one_line(_cut(text, _SAS_LABEL)).replace("'", "''")
    return f"'{quoted}'"


def _sas_file(name: str) -> str:
    """Return the name of a file inside double quotes of SAS."""
    name = name.replace('"', '""')
    return f"%nrstr({name})" if "&" in name or "%" in name else name


def _stata_text(text: str) -> str:
    """Return a text inside the quotes of Stata, which are all single in it."""
    return _stata_file(_one_line(text).replace('"', "'"))


def _stata_file(name: str) -> str:
    """Return the name of a file inside the quotes of Stata: no macro is expanded."""
    return name.replace("`", r"\`").replace("$", r"\$")
