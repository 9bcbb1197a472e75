"""Tables are read whole or refused, with every problem and its remedy."""

from datetime import date

import pandas
import pyarrow.parquet as pq
import pytest

from openfisca_isv.population.tables.columns import table_kinds
from tests.population.reading import TableError, read_tables
from tests.population.test_commands import run as isv

HEADER = "mission,volunteer,organisation,start_date,end_date"
ROW = "m1,v1,o1,2022-01-01,2022-12-31"


def read(system, tmp_path, **texts):
    """Read tables from texts, as files named after them."""
    paths = {}
    for name, text in texts.items():
        paths[name] = tmp_path / f"{name}.csv"
        paths[name].write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_tables(**paths)


def problems(system, tmp_path, **texts):
    """Give what is said of tables that are refused, without the folder."""
    with pytest.raises(TableError) as error:
        read(system, tmp_path, **texts)
    return [str(one).replace(f"{tmp_path}/", "") for one in error.value.problems]


def test_every_column_but_the_identifiers_is_an_input_of_the_model(system):
    kinds = table_kinds(system)
    inputs = {name for name, one in system.variables.items() if one.is_input_variable()}
    identifiers = {"mission", "volunteer", "organisation", "month"}
    columns = {column for kind in kinds.values() for column in kind.cells}
    assert len(inputs) > 20
    assert columns == inputs | identifiers


def test_values_have_the_types_of_the_model(system, tmp_path):
    tables = read(
        system,
        tmp_path,
        missions=f"{HEADER},host_country,contract_is_written,contract_monthly_allowance"
        f'\n" m1 ","v,1",é,2022-01-01,9999-12-31,MG,TRUE,1250.50\n'
        "m2,v2,é,2024-02-29,2024-12-31,,,\n",
        volunteers='volunteer,dependants_count\n"v,1",2\nv2,\n',
    )
    assert tables.missions.to_pylist() == [
        {
            "mission": "m1",
            "volunteer": "v,1",
            "organisation": "é",
            "start_date": date(2022, 1, 1),
            "end_date": date(9999, 12, 31),
            "host_country": "MG",
            "contract_is_written": True,
            "contract_monthly_allowance": 1250.5,
        },
        {
            "mission": "m2",
            "volunteer": "v2",
            "organisation": "é",
            "start_date": date(2024, 2, 29),
            "end_date": date(2024, 12, 31),
            "host_country": None,
            "contract_is_written": None,
            "contract_monthly_allowance": None,
        },
    ]
    assert tables.volunteers["dependants_count"].to_pylist() == [2, None]
    assert tables.organisations.to_pylist() == [{"organisation": "é"}]
    assert len(tables.monthly) == 0


