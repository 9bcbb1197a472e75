"""What each reading is worth: figures worked out by hand, the command and its files."""

import csv
import json

import pytest
from click.testing import CliRunner

from openfisca_isv.population import compare, simulate
from openfisca_isv.population.commands.compare import compare as compare_command
from openfisca_isv.population.reforms.reform_file import reform_from_values
from openfisca_isv.reforms.readings import alternatives

REFORM = "examples/reforms/allowance_floor_of_200_euros.yaml"
#: Ada, a public agent before, serves two years in one contract: 731 days, for 2024
#: has a 29 February. Bo serves the same two years in two contracts of a year each.
MISSIONS = {
    "mission": ["ada", "bo_1", "bo_2"],
    "volunteer": ["ada", "bo", "bo"],
    "organisation": ["org"] * 3,
    "start_date": ["2024-01-01", "2024-01-01", "2025-01-01"],
    "end_date": ["2025-12-31", "2024-12-31", "2025-12-31"],
    "host_country": ["SN"] * 3,
    "residence_country": ["FR"] * 3,
    "domain": ["humanitarian_action"] * 3,
    "contract_is_written": [True] * 3,
    "contract_monthly_allowance": [200.0] * 3,
    "status_before_departure": ["public_agent", "student", "student"],
}
VOLUNTEERS = {
    "volunteer": ["ada", "bo"],
    "birth_date": ["1990-01-01"] * 2,
    "nationality": ["FR", "FR"],
}
ORGANISATIONS = {
    "organisation": ["org"],
    "legal_form": ["french_law_association"],
    "accreditation_start_date": ["2023-01-01"],
}
TABLES = (MISSIONS, VOLUNTEERS, ORGANISATIONS)
TRAINING, AGENTS, DAYS = (
    "training-for-every-contract",
    "public-agents-are-not-excluded",
    "contract-of-730-days",
)
NOTICE = "notice-runs-to-the-eve"
FIGURES = (
    "state_cost_change",
    "state_cost_change_per_year",
    "gainers",
    "losers",
    "gains",
    "losses",
    "contracts_become_lawful",
    "contracts_become_unlawful",
)
#: Bo's second contract has a training of 780 euros of its own. Ada has the 3,700 euros
#: of resettlement at 24 months, for a public agent is no longer excluded; a right of
#: Bo's to the same is in the law in force. Ada's 731 days exceed 730.
WORTH = {
    AGENTS: (3700, 1850, 1, 0, 3700, 0, 0, 0),
    TRAINING: (780, 390, 0, 0, 0, 0, 0, 0),
    DAYS: (0, 0, 0, 0, 0, 0, 0, 1),
    NOTICE: (0, 0, 0, 0, 0, 0, 0, 0),
    f"{AGENTS}+{TRAINING}": (4480, 2240, 1, 0, 3700, 0, 0, 0),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write the tables."""
    folder = tmp_path_factory.mktemp("tables")
    for name, table in zip(
        ("missions", "volunteers", "organisations"), TABLES, strict=True
    ):
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table)
            rows = zip(*table.values(), strict=True)
            writer.writerows(
                [str(one).removesuffix(".0") for one in row] for row in rows
            )
    return folder


def run(folder, out, *more):
    words = [folder / "missions.csv", "--volunteers", folder / "volunteers.csv"]
    words += ["--organisations", folder / "organisations.csv", "--out", out, *more]
    return CliRunner().invoke(compare_command, [str(one) for one in words])


@pytest.fixture(scope="module")
def written(folder):
    """Give what the command prints and writes of all readings."""
    out = folder / "out"
    done = run(folder, out, "--readings", "--years", "2024:2025")
    assert done.exit_code == 0, done.output
    return done.output, out


def rows_of(out):
    with (out / "readings.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def worth(*tables, **asked):
    return compare(*tables, **asked).readings


def test_readings_are_ranked_by_what_they_are_worth():
    found = worth(
        *TABLES, each_reading=[NOTICE, DAYS, TRAINING, AGENTS], years=[2024, 2025]
    ).to_pylist()
    assert {
        row["readings"]: tuple(row[name] for name in FIGURES) for row in found
    } == WORTH
    assert [row["readings"] for row in found] == list(WORTH)
    assert [row["rank"] for row in found] == [1, 2, 3, 4, None]
    assert [row["taken"] for row in found] == [
        *["alone"] * 4,
        "all that raise the cost",
    ]


def test_a_reading_says_its_article_and_what_it_changes():
    (row,) = worth(*TABLES, each_reading=DAYS, years=2024).to_pylist()
    assert row["title"] == "Two years are 730 days"
    assert row["title_fr"] == "Deux ans font 730 jours"
    assert row["chosen"] == "Two years are twenty-four months, date to date"
    assert row["articles"] == "Loi 2005-159, art. 4, al. 1"
    assert row["changes"] == "The contract is agreed for no longer than the maximum"


def test_small_numbers_of_people_are_masked():
    found = worth(*TABLES, each_reading=[AGENTS], years=2025, min_cell=2)
    (row,) = found.to_pylist()
    assert row["masked"]
    assert row["state_cost_change"] is row["gainers"] is row["gains_per_year"] is None


def with_a_double_of_bo():
    """Let Cy do what Bo does: what changes for both is that of two."""
    missions, volunteers = (
        {name: [*cells, *cells[1:]] for name, cells in table.items()}
        for table in (MISSIONS, VOLUNTEERS)
    )
    missions["mission"][3:] = ["cy_1", "cy_2"]
    missions["volunteer"][3:] = ["cy", "cy"]
    volunteers["volunteer"][2:] = ["cy"]
    return missions, volunteers, ORGANISATIONS


def test_a_reading_that_changes_few_masks_no_other():
    tables = with_a_double_of_bo()
    asked = {"each_reading": [AGENTS, TRAINING, NOTICE], "years": "2024:2025"}
    found = compare(*tables, **asked, min_cell=2)
    rows = {row["readings"]: row for row in found.readings.to_pylist()}
    # Ada alone has the 3,700 euros; two trainings of 780 euros are those of two.
    assert rows[AGENTS]["masked"]
    assert rows[AGENTS]["state_cost_change"] is None
    assert rows[TRAINING]["state_cost_change"] == 2 * 780
    assert rows[NOTICE]["state_cost_change"] == 0
    assert not rows[TRAINING]["masked"] | rows[NOTICE]["masked"]
    report = found.report()
    assert "1 of 3 other readings changes a figure shown here." in report
    assert "What changes under 1 other reading is masked." in report


def test_weights_of_missions_count_missions_and_their_mean_counts_people(system):
    missions = MISSIONS | {"w": [1, 2, 4]}
    tables = (missions, VOLUNTEERS, ORGANISATIONS)
    # Bo alone has a right to resettlement, 24 months served, after the second mission.
    more = {"resettlement_allowance.amount[2].amount": {"2025-01-01": 4000}}
    asked = {"years": "2024:2025", "weight": "w"}
    found = compare(
        *tables,
        **asked,
        reforms=reform_from_values(system, "more", more),
        outputs="contract_is_lawful,retirement_quarters",
        bootstrap=20,
    )
    everyone = found.gainers_and_losers.to_pylist()[0]
    # 300 euros more: of the State for a mission of weight 4, for a person of weight 3.
    assert everyone["state_cost_change"] == 300 * 4
    assert (everyone["volunteers"], everyone["gainers"], everyone["gains"]) == (
        4,
        3,
        900,
    )
    assert found.cost_by_rule.to_pylist()[-1]["cost_change"] == 300 * 4
    by_year = found.cost_by_year.to_pylist()
    assert [row["contracts_started"] for row in by_year] == [3, 4] * 2
    assert by_year[-1]["state_cost_change"] == 300 * 4
    assert [row["count"] for row in found.outputs.to_pylist()] == [7, 4, 4]
    assert found.unmet_conditions["contracts_law"][0].as_py() == 7
    errors = {row["figure"]: row for row in found.standard_errors.to_pylist()}
    cost, gains = (errors[one] for one in ("state_cost_change", "gains"))
    assert (cost["value"], gains["value"]) == (1200, 900)
    assert cost["high"] / gains["high"] == 4 / 3
    simulated = simulate(*tables, **asked)["by_year"].to_pylist()
    for row, other in zip(by_year[:2], simulated, strict=True):
        for name in ("state_cost", "contracts_started", "contracts_lawful"):
            assert row[name] == other[name]


def test_the_command_writes_a_table_a_picture_and_a_section(written):
    said, out = written
    names = {"readings.csv", "readings.png", "report.html", "run.json"}
    assert {one.name for one in out.iterdir()} == names
    rows = rows_of(out)
    alone = [row for row in rows if row["taken"] == "alone"]
    assert {row["readings"] for row in alone} == set(alternatives())
    by_name = {row["readings"]: row for row in rows}
    for name in (AGENTS, TRAINING, DAYS, NOTICE):
        got = tuple(float(by_name[name][figure]) for figure in FIGURES)
        assert got == WORTH[name], name
    assert [int(row["rank"]) for row in alone] == list(range(1, len(alone) + 1))
    assert (out / "readings.png").read_bytes().startswith(b"\x89PNG")
    report = (out / "report.html").read_text("utf-8")
    assert "What each reading of the law is worth" in report
    assert "Two years are 730 days" in report
    assert "Cost to the State by year" not in report
    assert "Worth most:" in said
    assert "Two years are 730 days" in said
    assert "1,850" in said
    account = json.loads((out / "run.json").read_text("utf-8"))
    assert account["command"]["readings"] == list(alternatives())


def test_parts_and_workers_change_no_byte(folder, written, tmp_path):
    _, out = written
    shared = ("--part-size", "1", "--workers", "2")
    done = run(folder, tmp_path / "out", "--readings", "--years", "2024:2025", *shared)
    assert done.exit_code == 0, done.output
    for name in ("readings.csv", "readings.png", "report.html"):
        assert (tmp_path / "out" / name).read_bytes() == (out / name).read_bytes()


def test_readings_stand_beside_a_reform(folder, tmp_path):
    out = tmp_path / "out"
    done = run(folder, out, "--readings", "--reform", REFORM, "--years", "2024:2025")
    assert done.exit_code == 0, done.output
    report = (out / "report.html").read_text("utf-8")
    for title in ("Cost to the State by year", "What each reading of the law is worth"):
        assert title in report
    by_name = {row["readings"]: row for row in rows_of(out)}
    assert float(by_name[AGENTS]["state_cost_change"]) == WORTH[AGENTS][0]
    with (out / "cost_by_year.csv").open() as file:
        laws = [row["scenario"] for row in csv.DictReader(file)]
    assert set(laws) == {"law_in_force", "allowance_floor_of_200_euros"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--reading", DAYS], f"leave out --reading {DAYS}, or --readings"),
        (
            ["--by", "host_country"],
            "leave out --by, or give --reform, and leave columns of your own out",
        ),
    ],
)
def test_what_makes_no_sense_beside_all_readings_is_refused(
    folder, tmp_path, more, said
):
    done = run(folder, tmp_path / "out", "--readings", *more)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())
    assert not (tmp_path / "out").exists()


def test_a_comparison_in_which_nothing_changes_says_so():
    with pytest.warns(UserWarning, match="every figure shown is that of the law in"):
        compare(*TABLES, readings=NOTICE, years=2024)


@pytest.mark.filterwarnings("error:.*every figure shown")
def test_a_comparison_in_which_one_contract_changes_does_not():
    compare(*TABLES, readings=DAYS, years=2024)


def test_a_simulation_that_shows_nothing_of_its_reading_says_so():
    leave = "leave-along-the-engagement"
    with pytest.warns(UserWarning, match="changes nothing of what is shown"):
        simulate(*TABLES, readings=leave, outputs=["contract_is_lawful"], years=2024)


@pytest.mark.filterwarnings("error:.*changes nothing of what is shown")
def test_a_simulation_that_shows_what_its_reading_changes_does_not():
    leave = "leave-along-the-engagement"
    simulate(*TABLES, readings=leave, outputs=["leave_days_total"], years=2024)
    simulate(*TABLES, readings=TRAINING, outputs=["leave_days_total"], years=2024)
