"""Where each thing has its page, below the folder of a language.

A path, with ``#`` and the name of the part where it is a part of a page.
"""

from openfisca_isv.law import provisions

#: Of a parameter, or of a group of parameters, by its name.
parameter = "parameters/{}.html".format
variable = "variables/{}.html".format
article = text = "law/{}.html".format
reading = "readings.html#{}".format
#: Of the law as it stands from a day on.
day = "days/{}.html".format


def provision(name: str) -> str:
    """Return the place of a provision, on the page of its article."""
    return f"{article(provisions()[name]['article'])}#{name}"


def file_of_tests(file: str) -> str:
    """Return the page of a file of tests."""
    return f"tests/{file.removesuffix('.yaml')}.html"
