"""A reform: a short YAML file of dated parameter values, or a class by its name.

The file says what is to change, and nothing else::

    title: Minimum allowance abroad of 200 euros
    parameters:
      allowance.minimum_abroad:
        2025-01-01: 200
      resettlement_allowance.amount[0].amount:
        2025-01-01: 1000

A value holds from its day on, until the next day that the file gives for the same
parameter; what the law in force says from the first of them on is replaced. Every
problem of a file is reported at once, with its line.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from openfisca_core.reforms import Reform
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.bad_input import TableProblem
from openfisca_isv.population.reforms.classes import (
    find_class,
    find_in_file,
    source_of_class,
)
from openfisca_isv.population.reforms.parameter_values import (
    day_problem,
    find_parameter,
    read_value,
    scale_problems,
)
from openfisca_isv.population.reforms.source import (
    WHOLE,
    ReformError,
    ReformSource,
)
from openfisca_isv.population.reforms.workbook_reform import (
    read_workbook,
    split_sheet,
)
from openfisca_isv.population.tables.cells import nearest
from openfisca_isv.situations.problems import UnfitError

#: More would be no short file; nothing larger is read.
_MOST_BYTES = 1_000_000
_PYTHON = re.compile(r".+\.py(:\w+)?")
_KEYS = ("title", "description", "parameters")


def read_reform(
    system: TaxBenefitSystem, source: str | Path | type[Reform]
) -> ReformSource:
    """Read a reform.

    Args:
        system: The law that it changes.
        source: A YAML file; a workbook of openfisca-excel-reform, ``book.xlsx`` or
            ``book.xlsx:sheet``; or a Reform class: itself, its dotted name, such as
            ``openfisca_isv.reforms.lifetime_of_eight_years.lifetime_of_eight_years``,
            or the Python file that defines it, ``my.py`` or ``my.py:MyReform``.

    Raises:
        ReformError: It cannot be used; the error lists every problem.
    """
    if isinstance(source, type):
        return source_of_class(source)
    text = str(source)
    if book := split_sheet(text):
        return read_workbook(system, *book)
    if _PYTHON.fullmatch(text):
        return find_in_file(text)
    if Path(text).suffix in (".yaml", ".yml") or Path(text).is_file():
        return _read_file(system, Path(text))
    return find_class(text)


def reform_from_values(
    system: TaxBenefitSystem, title: str, values: Mapping[str, Mapping[str, object]]
) -> ReformSource:
    """Make a reform of values given in Python, checked as those of a file are.

    Args:
        system: The law that it changes.
        title: How a reader names it.
        values: For each parameter its values by day, as
            ``{"allowance.minimum_abroad": {"2025-01-01": 200}}``.

    Raises:
        ReformError: It cannot be used; the error lists every problem.
    """
    content = {
        "title": title,
        "parameters": {
            name: {str(day): value for day, value in dated.items()}
            for name, dated in values.items()
        },
    }
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    name = "".join(one if one.isalnum() else "_" for one in title.lower()).strip("_")
    return _read_text(system, text, f'reform "{title}"', name)


def _read_file(system: TaxBenefitSystem, path: Path) -> ReformSource:
    """Read a YAML file."""
    remedy = "Give a YAML file of dated values, or the dotted name of a Reform class"
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ReformError(
                [TableProblem(str(path), "is too large for a reform", remedy)]
            )
        text = path.read_text("utf-8-sig")
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise ReformError([TableProblem(str(path), reason, remedy)]) from error
    except UnicodeDecodeError as error:
        problem = TableProblem(str(path), "is not in UTF-8", "Save it as UTF-8")
        raise ReformError([problem]) from error
    return _read_text(system, text, str(path), path.stem)


def _read_text(
    system: TaxBenefitSystem, text: str, file: str, name: str
) -> ReformSource:
    """Read what a file says; report every problem at once."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = f"is not YAML: {getattr(error, 'problem', None) or 'it is too deep'}"
        row = mark.line + 1 if mark else None
        remedy = "Correct the writing there"
        raise ReformError([TableProblem(file, reason, remedy, row=row)]) from error
    problems: list[TableProblem] = []
    keys = dict(_pairs(root, file, problems, WHOLE))
    for key, node in keys.items():
        if key not in _KEYS:
            where = nearest(key, _KEYS)
            remedy = f'Did you mean "{where}"?' if where else "Remove it"
            if "." in key or key in system.parameters.children:
                remedy = 'Put parameters under "parameters:"'
            row = node.start_mark.line + 1
            problems.append(
                TableProblem(file, "is not part of a reform", remedy, key, row)
            )
    texts = {key: _text(keys.get(key)) for key in ("title", "description")}
    if not texts["title"]:
        problems.append(TableProblem(file, "is missing", "Name the reform", "title"))
    values: dict[str, dict[str, object]] = {}
    listed = list(_pairs(keys.get("parameters"), file, problems, "parameters"))
    if not listed and not problems:
        remedy = "Give at least one parameter and its value"
        problems.append(TableProblem(file, "changes nothing", remedy, "parameters"))
    for parameter, node in listed:
        values[parameter] = _dated(system, file, parameter, node, problems)
    if not problems:
        problems += [TableProblem(file, *one) for one in scale_problems(system, values)]
    if problems:
        raise ReformError(sorted(problems, key=lambda one: one.row or 0))
    return ReformSource(name, texts["title"], texts["description"], file, values)


def _dated(
    system: TaxBenefitSystem,
    file: str,
    name: str,
    node: yaml.Node,
    problems: list[TableProblem],
) -> dict[str, object]:
    """Read the values of one parameter by their days."""
    try:
        find_parameter(system.parameters, name)
    except UnfitError as error:
        row = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
            row -= 1
        problems.append(TableProblem(file, error.reason, error.remedy, name, row))
        return {}
    values: dict[str, object] = {}
    for day, given in _pairs(node, file, problems, name):
        row = given.start_mark.line + 1
        if found := day_problem(day):
            problems.append(TableProblem(file, *found, name, row, day))
            continue
        try:
            values[day] = read_value(system, name, given)
        except UnfitError as error:
            place = (f"{name}, {day}", row, error.value)
            problems.append(TableProblem(file, error.reason, error.remedy, *place))
    return values


def _pairs(
    node: yaml.Node | None, file: str, problems: list[TableProblem], name: str
) -> Iterator[tuple[str, yaml.Node]]:
    """Go through the keys of a mapping, as they are written, each once."""
    if node is None:
        return
    row = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        remedy = "Write year-month-day: value below it"
        if name in (WHOLE, "parameters"):
            remedy = "Write key: value, a line each"
        reason = "gives no day to its value" if "." in name else "is not a mapping"
        problems.append(TableProblem(file, reason, remedy, name, row))
        return
    if not node.value:
        problems.append(
            TableProblem(file, "is empty", "Fill it or remove it", name, row)
        )
    seen: set[str] = set()
    for key, value in node.value:
        text = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
        if text in seen:
            row = key.start_mark.line + 1
            remedy = "Keep one of the two"
            problems.append(
                TableProblem(file, "is given twice", remedy, name, row, text)
            )
            continue
        seen.add(text)
        yield text, value


def _text(node: yaml.Node | None) -> str:
    """Return a text, empty where there is none."""
    is_text = isinstance(node, yaml.ScalarNode) and not node.tag.endswith(":null")
    return node.value.strip() if is_text else ""
