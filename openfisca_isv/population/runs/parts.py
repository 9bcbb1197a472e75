"""One part of a population: checked, computed, and written whole or not at all."""

import gc
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openfisca_isv.population.model.part_contradictions import contradictions
from openfisca_isv.population.runs.calculation import Calculation
from openfisca_isv.population.runs.seals import seal, told_of
from openfisca_isv.population.runs.staging import Staged, read_part, staged_tables
from openfisca_isv.population.tables.typed_tables import complete
from openfisca_isv.population.tables.writing import is_french, write_files

#: In the folder ``checked``: the volunteers and organisations that are set aside.
ASIDE = "aside.parquet"


@dataclass(frozen=True)
class PartTask:
    """What a process needs to know to do one part.

    Attributes:
        work: The folder of the run: ``staged`` and ``parts`` are in it.
        staged: What was divided.
        calculation: What is computed.
        has_rejects: Rows at fault are set aside; else there is none.
        metadata: What made the results, for the files that can hold it.
        further: The parts are computed for ``Calculation.further``.
    """

    work: Path
    staged: Staged
    calculation: Calculation
    has_rejects: bool = False
    metadata: tuple[tuple[str, str], ...] = ()
    further: bool = False

    def rows_of(self, part: int, **options: object) -> dict[str, pa.Table]:
        """Read the rows of a part: ``read_part``."""
        with staged_tables(self.work / "staged") as connection:
            kinds = self.calculation.kinds()
            return read_part(connection, kinds, self.staged, part, **options)

    def folder_of(self, part: int) -> Path:
        """Where the results of a part are, once they are whole."""
        name = f"further-{part:05}" if self.further else f"{part:05}"
        return self.work / "parts" / name

    def account_of(self, part: int) -> dict | None:
        """Return what is known of a part that is done: its ``rows``, ``volunteers``."""
        return told_of(self.folder_of(part))


def check_part(task: PartTask, part: int) -> pa.Table:
    """Find the facts of a part that contradict each other, or are odd."""
    rows = task.rows_of(part, to_check=True)
    found = contradictions(task.calculation.laws()[0], rows)
    # What is wrong with organisations all parts find.
    is_told = pc.not_equal(found["table"], "organisations")
    return found if part == 0 else found.filter(is_told)


def compute_part(task: PartTask, part: int) -> None:
    """Compute a part and write its results.

    They are written beside their place and renamed: the results of a part are there
    whole, or not at all.
    """
    place = task.folder_of(part)
    if place.exists():
        return
    draft = place.with_name(f".{place.name}-{uuid.uuid4().hex}")
    draft.mkdir()
    task.calculation.laws()
    # Collecting what the part leaves then does not scan what was there before.
    gc.freeze()
    try:
        _write_part(task, part, draft)
        try:
            draft.rename(place)
        except OSError:
            # Another process did the same part: the same bytes.
            if not place.exists():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        # Simulations refer to themselves in circles.
        gc.collect()
        gc.unfreeze()


def _write_part(task: PartTask, part: int, folder: Path) -> None:
    """Write the results of a part in a folder."""
    aside = pq.read_table(task.work / "checked" / ASIDE) if task.has_rejects else None
    rows = task.rows_of(part, aside=aside)
    counts = {
        name: len(rows[name])
        for name in task.staged.columns
        if name != "organisations" or part == 0
    }
    tables = complete(task.calculation.kinds(), rows)
    account = {"rows": counts, "volunteers": len(tables.volunteers)}
    french = is_french(task.calculation.file_format)
    made = task.calculation.compute(tables)
    write_files(folder, made, dict(task.metadata), french=french)
    seal(folder, account)
