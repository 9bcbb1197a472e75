"""Populations: tables in, the model, tables out.

Data goes one way. ``tables`` reads and checks the files; ``runs`` divides them into
parts of whole volunteers, which processes share; ``model`` gives a part to the engine
and asks it for conclusions, ``comparison`` asks two laws; ``groups`` sums up by any
column; ``runs`` puts the parts together. ``reforms`` reads other laws, ``synthetic``
makes a population where there is none, ``volunteer`` shows a single file, and
``commands`` are what ``openfisca-isv`` offers on a command line.

It needs the extra ``population``: ``pip install "openfisca-isv[population]"``.
"""

from openfisca_isv.population.api import check, compare, generate, simulate, template
from openfisca_isv.population.groups.grouping import SummaryError
from openfisca_isv.population.model.outputs import RequestError
from openfisca_isv.population.reforms.file import read_reform, reform_from_values
from openfisca_isv.population.tables.problems import TableError

__all__ = [
    "RequestError",
    "SummaryError",
    "TableError",
    "check",
    "compare",
    "generate",
    "read_reform",
    "reform_from_values",
    "simulate",
    "template",
]
