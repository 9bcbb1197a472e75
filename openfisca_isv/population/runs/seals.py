"""Whether files of a run are still as they were written."""

import zlib
from pathlib import Path

_AT_ONCE = 1 << 20

#: The length and the checksum of each file, by name.
Seal = dict[str, list[int]]


def seal(folder: Path) -> Seal:
    """Return the length and the checksum of each file of a folder."""
    return {
        one.name: [one.stat().st_size, _checksum(one)]
        for one in sorted(folder.iterdir())
        if one.is_file()
    }


def is_whole(folder: Path, sealed: object) -> bool:
    """Return whether the files of a folder are those that were sealed.

    Args:
        folder: The folder; other files in it do not matter.
        sealed: What ``seal`` returned, as it was read back; damaged itself, perhaps.
    """
    if not isinstance(sealed, dict) or not sealed:
        return False
    try:
        return all(
            [(folder / name).stat().st_size, _checksum(folder / name)] == listed
            for name, listed in sealed.items()
            if Path(name).name == name
        )
    except OSError:
        return False


def _checksum(path: Path) -> int:
    """Return the CRC-32 of a file."""
    total = 0
    with path.open("rb") as file:
        while block := file.read(_AT_ONCE):
            total = zlib.crc32(block, total)
    return total
