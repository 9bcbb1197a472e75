"""What was checked of the model: the counts of `make proof` and `make mutation`.

``checked.json`` holds them, each run's beside a digest of the files that it was about:
when one of these has changed since, the counts are those of another model.
"""

import hashlib
import json
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
#: The counts, in the package, so that the site has them wherever it is installed.
FILE = Path(__file__).with_name("checked.json")
_MODEL = (
    *("variables/**/*.py", "parameters/**/*.yaml", "timeline.py", "dates.py"),
    *("legal_dates.py", "countries.py", "entities.py", "eternal.py"),
    "contradictions.py",
)


def digest() -> str:
    """Return the digest of the files that compute the law."""
    found = hashlib.sha256()
    for path in sorted(one for form in _MODEL for one in _PACKAGE.glob(form)):
        found.update(path.relative_to(_PACKAGE).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def checked(file: Path = FILE) -> dict[str, dict]:
    """Return what each run counted; a run is ``proof`` or ``mutation``."""
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def keep(run: str, counts: dict, file: Path = FILE) -> None:
    """Write what a run counted on the model as it is."""
    all_counts = checked(file) | {run: {"model": digest(), **counts}}
    text = json.dumps(all_counts, indent=1, sort_keys=True)
    file.write_text(text + "\n", "utf-8")
