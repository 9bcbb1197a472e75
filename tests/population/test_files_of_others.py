"""Commands write in files that a run made, and touch no other."""

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from openfisca_isv.population import store
from tests.population.test_commands import run as isv

MISSIONS = "mission,volunteer,organisation,start_date,end_date\n"
MISSIONS += "".join(f"m{one},v{one},o,2022-01-01,2022-12-31\n" for one in range(2000))
RESULTS = {"by_year.csv", "missions.csv", "run.json", "unmet_conditions.csv"}
MINE = "mes données\n"


@pytest.fixture
def missions(tmp_path):
    path = tmp_path / "tables" / "contracts.csv"
    path.parent.mkdir()
    path.write_text(MISSIONS, "utf-8")
    return path


def simulate(missions: Path, out: Path, *more: object, status: int = 0):
    words = ("simulate", missions, "--years", "2022", "--out", out, *more)
    result = isv(*words)
    assert result.exit_code == status, result.stderr
    return result


def files(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}


@pytest.mark.parametrize("name", ["..", "", ".", "../precious", "/etc/passwd", "notes"])
@pytest.mark.parametrize("more", [(), ("--replace",)])
def test_an_account_cannot_name_files_that_are_no_results(
    missions, tmp_path, name, more
):
    out = tmp_path / "p" / "out"
    simulate(missions, out)
    (tmp_path / "p" / "precious").write_text(MINE)
    (out / "notes").write_text(MINE)
    account = json.loads((out / "run.json").read_text())
    account["results"].append(name)
    (out / "run.json").write_text(json.dumps(account))
    simulate(missions, out, *more)
    assert (tmp_path / "p" / "precious").read_text() == MINE
    assert (out / "notes").read_text() == MINE
    assert set(files(out)) == RESULTS | {"notes"}


def test_a_folder_named_as_a_result_keeps_what_no_run_put_in_it(missions, tmp_path):
    out = tmp_path / "out"
    simulate(missions, out, "--format", "parquet")
    (out / "missions.parquet" / "notes.txt").write_text(MINE)
    refused = simulate(missions, out, "--format", "parquet", "--replace", status=2)
    assert "missions.parquet, which no run made" in refused.stderr
    simulate(missions, out, "--replace")
    assert (out / "missions.parquet" / "notes.txt").read_text() == MINE


def test_a_link_is_not_followed(missions, tmp_path):
    out, mine = tmp_path / "out", tmp_path / "mine"
    mine.mkdir()
    (mine / "staged").write_text(MINE)
    (mine / "lock").write_text(MINE)
    out.mkdir()
    (out / ".run").symlink_to(mine)
    for more in ((), ("--replace",)):
        refused = simulate(missions, out, *more, status=2)
        assert "has .run, which no run made" in refused.stderr
    (out / ".run").unlink()
    (out / ".run").mkdir()
    (out / ".run" / "lock").symlink_to(mine / "lock")
    assert "lock, which no run" in simulate(missions, out, status=2).stderr
    (out / ".run" / "lock").unlink()
    (out / "by_year.csv").symlink_to(mine / "lock")
    simulate(missions, out, "--replace")
    assert files(mine) == {"staged": MINE.encode(), "lock": MINE.encode()}
    assert not (out / "by_year.csv").is_symlink()


@pytest.mark.parametrize("name", ["parts", "made", "checked", "staged"])
@pytest.mark.parametrize("more", [(), ("--replace",)])
def test_a_work_folder_that_no_run_made_stays(missions, tmp_path, name, more):
    mine = tmp_path / "out" / ".run" / name / "notes"
    mine.parent.mkdir(parents=True)
    mine.write_text(MINE)
    refused = simulate(missions, tmp_path / "out", *more, status=2)
    said = f"{mine.parents[1]} has {name}/notes, which no run made"
    assert said in refused.stderr
    assert mine.read_text() == MINE


def test_a_run_that_was_killed_as_it_kept_its_checks_goes_on(
    missions, tmp_path, monkeypatch
):
    def stop(folder: Path, *_: object, **__: object) -> None:
        raise KeyboardInterrupt

    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(store, "write_files", stop)
        # Nothing is tidied up where the process is killed.
        patch.setattr(store.shutil, "rmtree", lambda *_, **__: None)
        simulate(missions, out, "--part-size", "400", status=130)
    assert list((out / ".run").rglob(".checked-*"))
    simulate(missions, out)
    assert set(files(out)) == RESULTS


