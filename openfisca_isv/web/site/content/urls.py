"""Where each thing has its page, below the folder of a language.

A path, with ``#`` and the name of the part where it is a part of a page.
"""

from openfisca_isv.law import provisions


def parameter(name: str) -> str:
    """Return the page of a parameter, or of a group of parameters."""
    return f"parameters/{name}.html"


def variable(name: str) -> str:
    """Return the page of a variable."""
    return f"variables/{name}.html"


def article(name: str) -> str:
    """Return the page of an article."""
    return f"law/{name}.html"


def provision(name: str) -> str:
    """Return the place of a provision, on the page of its article."""
    return f"{article(provisions()[name]['article'])}#{name}"


def text(name: str) -> str:
    """Return the page of a text of law."""
    return f"law/{name}.html"


def reading(name: str) -> str:
    """Return the place of a reading, on the page of readings."""
    return f"readings.html#{name}"


def day(day: object) -> str:
    """Return the page of the law as it stands from a day on."""
    return f"days/{day}.html"


def file_of_tests(file: str, line: int | None = None) -> str:
    """Return the page of a file of tests, or the test that begins at a line."""
    return f"tests/{file.removesuffix('.yaml')}.html" + (f"#L{line}" if line else "")
