"""Write the population that comes with the project: ``python -m`` this package."""

import sys
from pathlib import Path

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.population.synthetic.files import write_blocks
from openfisca_isv.population.synthetic.population import population_blocks
from openfisca_isv.population.tables.writing import all_or_nothing


def write_population(folder: Path) -> None:
    """Write the bundled population as four CSV files."""
    with all_or_nothing(folder) as scratch:
        write_blocks(population_blocks(CountryTaxBenefitSystem()), scratch, "csv")


if __name__ == "__main__":
    write_population(Path(sys.argv[1]))
