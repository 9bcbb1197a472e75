"""Write the population that comes with the project: ``python -m`` this package."""

import sys
from pathlib import Path

import pyarrow.compute as pc

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.population.synthetic import synthetic_population
from openfisca_isv.population.tables.writing import all_or_nothing, write_csv


def write_population(folder: Path) -> None:
    """Write the bundled population as four CSV files."""
    tables = synthetic_population(CountryTaxBenefitSystem())
    months = pc.strftime(tables.monthly["month"], "%Y-%m")
    place = tables.monthly.schema.get_field_index("month")
    monthly = tables.monthly.set_column(place, "month", months)
    with all_or_nothing(folder) as scratch:
        for name, table in (vars(tables) | {"monthly": monthly}).items():
            write_csv(table, scratch / f"{name}.csv")


if __name__ == "__main__":
    write_population(Path(sys.argv[1]))
