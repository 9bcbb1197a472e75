"""The allowance of the volunteer (law n° 2005-159, article 7)."""

import numpy
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from openfisca_isv.dates import first_day
from openfisca_isv.entities import Mission
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import (
    amount_on,
    ceiling_on,
    country_value_on,
    threshold_on,
    value_on,
)


class contract_monthly_allowance(Variable):
    value_type = float
    entity = Mission
    definition_period = ETERNITY
    label = "Monthly allowance agreed in the contract (indemnité)"
    unit = "currency-EUR"
    reference = cite("loi-2005-159-art-7-al-2")


class allowance_is_bounded(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The contract is long enough for the bounds of the allowance to bind it"
    reference = cite("arrete-2005-12-21-art-1", "arrete-2022-12-01-art-1")
    documentation = """
    The orders that set the bounds are for missions of at least one year. That this is
    the length agreed is a reading.
    """

    def formula(mission, period):
        """The complete months agreed reach the length that the order asks."""
        start = mission("start_date", period)
        minimum = threshold_on(mission, "allowance.minimum_contract_months", start)
        return mission("contract_months", period) >= minimum


class allowance_minimum(EternalVariable):
    value_type = float
    entity = Mission
    definition_period = ETERNITY
    label = "Minimum monthly allowance for the host country when the contract starts"
    unit = "currency-EUR"
    reference = cite(
        "loi-2005-159-art-7-al-2",
        "arrete-2005-12-21-allowance",
        "arrete-2022-12-01-allowance",
    )

    def formula(mission, period):
        """In France or abroad, on the first day; 0 where no minimum binds."""
        start = mission("start_date", period)
        minimum = numpy.where(
            mission("is_hosted_in_france", period),
            amount_on(mission, "allowance.minimum_in_france", start),
            amount_on(mission, "allowance.minimum_abroad", start),
        )
        return numpy.where(mission("allowance_is_bounded", period), minimum, 0)


class maximum_allowance_abroad(EternalVariable):
    value_type = float
    default_value = float("inf")
    entity = Mission
    definition_period = ETERNITY
    label = "Maximum monthly allowance abroad, where its two parts are known"
    unit = "currency-EUR"
    reference = cite(
        "loi-2005-159-art-7-al-2",
        "arrete-2005-12-21-allowance",
        "arrete-2022-12-01-allowance",
        "decret-2000-1159-allowance",
    )

    def formula(mission, period):
        """The fixed part and the country's supplement; infinite unless both are known.

        A figure is used only from the day on which it is known to be in force.
        """
        start = mission("start_date", period)
        fixed_part = ceiling_on(mission, "allowance.maximum_abroad.fixed_part", start)
        supplement = country_value_on(
            mission,
            "allowance.maximum_abroad.country_supplement",
            mission("host_country", period),
            start,
            otherwise=numpy.inf,
        )
        return fixed_part + supplement


class allowance_maximum(EternalVariable):
    value_type = float
    default_value = float("inf")
    entity = Mission
    definition_period = ETERNITY
    label = "Maximum monthly allowance for the host country when the contract starts"
    unit = "currency-EUR"
    reference = cite(
        "loi-2005-159-art-7-al-2",
        "arrete-2005-12-21-allowance",
        "arrete-2022-12-01-allowance",
    )

    def formula(mission, period):
        """In France or abroad, on the first day; infinite if none is known."""
        start = mission("start_date", period)
        maximum = numpy.where(
            mission("is_hosted_in_france", period),
            ceiling_on(mission, "allowance.maximum_in_france", start),
            mission("maximum_allowance_abroad", period),
        )
        is_bounded = mission("allowance_is_bounded", period)
        return numpy.where(is_bounded, maximum, numpy.inf)


class allowance_maximum_is_undetermined(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "A maximum allowance is in force, and no source seen gives its figure"
    reference = cite(
        "loi-2005-159-art-7-al-2",
        "arrete-2005-12-21-allowance",
        "arrete-2022-12-01-allowance",
    )

    def formula(mission, period):
        """Abroad, once an order sets bounds, where a part of the maximum is unknown."""
        is_bounded = mission("allowance_is_bounded", period)
        is_unknown = numpy.isinf(mission("maximum_allowance_abroad", period))
        return is_bounded & is_unknown & ~mission("is_hosted_in_france", period)


class allowance_reaches_minimum(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The allowance agreed is at least the minimum"
    reference = cite("loi-2005-159-art-7-al-2")

    def formula(mission, period):
        """At least the minimum of a first day that is known."""
        allowance = mission("contract_monthly_allowance", period)
        return mission("contract_start_is_known", period) & (
            allowance >= mission("allowance_minimum", period)
        )


class allowance_respects_maximum(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The allowance agreed is at most the maximum"
    reference = cite("loi-2005-159-art-7-al-2")

    def formula(mission, period):
        """At most the maximum of a first day that is known."""
        allowance = mission("contract_monthly_allowance", period)
        return mission("contract_start_is_known", period) & (
            allowance <= mission("allowance_maximum", period)
        )


class allowance_is_lawful(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The allowance agreed lies between the minimum and the maximum"
    reference = cite("loi-2005-159-art-7-al-2")

    def formula(mission, period):
        """At least the minimum, and at most the maximum."""
        return mission("allowance_reaches_minimum", period) & mission(
            "allowance_respects_maximum", period
        )


class allowance_due(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "Allowance due for the month"
    unit = "currency-EUR"
    reference = cite("loi-2005-159-art-7-al-1", "loi-2005-159-art-6-al-3")
    documentation = "It is kept in full during leave of every kind."

    def formula(mission, period):
        """The allowance agreed, for the days of the month inside the mission."""
        allowance = mission("contract_monthly_allowance", period)
        due = allowance * mission("mission_days", period)
        due /= period.days
        return due


def subject_share(mission, period, name):
    """Return the share of the month's allowance that is subject to a charge.

    The law exempts from its first day on: nothing in the month in which it begins.
    """
    share = value_on(mission, name, first_day(period), otherwise=0)
    return numpy.where(mission("law_applies", period), share, 1)


class allowance_subject_to_income_tax(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "Part of the month's allowance that is subject to income tax in France"
    unit = "currency-EUR"
    reference = cite("loi-2005-159-art-7-al-1")
    documentation = "Tax in the host country is outside the law."

    def formula(mission, period):
        """None under the law; the whole for a contract that precedes it."""
        name = "allowance.share_subject_to_income_tax"
        return subject_share(mission, period, name) * mission("allowance_due", period)


class allowance_subject_to_social_contributions(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "Part of the month's allowance on which the volunteer owes contributions"
    unit = "currency-EUR"
    reference = cite("loi-2005-159-art-7-al-1", "code-securite-sociale-art-l136-1-1")
    documentation = """
    In France, and borne by the volunteer: the host structure in France owes
    contributions of its own, see `social_contribution_base`.
    """

    def formula(mission, period):
        """None under the law; the whole for a contract that precedes it."""
        name = "allowance.share_subject_to_social_contributions"
        return subject_share(mission, period, name) * mission("allowance_due", period)


class social_contribution_base(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "Base of the social contributions that the host structure in France owes"
    unit = "currency-EUR"
    reference = cite("decret-2022-1067-art-8")
    documentation = """
    A volunteer hosted in France belongs to a French scheme of social security; the host
    structure bears the contributions. Their rates are those of other law.
    """

    def formula(mission, period):
        """The allowance of a volunteer hosted in France, since the decree of 2022."""
        share = amount_on(
            mission, "allowance.share_in_contribution_base", first_day(period)
        )
        is_in_france = mission("is_hosted_in_france", period)
        return share * is_in_france * mission("allowance_due", period)
