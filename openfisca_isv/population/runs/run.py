"""A run: tables in, parts of whole volunteers, results out, whatever happens.

It can be killed at any moment. What was divided and what was computed stays in a work
folder beside the results; the same command goes on from there, with the same results
to the byte.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from openfisca_isv.population.model.outputs import (
    Request,
    RequestError,
    check_outputs,
    result_tables,
)
from openfisca_isv.population.runs.assembly import gather
from openfisca_isv.population.runs.folder import RUN, claim, locked, publish
from openfisca_isv.population.runs.parts import (
    Job,
    law,
)
from openfisca_isv.population.runs.progress import Steps
from openfisca_isv.population.runs.steps import (
    PART_SIZE,
    Asked,
    check_parts,
    compute_parts,
    divide,
    made_of,
    request_of,
    set_aside,
    warnings,
)
from openfisca_isv.population.runs.workers import Workers
from openfisca_isv.population.tables.problems import TableError

__all__ = ["PART_SIZE", "Asked", "Done", "check", "run", "warnings"]


@dataclass(frozen=True)
class Done:
    """What a run came to.

    Attributes:
        by_year: The summary, not rounded.
        unmet: The contracts that are not lawful, by condition.
        missions: Missions computed.
        volunteers: Volunteers of the results.
        rejected: Rows set aside, of all tables.
        seconds: Where the time went, by step.
    """

    by_year: pa.Table
    unmet: pa.Table
    missions: int
    volunteers: int
    rejected: int
    seconds: dict[str, float]


def run(
    asked: Asked,
    out: Path,
    workers: Workers,
    steps: Steps,
    *,
    replace: bool = False,
) -> Done:
    """Simulate a population into a folder, or go on with a run that was interrupted.

    Raises:
        TableError: The tables cannot be used; nothing is left of the run.
        RequestError: The outputs or the periods are not to be had.
        FolderError: The folder is taken by another run.
        WorkerLostError: A process was killed; the same command goes on.
        OSError: A file cannot be read or written; the same command goes on.
    """
    out = out.absolute()
    system = law(asked.reform)
    check_outputs(system, asked.outputs)
    steps.start("digests", len(asked.sources), "tables")
    makers = made_of(asked)
    with locked(out) as work:
        claim(out, makers, replace=replace)
        try:
            staged, found = divide(asked, work, steps)
            request = request_of(asked, staged)
            metadata = {"openfisca_isv": json.dumps(makers, sort_keys=True)}
            job = Job(
                work=work,
                names=tuple(asked.sources),
                request=request,
                file_format=asked.file_format,
                reform=asked.reform,
                keep_rejects=asked.rejects is not None,
                metadata=tuple(metadata.items()),
            )
            result_tables(system, request)
            if asked.rejects is None:
                check_parts(asked, job, staged, found, workers, steps)
        except (TableError, RequestError):
            (work / "manifest.json").unlink(missing_ok=True)
            raise
        compute_parts(job, staged, workers, steps)
        steps.start("gather", staged.parts, "parts")
        made = work / "made"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        sums = gather(job, system, staged.parts, made)
        rejected = set_aside(asked, job, staged, found, sums["rows"])
        account = makers | {
            "years": [request.first_year, request.last_year],
            "periods": list(request.periods),
            "rows": {
                name: {
                    "in": count,
                    "out": sums["rows"].get(name, 0),
                    "rejected": rejected.get(name, 0),
                }
                for name, count in staged.rows.items()
            },
            "warnings": warnings(asked.sources),
        }
        text = json.dumps(account, indent=1, ensure_ascii=False)
        (made / RUN).write_text(f"{text}\n", "utf-8")
        publish(out, made)
    return Done(
        sums["by_year"],
        sums["unmet"],
        sums["rows"]["missions"],
        sums["volunteers"],
        sum(rejected.values()),
        steps.seconds,
    )


def check(asked: Asked, work: Path, workers: Workers, steps: Steps) -> dict[str, int]:
    """Check tables alone.

    Args:
        asked: The tables.
        work: An empty folder.
        workers: Who looks at the parts.
        steps: Told of the progress.

    Returns:
        The rows of each table.

    Raises:
        TableError: Something is wrong; it lists every problem.
    """
    staged, found = divide(asked, work, steps)
    request = Request(2000, 2000)
    job = Job(work, tuple(asked.sources), request, "csv", None, True, ())
    check_parts(asked, job, staged, found, workers, steps)
    return staged.rows
