"""Numbers and years in words."""


def amount(value: float, decimals: int = 2) -> str:
    """Write a number with separators of thousands: ``3,700.00``."""
    return f"{value:,.{decimals}f}"


def counted(value: float, noun: str) -> str:
    """Write a number of things, with a decimal where it is weighted."""
    number = amount(value, 0 if value == round(value) else 1)
    return f"{number} {noun}{'' if value == 1 else 's'}"


def span_text(years: range) -> str:
    """Write the first and the last year, or the only one."""
    first, last = years.start, years.stop - 1
    return f"{first}" if first == last else f"{first} to {last}"
