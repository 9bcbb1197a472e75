"""An output that is closed, full or no longer read ends a command without a trace."""

import subprocess
import sys

import pytest

ISV = f"{sys.executable} -c 'from openfisca_isv.cli import main; main()'"
MISSIONS = "mission,volunteer,organisation,start_date,end_date\n"
MISSIONS += "m,v,o,2022-01-01,2022-12-31\n"
FULL = "Error: the output cannot be written: No space left on device"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("simulate {m} --years 2022 --out {out} >&-", 0, ""),
        ("simulate {m} --years 2022 --out {out} 2>&-", 0, ""),
        ("simulate {m} --years 2022 --out {out} >/dev/full", 2, FULL),
        ("simulate {m} --years 2022 --out {out} 2>/dev/full", 2, ""),
        ("simulate {m} --years 2022 --out {out} | head -c 0", 141, ""),
        ("check {m} >&-", 0, ""),
        ("check {m} >/dev/full", 2, "No space left on device"),
        ("check {m} | head -c 0", 141, ""),
        ("volunteer v --missions {m} >/dev/full", 2, "No space left on device"),
        ("volunteer v --missions {m} | head -c 0", 141, ""),
        ("--help >/dev/full", 2, FULL),
        ("--help | head -c 0", 141, ""),
        ("--help >&-", 0, ""),
    ],
)
def test_the_status_says_what_became_of_the_output(tmp_path, words, status, said):
    missions, out = tmp_path / "missions.csv", tmp_path / "out"
    missions.write_text(MISSIONS)
    line = f"set -o pipefail; {ISV} {words.format(m=missions, out=out)}"
    result = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, check=False
    )
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr
    told = [one for one in result.stderr.splitlines() if "Warning" not in one]
    assert len(told) == bool(said)
    assert said in result.stderr
    if "simulate" in words and "2>/dev/full" not in words:
        assert (out / "missions.csv").exists()
