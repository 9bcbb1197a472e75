"""Early termination and its notice (law n° 2005-159, article 4, al. 3)."""

from datetime import date

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import ETERNITY
from openfisca_core.variables import Variable

from openfisca_isv.dates import NEVER, add_months
from openfisca_isv.entities import Mission
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import amount_on, first_effective_day


class TerminationReason(Enum):
    """Why the contract was ended before its term."""

    none = "Unknown, or not ended early"
    personal_convenience = "The volunteer's own choice"
    health = "Health"
    family = "Family"
    administrative = "Administrative"
    security = "Security"
    other_force_majeure = "Another case of force majeure"
    organisation_breach = "Breach by the organisation"
    organisation_decision = "Decision of the organisation"
    accreditation_withdrawn = "The accreditation was withdrawn"


class early_termination_date(Variable):
    value_type = date
    default_value = NEVER
    entity = Mission
    definition_period = ETERNITY
    label = "Last day served where the contract was ended early"
    reference = cite("loi-2005-159-art-4-al-3")
    documentation = "The default, 9999-12-31, says that it was not."


class early_termination_reason(Variable):
    value_type = Enum
    possible_values = TerminationReason
    default_value = TerminationReason.none
    entity = Mission
    definition_period = ETERNITY
    label = "Reason of the early termination"
    reference = cite(
        "decret-2005-600-art-13",
        "decret-2005-600-art-14",
        "decret-2022-1067-art-13",
        "decret-2022-1067-art-14",
    )


class notice_date(Variable):
    value_type = date
    default_value = NEVER
    entity = Mission
    definition_period = ETERNITY
    label = "Day on which the notice of early termination was given (préavis)"
    reference = cite("loi-2005-159-art-4-al-3")
    documentation = "The default, 9999-12-31, says that none was given."


class is_ended_early(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The contract was ended before its term"
    reference = cite("loi-2005-159-art-4-al-3")

    def formula(mission, period):
        """The last day served precedes the last day agreed."""
        end = mission("end_date", period)
        return mission("early_termination_date", period) < end


class earliest_termination_date(EternalVariable):
    value_type = date
    default_value = NEVER
    entity = Mission
    definition_period = ETERNITY
    label = "Earliest day on which the contract may end after the notice"
    reference = cite("loi-2005-159-art-4-al-3")

    def formula(mission, period):
        """The notice and the minimum notice; 9999-12-31 where none was given."""
        notice = mission("notice_date", period)
        name = "termination.minimum_notice_months"
        # A notice that precedes the law is judged by its first version.
        day = numpy.maximum(notice, first_effective_day(mission, name))
        minimum = amount_on(mission, name, day)
        never = numpy.datetime64(NEVER)
        return numpy.where(notice == never, never, add_months(notice, minimum))


class notice_is_respected(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The contract was not ended early, or with due notice"
    reference = cite("loi-2005-159-art-4-al-3")

    def formula(mission, period):
        """No early termination, or not before the earliest day after the notice."""
        termination = mission("early_termination_date", period)
        is_due = termination >= mission("earliest_termination_date", period)
        return ~mission("is_ended_early", period) | is_due
