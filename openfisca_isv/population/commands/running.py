"""What the commands that run a calculation have in common."""

import logging
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import click
import pyarrow as pa

from openfisca_isv.json_log import is_kept, log
from openfisca_isv.population.arguments import sources_of
from openfisca_isv.population.commands.options import Stopped, explained
from openfisca_isv.population.labels.reading_scripts import check_format
from openfisca_isv.population.language import say, translated
from openfisca_isv.population.model.calculation import Calculation
from openfisca_isv.population.runs.progress import ProgressReporter
from openfisca_isv.population.runs.run import Done, run
from openfisca_isv.population.runs.run_stages import REJECTS, RunRequest
from openfisca_isv.population.runs.workers import Workers
from openfisca_isv.population.tables.writing import has_columns
from openfisca_isv.population.wording import counted
from openfisca_isv.population.workbooks.output import write_summaries

#: As Dask writes them.
_ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx|ucxx)://[^/\s]+:\d+")


def asked_of(calculation: Calculation, options: Mapping[str, object]) -> RunRequest:
    """Put together what is asked; refuse to write over the tables it comes from."""
    sources, out = sources_of(options), options["out"]
    for source in sources.values():
        if out.resolve() in (source.resolve(), source.resolve().parent):
            # Results have the names of tables.
            message = f"the results would stand among the tables, as {source}"
            message += ": change --out"
            raise Stopped(message)
    rejects = options["rejects"]
    refuse_to_overwrite_inputs(sources, "--rejects", rejects)
    if rejects is not None:
        _check_place(rejects, out)
        if not options["replace"]:
            keep_others(rejects, REJECTS, "--rejects, or insist with --replace")
    elif options["max_rejects"] < 1:
        message = "--max-rejects says how much --rejects may set aside: give both"
        raise click.UsageError(translated(message))
    check_format(options["labels"], options["file_format"])
    given = {name: options[name] for name in ("max_rejects", "part_size", "labels")}
    return RunRequest(sources, calculation, rejects, **given)


def refuse_to_overwrite_inputs(
    sources: Mapping[str, Path], option: str, file: Path | None
) -> None:
    """Refuse to write a file over a table, or among the parts of one."""
    for source in sources.values():
        given = source.resolve()
        if file is not None and given in (file.resolve(), file.resolve().parent):
            message = f"{file} would stand in the table {source}: change {option}"
            raise Stopped(message)


def keep_others(file: Path, schema: pa.Schema, option: str) -> None:
    """Refuse to write over a file that is not of the kind that is written."""
    if file.exists() and not has_columns(file, schema):
        message = f"{file} is there already, and is another file: change {option}"
        raise Stopped(message)


def _check_place(rejects: Path, out: Path) -> None:
    """Refuse a place where the rejects cannot be written, or not stay."""
    if not rejects.absolute().parent.is_dir():
        reason = "its folder does not exist"
    elif rejects.exists() and not rejects.is_file():
        reason = "it is not a file"
    elif rejects.resolve().parent == out.resolve():
        reason = "the results stand there"
    else:
        return
    message = f"the rejects cannot be written in {rejects}: {reason}"
    raise Stopped(message)


def command_line() -> list[str]:
    """Return the words of the command."""
    return ["openfisca-isv", *sys.argv[1:]]


def tell_warnings(lines: Iterable[str], *, quiet: bool) -> None:
    """Tell warnings on standard error, or in the log for machines."""
    for line in lines:
        log("warning", logging.WARNING, message=line)
        if not (quiet or is_kept()):
            click.echo(say("Warning: {message}", message=line), err=True)


def told_rejected(done: Done) -> str:
    """Say how many rows were set aside, if any."""
    if not done.rejected:
        return ""
    return say("{rows} set aside. ", rows=counted(done.rejected, "row"))


def run_into(asked: RunRequest, options: Mapping[str, object]) -> Done:
    """Run a calculation; say in one message what stops it, and tell the warnings."""
    out, scheduler = options["out"], options["scheduler"]
    if scheduler is not None and not _ADDRESS.fullmatch(scheduler):
        message = f'"{scheduler}" is not the address of a scheduler: write --scheduler'
        message += " tcp://host:8786"
        raise Stopped(message)
    workbook = options["workbook"]
    if workbook is not None and workbook.exists() and not options["replace"]:
        message = f"{workbook} is there already: change --workbook, or --replace"
        raise Stopped(message)
    workers = Workers(options["workers"], scheduler)
    quiet, replace = options["quiet"], options["replace"]
    command = command_line()
    log("start", command=command)
    with explained(out), ProgressReporter(quiet=quiet) as progress:
        done = run(asked, out, workers, progress, command=command, replace=replace)
    if workbook is not None:
        with explained(workbook):
            write_summaries(out, workbook, asked.calculation.laws())
    tell_warnings(done.account["warnings"], quiet=quiet)
    counts = {name: done.account[name] for name in ("rows", "volunteers", "results")}
    log("end", **counts)
    return done
