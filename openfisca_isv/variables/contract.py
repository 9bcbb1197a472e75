"""The contract: what makes it lawful (law n° 2005-159, articles 1, 10 and 11)."""

from datetime import date

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import ETERNITY
from openfisca_core.variables import Variable

from openfisca_isv.dates import UNKNOWN_DAY
from openfisca_isv.entities import Mission
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import first_effective_day, is_listed_on, is_set_on


class Domain(Enum):
    """The field in which the mission takes place."""

    none = "Unknown"
    development_cooperation = "Development cooperation (coopération au développement)"
    humanitarian_action = "Humanitarian action (action humanitaire)"
    other = "Another field"


class Condition(Enum):
    """The conditions of a lawful contract, in the order of the law, as unmet."""

    none = "Every condition is met"
    law_not_in_force = "The contract starts before the law is in force"
    organisation_not_entitled = "The organisation may not conclude such a contract"
    volunteer_not_adult = "The volunteer is not an adult"
    contract_not_written = "The contract is not in writing"
    other_professional_activity = "The volunteer has another professional activity"
    domain_not_eligible = "The mission is outside the fields that the law allows"
    host_country_closed = "The host country is not open to this volunteer"
    contract_too_long = (
        "The contract is longer than two years, or its dates are missing"
    )
    lifetime_exceeded = "The volunteer's missions would total more than six years"
    allowance_too_low = "The allowance is below the minimum"
    allowance_too_high = "The allowance is above the maximum"


class start_date(Variable):
    value_type = date
    default_value = UNKNOWN_DAY
    entity = Mission
    definition_period = ETERNITY
    label = "First day of the contract (date d'effet)"
    reference = cite("loi-2005-159-art-5-al-1")
    documentation = "The default, 1970-01-01, says that the day is unknown."


