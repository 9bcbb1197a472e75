"""All that populations show has French, and shows it."""

import ast
import re
from collections import Counter, defaultdict
from functools import cache
from itertools import chain
from pathlib import Path

import jinja2
import openpyxl
import pyarrow as pa
import pytest
import yaml
from click.testing import CliRunner

import openfisca_isv
from openfisca_isv.population import check, compare, simulate, template
from openfisca_isv.population.bad_input import RequestError, TableError
from openfisca_isv.population.comparison.report import pictures
from openfisca_isv.population.language import (
    french,
    language,
    say,
    speaking,
    translated,
)
from openfisca_isv.population.reforms.reform_file import reform_from_values
from openfisca_isv.population.tables.text import text_table
from openfisca_isv.population.wording import amount, counted, span_text
from openfisca_isv.reforms.readings import alternatives
from openfisca_isv.subcommands import commands

PACKAGE = Path(openfisca_isv.__file__).parent / "population"
#: Names that hold what a message says, before it is raised or told.
SAYING = {"message", "reason", "remedy", "told", "said", "wrong", "where", "line"}
#: Calls of which the texts are messages.
TELLING = {"TableProblem", "UnfitError", "RequestError", "Stopped", "problem"}
TELLING |= {"refused", "say", "translated", "TableError", "of"}
#: Functions that return or yield messages.
EXPLAINING = {"explain", "explain_cell", "day_problem", "_doubt", "_no_span"}
EXPLAINING |= {"warnings_before", "_years_of_none", "_reforms_of_nothing"}
EXPLAINING |= {"_codes_of_some_laws"}
EXPLAINING |= {"_no_parameter", "doubts"}
#: Errors of the program itself, and texts that are no message.
NOT_SHOWN = ("rows of {} were lost", "{} is {} for a mission", "NOT EXISTS")
NOT_SHOWN += (" o WHERE o.", "Empty CSV file", "pip install")
HOLE = re.compile(r"\{[^}]*\}")
#: English that no French text has, but in the names of options.
ENGLISH = re.compile(
    r"(?<![\w-])(is|are|not|the|of|Write|row|column|and|has|Give|Correct|for|which)(?![\w-])"
)
MISSION = {
    "mission": "m",
    "volunteer": "v",
    "organisation": "o",
    "start_date": "2023-01-01",
    "end_date": "2023-12-31",
}


def keys(kind):
    """Give the English of a catalogue, twice what stands twice."""
    texts = (PACKAGE / "french" / f"{kind}.yaml").read_text("utf-8")
    return [key.value for key, _ in yaml.compose(texts).value]


def run(*words):
    return CliRunner().invoke(commands, [str(one) for one in words])


def texts_of(node):
    """Give the texts of an expression, with {} for what is filled in."""
    if isinstance(node, ast.JoinedStr):
        parts = [
            one.value if isinstance(one, ast.Constant) else "{}" for one in node.values
        ]
        yield "".join(parts)
        inner = [one.value for one in node.values if not isinstance(one, ast.Constant)]
        # A text may be chosen inside another one.
        for one in inner:
            if isinstance(one, ast.IfExp):
                yield from texts_of(one)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from chain(texts_of(node.body), texts_of(node.orelse))
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        yield from chain.from_iterable(map(texts_of, node.elts))
    elif isinstance(node, ast.BinOp):
        yield from chain(texts_of(node.left), texts_of(node.right))


