"""Social security of the volunteer and dependants (law n° 2005-159, article 5)."""

import numpy
from openfisca_core.periods import MONTH
from openfisca_core.variables import Variable

from openfisca_isv.dates import first_day
from openfisca_isv.entities import Mission
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import lists_on


def covers(mission, period, who, risk):
    """Return whether the scheme of a mission in course covers a risk of a person.

    By the law of the month's first day, or of the contract's if that is later.
    """
    day = numpy.maximum(mission("start_date", period), first_day(period))
    is_covered = lists_on(mission, f"social_cover.{who}", risk, day)
    return mission("social_security_affiliated", period) & is_covered


class social_security_affiliated(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "The organisation has to affiliate the volunteer to social security"
    reference = cite("loi-2005-159-art-5-al-1")
    documentation = """
    To a scheme whose level equals that of the French general scheme. Dependants are
    affiliated with the volunteer.
    """

    def formula(mission, period):
        """From the day of effect of a contract under the law, while it lasts."""
        is_on_mission = mission("mission_days", period) > 0
        return mission("law_applies", period) & is_on_mission


class social_security_covers_sickness(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "Social security covers the volunteer: sickness"
    reference = cite("loi-2005-159-art-5-al-2")

    def formula(mission, period):
        """Sickness (maladie): covered while the volunteer is affiliated."""
        return covers(mission, period, "volunteer_risks", "sickness")


class social_security_covers_maternity(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "Social security covers the volunteer: maternity"
    reference = cite("loi-2005-159-art-5-al-2")

    def formula(mission, period):
        """Maternity (maternité): covered while the volunteer is affiliated."""
        return covers(mission, period, "volunteer_risks", "maternity")


class social_security_covers_invalidity(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "Social security covers the volunteer: invalidity"
    reference = cite("loi-2005-159-art-5-al-2")

    def formula(mission, period):
        """Invalidity (invalidité): covered while the volunteer is affiliated."""
        return covers(mission, period, "volunteer_risks", "invalidity")


class social_security_covers_death(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "Social security covers the volunteer: death"
    reference = cite("loi-2005-159-art-5-al-2")

    def formula(mission, period):
        """Death (décès): covered while the volunteer is affiliated."""
        return covers(mission, period, "volunteer_risks", "death")


class social_security_covers_old_age(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "Social security covers the volunteer: old age"
    reference = cite("loi-2005-159-art-5-al-2")

    def formula(mission, period):
        """Old age (vieillesse): covered while the volunteer is affiliated."""
        return covers(mission, period, "volunteer_risks", "old_age")


class social_security_covers_work_accident(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "Social security covers the volunteer: accidents and diseases of work"
    reference = cite("loi-2005-159-art-5-al-2")

    def formula(mission, period):
        """Accidents at work, occupational diseases: covered while affiliated.

        In French: accidents du travail et maladies professionnelles.
        """
        return covers(mission, period, "volunteer_risks", "work_accident")


class dependants_covered_for_sickness(Variable):
    value_type = int
    entity = Mission
    definition_period = MONTH
    label = "Dependants with benefits in kind of social security: sickness"
    reference = cite("loi-2005-159-art-5-al-2")

    def formula(mission, period):
        """Sickness (maladie): benefits in kind, for each dependant."""
        dependants = mission.volunteer("dependants_count", period)
        return dependants * covers(mission, period, "dependants_risks", "sickness")


class dependants_covered_for_maternity(Variable):
    value_type = int
    entity = Mission
    definition_period = MONTH
    label = "Dependants with benefits in kind of social security: maternity"
    reference = cite("loi-2005-159-art-5-al-2")

    def formula(mission, period):
        """Maternity (maternité): benefits in kind, for each dependant."""
        dependants = mission.volunteer("dependants_count", period)
        return dependants * covers(mission, period, "dependants_risks", "maternity")


class dependants_covered_for_invalidity(Variable):
    value_type = int
    entity = Mission
    definition_period = MONTH
    label = "Dependants with benefits in kind of social security: invalidity"
    reference = cite("loi-2005-159-art-5-al-2")

    def formula(mission, period):
        """Invalidity (invalidité): benefits in kind, for each dependant."""
        dependants = mission.volunteer("dependants_count", period)
        return dependants * covers(mission, period, "dependants_risks", "invalidity")
