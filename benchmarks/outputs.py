"""What both programs compute, and how their results are compared."""

import numpy

#: An array of results for each output and period.
Results = dict[tuple[str, str], numpy.ndarray]

ETERNAL = (
    "volunteer_is_adult",
    "organisation_is_entitled",
    "contract_duration_is_lawful",
    "allowance_minimum",
    "leave_days_total",
)
MONTHLY = ("allowance_due",)

MONTHS = tuple(f"2024-{month:02}" for month in range(1, 13))
EVERY_OUTPUT = (
    *((name, "ETERNITY") for name in ETERNAL),
    *((name, month) for month in MONTHS for name in MONTHLY),
)

#: Amounts are held in 32 bits, about seven digits; each side rounds in its own way.
_RELATIVE_TOLERANCE = 1e-6


def differences(model: Results, other: Results) -> list[str]:
    """List the outputs on which two programs differ, with the rows that do.

    Booleans, whole numbers and ranks must be equal; amounts equal within the
    precision of a 32-bit float.
    """
    found = []
    for key in EVERY_OUTPUT:
        if key not in model or key not in other:
            found.append(f"{key[0]} {key[1]}: one of the two does not compute it")
            continue
        ours, theirs = model[key], other[key]
        if ours.dtype.kind == "f":
            same = numpy.isclose(ours, theirs, rtol=_RELATIVE_TOLERANCE, atol=1e-4)
        else:
            same = ours == theirs
        if not numpy.all(same):
            rows = numpy.flatnonzero(~same)
            found.append(
                f"{key[0]} {key[1]}: {len(rows)} rows differ; row {rows[0]} is"
                f" {ours[rows[0]]} in the model, {theirs[rows[0]]} in the script"
            )
    return found
