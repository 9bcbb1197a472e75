"""The scripts for SAS and Stata, statement by statement: neither can be had here."""

import re

import pytest
from labelled import files_of, make_results

from openfisca_isv.population.labels.labelled_columns import columns_of
from openfisca_isv.population.labels.reading_scripts import short_names


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Give the folder of the tables, of ``simulated`` and of ``compared``."""
    folder = tmp_path_factory.mktemp("labels")
    make_results(folder)
    return folder


NAME = r"[A-Za-z_]\w{0,31}"
STATA_TEXT = r'(?:[^"`$\\]|\\[`$])*'
#: The commands of the script, as the manuals of Stata 14 have them.
STATA = {
    "other": r"\*.*|version 14|args folder|compress|"
    + re.escape('if `"`folder\'"\' == "" local folder "."'),
    "import": r"import delimited using `\"`folder'/(?P<file>.+)\"', delimiters\(\",\"\)"
    r" +varnames\(nonames\) rowrange\(2\) stringcols\(_all\) bindquotes\(strict\)"
    r" +encoding\(\"utf-8\"\) clear",
    "define": rf"label define (?P<list>{NAME}) (?P<number>\d+) \"(?P<code>\w+)\","
    r" (replace|add)",
    "modify": rf"label define (?P<list>{NAME}) (?P<number>\d+) \"{STATA_TEXT}\","
    " modify",
    "text": rf"rename v(?P<v>\d+) (?P<x>{NAME})",
    "code": rf"encode v(?P<v>\d+), generate\((?P<x>{NAME})\) label\((?P<list>{NAME})\)"
    " noextend",
    "boolean": rf"generate byte (?P<x>{NAME}) = cond\(v(?P<v>\d+) == \"true\", 1,"
    r" cond\(v(?P=v) == \"false\", 0, \.\)\)",
    "day": rf"generate long (?P<x>{NAME}) = daily\(v(?P<v>\d+), \"YMD\"\)",
    "month": rf"generate int (?P<x>{NAME}) = monthly\(v(?P<v>\d+), \"YM\"\)",
    "number": rf"generate double (?P<x>{NAME}) = cond\(v(?P<v>\d+) == \"inf\", \.i,"
    r" real\(v(?P=v)\)\)",
    "format": rf"format (?P<x>{NAME}) (%tdCCYY-NN-DD|%tm)",
    "assert": rf"assert !missing\((?P<x>{NAME})\) \| inlist\(v(?P<v>\d+), \"\","
    r" \"inf\", \"unknown\"\)",
    "drop": r"drop v(?P<v>\d+)",
    "label": rf"label variable (?P<x>{NAME}) \"(?P<label>{STATA_TEXT})\"",
    "notes": rf"notes (?P<x>{NAME}): {STATA_TEXT}",
    "order": rf"order (?P<order>{NAME}( {NAME})*)",
    "save": r"save `\"`folder'/(?P<file>.+)\"', replace",
}


def commands_of_stata(script):
    """Give the commands of a script, by table: the kind and the parts of each."""
    tables = []
    for line in re.sub(r" ///\n *", " ", script).splitlines():
        if not line.strip():
            continue
        kinds = [kind for kind, form in STATA.items() if re.fullmatch(form, line)]
        assert len(kinds) == 1, line
        parts = re.fullmatch(STATA[kinds[0]], line).groupdict()
        if kinds[0] == "import":
            tables.append([])
        if tables:
            tables[-1].append((kinds[0], parts))
    return tables


@pytest.mark.parametrize("kind", ["simulated", "compared"])
def test_each_command_for_stata_is_one_of_its_manual(system, results, kind):
    folder = results / kind
    tables = commands_of_stata((folder / "read_results.do").read_text("utf-8"))
    found = {}
    for commands in tables:
        first, last = commands[0][1]["file"], commands[-1]
        assert last[0] == "save"
        assert first == f"{last[1]['file']}.csv"
        found[re.sub(r"\\([`$])", r"\1", last[1]["file"])] = commands
    assert len(found) == len(tables)
    with_rows = [one for one in files_of(folder) if one[2]]
    assert found.keys() == {name for name, _, _ in with_rows}
    for table, header, _ in with_rows:
        check_commands(found[table], columns_of([system], table, header))


def check_commands(commands, columns):
    """Check that the commands of a table read its columns, each once, in order."""
    shorts = short_names([one.name for one in columns])
    read = [(kind, parts) for kind, parts in commands if {"x", "v"} <= parts.keys()]
    read = [(kind, parts) for kind, parts in read if kind != "assert"]
    places = [str(place) for place in range(1, len(columns) + 1)]
    assert [kind for kind, _ in read] == [one.kind for one in columns]
    assert [parts["x"] for _, parts in read] == [*shorts.values()]
    assert [parts["v"] for _, parts in read] == places
    not_text = [parts["v"] for kind, parts in read if kind != "text"]
    for kind in ("assert", "drop"):
        assert [parts["v"] for one, parts in commands if one == kind] == not_text
    labels = {parts["x"]: parts["label"] for one, parts in commands if one == "label"}
    assert [*labels] == [*shorts.values()]
    assert all(0 < len(one) <= 80 for one in labels.values())
    assert [p["order"] for one, p in commands if one == "order"] == [" ".join(labels)]
    for kind in ("define", "modify"):
        listed = [
            (parts["list"], parts["number"]) for k, parts in commands if k == kind
        ]
        lists = {one.code_list: one.codes for one in columns if one.code_list}
        assert listed == [
            (name, str(number)) for name in lists for number in range(len(lists[name]))
        ]
    codes = [parts["code"] for kind, parts in commands if kind == "define"]
    assert codes == [code for codes in lists.values() for code in codes]


SAS_TEXT = r"'(?:[^']|'')*'"
#: The statements of the script, as the documentation of SAS 9.4 has them.
SAS = {
    "infile": r'infile "&folder/(?P<file>.+)" dsd dlm=\',\' firstobs=2 truncover'
    r" lrecl=1048576 termstr=lf encoding='utf-8'",
    "length": rf"length (?P<x>{NAME}) \$(?P<width>\d+)",
    "month": rf"length (?P<x>{NAME}) 8 _(?P=x) \$7",
    "informat": rf"informat (?P<x>{NAME}) (?P<kind>isv_boolean|isv_number|yymmdd10)\.",
    "format": rf"format (?P<x>{NAME})"
    r" (?P<kind>\$isv_\w{1,26}[a-z]|isv_boolean|yymmdd10|yymmd7)\.",
    "label": rf"label (?P<x>{NAME}) = (?P<label>{SAS_TEXT})",
    "input": rf"input(?P<input>( {NAME}( \$)?)+)",
    "assign": rf"(?P<x>{NAME}) = input\(cats\(_(?P=x), '-01'\), yymmdd10\.\)",
    "drop": rf"drop _(?P<x>{NAME})",
}
SAS_FORMAT = re.compile(
    rf"value (?P<list>\$isv_\w{{1,26}}[a-z])(?P<pairs>( {SAS_TEXT} = {SAS_TEXT})+)"
)


def statements_of_sas(script):
    """Give the statements of a script, on one line each."""
    assert script.startswith("/*")
    comment, rest = script.split("*/", 1)
    assert "*/" not in rest
    assert "/*" not in comment[2:]
    parts = re.findall(r"""(?:'(?:[^']|'')*'|"(?:[^"]|"")*"|[^;'"])+;""", rest)
    assert "".join(parts).split() == rest.split(), "a quote is not closed"
    return [" ".join(one[:-1].split()) for one in parts]