def test_spreadsheet_ways_are_read(system, tmp_path):
    text = f"\ufeff{HEADER},contract_is_written\r\n{ROW},VRAI\r\n\r\n"
    tables = read(system, tmp_path, missions=text)
    assert tables.missions["contract_is_written"].to_pylist() == [True]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (
            {"start_date": "2023-02-30"},
            (
                'column start_date: "2023-02-30" is not a day of the calendar.'
                " Write yyyy-mm-dd, e.g. 2024-09-01"
            ),
        ),
        (
            {"start_date": "2023-02-29"},
            (
                'column start_date: "2023-02-29" is not a day of the calendar.'
                " Write yyyy-mm-dd, e.g. 2024-09-01"
            ),
        ),
        (
            {"start_date": "01/02/2022"},
            (
                'column start_date: "01/02/2022" is not a day.'
                " Write yyyy-mm-dd, e.g. 2024-09-01, or read French tables with"
                " --format-of-cells french"
            ),
        ),
        (
            {"start_date": "0202-01-01"},
            (
                'column start_date: "0202-01-01" is out of the calendar.'
                " Give a year from 1900 to 2199, or 9999 for never"
            ),
        ),
        (
            {"end_date": "2021-12-31"},
            (
                'column end_date: "2021-12-31" cannot be right: the contract ends'
                " before it starts (start_date 2022-01-01). Correct one of the two"
                " dates"
            ),
        ),
        (
            {"host_country": "UK"},
            'column host_country: "UK" is not a country code. Write "GB"',
        ),
        (
            {"host_country": "Sénégal"},
            'column host_country: "Sénégal" is not a country code. Write "SN"',
        ),
        (
            {"host_country": "XX"},
            (
                'column host_country: "XX" is not a country code.'
                " Write an ISO 3166-1 alpha-2 code, as MG for Madagascar"
            ),
        ),
        (
            {"domain": "humanitarian"},
            (
                'column domain: "humanitarian" is not one of the codes.'
                ' Did you mean "humanitarian_action"?'
            ),
        ),
        (
            {"domain": "x"},
            (
                'column domain: "x" is not one of the codes. Write one of none,'
                " development_cooperation, humanitarian_action, other"
            ),
        ),
        (
            {"contract_is_written": "signed"},
            (
                'column contract_is_written: "signed" is neither true nor false.'
                " Write true or false"
            ),
        ),
        (
            {"contract_monthly_allowance": "600 €"},
            (
                'column contract_monthly_allowance: "600 €" is not a number.'
                " Write it as 1250.50"
            ),
        ),
        (
            {"contract_monthly_allowance": "nan"},
            (
                'column contract_monthly_allowance: "nan" is what programs write where'
                ' a value is missing. Leave the cell empty (in R, na = "")'
            ),
        ),
        (
            {"contract_monthly_allowance": "-600"},
            'column contract_monthly_allowance: "-600" is negative. Write 0 or more',
        ),
        ({"mission": ""}, "column mission: is empty. Every row needs one"),
        ({"volunteer": " "}, "column volunteer: is empty. Every row needs one"),
    ],
)
def test_a_wrong_cell_is_named_with_its_remedy(system, tmp_path, cells, problem):
    usual = dict(zip(HEADER.split(","), ROW.split(","), strict=True)) | cells
    text = ",".join(usual) + "\n" + ",".join(usual.values()) + "\n"
    found = problems(system, tmp_path, missions=text)
    assert found == [f"missions.csv, row 2, {problem}"]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            {"missions": "mission,volunter,organisation,start_date,end_date\n" + ROW},
            [
                (
                    "missions.csv, column volunteer: is missing."
                    ' Rename "volunter", if that is it'
                ),
            ],
        ),
        (
            {"missions": "mission,volunteer,organisation\nm1,v1,o1\n"},
            [
                "missions.csv, column start_date: is missing. Add it",
                "missions.csv, column end_date: is missing. Add it",
            ],
        ),
        (
            {"missions": f"{HEADER},host_contry,birth_date,colour\n{ROW},MG,,red\n"},
            [
                (
                    "missions.csv, column host_contry: is not a column of the missions."
                    ' Did you mean "host_country"?'
                ),
                (
                    "missions.csv, column birth_date: is not a column of the missions."
                    " It belongs in the table of volunteers"
                ),
                (
                    "missions.csv, column colour: is not a column of the missions."
                    " Remove it, name it with --by or --weight, or leave it out with"
                    " --ignore"
                ),
            ],
        ),
        (
            {"missions": f"{HEADER}\n{ROW}\n{ROW}\n{ROW}\n"},
            [
                (
                    'missions.csv, row 3 and 1 more, column mission: "m1" is already in'
                    " row 2. Keep one row of the two"
                ),
            ],
        ),
        (
            {
                "missions": f"{HEADER}\n{ROW}\n",
                "volunteers": "volunteer\nv10\n",
                "organisations": "organisation\nanother\n",
            },
            [
                (
                    'missions.csv, row 2, column volunteer: "v1" is not in'
                    ' volunteers.csv. Did you mean "v10"?'
                ),
                (
                    'missions.csv, row 2, column organisation: "o1" is not in'
                    " organisations.csv. Add a row for it there"
                ),
            ],
        ),
        (
            {
                "missions": f"{HEADER}\n{ROW}\n",
                "monthly": "volunteer,month,dependants_count\n"
                "v1,2022-01,1\nv1,2022-01,2\nv1,2022-13,1\nv1,2022-02-01,1.5\n"
                "nobody,2022-01,1\n",
            },
            [
                (
                    'monthly.csv, row 4, column month: "2022-13" is not a month of the'
                    " calendar. Write yyyy-mm, e.g. 2024-09"
                ),
                (
                    'monthly.csv, row 5, column month: "2022-02-01" is not a month.'
                    " Write yyyy-mm, e.g. 2024-09"
                ),
                (
                    'monthly.csv, row 5, column dependants_count: "1.5" is not a whole'
                    " number. Write digits alone, 0 to 1000000"
                ),
                (
                    'monthly.csv, row 3, column volunteer: "v1" is already in row 2 for'
                    " the same month. Keep one row of the two"
                ),
                (
                    'monthly.csv, row 6, column volunteer: "nobody" is not in'
                    " missions.csv. Add a row for it there"
                ),
            ],
        ),
        (
            {
                "missions": f"{HEADER}\n{ROW}\n",
                "organisations": "organisation,private_resources_share\no1,15\n",
            },
            [
                (
                    "organisations.csv, row 2, column private_resources_share:"
                    ' "15" is not a share. Write 0 to 1, e.g. 0.15 for 15 %'
                ),
            ],
        ),
        (
            {"missions": f"{HEADER}\n{ROW}\nm2,v1,o1\n"},
            [
                (
                    "missions.csv, row 3: has 3 cells where the header has 5."
                    " Leave no cell out, and quote those that hold a comma"
                ),
            ],
        ),
        (
            {"missions": f"{HEADER},mission\n{ROW},m1\n"},
            [
                "missions.csv: has more than one column mission. Keep one of each",
            ],
        ),
        (
            {"missions": ""},
            ["missions.csv: is empty. Give a header, and a row for each case"],
        ),
        ({"missions": f"{HEADER}\n"}, ["missions.csv: has no mission. Add a row"]),
        (
            {"missions": f"{HEADER}\n{ROW}é\n".encode("latin-1")},
            [
                (
                    "missions.csv: is not in UTF-8. Save it as CSV UTF-8, or declare"
                    " its encoding, e.g. --format-of-cells french,encoding=cp1252"
                )
            ],
        ),
        (
            {"missions": b"PK\x03\x04\x14\x00\x06\x00"},
            [
                (
                    "missions.csv: is a zip archive, or a workbook of another name."
                    " Unpack it, or name it .xlsx or .ods"
                )
            ],
        ),
    ],
)
def test_wrong_tables_are_refused_with_every_problem(system, tmp_path, texts, expected):
    assert problems(system, tmp_path, **texts) == expected


