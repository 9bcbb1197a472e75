"""What the documentation shows can be typed as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def blocks(page, language, start=""):
    """Give the blocks of a page in a language, those that start with some words."""
    text = (ROOT / page).read_text("utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    kept = [one for one in found if one.startswith(start)]
    assert kept
    return kept


@pytest.mark.parametrize(
    "page", ["README.md", "docs/populations.md", "docs/reforms.md"]
)
def test_the_commands_run_one_after_the_other(page, tmp_path):
    for name in ("examples", "openfisca_isv"):
        (tmp_path / name).symlink_to(ROOT / name)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for block in blocks(page, "sh", "openfisca-isv "):
        result = subprocess.run(
            ["bash", "-euc", block],
            cwd=tmp_path,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        words = ("Results in", "Report in", "figures met")
        assert any(one in result.stdout for one in words)


@pytest.mark.parametrize("page", ["docs/populations.md", "docs/reforms.md"])
def test_the_python_runs(page, tmp_path):
    for block in blocks(page, "python"):
        result = subprocess.run(
            [sys.executable, "-c", block],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        assert result.stdout
