"""The folder of a run: one run at a time, and what an earlier one left in it.

Only files that a run made are ever removed or written over: they bear a name that
results have, and the account of a run lists them. What a damaged file says counts for
nothing.
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.tables.writing import write_whole

#: What is under way, beside the results.
WORK = ".run"
RUN = "run.json"
_MANIFEST, _PUBLISHED = "manifest.json", "published.json"
_OTHER = "give another folder, or --replace"
#: What makes a run, in words.
_PARTS = {"versions": "versions of libraries", "law": "law", "inputs": "inputs"}
#: The names that results have, whatever the command.
_RESULT = re.compile(
    r"(missions|volunteers|organisations)(_by_(month|year))?\.(csv|parquet)"
    r"|(by_year|unmet_conditions|summary_by_[^/\0]+)\.(csv|parquet)"
    r"|(settled|missing_facts)\.(csv|parquet)|read_results\.(R|sas|do)"
    r"|(cost_by_(year|rule)|gainers_and_losers|gain_distribution)\.csv"
    r"|(outputs|standard_errors|parameters|readings|package)\.csv"
    r"|(cost_by_year|readings|[^/\0]+_(gainers_and_losers|amounts|lawfulness))\.png"
    r"|report\.html"
)
#: All that is ever in the folder of what is under way, and what is in each folder.
_UNDER_WAY = dict.fromkeys(
    ["lock", _MANIFEST, "manifest.draft", _PUBLISHED, "published.draft"]
) | {
    "staged": re.compile(r"tables\.duckdb.*|spill-\d+|account\.(json|draft)"),
    "checked": re.compile(r"(found|aside)\.parquet|account\.json"),
    "parts": re.compile(r"(further-)?\d{5,}|spill-\d+|\..+"),
    "made": re.compile(rf"{_RESULT.pattern}|{re.escape(RUN)}"),
}
_MOST_SHOWN = 4
_PART = re.compile(r"part-\d{5,}\.parquet")


def is_result(name: str) -> bool:
    """Return whether results may have a name."""
    return bool(_RESULT.fullmatch(name))


@contextmanager
def locked(folder: Path) -> Iterator[Path]:
    """Keep a folder for one run, until it ends or its process does.

    The lock is the kernel's own: it falls with the process, however that ends. What is
    written in the file tells who holds it.

    Yields:
        The folder for what is under way. If it holds no manifest in the end, it goes,
        and so does the folder if nothing is left in it.

    Raises:
        RequestError: Another run holds it, or something that no run made is in the way.
    """
    is_new = not folder.exists()
    work = folder / WORK
    _check_work(work)
    file = _lock(work)
    try:
        yield work
    finally:
        if not (work / _MANIFEST).exists():
            shutil.rmtree(work, ignore_errors=True)
            if is_new and not any(folder.iterdir()):
                folder.rmdir()
        file.close()


def _lock(work: Path):
    while True:
        work.mkdir(parents=True, exist_ok=True)
        path = work / "lock"
        # A link is not followed: what it leads to is not a run's.
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        file = os.fdopen(os.open(path, flags, 0o666), "r+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            message = f"another run is writing in {work.parent} (process {holder})"
            raise RequestError(message) from error
        # The run that held it may have ended, and removed the file meanwhile.
        try:
            is_same = path.stat().st_ino == os.fstat(file.fileno()).st_ino
        except FileNotFoundError:
            is_same = False
        if is_same:
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            return file
        file.close()


def claim(folder: Path, made_of: dict, *, replace: bool) -> bool:
    """Start a run in a locked folder, or go on with the one that was interrupted.

    Args:
        folder: The folder of results.
        made_of: What makes the run: ``manifest.manifest``.
        replace: Start over whatever the folder holds.

    Returns:
        Whether an earlier run is gone on with.

    Raises:
        RequestError: It holds another run, finished or not, or results that no run
            made.
    """
    work = folder / WORK
    path = work / _MANIFEST
    given = json.loads(json.dumps(made_of))
    unfinished, finished = read_account(path), read_account(folder / RUN)
    if unfinished == given:
        return True
    if not replace:
        if unfinished:
            message = f"{folder} holds an unfinished run with other"
            message += f" {_differing(unfinished, given)}: {_OTHER}"
            raise RequestError(message)
        if finished and (other := _differing(finished, given)):
            message = (
                f"{folder} holds the results of a run with other {other}: {_OTHER}"
            )
            raise RequestError(message)
        names = {one.name for one in folder.iterdir() if _RESULT.fullmatch(one.name)}
        if finished is None and os.path.lexists(folder / RUN):
            names.add(RUN)
        _refuse(folder, names - _made_before(folder))
    for name in _UNDER_WAY.keys() - {"lock"}:
        _remove(work / name)
    write_whole(path, json.dumps(given, indent=1))
    return False


def _differing(before: dict, given: dict) -> str:
    """Name what makes a run that is not the same: options by name, and the rest."""
    options, now = before.get("command"), given["command"]
    options = options if isinstance(options, dict) else {}
    names = [one for one in {**options, **now} if options.get(one) != now.get(one)]
    other = [word for one, word in _PARTS.items() if before.get(one) != given[one]]
    return ", ".join([*sorted(names), *other])


def publish(folder: Path, made: Path, *, replace: bool) -> None:
    """Move what is made to its place, the account of the run last, and tidy up.

    Raises:
        RequestError: A file that no run made is in the way; all stays as it is.
    """
    entries = sorted(made.iterdir(), key=lambda one: (one.name == RUN, one.name))
    names = {entry.name for entry in entries}
    work = folder / WORK
    # A run that was interrupted here finds what it had moved already.
    published = read_account(work / _PUBLISHED) or {}
    before = _made_before(folder) | {*published.get("names", ())}
    in_the_way = {one for one in names - {RUN} if os.path.lexists(folder / one)}
    if not replace:
        _refuse(folder, in_the_way - before)
    _refuse(folder, {one for one in in_the_way if not _is_removable(folder / one)})
    write_whole(work / _PUBLISHED, json.dumps({"names": sorted(names)}))
    for name in before - names - {RUN}:
        if _is_removable(folder / name):
            _remove(folder / name)
    for entry in entries:
        target = folder / entry.name
        if target.is_dir() and not target.is_symlink():
            _remove(target)
        entry.replace(target)
    # Without it, the work folder goes with the lock: ``locked``.
    (work / _MANIFEST).unlink()


def read_account(path: Path) -> dict | None:
    """Read a file that a run wrote, ``None`` where it is not whole or not there."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _made_before(folder: Path) -> set[str]:
    """Name the results that the account of an earlier run lists."""
    names = (read_account(folder / RUN) or {}).get("results")
    listed = names if isinstance(names, list) else []
    return {one for one in listed if isinstance(one, str) and _RESULT.fullmatch(one)}


