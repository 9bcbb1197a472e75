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
from openfisca_isv.population.bad_input import RequestError, TableError
from openfisca_isv.population.reforms.reform_file import read_reform, reform_from_values

__all__ = [
    "RequestError",
    "TableError",
    "check",
    "compare",
    "generate",
    "read_reform",
    "reform_from_values",
    "simulate",
    "template",
]
