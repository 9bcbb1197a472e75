"""What the amounts of a comparison leave out, for no text seen gives it."""

from collections.abc import Sequence

import numpy
import pyarrow as pa

from openfisca_isv.population.comparison.comparison import LAW
from openfisca_isv.population.groups.fixed_point import MICROS
from openfisca_isv.population.groups.small_cells import small
from openfisca_isv.population.reforms.source import ReformSource
from openfisca_isv.population.wording import counted


def undetermined_warnings(
    added: pa.Table,
    reforms: Sequence[ReformSource],
    *,
    is_weighted: bool,
    min_cell: int,
) -> tuple[str, ...]:
    """Say how many rights to resettlement count for nothing, under each law.

    Of a reform it is said where the number is not that of the law in force.

    Args:
        added: What ``undetermined`` gives, of all parts.
        reforms: The reforms compared.
        is_weighted: The numbers are sums of weights.
        min_cell: Withhold a number about fewer volunteers than this.
    """
    rows = {row["scenario"]: row for row in added.to_pylist()}
    titles = {LAW: ""} | {one.name: f'Under "{one.title}" ' for one in reforms}
    told = []
    for name, title in titles.items():
        row = rows[name]
        count = row["rights"] / MICROS
        is_said = row["rights"] if name == LAW else row["observed_changed"]
        if not is_said:
            continue
        people = numpy.array([row["observed"], row["observed_changed"]])
        how = " (weighted)" if is_weighted else ""
        number, verb = counted(count, "right"), "has" if count == 1 else "have"
        if small(people, min_cell).any():
            number, verb, how = "a number of rights that is masked", "have", ""
        text = (
            f"{title}{number}{how} to a resettlement allowance {verb} an amount that no"
            " text seen gives: counted for 0 euros."
        )
        told.append(text[0].upper() + text[1:])
    return tuple(told)
