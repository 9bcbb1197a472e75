"""The synthetic population, as tables."""

from pathlib import Path

import numpy
import pyarrow as pa
import yaml
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.synthetic.draws import Draws
from openfisca_isv.population.synthetic.faults import with_earlier_contracts
from openfisca_isv.population.synthetic.lives import Lives
from openfisca_isv.population.synthetic.organisations import organisation_columns
from openfisca_isv.population.synthetic.printed_cases import printed_tables
from openfisca_isv.population.synthetic.returns import draw_returns
from openfisca_isv.population.synthetic.stock import draw_stocks
from openfisca_isv.population.synthetic.typed import to_table
from openfisca_isv.population.tables.columns import table_kinds
from openfisca_isv.population.tables.population import Tables

_STATISTICS = Path(__file__).parent / "statistics.yaml"
#: The seed of the population that comes with the project.
BUNDLED_SEED = 2005


def load_statistics(system: TaxBenefitSystem) -> dict:
    """Read the numbers by which a population is drawn, with the cap of the law."""
    statistics = yaml.safe_load(_STATISTICS.read_text("utf-8"))
    last_year = str(statistics["years"]["last"])
    cap = system.parameters.lifetime.maximum_months(f"{last_year}-12-31")
    return statistics | {"lifetime_cap": int(cap)}


def synthetic_population(
    system: TaxBenefitSystem, seed: int = BUNDLED_SEED, scale: float = 1
) -> Tables:
    """Draw a population that resembles the published figures of the scheme.

    Args:
        system: The law, for the names of the inputs and the lifetime cap.
        seed: The same seed and scale give the same tables.
        scale: How many times the size of the scheme; 1 is about 8 000 volunteers.

    Returns:
        The printed cases, then the volunteers drawn, in order of departure.
    """
    statistics = load_statistics(system)
    kinds = table_kinds(system)
    printed = printed_tables(kinds)
    draws = Draws(seed)
    last_day = numpy.datetime64(f"{statistics['years']['last']}-12-31")
    lives = draw_stocks(draws, statistics, printed["missions"], scale)
    lives.careers = lives.careers.as_known_on(last_day)
    lives = _in_order_of_departure(_since(lives, statistics["years"]["kept_from"]))
    monthly = draw_returns(draws, statistics, lives, last_day)
    names = _names("v", len(lives.fault))
    monthly["volunteer"] = names[monthly["volunteer"]]
    lives = with_earlier_contracts(statistics, lives)
    drawn = {
        "missions": _missions(lives, names),
        "volunteers": {"volunteer": names} | lives.volunteers,
        "organisations": organisation_columns(draws, statistics),
        "monthly": monthly,
    }
    tables = {name: to_table(kinds[name], columns) for name, columns in drawn.items()}
    for name, first in printed.items():
        tables[name] = pa.concat_tables(
            [_in_columns_of(tables[name], first), tables[name]]
        ).combine_chunks()
    return Tables(**tables)


def _in_columns_of(table: pa.Table, rows: pa.Table) -> pa.Table:
    """Give rows the columns of a table, unknown where they have none."""
    return pa.table(
        {
            field.name: rows[field.name]
            if field.name in rows.column_names
            else pa.nulls(len(rows), field.type)
            for field in table.schema
        }
    )


def _since(lives: Lives, year: int) -> Lives:
    """Keep the volunteers who were in mission in a year or since."""
    careers = lives.careers
    is_recent = careers.last_served >= numpy.datetime64(f"{year}-01-01")
    return lives.take((careers.is_held & is_recent).any(axis=1))


def _in_order_of_departure(lives: Lives) -> Lives:
    """Sort volunteers by the first day of the first contract drawn."""
    return lives.take(numpy.argsort(lives.careers.start[:, 0], kind="stable"))


def _missions(lives: Lives, names: numpy.ndarray) -> dict[str, numpy.ndarray]:
    """Put the contracts in rows, each volunteer's in order of time."""
    careers = lives.careers
    # Row by row, hence volunteer by volunteer.
    life, contract = numpy.nonzero(careers.is_held)
    rank = careers.is_held.cumsum(axis=1)[life, contract]
    columns = {
        "organisation": lives.terms["organisation"],
        "start_date": careers.start,
        "end_date": careers.end,
        "early_termination_date": careers.termination,
        "early_termination_reason": careers.reason,
        "notice_date": careers.notice,
    } | lives.terms
    volunteer = names[life]
    mission = numpy.char.add(numpy.char.add(volunteer, "-"), rank.astype(str))
    return {"mission": mission, "volunteer": volunteer} | {
        name: values[life, contract] for name, values in columns.items()
    }


def _names(prefix: str, count: int) -> numpy.ndarray:
    """Name so many volunteers, all with as many digits."""
    digits = max(len(str(count)), 5)
    ranks = numpy.arange(1, count + 1).astype(str)
    return numpy.char.add(prefix, numpy.char.zfill(ranks, digits))
