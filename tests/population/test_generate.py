"""A generated population comes as close to the published figures as is said."""

import numpy
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from openfisca_isv.population.commands import generate as commands
from openfisca_isv.population.commands.generate import VOLUNTEERS_AT_SCALE_1, generate
from openfisca_isv.population.synthetic import synthetic_population
from openfisca_isv.population.synthetic.closeness import closeness
from openfisca_isv.population.synthetic.drawn_population import (
    load_statistics,
    write_tiles,
)
from tests.population.reading import Tables, in_order, read_tables

NAMES = ("missions", "volunteers", "organisations", "monthly")
COUNTED = ("volunteers in mission", "of which in France", "first missions in France")


def run(*arguments):
    return CliRunner().invoke(
        generate, [str(one) for one in arguments], catch_exceptions=False
    )


def assert_meets_every_figure(close):
    rows = close.to_pylist()
    assert [row["statistic"] for row in rows if row["met"] is False] == []
    assert sum(row["met"] is True for row in rows) == 18
    assert [row["statistic"] for row in rows if row["met"] is None] == ["women, share"]
    assert all(row["source"] for row in rows)
    counted = [row for row in rows if row["statistic"].startswith(COUNTED)]
    assert len(counted) == 5
    assert [row["got"] for row in counted] == [row["target"] for row in counted]


@pytest.mark.parametrize(
    ("seed", "scale"),
    [(2005, 1), (1, 1), (7, 0.25), (3, 3), (11, 8.12)],
)
def test_every_figure_that_the_tables_hold_is_met(system, seed, scale):
    tables = synthetic_population(system, seed, scale)
    assert_meets_every_figure(closeness(tables, load_statistics(system), scale))
    size = scale * VOLUNTEERS_AT_SCALE_1
    assert len(tables.volunteers) == pytest.approx(size, rel=0.06)


def test_a_held_population_is_compared_whatever_the_order_of_its_rows(
    system, synthetic
):
    statistics = load_statistics(system)
    generator = numpy.random.default_rng(4)
    shuffled = Tables(
        *(
            table.take(pa.array(generator.permutation(len(table))))
            for table in (getattr(synthetic, name) for name in NAMES)
        )
    )
    assert closeness(shuffled, statistics).equals(closeness(synthetic, statistics))


def test_a_population_that_misses_a_figure_is_said_to(system, synthetic):
    statistics = load_statistics(system)
    stocks = statistics["stock_on_31_december"]
    wrong = statistics | {
        "stock_on_31_december": stocks | {"value": {2022: 2000, 2024: 1763}}
    }
    rows = closeness(synthetic, wrong).to_pylist()
    missed = [row for row in rows if row["met"] is False]
    assert [(row["target"], row["got"]) for row in missed] == [(2000, 1630)]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_command_writes_tables_that_are_read_again(system, tmp_path, kind):
    result = run("--volunteers", 2000, "--seed", 5, "--format", kind, "--out", tmp_path)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].split() == ["statistic", "target", "got", "tolerance", "met"]
    assert "of 18 figures met" in result.output
    paths = {name: tmp_path / f"{name}.{kind}" for name in NAMES}
    tables = read_tables(**paths)
    assert len(tables.volunteers) == pytest.approx(2000, rel=0.1)
    made = synthetic_population(system, 5, 2000 / VOLUNTEERS_AT_SCALE_1)
    for name in NAMES:
        assert getattr(tables, name).equals(in_order(getattr(made, name))), name
    if kind == "parquet":
        schema = pq.read_schema(paths["missions"])
        assert str(schema.field("start_date").type) == "date32[day]"


def test_quiet(tmp_path):
    result = run("--volunteers", 8130, "--quiet", "--out", tmp_path)
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "closeness.csv").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--volunteers", "3"],
        ["--volunteers", "x"],
        ["--seed", "-1"],
    ],
)
def test_bad_usage(tmp_path, words):
    result = run(*words, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    result = run("--volunteers", 500, "--out", tmp_path / "file" / "out")
    assert result.exit_code == 2
    assert "cannot be written" in result.output


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (KeyboardInterrupt(), 130, "stopped; nothing was written"),
        (OSError(28, "No space left"), 2, "cannot be written in"),
    ],
)
def test_stopped_half_way_it_leaves_nothing(
    tmp_path, monkeypatch, error, status, message
):
    def stopped(tiles, folder, suffix, tell):
        def some():
            yield next(tiles)
            raise error

        return write_tiles(some(), folder, suffix, tell)

    monkeypatch.setattr(commands, "write_tiles", stopped)
    result = run("--volunteers", 40_000, "--quiet", "--out", tmp_path / "out")
    assert result.exit_code == status
    assert message in result.output
    assert len(result.output.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
