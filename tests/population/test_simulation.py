"""The engine gets what the tables say, whatever the order of their rows."""

import numpy
import pytest

from openfisca_isv.population.model.outputs import result_tables
from openfisca_isv.population.model.part_simulation import build_simulation
from openfisca_isv.population.model.results import calculate_table
from openfisca_isv.population.model.yearly import Weights, outcome_of
from openfisca_isv.population.subject import FLOWS
from tests.population.reading import Tables, read_tables

NAMES = ("missions", "volunteers", "organisations", "monthly")


def read(system, folder, *names):
    return read_tables(**{name: folder / f"{name}.csv" for name in names})


def shuffled(tables, seed):
    """Put the rows of each table in another order."""
    generator = numpy.random.default_rng(seed)
    return Tables(
        *(
            table.take(generator.permutation(len(table)))
            for table in (getattr(tables, name) for name in NAMES)
        )
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_rows_does_not_matter(system, synthetic, seed):
    years = range(2023, 2025)
    results, flows = [], []
    for tables in (synthetic, shuffled(synthetic, seed)):
        simulation = build_simulation(system, tables, years)
        table = result_tables(system)[0]
        (rows,) = calculate_table(simulation, table, tables.missions)
        results.append(rows.sort_by("mission"))
        owner = simulation.populations["volunteer"].members_entity_id
        weights = Weights.of(tables, None, owner)
        year = outcome_of(simulation, range(2023, 2024), weights).years
        order = numpy.argsort(tables.missions["mission"].take(year["mission"]))
        people = numpy.argsort(tables.volunteers["volunteer"].to_numpy())
        quarters = simulation.calculate("retirement_quarters", "2023")
        flows.append(
            [year[name].to_numpy()[order] for name in (*FLOWS, "months")]
            + [quarters[people]]
        )
    assert results[0].equals(results[1])
    for one, other in zip(*flows, strict=True):
        assert (one != 0).any()
        numpy.testing.assert_array_equal(one, other)


def test_what_is_left_out_reads_as_unknown(system, folder):
    tables = read(system, folder, "missions")
    simulation = build_simulation(system, tables, range(2022, 2025))
    assert simulation.calculate("nationality", "ETERNITY").decode_to_str().tolist() == [
        "none",
        "none",
    ]
    assert not simulation.calculate("contract_is_lawful", "ETERNITY").any()
    assert not simulation.calculate("is_registered_jobseeker", "2024-02").any()


def test_a_volunteer_without_a_mission_has_nothing(system, folder):
    tables = read(system, folder, *NAMES)
    simulation = build_simulation(system, tables, range(2022, 2025))
    assert tables.volunteers["volunteer"].to_pylist() == ["camille", "sam", "stays"]
    assert simulation.calculate("retirement_quarters", "2022").tolist() == [4, 0, 0]
    assert simulation.calculate("lifetime_months", "2024-12").tolist() == [24, 12, 0]


def test_a_month_of_the_monthly_table_comes_before_what_holds_for_all(system, folder):
    volunteers = folder / "volunteers.csv"
    text = volunteers.read_text("utf-8").splitlines()
    counts = ["dependants_count", "1", "", "3"]
    volunteers.write_text(
        "\n".join(f"{line},{count}" for line, count in zip(text, counts, strict=True))
    )
    (folder / "monthly.csv").write_text(
        "volunteer,month,dependants_count,is_registered_jobseeker\n"
        "camille,2023-02,2,true\nsam,2023-02,,true\n"
    )
    tables = read(system, folder, *NAMES)
    simulation = build_simulation(system, tables, range(2023, 2024))

    def count(month):
        return simulation.calculate("dependants_count", month).tolist()

    # From the first mission, which is before the years asked for, to their end.
    assert count("2022-01") == [1, 0, 3]
    assert count("2023-01") == [1, 0, 3]
    assert count("2023-02") == [2, 0, 3]
    assert count("2023-12") == [1, 0, 3]
    registered = simulation.calculate("is_registered_jobseeker", "2023-02")
    assert registered.tolist() == [True, True, False]
