"""Whether the steps of a scale still rise once a reform has changed some of them."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from openfisca_core.parameters import Parameter
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.reforms.parameter_values import leaf_parameters


def scale_problems(
    system: TaxBenefitSystem, values: Mapping[str, Mapping[str, object]]
) -> Iterator[tuple[str, str, str]]:
    """Find the scales whose thresholds would no longer rise: reason, remedy, name."""
    leaves = leaf_parameters(system.parameters)
    scales = {name.partition("[")[0] for name in values if "[" in name}
    for scale in sorted(scales):
        parts = [name for name in leaves if name.startswith(f"{scale}[")]
        versions = {one: _version_by_day(leaves[one], values.get(one)) for one in parts}
        for day in sorted({day for dated in versions.values() for day in dated}):
            steps = [
                _on(versions[one], day) for one in parts if one.endswith("threshold")
            ]
            given = [one for one in steps if one is not None]
            if any(one >= after for one, after in pairwise(given)):
                shown = ", ".join(str(one) for one in given)
                reason = f"has thresholds that do not rise on {day}: {shown}"
                yield reason, "Write each above the one before", scale
                break


def _version_by_day(
    parameter: Parameter, reform: Mapping[str, object] | None
) -> dict[str, object]:
    """Give the values by day, as the reform leaves them."""
    law = {one.instant_str: one.value for one in parameter.values_list}
    if not reform:
        return law
    return {day: value for day, value in law.items() if day < min(reform)} | dict(
        reform
    )


def _on(dated: Mapping[str, object], day: str) -> object:
    """Give the value in force on a day, ``None`` before any."""
    started = [one for one in dated if one <= day]
    return dated[max(started)] if started else None
