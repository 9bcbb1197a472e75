"""The synthetic population: volunteers drawn, then copied to the size asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.compute as pc
import yaml
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.dates import NEVER
from openfisca_isv.population.synthetic.careers import (
    NONE,
    Draws,
    draw_returns,
    forget_after,
    last_served,
)
from openfisca_isv.population.synthetic.lives import (
    draw_stocks,
    organisation_columns,
    with_earlier_contracts,
)
from openfisca_isv.population.tables.columns import TableKind, table_kinds
from openfisca_isv.population.tables.typed_tables import Tables
from openfisca_isv.population.tables.writing import is_french, suffix_of, write_files

_FOLDER = Path(__file__).parent
#: The seed of the population that comes with the project.
BUNDLED_SEED = 2005
#: Volunteers in a population of the size of the scheme, 2018 to 2025, about.
VOLUNTEERS_AT_SCALE_1 = 8_130
#: Volunteers that are drawn at most, about; more are copies of them.
MOST_DRAWN = 100_000
_FEWEST_DIGITS = 5


@dataclass(frozen=True)
class Population:
    """Volunteers with their whole lives, and how many times over they are told.

    Attributes:
        drawn: The printed cases, then the volunteers drawn, in order of departure.
            A volunteer is the number of the row, a mission its rank in the life.
        printed: The names of the printed cases.
        copies: How many copies make up the population.
    """

    drawn: Tables
    printed: list[str]
    copies: int

    def tiles(self) -> Iterator[Tables]:
        """Yield copy after copy, each under identifiers of its own.

        Volunteers are ``v00001`` and so on, their missions ``v00001-1``. The printed
        cases have their names, and the organisations their rows, in the first copy.
        """
        missions, volunteers, organisations, monthly = vars(self.drawn).values()
        digits = max(len(str(self.copies * len(volunteers))), _FEWEST_DIGITS)
        for copy in range(self.copies):
            numbers = numpy.arange(len(volunteers)) + copy * len(volunteers)
            texts = pa.array(numbers - len(self.printed) + 1).cast(pa.string())
            names = pc.binary_join_element_wise(
                "v", pc.utf8_lpad(texts, digits, "0"), ""
            )
            if copy == 0:
                own = pa.array(self.printed, pa.string())
                names = pa.concat_arrays([own, names[len(own) :]])
            owners = pc.take(names, missions["volunteer"])
            ranks = missions["mission"].cast(pa.string())
            ranked = pc.binary_join_element_wise(owners, ranks, "-")
            yield Tables(
                _with(missions, mission=ranked, volunteer=owners),
                _with(volunteers, volunteer=names),
                organisations if copy == 0 else organisations.slice(0, 0),
                _with(monthly, volunteer=pc.take(names, monthly["volunteer"])),
            )


def synthetic_population(
    system: TaxBenefitSystem, seed: int = BUNDLED_SEED, scale: float = 1
) -> Tables:
    """Make a population that resembles the published figures, held whole."""
    tiles = list(map(vars, draw_population(system, seed, scale).tiles()))
    joined = {name: pa.concat_tables([one[name] for one in tiles]) for name in tiles[0]}
    return Tables(**{name: table.combine_chunks() for name, table in joined.items()})


def draw_population(
    system: TaxBenefitSystem, seed: int = BUNDLED_SEED, scale: float = 1
) -> Population:
    """Draw the volunteers of a population: ``synthetic_population``."""
    statistics, printed = load_statistics(system), _printed_rows()
    copies = ceil(round(scale * VOLUNTEERS_AT_SCALE_1) / MOST_DRAWN)
    draws = Draws(seed, statistics)
    last_day = numpy.datetime64(f"{statistics['years']['last']}-12-31")
    first_day = numpy.datetime64(f"{statistics['years']['kept_from']}-01-01")
    lives = draw_stocks(draws, printed["missions"], scale / copies)
    forget_after(lives, last_day)
    is_kept = (lives["is_held"] & (last_served(lives) >= first_day)).any(axis=1)
    kept = numpy.flatnonzero(is_kept)
    kept = kept[numpy.argsort(lives["start_date"][kept, 0], kind="stable")]
    lives = {name: values[kept] for name, values in lives.items()}
    monthly = draw_returns(draws, lives, last_day)
    lives = with_earlier_contracts(statistics, lives)
    organisations = organisation_columns(draws)

    del lives["fault"]
    is_held, organisation = lives.pop("is_held"), lives.pop("organisation")
    people = {name: values for name, values in lives.items() if values.ndim == 1}
    contracts = {"organisation": organisation} | lives
    drawn = {
        "missions": {
            "mission": is_held.cumsum(axis=1)[is_held],
            "volunteer": numpy.nonzero(is_held)[0],
        }
        | {one: contracts[one][is_held] for one in contracts if one not in people},
        "volunteers": {"volunteer": numpy.arange(len(is_held))} | people,
        "organisations": organisations,
        "monthly": monthly,
    }
    kinds, tables = table_kinds(system), {}
    for name, columns in drawn.items():
        if "volunteer" in columns:
            columns["volunteer"] += len(printed["volunteers"])
        tables[name] = _table(kinds[name], printed.get(name, []), columns)
    names = [case["volunteer"] for case in load_printed_cases()["cases"]]
    return Population(Tables(**tables), names, copies)


def load_statistics(system: TaxBenefitSystem) -> dict:
    """Read the numbers by which a population is drawn, with the cap of the law."""
    statistics = yaml.safe_load((_FOLDER / "statistics.yaml").read_text("utf-8"))
    last_year = str(statistics["years"]["last"])
    cap = system.parameters.lifetime.maximum_months(f"{last_year}-12-31")
    return statistics | {"lifetime_cap": int(cap)}


def load_printed_cases() -> dict:
    """Read the cases whose amount an official page prints, and what they share."""
    return yaml.safe_load((_FOLDER / "printed_cases.yaml").read_text("utf-8"))


def write_tiles(
    tiles: Iterable[Tables],
    folder: Path,
    file_format: str,
    tell: Callable[[int], object] = lambda _volunteers: None,
) -> None:
    """Write a file per table, holding one copy of the volunteers at a time.

    ``tell`` is called with the number of volunteers of each copy that is written.
    """
    french = is_french(file_format)

    def written() -> Iterator[tuple[str, pa.Table]]:
        for tile in tiles:
            how = "%m/%Y" if french else "%Y-%m"
            months = pc.strftime(tile.monthly["month"], how)
            monthly = _with(tile.monthly, month=months)
            for name, table in (vars(tile) | {"monthly": monthly}).items():
                yield f"{name}.{suffix_of(file_format)}", table
            tell(len(tile.volunteers))

    write_files(folder, written(), french=french)


def _printed_rows() -> dict[str, list[dict]]:
    """Return the printed cases as rows of volunteers, missions and months."""
    document = load_printed_cases()
    volunteers, missions, months = [], [], []
    for number, case in enumerate(document["cases"]):
        own = {"volunteer": number}
        volunteers.append(document["usual_volunteer"] | case | own)
        missions += [
            document["usual_mission"] | mission | own | {"mission": rank}
            for rank, mission in enumerate(case["missions"], 1)
        ]
        if span := case.get("registered_as_jobseeker"):
            first, last = (numpy.datetime64(span[one]) for one in ("first", "last"))
            # The premium asks for facts of the month of the return too.
            months += [
                document["usual_month"]
                | own
                | {"month": month.item(), "is_registered_jobseeker": month >= first}
                for month in numpy.arange(first - 1, last + 1)
            ]
    return {"volunteers": volunteers, "missions": missions, "monthly": months}


def _table(
    kind: TableKind, printed: Sequence[dict], drawn: Mapping[str, Sequence]
) -> pa.Table:
    """Put rows before those drawn, in the types of the model; identifiers are numbers.

    ``none`` and 9999-12-31 become an empty cell: what is unknown, or did not happen.
    That there is no second nationality is known.
    """
    table = {}
    for column, values in drawn.items():
        cell = kind.cells[column]
        is_coded = pa.types.is_dictionary(cell.type)
        plain = pa.string() if is_coded else cell.type
        if column in ("mission", "volunteer"):
            plain = pa.int64()
        rows = [row.get(column) for row in printed]
        cells = pa.concat_arrays([pa.array(rows, plain), pa.array(values, plain)])
        has_none = is_coded and column != "second_nationality"
        if has_none or pa.types.is_date(plain):
            is_empty = pc.equal(cells, NONE if is_coded else NEVER)
            cells = pc.if_else(is_empty, None, cells)
        if is_coded:
            codes = pa.array(cell.codes)
            ranks = pc.index_in(cells, value_set=codes).cast(pa.int16())
            cells = pa.DictionaryArray.from_arrays(ranks, codes)
        table[column] = cells
    return pa.table(table)


def _with(table: pa.Table, **columns: pa.Array) -> pa.Table:
    for name, values in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, values)
    return table
