"""What the routes that take a situation refuse of one."""

from openfisca_isv.situations.fact_checks import refuse_contradictions
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.problems import RefusalError
from openfisca_isv.situations.reading import read_situation
from openfisca_isv.situations.simulation import build_simulation


def problems(system, body):
    """List what is wrong in a body, the first hundred; nothing in a correct one."""
    try:
        situation = read_situation(system, body, Limits())
        refuse_contradictions(build_simulation(system, situation), situation)
    except RefusalError as refusal:
        return list(refusal.problems)
    return []