@pytest.mark.parametrize(
    ("known", "named", "remedy"),
    [
        ("hélène", "Hélène", 'Did you mean "hélène"? Case, accents, spaces and'),
        ("Helene", "Hélène", 'Did you mean "Helene"? Case, accents, spaces and'),
        ("V-1", "v1", 'Did you mean "V-1"? Case, accents, spaces and hyphens count'),
        (
            "He\u0301le\u0300ne",
            "Hélène",
            "It is there with its accents in",
        ),
        ("v10", "v1", 'Did you mean "v10"?'),
        ("Zoé", "Hélène", "Add a row for it there"),
    ],
)
def test_a_name_that_is_written_otherwise_elsewhere_is_told(
    system, tmp_path, known, named, remedy
):
    missions = f"{HEADER}\n{ROW.replace('v1', named)}\n"
    volunteers = f"volunteer\n{known}\n"
    (said,) = problems(system, tmp_path, missions=missions, volunteers=volunteers)
    assert f'"{named}" is not in volunteers.csv. {remedy}' in said


def test_the_same_wrong_value_is_reported_once_and_others_are_counted(system, tmp_path):
    rows = [f"m{n},v{n},o,2022-01-01,2022-12-31,{n % 8}X" for n in range(16)]
    text = "\n".join([f"{HEADER},host_country", *rows])
    found = problems(system, tmp_path, missions=text)
    assert len(found) == 6
    assert found[0].startswith(
        'missions.csv, row 2 and 1 more, column host_country: "0X"'
    )
    assert found[5] == (
        "missions.csv, row 7 and 5 more, column host_country:"
        " 3 other values are wrong too. Correct them likewise"
    )


def test_one_volunteer_is_kept_with_what_belongs_to_it(system, folder):
    names = ("missions", "volunteers", "organisations", "monthly")
    tables = read_tables(**{name: folder / f"{name}.csv" for name in names})
    alone = tables.of_volunteer("camille")
    assert alone.missions["mission"].to_pylist() == ["madagascar"]
    assert alone.volunteers["volunteer"].to_pylist() == ["camille"]
    assert alone.organisations["organisation"].to_pylist() == ["association"]
    assert len(alone.monthly) == 3
    assert len(tables.of_volunteer("stays").missions) == 0
    with pytest.raises(KeyError):
        tables.of_volunteer("nobody")


