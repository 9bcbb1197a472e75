"""Resigning to volunteer, and unemployment on return (law, article 3, al. 1)."""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from openfisca_isv.dates import dispatch_by_month, first_day
from openfisca_isv.entities import Mission, Volunteer, any_mission
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import is_listed_on, threshold_on


class Status(Enum):
    """What the volunteer was before the mission."""

    none = "Unknown"
    private_employee_resigning = "Private employee who resigns to volunteer"
    private_employee_on_sabbatical_leave = "Private employee on sabbatical leave"
    private_employee_on_solidarity_leave = (
        "Private employee on leave for international solidarity"
    )
    private_employee_in_post = "Private employee who stays in post"
    public_agent = "Public agent"
    self_employed = "Self-employed"
    jobseeker = "Jobseeker"
    student = "Student"


class status_before_departure(Variable):
    value_type = Enum
    possible_values = Status
    default_value = Status.none
    entity = Mission
    definition_period = ETERNITY
    label = "Status of the volunteer before the mission"
    reference = cite("loi-2005-159-art-3-al-1")


class meets_other_unemployment_conditions(Variable):
    value_type = bool
    entity = Volunteer
    definition_period = MONTH
    set_input = dispatch_by_month
    label = "The volunteer meets the conditions of unemployment insurance set elsewhere"
    reference = cite("loi-2005-159-art-3-al-1")


class opens_legitimate_resignation(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "Resigning for this mission is legitimate (motif légitime de démission)"
    reference = cite("loi-2005-159-art-3-al-1")

    def formula(mission, period):
        """A private employee resigns for an engagement that is agreed long enough."""
        start = mission("start_date", period)
        status = mission("status_before_departure", period)
        resigns = is_listed_on(mission, "resignation.statuses", status, start)
        minimum = threshold_on(mission, "resignation.minimum_engagement_months", start)
        is_long_enough = mission("engagement_agreed_months", period) >= minimum
        opens_rights = mission("contract_opens_rights", period)
        return opens_rights & resigns & is_long_enough


class unemployment_rights_are_open(Variable):
    value_type = bool
    entity = Volunteer
    definition_period = MONTH
    label = "Unemployment rights are open to the volunteer who had resigned"
    reference = cite("loi-2005-159-art-3-al-1")
    documentation = """
    From the first month that begins after the return, whether the engagement ran its
    course or was interrupted.
    """

    def formula(volunteer, period):
        """Back from a legitimate engagement, with the other conditions met."""
        is_legitimate = volunteer.members("opens_legitimate_resignation", period)
        is_back = volunteer.members("engagement_end_date", period) < first_day(period)
        return any_mission(volunteer, is_legitimate & is_back) & volunteer(
            "meets_other_unemployment_conditions", period
        )
