"""How long a contract is agreed for, and how long it is served (law, article 4)."""

from datetime import date

import numpy
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from openfisca_isv.dates import (
    DAY,
    UNKNOWN_DAY,
    add_months,
    complete_months,
    day_count,
    days_within,
)
from openfisca_isv.entities import Mission
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import amount_on


class contract_days_are_known(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The contract has a first and a last day, in this order"
    reference = cite("loi-2005-159-art-1-al-2")
    documentation = "Without them the contract has no duration, and nothing accrues."

    def formula(mission, period):
        """The first day is given, and the last day agreed does not precede it."""
        return mission("contract_start_is_known", period) & (
            mission("start_date", period) <= mission("end_date", period)
        )


class effective_end_date(EternalVariable):
    value_type = date
    default_value = UNKNOWN_DAY
    entity = Mission
    definition_period = ETERNITY
    label = "Last day of the mission as served"
    reference = cite("loi-2005-159-art-4-al-3")

    def formula(mission, period):
        """The earlier of the last day agreed and the day of early termination."""
        end = mission("end_date", period)
        termination = mission("early_termination_date", period)
        return numpy.minimum(end, termination)


class contract_months(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Complete months of the contract as agreed"
    unit = "month"
    reference = cite("loi-2005-159-art-4-al-1")

    def formula(mission, period):
        """Complete months from the first day to the day after the last one agreed."""
        is_known = mission("contract_days_are_known", period)
        start = mission("start_date", period)
        return is_known * complete_months(start, mission("end_date", period) + DAY)


class contract_days(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Days of the contract as agreed, first and last included"
    unit = "day"
    reference = cite("decret-2005-600-art-10", "decret-2022-1067-art-9")

    def formula(mission, period):
        """Days from the first day to the last one agreed, both included."""
        is_known = mission("contract_days_are_known", period)
        start = mission("start_date", period)
        return is_known * day_count(start, mission("end_date", period))


class contract_duration_is_lawful(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The contract is agreed for no longer than the maximum"
    reference = cite("loi-2005-159-art-4-al-1")

    def formula(mission, period):
        """The day after the last one agreed is within the maximum of the first day."""
        is_known = mission("contract_days_are_known", period)
        start = mission("start_date", period)
        end = mission("end_date", period)
        day = mission("contract_legal_date", period)
        maximum = amount_on(mission, "duration.contract_maximum_months", day)
        return is_known & (end + DAY <= add_months(start, maximum))


class served_months(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Complete months of the mission as served"
    unit = "month"
    reference = cite("loi-2005-159-art-4-al-1")

    def formula(mission, period):
        """Complete months from the first day to the day after the last one served."""
        is_known = mission("contract_days_are_known", period)
        start = mission("start_date", period)
        end = mission("effective_end_date", period)
        return is_known * complete_months(start, end + DAY)


class served_days(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Days of the mission as served, first and last included"
    unit = "day"
    reference = cite("loi-2005-159-art-4-al-1")

    def formula(mission, period):
        """Days from the first day to the last one served, both included."""
        is_known = mission("contract_days_are_known", period)
        start = mission("start_date", period)
        return is_known * day_count(start, mission("effective_end_date", period))


class mission_days(Variable):
    value_type = int
    entity = Mission
    definition_period = MONTH
    label = "Days of the month inside the mission as served"
    unit = "day"
    reference = cite("loi-2005-159-art-7-al-2")

    def formula(mission, period):
        """Days of the month from the first day to the last one served."""
        is_known = mission("contract_days_are_known", period)
        start = mission("start_date", period)
        end = mission("effective_end_date", period)
        return is_known * days_within(period, start, end)