@pytest.mark.parametrize("name", ["missions.csv", "by_year.csv", "report.html"])
def test_results_do_not_replace_files_that_no_run_made(missions, tmp_path, name):
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_text(MINE)
    refused = simulate(missions, out, status=2)
    assert f"{out} has {name}, which no run made" in refused.stderr
    assert "--replace" in refused.stderr
    assert files(out) == {name: MINE.encode()}
    simulate(missions, out, "--replace")
    assert (out / "by_year.csv").read_text() != MINE


def test_a_file_put_there_while_a_run_was_interrupted_stays(missions, tmp_path):
    out = tmp_path / "out"
    interrupted_in_parts(missions, out)
    (out / "by_year.csv").write_text(MINE)
    simulate(missions, out, status=2)
    assert (out / "by_year.csv").read_text() == MINE
    (out / "by_year.csv").unlink()
    simulate(missions, out)
    assert set(files(out)) == RESULTS


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("generate", "--volunteers", "500"), "missions.csv"),
        (("generate", "--volunteers", "500"), "closeness.csv"),
        (("demo",), "missions.csv"),
        (("template",), "dictionary.csv"),
        (("template",), "dictionary.md"),
    ],
)
def test_tables_that_are_made_do_not_replace_others(tmp_path, words, name):
    (tmp_path / name).write_text(MINE)
    refused = isv(*words, "--out", tmp_path)
    assert refused.exit_code == 2
    assert name in refused.stderr
    assert files(tmp_path) == {name: MINE.encode()}
    if words[0] == "generate":
        made = isv(*words, "--out", tmp_path, "--replace")
        assert made.exit_code == 0
        assert (tmp_path / name).read_text() != MINE


