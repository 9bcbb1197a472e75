"""What is masked cannot be found from what is shown, by the sums that the law makes."""

import json
from itertools import chain
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.csv
import pytest

from openfisca_isv.population import compare, generate, simulate
from openfisca_isv.population.comparison.tables import Finish
from openfisca_isv.population.groups.fixed_point import MICROS
from openfisca_isv.population.reforms.reform_file import reform_from_values
from openfisca_isv.population.subject import COMPARED

REFORMS = Path(__file__).parents[2] / "examples" / "reforms"
STEEPER, SOONER = (
    REFORMS / f"{one}.yaml"
    for one in ("steeper_resettlement", "aids_on_return_after_nine_months")
)
COST = ("state_aid", "resettlement_allowance", "occupational_integration_premium")
AID = [
    f"state_{one}_contribution"
    for one in (
        "social_cover",
        "management",
        "allowance",
        "installation",
        "training",
        "return_support",
        "insurance",
    )
]
NAMES = ("state_cost", *COST, *AID)
RECEIVED = (*COST[1:], "allowance_due")
MOVES = ("gains", "losses", "net")
SUMS = (("state_cost", *COST), ("state_aid", *AID), ("state_cost", *AID, *COST[1:]))
LAW = "law_in_force"


def found_out(shown, sums):
    """Return the figures that follow from those shown.

    The first one of each of the ``sums`` is the sum of the others.
    """
    sums = list(sums)
    places = {one: place for place, one in enumerate({*chain(*sums)} - shown)}
    rows = numpy.zeros((len(sums), len(places)))
    for row, (whole, *parts) in zip(rows, sums, strict=True):
        for one in {whole, *parts} & set(places):
            row[places[one]] = 1 if one == whole else -1
    # A figure is not known if it differs between two solutions.
    _, sizes, solutions = numpy.linalg.svd(rows)
    open_ways = numpy.abs(solutions[(sizes > 1e-9).sum() :])
    return {one for one in places if open_ways[:, places[one]].max(initial=0) < 1e-9}


def missions_of(tables, years, law=None):
    """Return what each mission is paid under a law, by mission and year."""
    asked = {"outputs": {*NAMES, *RECEIVED}, "years": years, "periods": years}
    asked["no_summary"] = True
    rows = simulate(**tables, **asked, reform=law)["missions_by_year"].to_pandas()
    rows["year"] = rows["year"].astype(int)
    missions = tables["missions"].to_pandas().set_index("mission")
    for name in ("volunteer", "host_country"):
        rows[name] = rows["mission"].map(missions[name])
    return rows


def people(rows, is_paid, when):
    """Count volunteers in a year, in a country, or at all."""
    if when is not None:
        column = "host_country" if isinstance(when, str) else "year"
        is_paid = is_paid & (rows[column] == when)
    return rows["volunteer"][is_paid].nunique()


def movers(before, after, when):
    """Count volunteers who gain, lose or do either, in a country or at all."""
    received = [
        rows[(rows["host_country"] == when) | (when is None)]
        .groupby("volunteer")[[*RECEIVED]]
        .sum()
        .sum(axis=1)
        for rows in (before, after)
    ]
    gain = (received[1] - received[0]).round(2)
    gainers, losers = (gain > 0).sum(), (gain < 0).sum()
    return dict(zip(MOVES, (gainers, losers, gainers + losers), strict=True))


def figures_of(found):
    """Yield the amounts of everyone and of the countries, wherever they stand."""
    for row in found.cost_by_year.to_pylist():
        for name in (*NAMES[:4], "allowance_due"):
            yield (row["scenario"], "amount", name, row["year"]), row[name]
            yield (row["scenario"], "change", name, row["year"]), row[f"{name}_change"]
    tables = {"rule": found.cost_by_rule, "group": found.gainers_and_losers}
    for kind, table in tables.items():
        for row in table.to_pylist():
            if row.get("by", "all") not in ("all", "host_country"):
                continue
            name, when, stem = row[kind], None, "cost"
            if kind == "group":
                name, stem = "state_cost", "state_cost"
                when = None if row["by"] == "all" else row["group"]
            yield (LAW, "amount", name, when), row[f"{stem}_law"]
            yield (row["reform"], "amount", name, when), row[f"{stem}_reform"]
            yield (row["reform"], "change", name, when), row[f"{stem}_change"]
            for move in MOVES if kind == "group" else ():
                yield (row["reform"], move, "", when), row[move]
    for row in [] if found.outputs is None else found.outputs.to_pylist():
        name, when = row["output"], row["year"]
        yield (LAW, "amount", name, when), row["sum_law"]
        yield (row["reform"], "amount", name, when), row["sum_reform"]
        yield (row["reform"], "change", name, when), row["sum_change"]


def sums_of(figures, years):
    """List what adds up: the law's sums, years, countries, both laws, and gains."""
    columns = {(law, side) for law, side, *_ in figures if side not in MOVES}
    countries = {one[-1] for one in figures if isinstance(one[-1], str)}
    for law in {law for law, side, *_ in figures if side in MOVES}:
        for when in (None, *countries):
            gains, losses, net = ((law, move, "", when) for move in MOVES)
            yield [gains, losses, net]
        for move in MOVES:
            yield [(law, move, "", when) for when in (None, *countries)]
        received = [(law, "change", name, when) for name in RECEIVED for when in years]
        yield [(law, "net", "", None), *received]
    for law, side in columns:
        for when in (*years, None):
            for some in SUMS:
                yield [(law, side, name, when) for name in some]
        for name in NAMES:
            yield [(law, side, name, when) for when in (None, *years)]
        yield [(law, side, "state_cost", when) for when in (None, *countries)]
    for law, side, name, when in figures:
        if side == "change" and law != LAW:
            laws = (law, "amount"), (LAW, "amount"), (law, "change")
            yield [(*one, name, when) for one in laws]


