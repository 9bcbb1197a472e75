"""What the commands do is a short call in Python too."""

import pytest
from click.testing import CliRunner

from openfisca_isv.population import check, generate, simulate, template
from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.subcommands import commands


def test_a_population_is_made_checked_and_simulated():
    tables = generate(volunteers=500, seed=3)
    assert 400 < len(tables["volunteers"]) < 600
    assert check(**tables).num_rows == 0
    found = simulate(**tables, years=[2024])
    assert len(found["missions"]) == len(tables["missions"])
    assert found["by_year"]["state_cost"][0].as_py() > 0
    bare = simulate(**tables, years=[2024], no_summary=True)
    assert bare == {"missions": found["missions"]}


def test_the_template_can_be_filled():
    tables = template()
    names = ["missions", "volunteers", "organisations", "monthly"]
    assert list(tables) == [*names, "dictionary", "codes"]
    described = {
        (row["table"], row["column"]) for row in tables["dictionary"].to_pylist()
    }
    for name in names:
        assert len(tables[name]) == 0
        assert {(name, one) for one in tables[name].column_names} <= described
    assert str(tables["missions"].schema.field("start_date").type) == "date32[day]"
    # Empty as it is, each is a table that is accepted, but that has no mission.
    rows = check(**{name: tables[name] for name in names}).to_pylist()
    assert [row["reason"] for row in rows] == ["has no mission"]


def test_what_is_asked_may_be_written_in_several_ways(folder):
    missions = folder / "missions.csv"
    one = simulate(
        missions,
        years=range(2023, 2025),
        outputs=["state_cost", "contract_months"],
        periods=["2023", "2024"],
        by=[("host_country", "domain")],
        quantiles=[0.5],
    )
    other = simulate(
        str(missions),
        years="2023:2024",
        outputs="state_cost,contract_months",
        periods=[2023, 2024],
        by="host_country,domain",
        quantiles=0.5,
    )
    assert one == other
    assert "summary_by_host_country_and_domain" in one
    assert len(simulate(missions, years=2023)["by_year"]) == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"years": [2022, 2025]}, "do not follow one another"),
        ({"years": []}, "do not follow one another"),
        ({"years": "2022-2025"}, "is not a range of years"),
        ({"min_cell": -1}, "a whole number, 0 or more"),
        ({"quantiles": [0.5, 2]}, "not a share from 0 to 1"),
        ({"volunteers": 3}, "the volunteers are not a table"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_message(folder, asked, said):
    with pytest.raises(RequestError, match=said):
        simulate(folder / "missions.csv", **asked)


def test_every_problem_is_listed_however_many_there_are(tmp_path):
    header = "mission,volunteer,organisation,start_date,end_date"
    rows = [f"m{day},v{day},o,2022-02-{day:02},2022-12-31" for day in range(20, 51)]
    path, out = tmp_path / "missions.csv", tmp_path / "problems.csv"
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    found = check(path)
    # February 2022 has 28 days; days 29 to 50 do not exist.
    assert found["value"].to_pylist() == [f"2022-02-{day}" for day in range(29, 51)]
    assert found["row"].to_pylist() == list(range(11, 33))
    assert found["identifier"].to_pylist() == [f"m{day}" for day in range(29, 51)]
    words = ["check", str(path), "--out", str(out)]
    result = CliRunner().invoke(commands, words)
    assert result.exit_code == 2
    assert "22 problems in the tables" in result.stderr
    assert len(out.read_text("utf-8").splitlines()) == 1 + 22
