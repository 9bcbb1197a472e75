"""One volunteer of the tables, as a situation of the Web API."""

from collections.abc import Iterator
from datetime import date

from openfisca_core.periods import DateUnit, period
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.tables.typed_tables import Tables
from openfisca_isv.population.volunteer.volunteer_file import (
    MOST_YEARS,
    YEARS_AFTER_RETURN,
)


def situation_body(system: TaxBenefitSystem, tables: Tables) -> dict[str, dict]:
    """Return a situation that states what the tables do, and asks nothing.

    Args:
        system: The law, or a reform of it.
        tables: The volunteer alone: ``Tables.of_volunteer``.
    """
    months = _months(tables)
    missions = tables.missions.to_pylist()
    body: dict[str, dict] = {}
    for plural in ("missions", "volunteers", "organisations"):
        key = plural.removesuffix("s")
        body[plural] = {
            row[key]: dict(_stated(system, row, months))
            for row in getattr(tables, plural).to_pylist()
        }
        if plural != "missions":
            for name, one in body[plural].items():
                one["missions"] = [
                    row["mission"] for row in missions if row[key] == name
                ]
    (volunteer,) = body["volunteers"].values()
    for row in tables.monthly.to_pylist():
        month = row["month"].isoformat()[:7]
        for name, values in _stated(system, row, [month]):
            volunteer.setdefault(name, {}).update(values)
    return body


def _stated(
    system: TaxBenefitSystem, row: dict, months: list[str]
) -> Iterator[tuple[str, dict]]:
    """Go through the inputs that a row states, by period."""
    for name, value in row.items():
        variable = system.get_variable(name)
        if variable is None or value is None or not variable.is_input_variable():
            continue
        written = value.isoformat() if isinstance(value, date) else value
        is_eternal = variable.definition_period == DateUnit.ETERNITY
        yield name, dict.fromkeys(["ETERNITY"] if is_eternal else months, written)


def _months(tables: Tables) -> list[str]:
    """List the months for which a value that holds at all times is stated."""
    columns = {"start_date", "end_date"} & {*tables.missions.column_names}
    days = [day for one in columns for day in tables.missions[one].to_pylist() if day]
    if not days:
        return []
    first = min(days).year
    last = min(max(days).year + YEARS_AFTER_RETURN, first + MOST_YEARS)
    span = period(f"year:{first}:{last - first + 1}")
    return [str(month) for month in span.get_subperiods(DateUnit.MONTH)]