def test_semicolons_are_read_as_a_french_spreadsheet_writes_them(system, tmp_path):
    text = f"{HEADER},contract_monthly_allowance\n{ROW},750.5\n".replace(",", ";")
    tables = read(system, tmp_path, missions="\ufeff" + text.replace("\n", "\r\n"))
    (row,) = tables.missions.to_pylist()
    assert (row["mission"], row["contract_monthly_allowance"]) == ("m1", 750.5)
    text = text.replace("750.5", "750,50").replace("2022-01-01", "01/01/2022")
    assert problems(system, tmp_path, missions=text) == [
        (
            'missions.csv, row 2, column start_date: "01/01/2022" is not a day. Write'
            " yyyy-mm-dd, e.g. 2024-09-01, or read French tables with"
            " --format-of-cells french"
        ),
        (
            'missions.csv, row 2, column contract_monthly_allowance: "750,50" is not a'
            " number. Write it as 1250.50, or read French tables with --format-of-cells"
            " french"
        ),
    ]


def test_a_quote_left_open_is_told_whatever_ends_a_line(system, tmp_path):
    rows = [ROW.replace("o1", '"o1'), ROW.replace("1,", "2,", 2).replace("o1", 'o1"')]
    for end in ("\n", "\r", "\r\n"):
        text = end.join([HEADER, *rows, ROW.replace("1,", "3,", 2), ""])
        (found, *_) = problems(system, tmp_path, missions=text.encode())
        assert "organisation" in found or "quote" in found, end


def part(*columns):
    """Write a row of some columns."""
    row = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
    return f"{','.join(columns)}\n{','.join(row.get(one, '') for one in columns)}\n"


@pytest.mark.parametrize("lacking", ["domain", "end_date", "volunteer"])
@pytest.mark.parametrize("is_first", [True, False])
def test_parts_of_other_columns_are_told(system, tmp_path, lacking, is_first):
    folder = tmp_path / "missions"
    folder.mkdir()
    names = [*HEADER.split(","), "domain"]
    fewer = [one for one in names if one != lacking]
    texts = [part(*fewer), part(*names)]
    for name, text in zip("ab", texts if is_first else texts[::-1], strict=True):
        (folder / f"{name}.csv").write_text(text)
    with pytest.raises(TableError) as error:
        read_tables(folder)
    assert f"b.csv: has not the columns of the other parts: {lacking}" in str(
        error.value
    )
    found = isv("check", folder)
    assert found.exit_code == 2
    assert f"has not the columns of the other parts: {lacking}" in found.stdout


@pytest.mark.parametrize(
    "name", ["b.xlsx", "b.csv.bz2", "README.md", "2024/b.csv", "b.txt"]
)
def test_in_a_folder_of_parts_no_file_is_left_out_unsaid(system, tmp_path, name):
    folder = tmp_path / "missions"
    folder.mkdir()
    (folder / "a.csv").write_text(f"{HEADER}\n{ROW}\n")
    for hidden in ("_SUCCESS", ".a.csv.crc", "a.csv.crc"):
        (folder / hidden).write_text("")
    assert len(read_tables(folder).missions) == 1
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")
    with pytest.raises(TableError, match="is not read") as error:
        read_tables(folder)
    assert name.partition("/")[0] in str(error.value)


def test_endings_in_upper_case_are_read(system, tmp_path):
    folder = tmp_path / "missions"
    folder.mkdir()
    (folder / "a.csv").write_text(f"{HEADER}\n{ROW}\n")
    (folder / "b.CSV").write_text(f"{HEADER}\n{ROW.replace('1,', '2,', 2)}\n")
    table = read_tables(folder / "a.csv").missions
    table = table.set_column(0, "mission", [["m3"]])
    pq.write_table(table.set_column(1, "volunteer", [["v3"]]), folder / "c.PARQUET")
    names = read_tables(tmp_path / "missions").missions["mission"]
    assert len(names) == 3


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Guadeloupe", "UTC"])
def test_midnight_is_the_day_that_starts_where_it_is(system, tmp_path, zone):
    texts = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
    frame = pandas.DataFrame({name: [text] for name, text in texts.items()})
    for name in ("start_date", "end_date"):
        frame[name] = pandas.to_datetime(frame[name]).dt.tz_localize(zone)
    # What pandas keeps of rows that were filtered is not a column.
    frame = pandas.concat([frame, frame])[[False, True]].set_index([[7]])
    path = tmp_path / "missions.parquet"
    frame.to_parquet(path, index=True)
    assert any("__index" in name for name in pq.read_schema(path).names)
    row = read_tables(path).missions.to_pylist()[0]
    assert (row["start_date"], row["end_date"]) == (
        date(2022, 1, 1),
        date(2022, 12, 31),
    )
    frame["end_date"] += pandas.Timedelta(hours=12)
    frame.to_parquet(path)
    with pytest.raises(TableError, match=r"column end_date: .* is not a day"):
        read_tables(path)