class contract_start_is_known(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The first day of the contract is given"
    reference = cite("loi-2005-159-art-1-al-2")
    documentation = "What depends on that day fails without it."

    def formula(mission, period):
        """The first day is not the default, 1970-01-01."""
        return mission("start_date", period) != numpy.datetime64(UNKNOWN_DAY)


class end_date(Variable):
    value_type = date
    default_value = UNKNOWN_DAY
    entity = Mission
    definition_period = ETERNITY
    label = "Last day agreed in the contract, included"
    reference = cite("loi-2005-159-art-1-al-2")
    documentation = "The default, 1970-01-01, says that the day is unknown."


class contract_is_written(Variable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The contract is in writing"
    reference = cite("loi-2005-159-art-1-al-2")


class has_other_professional_activity(Variable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The volunteer has another professional activity during the mission"
    reference = cite("loi-2005-159-art-1-al-3")
    documentation = """
    Leave from a suspended job (sabbatical leave, congé de solidarité
    internationale) is not another activity.
    """


class domain(Variable):
    value_type = Enum
    possible_values = Domain
    default_value = Domain.none
    entity = Mission
    definition_period = ETERNITY
    label = "Field in which the mission takes place"
    reference = cite("loi-2005-159-art-1-al-3")


class law_applies(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The contract starts once the law is in force"
    reference = cite("loi-2005-159-art-10-al-1")

    def formula(mission, period):
        """The law applies to contracts that start on or after its first day.

        The law was published on 24 February 2005 and is in force three months later.
        """
        start = mission("start_date", period)
        return is_set_on(mission, "contract.law_is_in_force", start)


class is_volunteering_contract(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The contract is one of international solidarity volunteering"
    reference = cite("loi-2005-159-art-1-al-1", "loi-2005-159-art-10-al-1")
    documentation = """
    Without the law, an entitled organisation or an adult there is no contract of this
    law, and none of its rights. A clause at fault does not have that effect: a reading.
    """

    def formula(mission, period):
        """The law is in force, the organisation entitled, the volunteer an adult."""
        return (
            mission("law_applies", period)
            & mission("organisation_is_entitled", period)
            & mission("volunteer_is_adult", period)
        )


class contract_opens_rights(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The contract opens the rights of this law"
    reference = cite("loi-2005-159-art-1-al-1", "loi-2005-159-art-9-al-1")
    documentation = """
    Leave, legitimate resignation, the aids on return, retirement quarters and State
    aid ask it, and count no other contract. That a contract unlawful in another point
    opens them is a reading.
    """

    def formula(mission, period):
        """It is a contract of volunteering, lawful in its other points or not."""
        return mission("is_volunteering_contract", period)


class has_no_other_activity(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The mission is the volunteer's only professional activity"
    reference = cite("loi-2005-159-art-1-al-3")
    documentation = """
    An employee who stays in post has another activity; one on sabbatical leave or on
    leave for international solidarity has not, as that job is suspended.
    """

    def formula(mission, period):
        """No other activity is declared, and the volunteer does not stay in post."""
        status = mission("status_before_departure", period)
        day = mission("contract_legal_date", period)
        stays_in_post = is_listed_on(
            mission, "contract.statuses_with_another_activity", status, day
        )
        is_active = mission("has_other_professional_activity", period)
        return ~is_active & ~stays_in_post


class contract_legal_date(EternalVariable):
    value_type = date
    default_value = UNKNOWN_DAY
    entity = Mission
    definition_period = ETERNITY
    label = "Date at which age, field of work and durations are assessed"
    reference = cite("loi-2005-159-art-10-al-1")
    documentation = """
    A contract that precedes the law is unlawful because of `law_applies`, and not
    because the law set no age or duration yet: these are judged by its first version.
    """

    def formula(mission, period):
        """The first day of the contract, or of the law where that is later."""
        law = first_effective_day(mission, "contract.law_is_in_force")
        return numpy.maximum(mission("start_date", period), law)


class law_is_extended_to_residence(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = (
        "The volunteer resides in a territory to which the law is expressly extended"
    )
    reference = cite("loi-2005-159-art-11-al-1")
    documentation = """
    Saint-Pierre-et-Miquelon and Mayotte. It is not a condition of the contract: it says
    that the law reaches a volunteer who resides there as it does elsewhere in France.
    """

    def formula(mission, period):
        """Law, art. 11: the territories listed on the day the contract starts."""
        residence = mission("residence_country", period)
        start = mission("start_date", period)
        return is_listed_on(mission, "contract.extended_territories", residence, start)


class domain_is_eligible(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The mission is in a field that the law allows"
    reference = cite("loi-2005-159-art-1-al-3")

    def formula(mission, period):
        """Development cooperation or humanitarian action; an unknown field fails."""
        field = mission("domain", period)
        day = mission("contract_legal_date", period)
        return is_listed_on(mission, "contract.eligible_domains", field, day)


class contract_first_unmet_condition(EternalVariable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.law_not_in_force
    entity = Mission
    definition_period = ETERNITY
    label = "First condition of a lawful contract that fails, in the order of the law"
    reference = cite(
        "loi-2005-159-art-1-al-1",
        "loi-2005-159-art-1-al-2",
        "loi-2005-159-art-1-al-3",
    )

    def formula(mission, period):
        """Go through the conditions in the order of the law and stop at the first.

        `none` says that every condition is met: the contract may be signed.
        """
        unmet = {
            Condition.law_not_in_force: ~mission("law_applies", period),
            Condition.organisation_not_entitled: ~mission(
                "organisation_is_entitled", period
            ),
            Condition.volunteer_not_adult: ~mission("volunteer_is_adult", period),
            Condition.contract_not_written: ~mission("contract_is_written", period),
            Condition.other_professional_activity: ~mission(
                "has_no_other_activity", period
            ),
            Condition.domain_not_eligible: ~mission("domain_is_eligible", period),
            Condition.host_country_closed: ~mission("host_country_is_open", period),
            Condition.contract_too_long: ~mission(
                "contract_duration_is_lawful", period
            ),
            Condition.lifetime_exceeded: ~mission(
                "lifetime_duration_is_lawful", period
            ),
            Condition.allowance_too_low: ~mission("allowance_reaches_minimum", period),
            Condition.allowance_too_high: ~mission(
                "allowance_respects_maximum", period
            ),
        }
        return numpy.select(
            list(unmet.values()),
            [condition.index for condition in unmet],
            default=Condition.none.index,
        )


class contract_is_lawful(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The contract meets every condition of the law"
    reference = cite(
        "loi-2005-159-art-1-al-1",
        "loi-2005-159-art-1-al-2",
        "loi-2005-159-art-1-al-3",
    )

    def formula(mission, period):
        """No condition fails, so the contract may be signed."""
        unmet = mission("contract_first_unmet_condition", period)
        return unmet == Condition.none
