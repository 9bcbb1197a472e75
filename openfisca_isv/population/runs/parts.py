"""One part of a population: checked, computed, and written whole or not at all."""

import gc
import json
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.model.contradictions import contradictions
from openfisca_isv.population.runs.clock import Clock
from openfisca_isv.population.runs.folder import read_account
from openfisca_isv.population.runs.seals import is_whole, seal
from openfisca_isv.population.runs.staging import read_part
from openfisca_isv.population.runs.study import Study
from openfisca_isv.population.tables.faults import NO_FAULTS, parted
from openfisca_isv.population.tables.row_checks import check_rows, set_aside
from openfisca_isv.population.tables.typed_tables import complete
from openfisca_isv.population.tables.writing import read_ipc, write_ipc

#: The order of the rows of each table.
_SORTED_BY = {
    "missions": [("volunteer", "ascending"), ("mission", "ascending")],
    "volunteers": [("volunteer", "ascending")],
    "organisations": [("organisation", "ascending")],
    "monthly": [("volunteer", "ascending"), ("month", "ascending")],
}
_ACCOUNT, _REJECTS = "part.json", "rejects.arrow"


@dataclass(frozen=True)
class Job:
    """What a process needs to know to do one part.

    Attributes:
        work: The folder of the run: ``staged`` and ``parts`` are in it.
        names: The tables that were given.
        study: What is computed.
        keep_rejects: Rows at fault are set aside; else there is none.
        metadata: What made the results, for the files that can hold it.
        further: The parts are computed for ``Study.further``.
    """

    work: Path
    names: tuple[str, ...]
    study: Study
    keep_rejects: bool = True
    metadata: tuple[tuple[str, str], ...] = ()
    further: bool = False

    @property
    def staged(self) -> Path:
        """Where the rows of the parts are."""
        return self.work / "staged"

    def folder_of(self, part: int) -> Path:
        """Where the results of a part are, once they are whole."""
        name = f"further-{part:05}" if self.further else f"{part:05}"
        return self.work / "parts" / name

    def account_of(self, part: int) -> dict:
        """Give what was kept of a part: ``rows``, by table, and ``volunteers``."""
        return read_account(self.folder_of(part) / _ACCOUNT) or {}

    def is_done(self, part: int) -> bool:
        """Tell whether the results of a part are there, as they were written."""
        return is_whole(self.folder_of(part), self.account_of(part).get("files"))

    def rejects_of(self, part: int) -> pa.Table:
        """Give the faults of the rows that a part set aside, and what is odd in it."""
        return read_ipc(self.folder_of(part) / _REJECTS)


def check_part(job: Job, part: int) -> pa.Table:
    """Find what is wrong between the rows of a part, and what is odd."""
    return _told_once(_faults_of(job, _rows_of(job, part)), part)


def compute_part(job: Job, part: int) -> dict[str, float]:
    """Compute a part and write its results.

    They are written beside their place and renamed: the results of a part are there
    whole, or not at all.

    Returns:
        The seconds that each step took; nothing where the part was there already.
    """
    place = job.folder_of(part)
    if place.exists():
        return {}
    draft = place.with_name(f".{place.name}-{uuid.uuid4().hex}")
    draft.mkdir()
    clock = Clock()
    job.study.laws()
    # What is there already is not looked at again when the part is thrown away.
    gc.freeze()
    try:
        _write_part(job, part, draft, clock)
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
    return clock.seconds


def _write_part(job: Job, part: int, folder: Path, clock: Clock) -> None:
    """Write the results of a part in a folder."""
    rows = _rows_of(job, part)
    clock.lap("read")
    found, odd = parted(_faults_of(job, rows) if job.keep_rejects else NO_FAULTS)
    rows, others = set_aside(rows, found)
    if job.keep_rejects:
        aside = pa.concat_tables([found, others, odd])
        write_ipc(_told_once(aside, part), folder / _REJECTS)
    clock.lap("check")
    counts = {
        name: len(table)
        for name, table in rows.items()
        if name != "organisations" or part == 0
    }
    if "organisations" not in rows:
        rows["organisations"] = read_part(job.staged, "organisations")
    tables = complete(
        job.study.kinds(), {name: _sorted(name, table) for name, table in rows.items()}
    )
    account = {"rows": counts, "volunteers": len(tables.volunteers)}
    clock.lap("prepare")
    job.study.compute(tables, folder, dict(job.metadata), clock)
    account["files"] = seal(folder)
    (folder / _ACCOUNT).write_text(json.dumps(account), "utf-8")
    clock.lap("write")


def _rows_of(job: Job, part: int) -> dict[str, pa.Table]:
    """Read the rows of a part, and all the organisations."""
    found = {
        name: read_part(job.staged, name, 0 if name == "organisations" else part)
        for name in job.names
    }
    return {name: table for name, table in found.items() if table is not None}


def _faults_of(job: Job, rows: dict[str, pa.Table]) -> pa.Table:
    """Find what is wrong between the rows of a part, and what is odd."""
    repeated = read_part(job.staged, "repeated")
    found = check_rows(job.study.kinds(), rows, repeated)
    more = contradictions(job.study.laws()[0], rows, found)
    return pa.concat_tables([found, more])


def _told_once(found: pa.Table, part: int) -> pa.Table:
    """Leave the faults of organisations, which all parts find, to the first part."""
    if part == 0:
        return found
    return found.filter(pc.not_equal(found["table"], "organisations"))


def _sorted(name: str, table: pa.Table) -> pa.Table:
    """Sort a table, so that the order of the rows of the files does not matter."""
    return table.combine_chunks().sort_by(_SORTED_BY[name]).combine_chunks()
