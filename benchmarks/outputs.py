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


def check_equal(model: Results, other: Results) -> None:
    """Check that two programs give the same results, row by row.

    Amounts are held in 32 bits, about seven digits, and each side rounds in its own
    way; booleans, whole numbers and ranks must be equal.

    Raises:
        AssertionError: An output is missing, or differs; the message names it.
    """
    assert model.keys() == other.keys() == {*EVERY_OUTPUT}
    for key in EVERY_OUTPUT:
        numpy.testing.assert_allclose(
            model[key], other[key], rtol=1e-6, atol=1e-4, err_msg=" ".join(key)
        )
