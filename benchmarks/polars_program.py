"""The same outputs as a script: polars for the tables, numpy for the law.

``python -m benchmarks.polars_program INPUTS OUT``: what an analyst would write for one
study, whole tables in memory. The law is that of ``benchmarks.analyst``.
"""

import sys
from pathlib import Path

import numpy
import polars
from openfisca_core.indexed_enums import Enum

from benchmarks import analyst
from benchmarks.outputs import ETERNAL, MONTHLY, MONTHS
from benchmarks.population import FIRST_FACTS, MONTHS_OF_FACTS, Population
from openfisca_isv import CountryTaxBenefitSystem


def main(inputs: Path, out: Path) -> None:
    """Read, compute and write."""
    tables = {
        name: polars.read_parquet(inputs / f"{name}.parquet").sort(*keys)
        for name, keys in {
            "missions": ["volunteer", "mission"],
            "volunteers": ["volunteer"],
            "organisations": ["organisation"],
            "monthly": ["volunteer", "month"],
        }.items()
    }
    codes = _codes()
    missions, monthly = tables["missions"], tables["monthly"]
    places = {
        key: tables[f"{key}s"].select(key).with_row_index("place")
        for key in ("volunteer", "organisation")
    }
    position = {key: _places(missions, key, rows) for key, rows in places.items()}
    person = _places(monthly, "volunteer", places["volunteer"])
    month = monthly["month"].to_numpy().astype("datetime64[M]")
    rank = (month - FIRST_FACTS).astype(int)
    facts = {}
    for name in set(monthly.columns) - {"volunteer", "month"}:
        facts[name] = numpy.zeros((MONTHS_OF_FACTS, len(tables["volunteers"])), bool)
        facts[name][rank, person] = monthly[name].to_numpy()
    population = Population(
        mission_volunteer=position["volunteer"],
        mission_organisation=position["organisation"],
        missions=_arrays(missions.drop("mission", "volunteer", "organisation"), codes),
        volunteers=_arrays(tables["volunteers"].drop("volunteer"), codes),
        organisations=_arrays(tables["organisations"].drop("organisation"), codes),
        facts=facts,
    )
    results = analyst.compute(population)
    identifiers = missions.select("mission", "volunteer", "organisation")
    eternal = {
        name: _column(name, results[name, "ETERNITY"], codes) for name in ETERNAL
    }
    identifiers.with_columns(**eternal).write_parquet(out / "missions.parquet")
    by_month = [
        identifiers.with_columns(
            month=polars.lit(month),
            **{name: _column(name, results[name, month], codes) for name in MONTHLY},
        )
        for month in MONTHS
    ]
    polars.concat(by_month).write_parquet(out / "missions_by_month.parquet")


def _places(rows: polars.DataFrame, key: str, among: polars.DataFrame) -> numpy.ndarray:
    """Give the place of each row's party among the parties."""
    joined = rows.select(key).join(among, on=key, how="left", maintain_order="left")
    return joined["place"].to_numpy().astype(numpy.int64)


def _codes() -> dict[str, list[str]]:
    """List the codes of each variable that has some."""
    variables = CountryTaxBenefitSystem().variables.values()
    return {
        one.name: [member.name for member in one.possible_values]
        for one in variables
        if one.value_type is Enum
    }


def _arrays(
    table: polars.DataFrame, codes: dict[str, list[str]]
) -> dict[str, numpy.ndarray]:
    """Give columns as the law takes them."""
    arrays = {}
    for column in table:
        if column.name in codes:
            kind = polars.Enum(codes[column.name])
            texts = column.cast(polars.String).cast(kind)
            arrays[column.name] = texts.to_physical().to_numpy().astype(numpy.int16)
        elif column.dtype == polars.Date:
            arrays[column.name] = column.to_numpy().astype("datetime64[D]")
        else:
            arrays[column.name] = column.to_numpy()
    return arrays


def _column(
    name: str, values: numpy.ndarray, codes: dict[str, list[str]]
) -> polars.Series:
    """Give an output as it is handed over: amounts to the cent, codes as texts."""
    if name in codes:
        texts = polars.Series(codes[name])
        return texts.gather(values.astype(numpy.uint32)).cast(polars.Categorical)
    if values.dtype.kind == "f":
        return polars.Series(values.astype(numpy.float64).round(2))
    return polars.Series(values)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