@pytest.mark.parametrize("kind", ["simulated", "compared"])
def test_each_statement_for_sas_is_one_of_its_documentation(system, results, kind):
    folder = results / kind
    script = (folder / "read_results.sas").read_text("utf-8")
    assert max(map(len, script.splitlines())) < 512
    statements = iter(statements_of_sas(script))
    assert next(statements) == "proc format"
    formats = {}
    for one in iter(lambda: next(statements), "run"):
        if found := SAS_FORMAT.fullmatch(one):
            pairs = re.findall(rf"'(\w+)' = {SAS_TEXT}", found["pairs"])
            formats[found["list"]] = pairs
        else:
            assert one.startswith(("invalue isv_", "value isv_boolean "))
    files = {name: (header, rows) for name, header, rows in files_of(folder)}
    shorts = short_names([*files])
    for name in sorted(files):
        assert next(statements) == f"data {shorts[name]}"
        read = []
        for one in iter(lambda: next(statements), "run"):
            kinds = [kind for kind, form in SAS.items() if re.fullmatch(form, one)]
            assert len(kinds) == 1, one
            read.append((kinds[0], re.fullmatch(SAS[kinds[0]], one).groupdict()))
        header, rows = files[name]
        check_statements(read, columns_of([system], name, header), rows, formats)
    assert next(statements, None) is None


def check_statements(read, columns, rows, formats):
    """Check that the statements of a table read its columns as what they hold."""
    shorts = short_names([one.name for one in columns])
    given = {
        kind: {parts["x"]: parts for one, parts in read if one == kind}
        for kind in ("length", "month", "informat", "format", "label", "assign", "drop")
    }
    (listed,) = [parts["input"] for kind, parts in read if kind == "input"]
    wanted = []
    for place, column in enumerate(columns):
        x = shorts[column.name]
        label = given["label"][x]["label"][1:-1].replace("''", "'")
        assert 0 < len(label.encode()) <= 256
        if column.kind in ("text", "code"):
            longest = max((len(row[place].encode()) for row in rows), default=1)
            assert longest <= int(given["length"][x]["width"]) <= 32_767
        if column.kind == "code":
            assert given["format"][x]["kind"] == f"$isv_{column.code_list}"
            assert formats[f"$isv_{column.code_list}"] == [*column.codes]
        kinds = {"boolean": "isv_boolean", "day": "yymmdd10", "number": "isv_number"}
        if column.kind in kinds:
            assert given["informat"][x]["kind"] == kinds[column.kind]
        if column.kind == "month":
            assert all(x in given[one] for one in ("month", "assign", "drop"))
            assert given["format"][x]["kind"] == "yymmd7"
        wanted.append(f"{'_' * (column.kind == 'month')}{x}")
        wanted += ["$"] * (column.kind in ("text", "code", "month"))
    assert listed.split() == wanted
