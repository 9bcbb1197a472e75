"""How tests read tables: as a run does, in memory."""

from openfisca_isv.population.bad_input import TableError
from openfisca_isv.population.model.simulate import Simulate
from openfisca_isv.population.runs.run import read
from openfisca_isv.population.runs.run_stages import RunRequest
from openfisca_isv.population.tables.typed_tables import Tables

__all__ = ["TableError", "Tables", "in_order", "read_tables"]


def read_tables(missions, *, asked=None, **parties):
    """Read and check tables, with what a simulation of them is asked."""
    sources = {"missions": missions} | parties
    return read(RunRequest(sources, Simulate(**(asked or {}))))


def in_order(table):
    """Return a table in the order in which a run reads it."""
    keys = ["volunteer", "mission", "month", "organisation"]
    known = [one for one in keys if one in table.column_names]
    return table.sort_by([(one, "ascending") for one in known])
