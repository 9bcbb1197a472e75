"""Numbers and years in words, in the language that is spoken."""

from openfisca_isv.population.language import say, words


def amount(value: float, decimals: int = 2) -> str:
    """Write a number with separators of thousands: ``3,700.00``, ``3 700,00``."""
    return words().figures(f"{value:,.{decimals}f}")


def number(value: float | None, decimals: int = 1) -> str:
    """Write a number, with decimals where it is not whole, or that it is masked."""
    if value is None:
        return say("masked")
    return amount(value, 0 if value == round(value) else decimals)


def counted(value: float, noun: str) -> str:
    """Write a number of things, of an English noun in the singular.

    It has a decimal where it is weighted.
    """
    return f"{number(value)} {say(noun if words().is_singular(value) else f'{noun}s')}"


def span_text(years: range) -> str:
    """Write the first and the last year, or the only one."""
    first, last = years.start, years.stop - 1
    if first == last:
        return say("{year}", year=first)
    return say("{first} to {last}", first=first, last=last)
