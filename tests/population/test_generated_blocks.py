"""A population drawn in blocks, by any number of processes, is one population."""

import os
import signal
import time
import weakref

import numpy
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from openfisca_isv.population.commands.generate import VOLUNTEERS_AT_SCALE_1, generate
from openfisca_isv.population.runs.workers import WorkerLostError, Workers
from openfisca_isv.population.synthetic import population_blocks, synthetic_population
from openfisca_isv.population.synthetic.blocks import Plan
from openfisca_isv.population.synthetic.draws import Draws
from openfisca_isv.population.synthetic.figures import count_figures
from openfisca_isv.population.synthetic.files import write_blocks
from openfisca_isv.population.synthetic.population import load_statistics
from openfisca_isv.population.synthetic.shares import equal_shares
from openfisca_isv.population.tables.population import read_tables

NAMES = ("missions", "volunteers", "organisations", "monthly")
#: Volunteers of a population of three blocks, and its seed.
MANY, SEED = 66_000, 11


def run(*arguments):
    return CliRunner().invoke(
        generate, [str(one) for one in arguments], catch_exceptions=False
    )


@pytest.fixture(scope="module")
def blocks(system):
    """Give a population of several blocks."""
    return list(population_blocks(system, SEED, MANY / VOLUNTEERS_AT_SCALE_1))


@pytest.fixture(scope="module")
def whole(system):
    """Give the same population as one."""
    return synthetic_population(system, SEED, MANY / VOLUNTEERS_AT_SCALE_1)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Give the folder that the command writes of it, with one process and with two."""
    folders = {}
    for workers in (1, 2):
        folders[workers] = tmp_path_factory.mktemp("made") / "out"
        words = ("--volunteers", MANY, "--seed", SEED, "--format", "parquet")
        result = run(*words, "--workers", workers, "--out", folders[workers])
        assert result.exit_code == 0, result.output
        assert "18 of 18 figures met" in result.output
    return folders


def test_the_figures_of_the_blocks_add_up_to_those_of_the_population(
    system, blocks, whole
):
    assert len(blocks) == 3
    figures = blocks[0].figures + blocks[1].figures + blocks[2].figures
    assert figures == count_figures(whole, load_statistics(system))
    # 1 763 volunteers on 31 December 2024, and 66 000 / 8 130 times the scheme.
    assert figures.volunteers[2024] == 14_312
    assert len(whole.volunteers) == pytest.approx(MANY, rel=0.01)


def test_the_parts_of_a_total_add_up_to_it():
    naive = 0
    for scale in (1, 4, 4.001, 37.5, 615.006150061):
        shares = equal_shares(scale)
        assert scale / len(shares) <= 4
        for total in (0, 59, 147, 1442, 1613.6666, 1763):
            parts = [share.of(total) for share in shares]
            assert sum(parts) == round(total * scale)
            assert max(parts) - min(parts) <= 1
            naive += sum(round(total * scale / len(shares)) for _ in shares)
            naive -= round(total * scale)
    # Each part rounded for itself would not.
    assert naive != 0


def test_volunteers_are_numbered_on_from_block_to_block(blocks, whole):
    names = whole.volunteers["volunteer"].to_pylist()
    drawn = [name for name in names if not name.startswith("printed-")]
    assert drawn == [f"v{rank:05}" for rank in range(1, len(drawn) + 1)]
    missions = whole.missions["mission"].to_pylist()
    assert len(set(missions)) == len(missions)
    assert set(whole.missions["volunteer"].to_pylist()) == set(names)
    assert set(whole.monthly["volunteer"].to_pylist()) < set(names)
    printed = [name for name in names if name.startswith("printed-")]
    assert len(set(printed)) == len(printed) > 10
    assert len(whole.organisations) == len(blocks[0].tables.organisations) == 24


def test_each_block_has_a_seed_of_its_own_and_a_single_one_that_of_the_population():
    plan = Plan({}, {}, SEED, pa.table({}))

    def drawn(seed_of, seeds):
        return [seed_of(one).below(10**9, 3).tolist() for one in seeds]

    shares = equal_shares(12)
    spawned = numpy.random.SeedSequence(SEED).spawn(3)
    spawned_numbers = drawn(Draws, spawned)
    assert drawn(plan.draws, shares) == spawned_numbers
    assert len({tuple(numbers) for numbers in spawned_numbers}) == 3
    assert drawn(plan.draws, equal_shares(4)) == drawn(Draws, [SEED])


def test_the_number_of_processes_changes_nothing(written):
    files = sorted(path.name for path in written[1].iterdir())
    assert files == sorted([f"{name}.parquet" for name in NAMES] + ["closeness.csv"])
    for name in files:
        assert (written[1] / name).read_bytes() == (written[2] / name).read_bytes()


def test_the_files_are_what_the_call_in_python_gives(system, written, whole):
    paths = {name: written[2] / f"{name}.parquet" for name in NAMES}
    tables = read_tables(system, **paths)
    for name in NAMES:
        ours, theirs = getattr(whole, name), getattr(tables, name)
        assert ours.column_names == theirs.column_names
        for column in ours.column_names:
            assert ours[column].equals(theirs[column]), column


def test_blocks_are_let_go_once_they_are_written(system, tmp_path):
    drawn = []
    alive = []

    def followed():
        for block in population_blocks(system, SEED, MANY / VOLUNTEERS_AT_SCALE_1):
            drawn.append(weakref.ref(block))
            alive.append(sum(one() is not None for one in drawn))
            yield block

    rows = write_blocks(followed(), tmp_path, "parquet").rows
    # The one that was written, and the one that is drawn.
    assert alive == [1, 2, 2]
    for name in NAMES:
        metadata = pq.read_metadata(tmp_path / f"{name}.parquet")
        assert metadata.num_rows == rows[name]
        assert metadata.num_row_groups == (1 if name == "organisations" else 3)


class Counted:
    """Parts that know how many of them were taken."""

    taken = 0

    def __len__(self):
        return 20

    def __iter__(self):
        for part in range(20):
            self.taken += 1
            yield part


def slower_first(job, part):
    """Give the part and the process; the first parts take long."""
    if part == 0:
        time.sleep(0.3)
    return job + part, os.getpid()


def test_processes_give_parts_in_order_and_hold_few():
    parts = Counted()
    with Workers(2) as workers:
        results = workers.run(slower_first, 100, parts, in_order=True)
        _, (first, process) = next(results)
        assert first == 100
        assert process != os.getpid()
        assert parts.taken <= 2 * 2 + 1
        others = [one for _, one in results]
    assert [one for one, _ in others] == list(range(101, 120))
    assert len({process, *(process for _, process in others)}) <= 2


def killed(job, part):
    """End the process without a word, at one of the parts."""
    if part == job:
        os.kill(os.getpid(), signal.SIGKILL)
    return part


def test_a_process_that_is_killed_is_told():
    with pytest.raises(WorkerLostError, match="killed"), Workers(2) as workers:
        list(workers.run(killed, 3, range(5), in_order=True))
