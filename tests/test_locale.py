"""The law and the commands are the same whatever the locale."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ISV = "from openfisca_isv.cli import main; main()"
ROOT = Path(__file__).parents[1]
SITUATION = ROOT / "openfisca_isv" / "situation_examples" / "contract_abroad.json"
#: Whatever is opened in the encoding of the locale is an error, in this package and
#: where the engine reads parameters.
STRICT = """
import warnings
warnings.filterwarnings(
    "error", category=EncodingWarning, module="openfisca_isv|openfisca_core.parameters"
)
"""


def run(*words, encoding="utf-8"):
    return subprocess.run(
        [sys.executable, *words],
        env={"PYTHONIOENCODING": encoding, "PYTHONPATH": f"{ROOT}"},
        capture_output=True,
        check=False,
    )


def test_the_law_is_read_in_utf_8():
    program = """
from openfisca_isv import CountryTaxBenefitSystem
minimum = CountryTaxBenefitSystem().parameters.allowance.minimum_abroad
print(minimum.metadata["short_label_fr"])
"""
    result = run("-X", "warn_default_encoding", "-c", STRICT + program)
    assert result.returncode == 0, result.stderr.decode()
    assert result.stdout.decode().strip() == "Indemnité minimale à l'étranger"


@pytest.mark.parametrize(
    "words",
    [
        ("check", "examples/population/missions.csv"),
        ("generate", "--volunteers", "500", "--quiet", "--out"),
        ("template", "--out"),
        ("explain", f"{SITUATION}"),
    ],
)
def test_no_file_is_opened_in_the_encoding_of_the_locale(tmp_path, words):
    if words[-1] == "--out":
        words = (*words, f"{tmp_path / 'out'}")
    result = run("-X", "warn_default_encoding", "-c", STRICT + ISV, *words)
    assert result.returncode == 0, result.stderr.decode()


def test_a_terminal_that_lacks_a_sign_stops_no_command():
    words = ("-c", ISV, "explain", f"{SITUATION}")
    result = run(*words, encoding="iso-8859-1")
    assert result.returncode == 0, result.stderr.decode()
    whole = run(*words).stdout.decode()
    assert "€" in whole
    assert result.stdout == whole.encode("iso-8859-1", "replace")


@pytest.mark.parametrize("command", ["explain", "questions"])
def test_json_is_in_utf_8(command):
    words = {"explain": ["--json"], "questions": ["--format", "json"]}[command]
    result = run("-c", ISV, command, f"{SITUATION}", *words, encoding="iso-8859-1")
    assert result.returncode == 0, result.stderr.decode()
    assert json.loads(result.stdout.decode("utf-8"))
    assert result.stdout == run("-c", ISV, command, f"{SITUATION}", *words).stdout
