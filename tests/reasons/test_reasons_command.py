"""The command, and what it says of a file that cannot be explained."""

import json
import re

import pytest
from click.testing import CliRunner
from explained import situation

from openfisca_isv.reasons import explain
from openfisca_isv.reasons.commands import explain_command
from openfisca_isv.situation_examples import mission_in_france
from openfisca_isv.situations.problems import RefusalError

ASKED = situation(asked={"contract_is_lawful": "ETERNITY"}, end_date="2026-01-15")


def run(*arguments, given=None):
    """Run the command."""
    return CliRunner().invoke(explain_command, list(arguments), input=given)


@pytest.fixture
def file(tmp_path):
    """Write a situation."""
    path = tmp_path / "situation.json"
    path.write_text(json.dumps(ASKED), "utf-8")
    return str(path)


def test_a_file_is_explained(file):
    result = run(file)
    assert result.exit_code == 0
    assert result.output.startswith("mali: The contract meets every condition")
    assert (
        "if the last day agreed in the contract were 14 January 2026" in result.output
    )


def test_in_french(file):
    result = run(file, "--language", "fr")
    assert result.exit_code == 0
    assert "si le dernier jour convenu au contrat était le 14 janvier 2026" in (
        result.output
    )


def test_what_is_odd_or_contradicts_itself_is_told_in_french():
    changes = {"volunteer": {"second_nationality": "FR"}}
    odd = situation(asked={"contract_is_lawful": "ETERNITY"}, **changes)
    told = run("-", "--language", "fr", "--json", given=json.dumps(odd))
    (warning,) = json.loads(told.output)["warnings"]
    assert warning["reason"] == "Les deux nationalités du volontaire sont identiques"
    assert warning["remedy"].startswith("N'indiquez pas")
    odd["missions"]["mali"]["end_date"] = {"ETERNITY": "2024-01-14"}
    told = run("-", "--language", "fr", given=json.dumps(odd))
    assert '"2024-01-14" le contrat prend fin avant de commencer' in told.stderr


def test_what_is_odd_is_told_before_the_answers_in_text():
    changes = {"volunteer": {"second_nationality": "FR"}}
    odd = json.dumps(situation(asked={"contract_is_lawful": "ETERNITY"}, **changes))
    told = run("-", given=odd).output.splitlines()
    assert told[0] == "Warnings:"
    assert " ".join(" ".join(told[1:3]).split()) == (
        "- Both nationalities of the volunteer are the same"
        " (/volunteers/camille/second_nationality)."
        " Leave the second nationality out if there is only one."
    )
    assert told[3] == ""
    assert told[4].startswith("mali: The contract meets every condition")
    told = run("-", "--language", "fr", given=odd).output
    assert told.startswith("Avertissements\u00a0:\n")
    assert "N'indiquez pas de seconde nationalité" in " ".join(told.split())


def test_no_french_line_starts_with_what_belongs_to_the_word_before():
    result = run("-", "--language", "fr", given=json.dumps(mission_in_france))
    assert "\u00a0600\u00a0€\n" in result.output
    assert not re.findall(r"^ *[:;!€%»].*", result.output, re.MULTILINE)


def test_as_json(file, system):
    result = run(file, "--json")
    assert result.exit_code == 0
    assert json.loads(result.output) == explain(system, ASKED, detail="short")


def test_the_readings_that_are_followed_are_named_first(file):
    chosen = ("leave-along-the-engagement", "rights-need-a-lawful-contract")
    readings = [part for one in chosen for part in ("--reading", one)]
    assert " ".join(run(file, *readings).output.split()).startswith(
        "Law read as: Contracts that follow each other are one mission: six months and"
        " complete months run along the engagement; These rights need a contract that"
        " is lawful in every point. mali: "
    )
    told = json.loads(run(file, "--json", *readings).output)
    assert tuple(one["id"] for one in told["readings_followed"]) == chosen


def test_from_the_standard_input():
    result = run("-", given=json.dumps(ASKED))
    assert result.exit_code == 0
    assert "One of these changes would be enough" in result.output


def with_value(name, value, when="ETERNITY"):
    """Give the mission an input that is wrong."""
    return situation(asked={"contract_is_lawful": "ETERNITY"}, **{name: {when: value}})


