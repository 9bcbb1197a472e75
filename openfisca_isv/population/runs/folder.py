"""The folder of a run: one run at a time, and what an earlier one left in it."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: What is under way, beside the results.
WORK = ".run"
RUN = "run.json"
_OTHER = "another command or inputs: give another folder, or --replace"


class FolderError(Exception):
    """The folder cannot be used for the run; the message says why."""


@contextmanager
def locked(folder: Path) -> Iterator[Path]:
    """Keep a folder for one run, until it ends or its process does.

    The lock is the kernel's own: it falls with the process, however that ends. What is
    written in the file tells who holds it.

    Yields:
        The folder for what is under way. If it holds no manifest in the end, it goes,
        and so does the folder if nothing is left in it.

    Raises:
        FolderError: Another run holds it.
    """
    is_new = not folder.exists()
    work = folder / WORK
    file = _lock(work)
    try:
        yield work
    finally:
        if not (work / "manifest.json").exists():
            shutil.rmtree(work, ignore_errors=True)
            if is_new and not any(folder.iterdir()):
                folder.rmdir()
        file.close()


def _lock(work: Path):
    """Lock the file of the run."""
    while True:
        work.mkdir(parents=True, exist_ok=True)
        path = work / "lock"
        file = path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            message = f"another run is writing in {work.parent} (process {holder})"
            raise FolderError(message) from error
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
        FolderError: It holds another run, finished or not.
    """
    work = folder / WORK
    path = work / "manifest.json"
    given = json.loads(json.dumps(made_of))
    if path.exists() and json.loads(path.read_text("utf-8")) == given:
        return True
    if not replace:
        if path.exists():
            message = f"{folder} holds an unfinished run of {_OTHER}"
            raise FolderError(message)
        if (folder / RUN).exists():
            earlier = json.loads((folder / RUN).read_text("utf-8"))
            if any(earlier.get(one) != given[one] for one in given):
                message = f"{folder} holds the results of {_OTHER}"
                raise FolderError(message)
    for one in work.iterdir():
        if one.name != "lock":
            shutil.rmtree(one) if one.is_dir() else one.unlink()
    draft = work / "manifest.draft"
    draft.write_text(json.dumps(given, indent=1), "utf-8")
    draft.rename(path)
    return False


def publish(folder: Path, made: Path) -> None:
    """Move what is made to its place, the account of the run last, and tidy up."""
    entries = sorted(made.iterdir(), key=lambda one: (one.name == RUN, one.name))
    for name in _files_before(folder) - {entry.name for entry in entries}:
        _remove(folder / name)
    for entry in entries:
        target = folder / entry.name
        if target.is_dir():
            _remove(target)
        entry.replace(target)
    # Without it, the work folder goes with the lock: ``locked``.
    (folder / WORK / "manifest.json").unlink()


def _files_before(folder: Path) -> set[str]:
    """Name the results of an earlier run, which are not to stand beside others."""
    if not (folder / RUN).exists():
        return set()
    names = json.loads((folder / RUN).read_text("utf-8")).get("results", [])
    return {name for name in names if Path(name).name == name}


def _remove(path: Path) -> None:
    """Remove a file, or a folder with what is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
