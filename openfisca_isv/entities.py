"""The three parties of the law: the mission, the volunteer, the organisation.

The mission is the single entity of the model: one volunteering contract, for one
mission. A volunteer groups all the missions of one life; an organisation groups
the missions it signed.
"""

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.populations import GroupPopulation

Mission = build_entity(
    key="mission",
    plural="missions",
    label="A volunteering contract, for one mission",
    doc="""
    One contract of international solidarity volunteering (contrat de volontariat
    de solidarité internationale), for one mission: law n° 2005-159, articles 1, 2
    and 4. It belongs to one volunteer and to one organisation.
    """,
    is_person=True,
)

Volunteer = build_entity(
    key="volunteer",
    plural="volunteers",
    label="A volunteer, with all the missions of one life",
    doc="""
    The person who volunteers (volontaire de solidarité internationale), with all
    the missions of that person's life, in any order.
    """,
    roles=[
        {
            "key": "mission",
            "plural": "missions",
            "label": "Missions",
            "doc": "The missions of the volunteer, past, present and planned.",
        },
    ],
)

Organisation = build_entity(
    key="organisation",
    plural="organisations",
    label="The association or public interest group that signs the contract",
    doc="""
    The accredited association, or public interest group (groupement d'intérêt
    public), that signs the contract: law n° 2005-159, articles 1 and 9.
    """,
    roles=[
        {
            "key": "mission",
            "plural": "missions",
            "label": "Missions",
            "doc": "The missions for which the organisation signed the contract.",
        },
    ],
)

entities = [Mission, Volunteer, Organisation]


def sum_over_missions(group: GroupPopulation, values: numpy.ndarray) -> numpy.ndarray:
    """Sum the values of the missions of each group, and 0 for a group without any.

    Args:
        group: The volunteers or the organisations, ``n`` of them.
        values: One number a mission, shape ``(missions,)``, in the unit of the sum.

    Returns:
        One 64-bit sum a group, shape ``(n,)``. ``GroupPopulation.sum`` would stop
        at the last group that has a mission, and break where that is not the last.
    """
    return numpy.bincount(
        group.members_entity_id, weights=values, minlength=group.count
    )


def any_mission(group: GroupPopulation, condition: numpy.ndarray) -> numpy.ndarray:
    """Tell of each group whether one of its missions meets the condition."""
    return sum_over_missions(group, condition) > 0
