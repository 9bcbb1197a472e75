"""Programs from Debian's packages, for the tests that need one."""

import fcntl
import os
import subprocess
import tempfile
from pathlib import Path

_LOCK = Path(tempfile.gettempdir(), "openfisca-isv-apt.lock")


def apt_get(*commands, folder=None):
    """Update the lists, then run commands of apt-get.

    Tests run in several processes, and apt-get gives up where another one runs.
    """
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (["update"], *commands):
            line = ["apt-get", *command]
            subprocess.run(line, check=True, cwd=folder, env=environment)
