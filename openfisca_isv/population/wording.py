"""Numbers and years in words, in the language that is spoken."""

from openfisca_isv.population.language import say, words


def amount(value: float, decimals: int = 2) -> str:
    """Write a number with separators of thousands: ``3,700.00``, ``3 700,00``."""
    return words().figures(f"{value:,.{decimals}f}")


def counted(value: float, noun: str) -> str:
    """Write a number of things, of an English noun in the singular.

    It has a decimal where it is weighted.
    """
    number = amount(value, 0 if value == round(value) else 1)
    return f"{number} {say(noun if words().is_singular(value) else f'{noun}s')}"


def span_text(years: range) -> str:
    """Write the first and the last year, or the only one."""
    first, last = years.start, years.stop - 1
    if first == last:
        return say("{year}", year=first)
    return say("{first} to {last}", first=first, last=last)