def _check_work(work: Path) -> None:
    """Refuse a folder of what is under way that no run made."""
    if work.is_symlink() or (work.exists() and not work.is_dir()):
        _refuse(work.parent, {WORK})
    if not work.exists():
        return
    found = [*work.iterdir()]
    others = {one.name for one in found if one.name not in _UNDER_WAY}
    others |= {one.name for one in found if one.is_symlink()}
    _refuse(work, others)
    if read_account(work / _MANIFEST) is None:
        # It is emptied: what is in its folders has to be that of a run, too.
        inside = {
            f"{one.name}/{file.name}"
            for one in found
            if (known := _UNDER_WAY[one.name])
            for file in (one.iterdir() if one.is_dir() else [one])
            if not known.fullmatch(file.name)
        }
        _refuse(work, inside)


def _refuse(folder: Path, names: set[str]) -> None:
    if names:
        shown = ", ".join(sorted(names)[:_MOST_SHOWN])
        shown += ", ..." if len(names) > _MOST_SHOWN else ""
        message = f"{folder} has {shown}, which no run made: give another folder"
        if all(one == RUN or _RESULT.fullmatch(one) for one in names):
            message += ", or --replace"
        raise RequestError(message)


def _is_removable(path: Path) -> bool:
    """Return whether a run may have made something: a file, or a folder of parts."""
    if path.is_symlink() or not path.is_dir():
        return True
    return path.suffix == ".parquet" and all(
        _PART.fullmatch(one.name) and one.is_file() and not one.is_symlink()
        for one in path.iterdir()
    )


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
