"""A population of a few contracts, written as a user would write it."""

import csv
from pathlib import Path

import pytest

from openfisca_isv.population.model.part_simulation import build_simulation
from openfisca_isv.population.synthetic import synthetic_population
from openfisca_isv.population.tables.typed_tables import Tables

EXAMPLES = Path(__file__).parents[2] / "examples" / "population"
MISSIONS = """\
mission,volunteer,organisation,start_date,end_date,host_country,residence_country,domain,contract_is_written,contract_monthly_allowance,integration_premium_request_date
madagascar,camille,association,2022-01-01,2023-12-31,MG,FR,development_cooperation,true,500,2024-01-10
cambodia,sam,association,2023-07-01,2024-06-30,KH,FR,humanitarian_action,true,140,
"""
VOLUNTEERS = """\
volunteer,birth_date,nationality
camille,1990-05-01,FR
sam,1993-11-30,FR
stays,2001-01-01,FR
"""
ORGANISATIONS = """\
organisation,legal_form,accreditation_start_date,accreditation_end_date
association,french_law_association,2005-05-29,2030-12-31
"""
MONTHLY = """\
volunteer,month,is_registered_jobseeker
camille,2024-01,true
camille,2024-02,true
camille,2024-03,true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder that holds the four files."""
    for name, text in {
        "missions": MISSIONS,
        "volunteers": VOLUNTEERS,
        "organisations": ORGANISATIONS,
        "monthly": MONTHLY,
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    return tmp_path


@pytest.fixture(scope="session")
def synthetic(system) -> Tables:
    """Give the population that comes with the project."""
    return synthetic_population(system)


@pytest.fixture(scope="session")
def synthetic_simulation(system, synthetic):
    """Give its simulation, for the years that it describes."""
    return build_simulation(system, synthetic, range(2019, 2026))


@pytest.fixture(scope="session")
def position(synthetic) -> dict[str, int]:
    """Give the row of each mission of that population."""
    names = synthetic.missions["mission"].to_pylist()
    return {name: row for row, name in enumerate(names)}


@pytest.fixture(scope="session")
def part_of_examples(tmp_path_factory) -> Path:
    """Give a folder that holds one in 20 of the volunteers of that population."""
    folder = tmp_path_factory.mktemp("part_of_examples")
    kept = set()
    for name in ("volunteers", "missions", "organisations", "monthly"):
        with (EXAMPLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            columns, *rows = csv.reader(file)
        if name == "volunteers":
            kept = {row[columns.index("volunteer")] for row in rows[::20]}
        if "volunteer" in columns:
            place = columns.index("volunteer")
            rows = [row for row in rows if row[place] in kept]
        assert len(rows) > 20
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([columns, *rows])
    return folder
