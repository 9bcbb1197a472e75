"""A large population is copies of the volunteers drawn, under other identifiers."""

import weakref

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from openfisca_isv.population.commands.generate import generate
from openfisca_isv.population.synthetic import drawn_population, synthetic_population
from openfisca_isv.population.synthetic.drawn_population import (
    VOLUNTEERS_AT_SCALE_1,
    draw_population,
    write_tiles,
)
from tests.population.reading import in_order, read_tables

NAMES = ("missions", "volunteers", "organisations", "monthly")
#: Volunteers asked for, at most so many of them drawn, and the seed.
MANY, DRAWN, SEED = 6_500, 2_500, 11
IDENTIFIERS = {"mission", "volunteer"}


@pytest.fixture(autouse=True)
def few_drawn(monkeypatch):
    monkeypatch.setattr(drawn_population, "MOST_DRAWN", DRAWN)


@pytest.fixture
def whole(system):
    """Give a population of three copies."""
    return synthetic_population(system, SEED, MANY / VOLUNTEERS_AT_SCALE_1)


def run(*arguments):
    return CliRunner().invoke(
        generate, [str(one) for one in arguments], catch_exceptions=False
    )


def test_every_copy_is_the_same_volunteers_under_other_identifiers(system, whole):
    drawn = synthetic_population(system, SEED, MANY / 3 / VOLUNTEERS_AT_SCALE_1)
    for name in ("missions", "volunteers", "monthly"):
        ours, once = getattr(whole, name), getattr(drawn, name)
        assert len(ours) == 3 * len(once) > 0
        facts = [one for one in once.column_names if one not in IDENTIFIERS]
        for copy in range(3):
            part = ours.slice(copy * len(once), len(once))
            assert part.select(facts).equals(once.select(facts))
            if copy == 0:
                assert part.equals(once)
    assert whole.organisations.equals(drawn.organisations)
    assert len(whole.organisations) == 24


def test_the_missions_and_months_of_a_copy_are_those_of_its_volunteers(system, whole):
    made = draw_population(system, SEED, MANY / VOLUNTEERS_AT_SCALE_1).drawn
    count = len(made.volunteers)
    for copy in range(3):
        names = whole.volunteers["volunteer"].slice(copy * count, count)
        for name in ("missions", "monthly"):
            # Before they have names, volunteers are numbers of rows.
            rows = getattr(made, name)["volunteer"]
            part = getattr(whole, name).slice(copy * len(rows), len(rows))
            owners = pc.index_in(part["volunteer"], value_set=names)
            assert owners.to_pylist() == rows.to_pylist()


def test_identifiers_are_numbered_on_and_unique(whole):
    names = whole.volunteers["volunteer"].to_pylist()
    numbered = [name for name in names if not name.startswith("printed-")]
    assert numbered == [f"v{rank:05}" for rank in range(1, len(numbered) + 1)]
    printed = names[: len(names) - len(numbered)]
    assert len(set(printed)) == len(printed) == 15
    missions = whole.missions["mission"].to_pylist()
    assert len(set(missions)) == len(missions)
    owners = whole.missions["volunteer"].to_pylist()
    assert all(
        mission.rpartition("-")[0] == owner
        for mission, owner in zip(missions, owners, strict=True)
    )


@pytest.mark.parametrize(
    ("volunteers", "copies"), [(DRAWN, 1), (DRAWN + 1, 2), (10 * DRAWN, 10)]
)
def test_no_more_than_so_many_volunteers_are_drawn(system, volunteers, copies):
    made = draw_population(system, SEED, volunteers / VOLUNTEERS_AT_SCALE_1)
    assert made.copies == copies
    drawn = len(made.drawn.volunteers)
    assert drawn == pytest.approx(volunteers / copies, rel=0.1)


def first_cells(path):
    """Return the first cell of each row of a file, in its order."""
    if path.suffix == ".parquet":
        return pq.read_table(path).column(0).to_pylist()
    lines = path.read_text("utf-8").splitlines()
    return [line.partition(",")[0] for line in lines[1:]]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_files_are_what_the_call_in_python_gives(system, tmp_path, whole, kind):
    words = ("--volunteers", MANY, "--seed", SEED, "--format", kind)
    result = run(*words, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "18 of 18 figures met" in result.output
    assert "They are 3 copies of 2,093 volunteers drawn." in result.output
    paths = {name: tmp_path / "out" / f"{name}.{kind}" for name in NAMES}
    assert sorted((tmp_path / "out").iterdir()) == sorted(
        [*paths.values(), tmp_path / "out" / "closeness.csv"]
    )
    tables = read_tables(**paths)
    for name in NAMES:
        made = getattr(whole, name)
        assert first_cells(paths[name]) == made.column(0).to_pylist()
        ours, theirs = in_order(made), getattr(tables, name)
        assert ours.column_names == theirs.column_names
        for column in ours.column_names:
            assert ours[column].equals(theirs[column]), column
    run(*words, "--out", tmp_path / "again")
    for path in (tmp_path / "out").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_one_copy_at_a_time_is_held(system, tmp_path):
    made = draw_population(system, SEED, MANY / VOLUNTEERS_AT_SCALE_1)
    given, alive = [], []

    def followed():
        for tile in made.tiles():
            given.append(weakref.ref(tile))
            alive.append(sum(one() is not None for one in given))
            yield tile

    write_tiles(followed(), tmp_path, "parquet")
    # The one that was written, and the one that comes after it.
    assert alive == [1, 2, 2]
    groups = {
        name: pq.read_metadata(tmp_path / f"{name}.parquet").num_row_groups
        for name in NAMES
    }
    assert groups == dict.fromkeys(NAMES, 3) | {"organisations": 1}