def test_lists_of_problems_do_not_replace_other_files(missions, tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text(MINE)
    bad = tmp_path / "bad.csv"
    bad.write_text(MISSIONS.replace("2022-01-01", "2022-02-30", 1))
    refused = simulate(bad, tmp_path / "out", "--rejects", mine, status=2)
    assert "is there already, and is another file" in refused.stderr
    assert isv("check", bad, "--out", mine).exit_code == 2
    assert mine.read_text() == MINE
    rejects, listed = tmp_path / "rejects.csv", tmp_path / "listed.csv"
    for _ in range(2):
        simulate(bad, tmp_path / "out", "--rejects", rejects)
        assert isv("check", bad, "--out", listed).exit_code == 2
        assert "2022-02-30" in rejects.read_text()
        assert "2022-02-30" in listed.read_text()


def interrupted(missions: Path, out: Path, *more: object) -> None:
    """Leave a run that stopped before its results were put in their place."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("openfisca_isv.population.runs.run.publish", stop)
        simulate(missions, out, *more, status=130)


def interrupted_in_parts(missions: Path, out: Path, *more: object) -> None:
    """Leave such a run of several parts."""
    interrupted(missions, out, "--part-size", "400", *more)
    assert len(list((out / ".run" / "parts").iterdir())) > 3


def test_a_small_run_that_is_stopped_starts_over(missions, tmp_path):
    whole, out = tmp_path / "whole", tmp_path / "out"
    simulate(missions, whole)
    interrupted(missions, out)
    # Nothing to go on from, and nothing where results stand.
    assert [one.name for one in out.iterdir()] == [".run"]
    left = {one.name for one in (out / ".run").iterdir()}
    assert left == {"lock", "manifest.json", "made"}
    (out / ".run" / "made" / "missions.csv").write_text("cut short")
    simulate(missions, out)
    found, expected = files(out), files(whole)
    accounts = [json.loads(one.pop("run.json")) for one in (found, expected)]
    assert found == expected
    assert accounts[0]["rows"] == accounts[1]["rows"]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """Give tables, the folder of a run that stopped, and the files of a whole one."""
    folder = tmp_path_factory.mktemp("stopped")
    missions = folder / "contracts.csv"
    missions.write_text(MISSIONS, "utf-8")
    simulate(missions, folder / "whole")
    interrupted_in_parts(missions, folder / "out")
    return missions, folder / "out", files(folder / "whole")


DAMAGES = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:20]),
    "emptied": lambda path: path.write_bytes(b""),
    "changed": lambda path: path.write_bytes(
        path.read_bytes()[:-2] + bytes([path.read_bytes()[-2] ^ 1, 10])
    ),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "checked/account.json",
        "staged/account.json",
        "staged/tables.duckdb",
        "parts/00001/missions.csv",
        "parts/00001/by_year.parquet",
        "parts/00001/account.json",
    ],
)
def test_what_is_damaged_is_computed_again(stopped, tmp_path, name, damage):
    missions, before, expected = stopped
    out = tmp_path / "out"
    shutil.copytree(before, out)
    DAMAGES[damage](out / ".run" / name)
    # Other parts than before, where the tables are divided again.
    simulate(missions, out, "--part-size", "700")
    found = files(out)
    accounts = [json.loads(one["run.json"]) for one in (found, expected)]
    assert found | {"run.json": None} == expected | {"run.json": None}
    assert accounts[0]["rows"] == accounts[1]["rows"]
    assert accounts[0]["rows"]["missions"]["out"] == 2000


@pytest.mark.parametrize("content", ["", "[]", "{", "null", '{"results": 3}'])
def test_a_damaged_account_is_no_run(missions, tmp_path, content):
    out = tmp_path / "out"
    simulate(missions, out)
    before = files(out)
    (out / "run.json").write_text(content)
    refused = simulate(missions, out, status=2)
    assert len(refused.stderr.splitlines()) == 1
    assert "--replace" in refused.stderr
    simulate(missions, out, "--replace")
    after = files(out)
    assert after.pop("run.json")
    assert after == {name: one for name, one in before.items() if name != "run.json"}


def test_a_column_that_is_no_part_of_a_file_name_makes_no_groups(tmp_path):
    for name in ("a/b", "../victim", "a\nb", "x" * 300, "__row"):
        table = pa.table({"mission": ["m"], "volunteer": ["v"], name: ["1"]})
        table = table.append_column("organisation", [["o"]])
        for day in ("start_date", "end_date"):
            table = table.append_column(day, [["2023-01-01"]])
        pq.write_table(table, tmp_path / "missions.parquet")
        done = isv(
            "simulate",
            tmp_path / "missions.parquet",
            "--by",
            name,
            "--out",
            tmp_path / "out",
        )
        assert done.exit_code == 2, name
        assert "the groups cannot be made by a column called" in done.stderr
        assert not (tmp_path / "out").exists()


def test_results_do_not_replace_the_table_below_their_name(folder, tmp_path):
    parts = tmp_path / "missions.parquet"
    parts.mkdir()
    table = pyarrow.csv.read_csv(folder / "missions.csv")
    pq.write_table(table, parts / "part-00000.parquet")
    words = ("--format", "parquet", "--out", tmp_path, "--replace")
    done = isv("simulate", parts / "part-00000.parquet", *words)
    assert done.exit_code == 2
    assert "would stand among the tables" in done.stderr
    assert (parts / "part-00000.parquet").exists()


@pytest.mark.parametrize("name", ["missions.csv", "none/x.xlsx", "by_year.csv"])
def test_a_workbook_takes_the_place_of_nothing(folder, tmp_path, name):
    book = folder / name
    before = (folder / "missions.csv").read_bytes()
    words = ("--workbook", book, "--out", tmp_path / "out", "--replace")
    done = isv("simulate", folder / "missions.csv", *words)
    assert done.exit_code == 2
    assert str(book) in done.stderr
    assert (folder / "missions.csv").read_bytes() == before
    assert not (tmp_path / "out").exists()


def test_generated_tables_replace_all_or_none(tmp_path):
    (tmp_path / "volunteers.parquet").mkdir()
    words = ("--format", "parquet", "--out", tmp_path, "--replace", "--quiet")
    done = isv("generate", "--volunteers", 500, *words)
    assert done.exit_code == 2
    assert [one.name for one in tmp_path.iterdir()] == ["volunteers.parquet"]
