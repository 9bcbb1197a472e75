"""What the commands do is a short call in Python too."""

from openfisca_isv.population import check, generate, simulate, template


def test_a_population_is_made_checked_and_simulated():
    tables = generate(volunteers=500, seed=3)
    assert 400 < len(tables["volunteers"]) < 600
    assert check(**tables).num_rows == 0
    found = simulate(**tables, years=[2024])
    assert len(found["missions"]) == len(tables["missions"])
    assert found["by_year"]["state_cost"][0].as_py() > 0


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