MALFORMED = {
    "": "The body is empty",
    "{": "not JSON",
    "[1, 2]": "The body is not an object",
    "{}": "no mission",
    '{"missions": {}}': "there is no mission",
    json.dumps(situation()): "No value is asked for",
    json.dumps(ASKED | {"axes": []}): "/axes",
    json.dumps(ASKED | {"households": {}}): "/households",
    json.dumps(with_value("start_date", "2024-02-30")): (
        '/missions/mali/start_date/ETERNITY: "2024-02-30" '
    ),
    json.dumps(with_value("start_date", 20240115)): "20240115",
    json.dumps(with_value("start_date", "2024")): '"2024"',
    json.dumps(with_value("contract_is_written", "yes")): "true or false",
    json.dumps(with_value("contract_monthly_allowance", float("nan"))): "NaN",
    json.dumps(with_value("contract_monthly_allowance", float("inf"))): "Infinity",
    json.dumps(with_value("contract_monthly_allowance", "10*10")): "number",
    json.dumps(with_value("contract_monthly_allowance", True)): "number",
    json.dumps(with_value("host_country", "Mali")): "/missions/mali/host_country",
    json.dumps(with_value("host_country", ["ML"])): "/missions/mali/host_country",
    json.dumps(with_value("no_such_thing", 1)): "no_such_thing",
    json.dumps(with_value("birth_date", "1990-01-01")): "birth_date",
    json.dumps(with_value("end_date", "2025-01-01", "whenever")): "whenever",
    json.dumps(situation(asked={"allowance_due": "2024"})): (
        "/missions/mali/allowance_due/2024"
    ),
    json.dumps(situation(asked={"allowance_due": "ETERNITY"})): "allowance_due",
    json.dumps(situation(volunteer={"retirement_quarters": {"2024-01": None}})): (
        "retirement_quarters"
    ),
    json.dumps(
        situation(
            asked={"contract_is_lawful": "ETERNITY"},
            volunteer={"dependants_count": {"ETERNITY": 1}},
        )
    ): "dependants_count",
    json.dumps({"missions": {"mali": {"contract_is_lawful": None}}}): "mali",
    json.dumps({"missions": {"mali": 3}}): "mali",
    json.dumps({"missions": ["mali"]}): "missions",
    json.dumps(ASKED | {"volunteers": {"camille": {"missions": ["niger"]}}}): "niger",
    json.dumps(
        situation(asked={"served_months": "ETERNITY"}, end_date="2023-01-01")
    ): "/missions/mali/end_date",
    "[" * 100_000: "nests too many",
}


@pytest.mark.parametrize("text", MALFORMED, ids=lambda text: text[:60])
def test_a_malformed_file_is_refused_a_problem_a_line(text):
    result = run("-", given=text)
    assert result.exit_code == 2, result.output
    lines = result.output.splitlines()
    assert all(line.startswith("<stdin>: ") for line in lines)
    assert any(MALFORMED[text] in line for line in lines), lines


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("strat_date", "2024-01-15", "Vouliez-vous dire « start_date » ?"),
        (
            "start_date",
            "2024-02-30",
            "n'est pas un jour du calendrier. Écrivez un jour",
        ),
        ("contract_is_written", "true", "ni true ni false. Écrivez true, sans"),
        ("contract_monthly_allowance", "10*10", "est un texte, et non un nombre"),
        ("host_country", "Mali", "n'est pas un code de host_country. Écrivez « ML »"),
    ],
)
def test_a_usual_mistake_is_told_in_french(name, value, told):
    text = json.dumps(with_value(name, value))
    result = run("-", "--language", "fr", given=text)
    assert result.exit_code == 2
    assert told in result.stderr
    assert told not in run("-", given=text).stderr


def test_most_of_what_is_refused_is_told_in_french():
    english = [run("-", given=text).output for text in MALFORMED]
    french = [run("-", "--language", "fr", given=text).output for text in MALFORMED]
    same = [one for one, other in zip(english, french, strict=True) if one == other]
    assert len(same) <= 9


def test_a_file_that_is_not_there_is_refused(tmp_path):
    result = run(str(tmp_path / "none.json"))
    assert result.exit_code == 2
    assert "No such file" in result.output


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "situation.json"
    path.write_bytes(b"\xff\xfe\x00")
    result = run(str(path))
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1


def test_a_language_that_is_not_there_is_refused(file):
    assert run(file, "--language", "de").exit_code == 2


def test_the_place_of_a_mistake_is_told_apart(system):
    asked = situation(asked={"allowance_due": "2024"})
    with pytest.raises(RefusalError) as caught:
        explain(system, asked)
    (problem,) = caught.value.problems
    assert problem.path == "/missions/mali/allowance_due/2024"
    assert "2024-01" in problem.remedy


def test_an_answer_fits_one_screen(file):
    assert len(run(file).output.splitlines()) <= 24
    assert len(run(file, "--detail", "full").output.splitlines()) > 40
