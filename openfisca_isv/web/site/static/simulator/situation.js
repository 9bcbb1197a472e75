// From what is entered to the situation that the server takes, and what is asked of it.

import { laterMonth, monthOf, yearOf } from "./calendar.js";
import { numberOf } from "./form.js";
import { firstMonth } from "./words.js";

const NUMBERS = ["contract_monthly_allowance"];
const BOOLEANS = ["contract_is_written", "has_other_professional_activity"];
const ORGANISATION = ["legal_form", "accreditation_start_date", "accreditation_end_date"];
const MONTHLY = ["is_registered_jobseeker", "meets_other_unemployment_conditions", "meets_rsa_conditions", "receives_other_job_search_aid"];

// Months after a mission in which the premium may be paid: a year to ask, and nine months.
export const PREMIUM_MONTHS = 22;

const eternal = (value) => ({ ETERNITY: value });

const given = (values, names) => Object.fromEntries(
  names.filter((name) => name in values).map((name) => [name, eternal(NUMBERS.includes(name) ? numberOf(values[name]) : values[name])]),
);

// The last day served, as far as the form says.
export const lastDay = (mission) => {
  const early = mission.early_termination_date;
  return early && early < mission.end_date ? early : mission.end_date;
};

// The days that matter to the whole life, the month of what is left, and the last month.
export const spanOf = (missions) => {
  const first = missions.map((mission) => mission.start_date).sort()[0];
  const last = missions.map(lastDay).sort().at(-1);
  const life = monthOf(last) > firstMonth ? monthOf(last) : firstMonth;
  return { first, last, life, end: laterMonth(life, PREMIUM_MONTHS) };
};

// The situation, without questions.
const situationOf = ({ volunteer, missions }) => {
  const { first, end } = spanOf(missions);
  const years = `year:${yearOf(first)}:${yearOf(end) - yearOf(first) + 1}`;
  const person = given(volunteer, ["birth_date", "nationality", "second_nationality"]);
  person.is_civil_servant = eternal(Boolean(volunteer.is_civil_servant));
  for (const name of MONTHLY) person[name] = { [years]: Boolean(volunteer[name]) };
  const situation = { missions: {}, volunteers: { volunteer: { missions: [], ...person } }, organisations: {} };
  missions.forEach((mission, index) => {
    const name = `mission-${index + 1}`;
    const names = Object.keys(mission).filter((one) => !ORGANISATION.includes(one) && !BOOLEANS.includes(one));
    situation.missions[name] = given(mission, names);
    for (const one of BOOLEANS) situation.missions[name][one] = eternal(Boolean(mission[one]));
    situation.volunteers.volunteer.missions.push(name);
    situation.organisations[`organisation-${index + 1}`] = { missions: [name], ...given(mission, ORGANISATION) };
  });
  return situation;
};

const ask = (values, name, period = "ETERNITY") => {
  values[name] = { ...values[name], [period]: null };
};

// What is to be explained.
export const explained = (entered) => {
  const situation = situationOf(entered);
  const { last, life } = spanOf(entered.missions);
  entered.missions.forEach((mission, index) => {
    const values = situation.missions[`mission-${index + 1}`];
    const start = monthOf(mission.start_date);
    const end = monthOf(lastDay(mission));
    ask(values, "contract_is_lawful");
    ask(values, "allowance_minimum");
    ask(values, "allowance_maximum");
    ask(values, "leave_days_total");
    ask(values, "social_security_affiliated", start);
    ask(values, "complementary_health_insurance_is_owed", start);
    ask(values, "liability_insurance_is_owed", start);
    ask(values, "repatriation_insurance_is_owed", start);
    ask(values, "training_is_owed");
    ask(values, "travel_is_owed");
    if (mission.status_before_departure) ask(values, "opens_legitimate_resignation");
    if (mission.early_termination_date) ask(values, "notice_is_respected");
    if (mission.notice_date) ask(values, "earliest_termination_date");
    ask(values, "resettlement_allowance", end);
    ask(values, "is_entitled_to_integration_premium");
    ask(values, "certificate_is_owed", end);
    ask(values, "return_travel_is_owed");
    ask(values, "return_support_is_owed");
  });
  const person = situation.volunteers.volunteer;
  ask(person, "unemployment_rights_are_open", laterMonth(monthOf(last), 1));
  ask(person, "remaining_lifetime_months", life);
  return situation;
};

// What is only to be calculated: amounts month by month, quarters year by year.
export const calculated = (entered) => {
  const situation = situationOf(entered);
  const { first, life, end } = spanOf(entered.missions);
  entered.missions.forEach((mission, index) => {
    const month = monthOf(lastDay(mission));
    const values = situation.missions[`mission-${index + 1}`];
    for (let later = 1; later <= PREMIUM_MONTHS; later += 1) ask(values, "occupational_integration_premium", laterMonth(month, later));
    ask(values, "served_months");
  });
  const person = situation.volunteers.volunteer;
  for (let year = yearOf(first); year <= yearOf(end); year += 1) ask(person, "retirement_quarters", String(year));
  ask(person, "lifetime_months", life);
  ask(person, "remaining_lifetime_months", life);
  return situation;
};
