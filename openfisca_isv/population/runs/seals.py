"""Folders of a run whose files are whole, and still as they were written."""

import json
import zlib
from pathlib import Path

from openfisca_isv.population.runs.folder import write_whole

_ACCOUNT = "account.json"
_AT_ONCE = 1 << 20


def seal(folder: Path, told: object) -> None:
    """Say on the disk that a folder is whole, and tell something of it."""
    files = {
        one.name: _checksum(one) for one in sorted(folder.iterdir()) if one.is_file()
    }
    text = json.dumps({"told": told, "files": files})
    write_whole(folder / _ACCOUNT, f"{zlib.crc32(text.encode())} {text}")


def told_of(folder: Path) -> object:
    """Return what ``seal`` told of a folder; ``None`` unless it is as it was sealed."""
    try:
        crc, _, text = (folder / _ACCOUNT).read_text("utf-8").partition(" ")
        if crc != str(zlib.crc32(text.encode())):
            return None
        account = json.loads(text)
        is_whole = all(
            _checksum(folder / name) == listed
            for name, listed in account["files"].items()
        )
    except (OSError, UnicodeDecodeError):
        return None
    return account["told"] if is_whole else None


def _checksum(path: Path) -> list[int]:
    """Return the length of a file, and its CRC-32."""
    length = total = 0
    with path.open("rb") as file:
        while block := file.read(_AT_ONCE):
            length, total = length + len(block), zlib.crc32(block, total)
    return [length, total]
