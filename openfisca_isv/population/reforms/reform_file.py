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

from openfisca_isv.population.reforms.changes import find_parameter
from openfisca_isv.population.reforms.classes import (
    REMEDY,
    find_class,
    find_in_file,
    source_of_class,
)
from openfisca_isv.population.reforms.reform_reader import (
    ReformReader,
    day_problem,
    read_value,
)
from openfisca_isv.population.reforms.source import WHOLE, ReformError, ReformSource
from openfisca_isv.population.reforms.workbook_reform import read_workbook, split_sheet
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
    return _Reader(system, f'reform "{title}"').read(text, name)


def _read_file(system: TaxBenefitSystem, path: Path) -> ReformSource:
    try:
        if path.stat().st_size > _MOST_BYTES:
            reason = "is too large for a reform"
            raise ReformError.of(path, reason, REMEDY)
        text = path.read_text("utf-8-sig")
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise ReformError.of(path, reason, REMEDY) from error
    except UnicodeDecodeError as error:
        reason, remedy = "is not in UTF-8", "Save it as UTF-8"
        raise ReformError.of(path, reason, remedy) from error
    return _Reader(system, str(path)).read(text, path.stem)


class _Reader(ReformReader):
    """Reads YAML; the rows of its problems are lines."""

    def read(self, text: str, name: str) -> ReformSource:
        """Read what a file says; report every problem at once."""
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            about = getattr(error, "problem", None) or "it is too deep"
            row = mark.line + 1 if mark else None
            self.tell(f"is not YAML: {about}", "Correct the writing there", None, row)
            return self.source(name, "", "")
        keys = dict(self._pairs(root, WHOLE))
        for key, node in keys.items():
            if key not in _KEYS:
                where = nearest(key, _KEYS)
                remedy = f'Did you mean "{where}"?' if where else "Remove it"
                if "." in key or key in self._system.parameters.children:
                    remedy = 'Put parameters under "parameters:"'
                self.tell("is not part of a reform", remedy, key, _line(node))
        title, description = (_text(keys.get(key)) for key in _KEYS[:2])
        if not title:
            self.tell("is missing", "Name the reform", "title")
        listed = list(self._pairs(keys.get("parameters"), "parameters"))
        if not listed and not self.problems:
            remedy = "Give at least one parameter and its value"
            self.tell("changes nothing", remedy, "parameters")
        for parameter, node in listed:
            self.values[parameter] = dict(self._dated(parameter, node))
        return self.source(name, title, description)

    def _dated(self, name: str, node: yaml.Node) -> Iterator[tuple[str, object]]:
        """Read the values of one parameter by their days."""
        try:
            find_parameter(self._system.parameters, name)
        except UnfitError as error:
            is_below = isinstance(node, yaml.MappingNode) and not node.flow_style
            row = _line(node) - bool(is_below and node.value)
            self.tell(error.reason, error.remedy, name, row)
            return
        for day, given in self._pairs(node, name):
            if found := day_problem(day):
                self.tell(*found, name, _line(given), day)
                continue
            try:
                yield day, read_value(self._system, name, given)
            except UnfitError as error:
                place = (f"{name}, {day}", _line(given), error.value)
                self.tell(error.reason, error.remedy, *place)

    def _pairs(
        self, node: yaml.Node | None, name: str
    ) -> Iterator[tuple[str, yaml.Node]]:
        """Go through the keys of a mapping, as they are written, each once."""
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            remedy = "Write year-month-day: value below it"
            if name in (WHOLE, "parameters"):
                remedy = "Write key: value, a line each"
            reason = "gives no day to its value" if "." in name else "is not a mapping"
            self.tell(reason, remedy, name, _line(node))
            return
        if not node.value:
            self.tell("is empty", "Fill it or remove it", name, _line(node))
        seen: set[str] = set()
        for key, value in node.value:
            text = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            if text in seen:
                self.tell(
                    "is given twice", "Keep one of the two", name, _line(key), text
                )
                continue
            seen.add(text)
            yield text, value


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _text(node: yaml.Node | None) -> str:
    """Return a text, empty where there is none."""
    is_text = isinstance(node, yaml.ScalarNode) and not node.tag.endswith(":null")
    return node.value.strip() if is_text else ""
