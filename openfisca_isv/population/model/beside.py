"""A law beside another: what rests on what it changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.tracers import TraceNode
from openfisca_core.variables import Variable

from openfisca_isv.graphs import reached
from openfisca_isv.law.evidence import traced_nodes
from openfisca_isv.population.model.part_simulation import build_simulation
from openfisca_isv.population.reforms.changes import changed_rules, parameter_changes
from openfisca_isv.population.tables.typed_tables import Tables


class Traced:
    """A population of which it is known what each value was calculated from."""

    def __init__(self, system: TaxBenefitSystem, tables: Tables, years: range) -> None:
        self._tables, self._years = tables, years
        self.simulation = build_simulation(system, tables, years)
        self.simulation.trace = True

    def under(self, system: TaxBenefitSystem, changed: Iterable[str]) -> Simulation:
        """Return the same population under another law.

        Args:
            system: The other law.
            changed: The variables and parameters in which it differs. Values that were
                calculated without them are taken over.
        """
        other = build_simulation(system, self._tables, self._years)
        calculated = {one.name for one in self.simulation.tracer.browse_trace()}
        for name in calculated - reached(self._readers, changed):
            known = self.simulation.get_holder(name)
            holder = other.get_holder(name)
            for when in known.get_known_periods():
                holder.put_in_cache(known.get_array(when), when)
        return other

    @cached_property
    def _readers(self) -> dict[str, set[str]]:
        """What reads each variable and parameter, once all was asked."""
        return _readers_in(self.simulation.tracer.browse_trace())


def may_change(
    law: TaxBenefitSystem,
    before: Mapping[str, Variable],
    reform: TaxBenefitSystem,
    outputs: Iterable[str],
) -> bool:
    """Return whether some outputs rest on what a reform changes.

    Known from traced contracts of any kind; a parameter that they do not reach may be
    read anywhere.
    """
    parameters = {
        name.partition("[")[0]
        for name in parameter_changes(law, reform)["parameter"].to_pylist()
    }
    readers = _readers_in(traced_nodes(reform))
    if not parameters <= readers.keys():
        return True
    changed = parameters | set(changed_rules(before, reform))
    return not reached(readers, changed).isdisjoint(outputs)


def _readers_in(nodes: Iterable[TraceNode]) -> dict[str, set[str]]:
    """Return the variables that read each variable and parameter of a trace."""
    readers = defaultdict(set)
    for node in nodes:
        for read in (*node.children, *node.parameters):
            readers[read.name].add(node.name)
    return dict(readers)
