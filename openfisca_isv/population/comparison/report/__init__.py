"""The report of a comparison: one HTML page with its pictures."""

import os

# A backend that is not there would stop the import; none is needed.
_backend = os.environ.pop("MPLBACKEND", None)
import matplotlib  # noqa: E402, F401

if _backend is not None:
    os.environ["MPLBACKEND"] = _backend
