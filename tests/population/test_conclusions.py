"""The conclusions that are shown are outputs of the model, with their provisions."""

from openfisca_isv.law import cited
from openfisca_isv.population.subject import CONCLUSIONS


def test_each_conclusion_is_an_output_that_cites_the_register(system):
    names = [name for names in CONCLUSIONS.values() for name in names]
    assert len(names) == len(set(names)) > 40
    for name in names:
        variable = system.get_variable(name, check_existence=True)
        assert not variable.is_input_variable(), name
        assert variable.label, name
        assert all(cited(reference) for reference in variable.reference), name
