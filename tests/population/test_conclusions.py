"""The conclusions that are shown are outputs of the model, with their provisions."""

import numpy
import pytest

from openfisca_isv.law import cite
from openfisca_isv.population.model.conclusions import CONCLUSIONS
from openfisca_isv.population.volunteer.citations import provisions_in_force, texts_of


def test_each_conclusion_is_an_output_that_cites_the_register(system):
    names = [name for names in CONCLUSIONS.values() for name in names]
    assert len(names) == len(set(names)) > 40
    for name in names:
        variable = system.get_variable(name, check_existence=True)
        assert not variable.is_input_variable(), name
        assert variable.label, name
        days = (numpy.datetime64("2005-01-01"), numpy.datetime64("2030-01-01"))
        provisions = provisions_in_force(variable.reference, days)
        assert provisions, name
        assert texts_of(provisions), name


@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        # The order of 2022 repeals that of 2005 on 9 December 2022.
        ("2022-12-01", "2022-12-08", ["arrete-2005-12-21"]),
        ("2022-12-01", "2022-12-09", ["arrete-2005-12-21", "arrete-2022-12-01"]),
        ("2022-12-08", "2022-12-31", ["arrete-2005-12-21", "arrete-2022-12-01"]),
        ("2022-12-09", "2022-12-31", ["arrete-2022-12-01"]),
        # Before any of them: what there is to cite.
        ("2004-01-01", "2004-12-31", ["arrete-2005-12-21", "arrete-2022-12-01"]),
    ],
)
def test_provisions_are_those_of_the_time(first, last, texts):
    references = cite("arrete-2022-12-01-allowance", "arrete-2005-12-21-allowance")
    span = (numpy.datetime64(first), numpy.datetime64(last))
    assert texts_of(provisions_in_force(references, span)) == texts
