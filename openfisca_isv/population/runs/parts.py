"""One part of a population: checked, computed, and kept."""

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.model.calculation import Calculation
from openfisca_isv.population.model.part_contradictions import contradictions
from openfisca_isv.population.reforms.tax_benefit_systems import blamed_on
from openfisca_isv.population.runs.staging import Staged, read_part
from openfisca_isv.population.store import Store
from openfisca_isv.population.tables.typed_tables import complete

#: What ``check_parts`` keeps under "checked": the faults that were found, and the
#: volunteers and organisations that are set aside.
FOUND, ASIDE = "found", "aside"


@dataclass(frozen=True)
class PartTask:
    """What a process needs to know to do one part.

    Attributes:
        store: What the run has done so far.
        staged: What was divided.
        calculation: What is computed.
        has_rejects: Rows at fault are set aside; else there is none.
        metadata: What made the results, for the files that can hold it.
        further: The parts are computed for ``Calculation.further``.
    """

    store: Store
    staged: Staged
    calculation: Calculation
    has_rejects: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    further: bool = False

    def rows_of(self, part: int, **options: object) -> dict[str, pa.Table]:
        """Read the rows of a part: ``read_part``."""
        with self.store.tables() as connection:
            kinds = self.calculation.kinds()
            return read_part(connection, kinds, self.staged, part, **options)

    def name_of(self, part: int) -> str:
        """Name a part in the store."""
        return f"parts/further-{part:05}" if self.further else f"parts/{part:05}"


def check_part(task: PartTask, part: int) -> pa.Table:
    """Find the facts of a part that contradict each other, or are odd."""
    rows = task.rows_of(part, to_check=True)
    with blamed_on(task.calculation.reforms[0]):
        found = contradictions(task.calculation.laws()[0], rows)
    # What is wrong with organisations all parts find.
    is_told = pc.not_equal(found["table"], "organisations")
    return found if part == 0 else found.filter(is_told)


def compute_part(task: PartTask, part: int) -> None:
    """Compute a part and keep its results."""
    task.calculation.laws()
    # Collecting what the part leaves then does not scan what was there before.
    gc.freeze()
    try:
        aside = task.store.checked(ASIDE) if task.has_rejects else None
        rows = task.rows_of(part, aside=aside)
        counts = {
            name: len(rows[name])
            for name in task.staged.columns
            if name != "organisations" or part == 0
        }
        tables = complete(task.calculation.kinds(), rows)
        account = {"rows": counts, "volunteers": len(tables.volunteers)}
        computed = task.calculation.compute(tables)
        task.store.add(task.name_of(part), account, computed, task.metadata)
    finally:
        # Simulations refer to themselves in circles.
        gc.collect()
        gc.unfreeze()