def check_that_no_figure_of_few_is_found(tables, reforms, years, min_cell, outputs=()):
    asked = {"reforms": [*reforms.values()], "years": years, "min_cell": min_cell}
    found = compare(**tables, **asked, outputs=outputs)
    paid = {LAW: missions_of(tables, years)}
    paid |= {name: missions_of(tables, years, one) for name, one in reforms.items()}

    def number(law, side, name, when):
        if side in MOVES:
            return movers(paid[LAW], paid[law], when)[side]
        other = 0 if side == "amount" else paid[LAW][name]
        return people(paid[law], paid[law][name] != other, when)

    figures = {}
    for one, value in figures_of(found):
        if one[2] in ("", *NAMES, *RECEIVED):
            # What one table masks, no other one shows; outputs are masked with more.
            assert outputs or figures.get(one, value) == value, one
            if figures.get(one) is None:
                figures[one] = value
    counts = {one: number(*one) for one in figures}
    few = {one for one, count in counts.items() if 0 < count < min_cell}
    assert few
    shown = {one for one, value in figures.items() if value is not None}
    assert not few & shown
    # Figures of nobody are known to be 0.
    known = shown | {one for one, count in counts.items() if count == 0}
    assert not few & found_out(known, sums_of(figures, found.years))


@pytest.mark.parametrize(
    ("seed", "years", "min_cell", "outputs"),
    [(391, "2023", 10, ()), (113, "2024:2026", 8, ()), (2, "2023:2024", 5, NAMES)],
)
def test_no_figure_of_few_is_found_in_a_comparison(seed, years, min_cell, outputs):
    tables = generate(volunteers=300, seed=seed)
    reforms = {one.stem: one for one in (STEEPER, SOONER)}
    check_that_no_figure_of_few_is_found(tables, reforms, years, min_cell, outputs)


def group_row(group, gainers, losers, people=100):
    """Give the sums of a group, in which each gains or loses ten euros."""
    counts = {"volunteers": people, "gainers": gainers, "losers": losers}
    counts |= {"gains": 10 * gainers, "losses": 10 * losers}
    counts |= {"contracts_become_lawful": 0, "contracts_become_unlawful": 0}
    observed = {"": people, "_gainers": gainers, "_losers": losers, "_changed": 0}
    for name, who in COMPARED.items():
        for side in ("law", "reform", "change"):
            counts[f"{name}_{side}"] = people
            observed[f"_{who}_{side}"] = people
    return (
        {"law": 1, "by": len(group), "group": json.dumps(group)}
        | {name: one * MICROS for name, one in counts.items()}
        | {f"observed{name}": one for name, one in observed.items()}
    )


def test_a_group_without_gainers_does_not_hide_the_few_of_another():
    movers = {"A": (3, 0), "B": (0, 20), "C": (40, 30), "D": (60, 50)}
    rows = [group_row([name], *one) for name, one in movers.items()]
    rows.append(group_row([], 103, 100, people=400))
    finish = Finish([LAW, "reform"], [("host_country",)], is_weighted=False, min_cell=5)
    found = finish.gainers_and_losers(pa.Table.from_pylist(rows)).to_pylist()
    masked = {row["group"] for row in found if row["gains"] is None}
    assert masked == {"A", "B", "C"}


def test_no_figure_of_few_is_found_in_a_summary_by_group():
    tables, years = generate(volunteers=300, seed=7), "2022:2024"
    asked = {"outputs": NAMES, "periods": years, "years": years, "by": "host_country"}
    found = simulate(**tables, **asked, min_cell=5)["summary_by_host_country"]
    paid = missions_of(tables, years)
    shown, few, groups = set(), set(), set()
    for row in found.to_pylist():
        group = row["host_country"], int(row["period"])
        here = (paid["host_country"] == group[0]) & (paid["year"] == group[1])
        count = people(paid, here & (paid[row["variable"]] != 0), None)
        one = (*group, row["variable"])
        if row["sum"] is not None or not count:
            shown.add(one)
        if 0 < count < 5:
            few.add(one)
        groups.add(group)
    assert few
    assert not few & shown
    sums = [[(*group, name) for name in some] for group in groups for some in SUMS]
    assert not few & found_out(shown, sums)


def test_the_net_gain_does_not_give_away_what_few_lose(system, folder):
    # The three who get the premium lose it, 444.67 euros; all ten who are back in 2023
    # get as much more at once: the three neither gain nor lose.
    with (folder / "missions.csv").open("a", encoding="utf-8") as file:
        for row in range(9):
            file.write(
                f"more{row},more{row},association,2022-01-01,2023-12-31,MG,FR,"
                "development_cooperation,true,500,2024-01-10\n"
            )
    with (folder / "volunteers.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"more{row},1990-05-01,FR\n" for row in range(9))
    with (folder / "monthly.csv").open("a", encoding="utf-8") as file:
        file.writelines(
            f"more{row},2024-0{month},true\n" for row in range(2) for month in (1, 2, 3)
        )
    moved = {
        "resettlement_allowance.amount[2].amount": {"2023-01-01": 4144.67},
        "integration_premium.maximum_amount": {"2023-01-01": 0},
    }
    reform = reform_from_values(system, "moved", moved)
    names = ("missions", "volunteers", "organisations", "monthly")
    tables = {name: pyarrow.csv.read_csv(folder / f"{name}.csv") for name in names}
    row = compare(**tables, reforms=reform).gainers_and_losers.to_pylist()[0]
    assert (row["gainers"], row["net"]) == (7, 3112.69)
    check_that_no_figure_of_few_is_found(tables, {"moved": reform}, "2022:2024", 4)
