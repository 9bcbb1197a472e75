"""Facts that cannot be true together, and facts that are odd but possible.

``variables/consistency.py`` finds them; this module says of each which facts it
concerns and what to do about it, in both languages. Tables, Web API, explanations and
simulator all read it from here.
"""

from typing import NamedTuple

from openfisca_core.indexed_enums import Enum


class MissionContradiction(Enum):
    """Facts of a mission that cannot be true together, the first that is found."""

    none = "No contradiction"
    end_before_start = "The contract ends before it starts"
    birth_after_start = "The volunteer is born after the contract starts"
    termination_outside_contract = "The early termination is outside the contract"
    reason_without_termination = "There is a reason, but no day of early termination"
    termination_without_reason = "There is a day of early termination, but no reason"
    notice_after_end = "The notice is given after the mission ended"
    missions_overlap = "The mission starts before an earlier one of the volunteer ended"


class VolunteerContradiction(Enum):
    """Facts of a volunteer that contradict those of a mission."""

    none = "No contradiction"
    birth_after_start = "The volunteer is born after a contract starts"
    missions_overlap = "Two missions of the volunteer overlap"


class OrganisationContradiction(Enum):
    """Facts of an organisation that cannot be true together."""

    none = "No contradiction"
    accreditation_ends_before_it_starts = "The accreditation ends before it starts"


class MissionOddity(Enum):
    """Facts of a mission that are possible, and probably a mistake."""

    none = "Nothing odd"
    longer_than_a_lifetime = "The contract is longer than all missions together may be"
    notice_before_start = "The notice of early termination precedes the contract"
    same_nationality_twice = "Both nationalities of the volunteer are the same"


class Details(NamedTuple):
    """What to say of a contradiction or an oddity.

    Attributes:
        facts: The names of the variables concerned, the one to correct first.
        remedy: What to do about it.
        remedy_fr: The same in French.
    """

    facts: tuple[str, ...]
    remedy: str
    remedy_fr: str


_DATES = "Correct one of the two dates."
_DATES_FR = "Corrigez l'une des deux dates."
_OVERLAP = Details(
    ("start_date", "end_date", "early_termination_date"),
    "Correct the dates, or give the earlier mission its early termination.",
    "Corrigez les dates, ou indiquez la rupture anticipée de la mission antérieure.",
)
_BIRTH = Details(
    ("birth_date", "start_date"),
    _DATES,
    _DATES_FR,
)

_DETAILS: dict[Enum, Details] = {
    MissionContradiction.end_before_start: Details(
        ("end_date", "start_date"),
        _DATES,
        _DATES_FR,
    ),
    MissionContradiction.birth_after_start: _BIRTH,
    MissionContradiction.termination_outside_contract: Details(
        ("early_termination_date", "start_date", "end_date"),
        "Write the last day served, from the first to the last day of the contract; "
        "leave it out if the contract ran its course.",
        "Indiquez le dernier jour accompli, entre le premier et le dernier jour du "
        "contrat ; ne l'indiquez pas si le contrat est allé à son terme.",
    ),
    MissionContradiction.reason_without_termination: Details(
        ("early_termination_reason", "early_termination_date"),
        "Give the last day served, or leave the reason out.",
        "Indiquez le dernier jour accompli, ou n'indiquez pas de motif.",
    ),
    MissionContradiction.termination_without_reason: Details(
        ("early_termination_date", "early_termination_reason"),
        "Give the reason of the early termination, or leave its date out.",
        "Indiquez le motif de la rupture, ou n'en indiquez pas la date.",
    ),
    MissionContradiction.notice_after_end: Details(
        ("notice_date", "early_termination_date", "end_date"),
        _DATES,
        _DATES_FR,
    ),
    MissionContradiction.missions_overlap: _OVERLAP,
    VolunteerContradiction.birth_after_start: _BIRTH,
    VolunteerContradiction.missions_overlap: _OVERLAP,
    OrganisationContradiction.accreditation_ends_before_it_starts: Details(
        ("accreditation_end_date", "accreditation_start_date"),
        _DATES,
        _DATES_FR,
    ),
    MissionOddity.longer_than_a_lifetime: Details(
        ("end_date", "start_date"),
        "Check both dates.",
        "Vérifiez les deux dates.",
    ),
    MissionOddity.notice_before_start: Details(
        ("notice_date", "start_date"),
        "Check both dates.",
        "Vérifiez les deux dates.",
    ),
    MissionOddity.same_nationality_twice: Details(
        ("second_nationality", "nationality"),
        "Leave the second nationality out if there is only one.",
        "N'indiquez pas de seconde nationalité s'il n'y en a qu'une.",
    ),
}


def details(member: Enum) -> Details:
    """Return what to say of a contradiction or an oddity.

    Raises:
        KeyError: The member is ``none``, or of another enumeration.
    """
    return _DETAILS[member]
