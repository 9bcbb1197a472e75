"""Populations: tables in, the model, tables out.

Data goes one way. ``sources`` and ``loading`` read the files, ``row_checks`` looks
between the rows, ``simulation`` gives their columns to the engine, ``results`` and
``outputs`` ask it for conclusions, ``summary`` adds them up by year, ``writing`` and
``display`` hand them over; ``commands`` joins the steps into the command
``openfisca-isv``. Populations of any size go through ``runs``: ``staging`` divides
them into parts of whole volunteers, ``parts`` computes one, ``workers`` share them out,
``assembly`` puts the results together. In Python, ``simulate`` takes and gives tables.
``synthetic`` makes a population where there is none.

It needs the extra ``population``: ``pip install "openfisca-isv[population]"``.
"""

from openfisca_isv.population.api import simulate
from openfisca_isv.population.tables.problems import TableError

__all__ = ["TableError", "simulate"]