@cache
def parsed():
    return {path: ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")}


def messages():
    """Give the texts of the package that are messages, or pieces of them."""
    for path, tree in parsed().items():
        for node in ast.walk(tree) if path.parent.name != "synthetic" else ():
            found = []
            if isinstance(node, ast.Assign | ast.AugAssign):
                targets = getattr(node, "targets", None) or [node.target]
                named = {
                    one.id
                    for target in targets
                    for one in ast.walk(target)
                    if isinstance(one, ast.Name)
                }
                found = [node.value] if named & SAYING else []
            elif isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                found = node.args if name in TELLING else []
            elif isinstance(node, ast.FunctionDef) and node.name in EXPLAINING:
                found = [
                    one.value
                    for one in ast.walk(node)
                    if isinstance(one, ast.Return | ast.Yield) and one.value
                ]
            for text in chain.from_iterable(map(texts_of, found)):
                yield path.name, text


def jinja_texts(node):
    if isinstance(node, jinja2.nodes.Const):
        yield node.value
    if isinstance(node, jinja2.nodes.CondExpr):
        yield from chain(jinja_texts(node.expr1), jinja_texts(node.expr2))
    if isinstance(node, jinja2.nodes.Concat):
        yield from chain.from_iterable(map(jinja_texts, node.nodes))


def of_the_report():
    """Give the texts of the template of the report."""
    file = PACKAGE / "comparison/report/templates/comparison.html"
    for call in (
        jinja2.Environment().parse(file.read_text("utf-8")).find_all(jinja2.nodes.Call)
    ):
        if getattr(call.node, "name", "") == "say":
            yield from jinja_texts(call.args[0])


def pieces(text):
    return [one for one in HOLE.split(text) if re.search("[A-Za-z]{2}", one)]


def test_every_message_has_french():
    whole = "\n".join(french())
    examined, wrong = 0, []
    for file, text in messages():
        if any(one in text for one in NOT_SHOWN):
            continue
        for piece in pieces(text):
            examined += 1
            if piece not in whole:
                wrong.append((file, piece))
    assert examined > 500
    assert not wrong


def test_every_text_is_translated_once():
    files = (PACKAGE / "french").glob("*.yaml")
    texts = [*chain.from_iterable(keys(file.stem) for file in files)]
    assert len(texts) > 500
    assert not [one for one, count in Counter(texts).items() if count > 1]


def test_every_text_of_the_report_has_french():
    texts = [*of_the_report()]
    assert len(texts) > 100
    whole = "\n".join(french())
    assert not [one for one in texts if one not in whole]


def test_no_french_is_of_what_is_no_longer_written():
    # Readings and the documentation of variables are told too.
    others = [*(PACKAGE.parent / "situations").glob("*.py")]
    others += (PACKAGE.parent / "variables").glob("*.py")
    others.append(PACKAGE.parent / "names.py")
    trees = [*parsed().values(), *(ast.parse(one.read_text("utf-8")) for one in others)]
    constants = [
        node.value.replace("\n", " ").casefold()
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    constants += [one.casefold() for one in of_the_report()]
    published = (PACKAGE / "synthetic/published.yaml").read_text("utf-8")
    constants += [one["statistic"].casefold() for one in yaml.safe_load(published)]
    written = re.sub(" +", " ", "\n".join(constants))
    starts, ends = defaultdict(set), defaultdict(set)
    for one in filter(None, chain.from_iterable(map(HOLE.split, constants))):
        starts[one[:2]].add(one)
        ends[one[-1]].add(one)

    def is_written(text):
        if text in written:
            return True
        # What is put together of several texts: where one ends, another starts.
        return any(
            is_written(text[cut:])
            for cut in range(1, len(text))
            if any(one.endswith(text[:cut]) for one in ends[text[cut - 1]])
            and any(
                text.startswith(one, cut)
                for one in starts[text[cut : cut + 2]] | starts[text[cut]]
            )
        )

    english = [*keys("messages"), *keys("shown")]
    assert len(english) > 500
    pieces_of = {one: pieces(" ".join(one.split()).casefold()) for one in english}
    unused = [
        one for one, parts in pieces_of.items() if not all(map(is_written, parts))
    ]
    assert unused == []


@pytest.mark.parametrize("kind", ["messages", "shown", "command_line"])
def test_the_parts_of_both_texts_are_the_same(kind):
    for english in keys(kind):
        holes = sorted(
            one.partition(":")[0].strip("{}") for one in HOLE.findall(english)
        )
        text = french()[english]
        assert holes == sorted(
            one.strip("{}").partition(":")[0] for one in HOLE.findall(text)
        ), english


def test_numbers_are_written_as_the_language_does():
    with speaking("fr"):
        assert amount(1234.5) == "1\u00a0234,50"
        assert counted(0, "volunteer") == "0 volontaire"
        assert counted(1.5, "volunteer") == "1,5 volontaire"
        assert counted(2, "organisation") == "2 organismes"
        assert span_text(range(2023, 2026)) == "la période de 2023 à 2025"
        assert span_text(range(2023, 2024)) == "l'année 2023"
    assert amount(1234.5) == "1,234.50"
    assert counted(0, "volunteer") == "0 volunteers"
    assert counted(1, "volunteer") == "1 volunteer"
    assert span_text(range(2023, 2026)) == "2023 to 2025"


def test_parts_of_a_message_stand_as_they_are_written():
    """What the user wrote is not taken for a message of its own."""
    with speaking("fr"):
        renamed = translated('Rename "is empty", if that is it')
        assert plain(renamed) == "Renommez « is empty », si c'est elle"
        assert translated("an error of another program") == (
            "an error of another program"
        )
        assert (
            say(
                "{missions} of {volunteers} in {folder}.",
                missions="{a}",
                volunteers="b",
                folder="is empty",
            )
            == "{a} de b dans is empty."
        )


BAD = {
    "days": {"start_date": "01/02/2023"},
    "calendar": {"start_date": "2023-02-30"},
    "year": {"start_date": "0023-02-01"},
    "missing": {"start_date": "NA"},
    "empty": {"volunteer": ""},
    "order": {"end_date": "2022-12-31"},
    "twice": {"mission": "n"},
    "country": {"host_country": "Sénégal"},
    "other country": {"host_country": "Sngl"},
    "number": {"contract_monthly_allowance": "much"},
    "decimal": {"contract_monthly_allowance": '"500,50"'},
    "negative": {"contract_monthly_allowance": "-1"},
    "boolean": {"contract_is_written": "perhaps"},
    "code": {"domain": "humanitarian"},
    "unknown": {"telephone": "1"},
    "near": {"contract_is_writen": "true"},
    "elsewhere": {"birth_date": "1990-01-01"},
    "uneven": {"host_country": "MG,FR"},
}


@pytest.mark.parametrize("cells", BAD.values(), ids=BAD)
def test_no_english_is_left_of_bad_tables(tmp_path, cells):
    others = dict.fromkeys(cells.keys() - MISSION.keys(), "")
    path = tmp_path / "missions.csv"
    rows = [MISSION | cells, MISSION | {"mission": "n", "volunteer": "w"} | others]
    lines = [",".join(row.values()) for row in rows]
    path.write_text("\n".join([",".join(rows[0]), *lines]) + "\n")
    done = run("check", path, "--language", "fr", "--out", tmp_path / "out.csv")
    assert done.exit_code == 2
    assert "Erreur : 1 problème dans les tables" in plain(done.output)
    said = done.output.replace(str(tmp_path), "")
    assert not ENGLISH.search(said), said
    _, *rows = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert rows
    assert not ENGLISH.search("\n".join(rows).replace(str(tmp_path), ""))


def plain(text):
    return text.replace("\u00a0", " ")


def test_a_problem_is_told_in_french(tmp_path):
    path = tmp_path / "missions.csv"
    columns = ",".join([*MISSION, "host_country"])
    path.write_text(f"{columns}\nm,v,o,01/09/2022,2023-08-31,Senegal\n")
    done = run("check", path, "--language", "fr")
    day, country, end = plain(done.output).splitlines()
    assert day == (
        f"{path}, ligne 2, colonne start_date : « 01/09/2022 » n'est pas une date."
        " Écrivez aaaa-mm-jj, par exemple 2024-09-01, ou lisez les tables françaises"
        " avec --format-of-cells french"
    )
    assert country == (
        f"{path}, ligne 2, colonne host_country : « Senegal » n'est pas un code de"
        " pays. Écrivez « SN »"
    )
    assert end == "Erreur : 2 problèmes dans les tables"
    # The next command speaks English again.
    assert "row 2, column start_date" in run("check", path).output


def test_a_sound_table_is_told_in_french(folder):
    words = [f"--{one}={folder / f'{one}.csv'}" for one in ("volunteers", "monthly")]
    done = run("check", folder / "missions.csv", *words, "--language", "fr")
    assert plain(done.output).splitlines()[-1] == (
        "Aucun problème : 2 missions, 3 volontaires, 3 mois."
    )


def test_python_is_told_in_french():
    given = {name: [text] for name, text in MISSION.items()}
    bad = given | {"start_date": ["hier"]}
    (problem,) = check(bad, language="fr").to_pylist()
    assert (problem["column"], problem["reason"]) == (
        "start_date",
        "n'est pas une date",
    )
    with pytest.raises(TableError) as error:
        simulate(bad, language="fr")
    assert plain(str(error.value)).splitlines()[0] == "1 problème dans les tables"
    assert "ligne 1, colonne start_date" in str(error.value)
    assert error.value.problems[0].reason == "n'est pas une date"
    with pytest.raises(RequestError, match="n'a pas de résultat"):
        simulate(given, outputs="state_cots", language="fr")
    with pytest.raises(RequestError, match='language "de" is not known'):
        simulate(given, language="de")
    with pytest.warns(UserWarning, match="aucun contrat ne peut être tenu pour licite"):
        simulate(given, language="fr")


def test_the_dictionary_is_in_french(tmp_path):
    rows = template(language="fr")["dictionary"].to_pylist()
    by_column = {one["column"]: one for one in rows}
    about = by_column["contract_monthly_allowance"]
    assert about["meaning"] == "Indemnité mensuelle convenue au contrat"
    assert (about["type"], about["left_empty"]) == ("nombre", "inconnu, lu comme 0")
    assert by_column["mission"]["required"] == "oui"
    codes = template(language="fr")["codes"].to_pylist()
    meanings = {one["code"]: one["meaning"] for one in codes}
    assert (meanings["MG"], meanings["student"]) == ("Madagascar", "Étudiant")
    assert (meanings["DE"], meanings["health"]) == ("Allemagne", "Motif de santé")
    english = ("type", "unit", "meaning", "left_empty", "required", "by_month")
    assert not [
        one[name] for one in rows for name in english if ENGLISH.search(one[name])
    ]
    assert run("template", "--language", "fr", "--out", tmp_path).exit_code == 0
    page = (tmp_path / "dictionary.md").read_text("utf-8")
    assert page.startswith("# Dictionnaire des données\n")
    header = (tmp_path / "dictionary.csv").read_text("utf-8").splitlines()[0]
    assert header.startswith("table,column,required,type")


def test_the_workbook_is_in_french(tmp_path):
    words = ["template", "--format", "xlsx", "--language", "fr", "--out", tmp_path]
    assert run(*words).exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "template.xlsx")
    assert book.sheetnames[0] == "Missions"
    cells = {cell.value: cell.comment.text for cell in book["Missions"][1]}
    assert cells["start_date"] == (
        "Premier jour du contrat (date d'effet) (date, 2024-09-01)"
    )
    refusals = {one.error for one in book["Missions"].data_validations.dataValidation}
    assert refusals == {
        "Choisissez une valeur de la liste, ou laissez la cellule vide."
    }


def test_the_summary_and_its_workbook_are_in_french(folder):
    words = ["simulate", folder / "missions.csv", "--language", "fr"]
    words += ["--organisations", folder / "organisations.csv"]
    words += ["--volunteers", folder / "volunteers.csv", "--years", "2022:2023"]
    words += ["--workbook", folder / "sums.xlsx", "--out", folder / "out"]
    done = run(*words)
    assert done.exit_code == 0, done.output
    lines = plain(done.output).splitlines()
    assert [one.split() for one in lines if "débutés" in one] == [
        ["débutés", "dans", "l'année", "1", "1"]
    ]
    assert lines[-1] == f"2 missions de 3 volontaires. Résultats dans {folder / 'out'}."
    assert not ENGLISH.search(done.output.replace(str(folder), ""))
    sheet = openpyxl.load_workbook(folder / "sums.xlsx")["by_year"]
    cells = {cell.comment.text: cell.value for cell in sheet[1]}
    assert plain(cells["state_cost"]) == "État : coût, €"
    # Programs read the same names in every language.
    header = (folder / "out/by_year.csv").read_text("utf-8").splitlines()[0]
    assert header.startswith("year,contracts_started,")


@pytest.fixture(scope="module")
def compared(synthetic):
    values = {"resettlement_allowance.amount[2].amount": {"2024-01-01": 4070}}
    system = openfisca_isv.CountryTaxBenefitSystem()
    reform = reform_from_values(system, "Palier relevé", values)
    tables = vars(synthetic)
    return compare(**tables, reforms=reform, years=[2024], language="fr")


def test_the_report_is_in_french(compared):
    page = re.sub(r'src="data:[^"]*"', "", compared.report())
    assert '<html lang="fr">' in page
    body = page.partition("</style>")[2]
    texts = re.sub(r"<code>.*?</code>", "", body)
    texts = re.sub(r"<[^>]+>", " ", texts) + " ".join(
        re.findall(r'(?:alt|aria-label)="([^"]*)"', body)
    )
    assert not ENGLISH.findall(texts)
    said = plain(texts).replace("\u2019", "'")
    assert "comparée au droit en vigueur" in said
    assert "1er janvier 2024" in said
    assert "4 070" in said
    assert re.search(r"Sur l'année 2024, l'État verse \d+ \d{3} € de plus", said)


def test_the_pictures_are_in_french(compared, monkeypatch):
    titles = []
    real = pictures.png_of

    def kept(figure):
        titles.extend(axes.get_title(loc="left") for axes in figure.axes)
        figure.canvas.draw()
        for axes in figure.axes:
            ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()]
            titles.extend(one.get_text() for one in ticks)
        return real(figure)

    monkeypatch.setattr(pictures, "png_of", kept)
    vars(compared).pop("_drawn", None)
    assert compared.pictures()
    said = "\n".join(map(plain, titles))
    assert "Coût pour l'État, en millions d'euros par an" in said
    assert "2,5" in said
    assert not ENGLISH.search(said)
    assert not re.search(r"\d\.\d", said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("none.csv",),
            "Valeur non valable pour 'MISSIONS' : le chemin « none.csv » n'existe pas.",
        ),
        ((), "Il manque l'argument 'MISSIONS'."),
        (
            ("{m}", "--workers", "0"),
            "Valeur non valable pour '--workers' : 0 n'est pas dans",
        ),
        (("{m}", "--bye", "x"), "Il n'y a pas d'option"),
        (("{m}", "--by"), "L'option '--by' demande une valeur."),
        (("{m}", "--by", "nationalit"), "aucune table n'a de colonne « nationalit »"),
    ],
)
def test_words_of_the_command_are_refused_in_french(folder, words, said):
    words = [one.format(m=folder / "missions.csv") for one in words]
    done = run("check", "--language=fr", *words)
    assert done.exit_code == 2
    assert plain(done.output).startswith(f"Erreur : {said}")
    assert not ENGLISH.search(done.output.replace(str(folder), ""))


@pytest.mark.parametrize("column", ["scenario", "part", "reform"])
def test_all_reforms_at_once_have_one_name_in_every_table(column):
    with speaking("fr"):
        assert text_table(pa.table({column: ["together"]})).endswith("\nensemble")


def test_outputs_are_listed_in_french(folder):
    words = ["simulate", "m.csv", "--outputs", "help", "--language", "fr"]
    assert "Coût de la mission pour l'État" in run(*words).output


def test_a_language_is_spoken_by_one_command_alone(folder):
    run("check", folder / "none.csv", "--language", "fr")
    assert language() == "en"
    assert run("check", folder / "none.csv").output.startswith("Usage: ")
    done = run(
        "compare",
        folder / "missions.csv",
        "--out",
        folder / "out",
        "--reading",
        "nope",
        "--language",
        "fr",
    )
    assert plain(done.output) == (
        "Erreur : Valeur non valable pour '--reading' : « nope » n'est pas une"
        " interprétation qui peut être calculée."
        f" Il y en a {len(alternatives())}, et aucune ne lui ressemble. GET /readings"
        " et docs/readings.md en donnent la liste\n"
    )
    assert language() == "en"
