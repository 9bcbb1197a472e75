// What is entered: in the address of the page, as the situation that the server takes, and what is asked of it.

import { laterMonth, monthOf, monthsFrom, yearOf } from "./calendar.js";
import { firstMonth, readNumber } from "./words.js";

const NUMBERS = ["contract_monthly_allowance", "dependants_count"];
const BOOLEANS = ["is_civil_servant", "contract_is_written", "has_other_professional_activity"];
const ORGANISATION = ["legal_form", "accreditation_start_date", "accreditation_end_date"];
const MONTHLY_BOOLEANS = ["is_registered_jobseeker", "meets_other_unemployment_conditions", "meets_rsa_conditions", "receives_other_job_search_aid"];
const MONTHLY = [...MONTHLY_BOOLEANS, "dependants_count"];

// Months after a mission in which the premium may be paid: a year to ask, and nine months.
export const PREMIUM_MONTHS = 22;

const eternal = (value) => ({ ETERNITY: value });

const valueOf = (name, text) => {
  if (NUMBERS.includes(name)) return readNumber(text);
  return BOOLEANS.includes(name) || MONTHLY_BOOLEANS.includes(name) ? text === "1" : text;
};

// What is not entered is left out: it is not stated, and never false.
const given = (values, names) => Object.fromEntries(
  names.filter((name) => name in values).map((name) => [name, eternal(valueOf(name, values[name]))]),
);

// The last day served, as far as the form says.
export const lastDay = (mission) => {
  const early = mission.early_termination_date;
  return early && early < mission.end_date ? early : mission.end_date;
};

export const isDated = (mission) => Boolean(mission.start_date && mission.end_date);

// The days that matter to the whole life, the month of what is left, and the last month;
// nothing while no mission has both its days.
export const spanOf = (missions) => {
  const dated = missions.filter(isDated);
  if (!dated.length) return null;
  const first = dated.map((mission) => mission.start_date).sort()[0];
  const last = dated.map(lastDay).sort().at(-1);
  const life = monthOf(last) > firstMonth ? monthOf(last) : firstMonth;
  return { first, last, life, end: laterMonth(life, PREMIUM_MONTHS) };
};

// The situation, without questions.
const situationOf = ({ volunteer, missions }) => {
  const span = spanOf(missions);
  const person = given(volunteer, Object.keys(volunteer).filter((name) => !MONTHLY.includes(name)));
  if (span) {
    const years = `year:${yearOf(span.first)}:${yearOf(span.end) - yearOf(span.first) + 1}`;
    for (const name of MONTHLY.filter((one) => one in volunteer)) person[name] = { [years]: valueOf(name, volunteer[name]) };
  }
  const situation = { missions: {}, volunteers: { volunteer: { missions: [], ...person } }, organisations: {} };
  missions.forEach((mission, index) => {
    const name = `mission-${index + 1}`;
    situation.missions[name] = given(mission, Object.keys(mission).filter((one) => !ORGANISATION.includes(one)));
    situation.volunteers.volunteer.missions.push(name);
    situation.organisations[`organisation-${index + 1}`] = { missions: [name], ...given(mission, ORGANISATION) };
  });
  return situation;
};

const ask = (values, name, period = "ETERNITY") => {
  values[name] = { ...values[name], [period]: null };
};

const ALWAYS = [
  "contract_is_lawful", "contract_first_unmet_condition", "allowance_minimum", "allowance_maximum",
  "is_entitled_to_resettlement_allowance",
];
const ONCE_DATED = [
  "leave_days_total", "training_is_owed", "travel_is_owed", "meets_resettlement_conditions",
  "resettlement_allowance_is_undetermined", "is_last_mission_of_engagement", "may_open_integration_premium",
  "integration_premium_request_deadline", "return_travel_is_owed", "return_support_is_owed",
];
const AT_START = [
  "social_security_affiliated", "complementary_health_insurance_is_owed", "liability_insurance_is_owed",
  "repatriation_insurance_is_owed",
];

// What is to be explained.
export const explained = (entered) => {
  const situation = situationOf(entered);
  const span = spanOf(entered.missions);
  entered.missions.forEach((mission, index) => {
    const values = situation.missions[`mission-${index + 1}`];
    for (const name of ALWAYS) ask(values, name);
    if (!isDated(mission)) return;
    const [start, end] = [monthOf(mission.start_date), monthOf(lastDay(mission))];
    for (const name of ONCE_DATED) ask(values, name);
    for (const name of AT_START) ask(values, name, start);
    ask(values, "resettlement_allowance", end);
    ask(values, "certificate_is_owed", end);
    if (mission.status_before_departure === "private_employee_resigning") ask(values, "opens_legitimate_resignation");
    if (mission.early_termination_date) ask(values, "notice_is_respected");
    if (mission.notice_date) ask(values, "earliest_termination_date");
    if (mission.integration_premium_request_date) ask(values, "is_entitled_to_integration_premium");
    if (entered.role === "organisation") ask(values, "state_aid", end);
  });
  if (span) {
    const person = situation.volunteers.volunteer;
    const resigned = entered.missions.some((one) => one.status_before_departure === "private_employee_resigning");
    if (resigned) ask(person, "unemployment_rights_are_open", laterMonth(monthOf(span.last), 1));
    ask(person, "remaining_lifetime_months", span.life);
  }
  return situation;
};

// Amounts month by month, quarters year by year: whether each is settled, and its value.
export const settled = (entered) => {
  const situation = situationOf(entered);
  const span = spanOf(entered.missions);
  if (!span) return null;
  entered.missions.forEach((mission, index) => {
    if (!isDated(mission)) return;
    const values = situation.missions[`mission-${index + 1}`];
    const end = monthOf(lastDay(mission));
    if (mission.integration_premium_request_date) {
      for (const month of monthsFrom(laterMonth(end, 1), PREMIUM_MONTHS)) ask(values, "occupational_integration_premium", month);
    }
    if (entered.role === "organisation") {
      for (let month = monthOf(mission.start_date); month <= end; month = laterMonth(month, 1)) ask(values, "state_aid", month);
    }
  });
  const person = situation.volunteers.volunteer;
  for (let year = yearOf(span.first); year <= yearOf(span.last); year += 1) {
    ask(person, "retirement_quarters", String(year));
    ask(person, "retirement_quarters_are_undetermined", String(year));
  }
  ask(person, "lifetime_months", span.life);
  ask(person, "remaining_lifetime_months", span.life);
  return situation;
};

// The address holds what is entered after the sign #, which browsers do not send.
// Write what is entered: names of the model, those of missions after their number.
export const toAddress = ({ role, reading, volunteer, missions }) => {
  const found = new URLSearchParams();
  const add = (prefix, values) => {
    for (const [name, value] of Object.entries(values)) found.set(prefix + name, value);
  };
  if (role) found.set("role", role);
  if (reading) found.set("reading", reading);
  add("", volunteer);
  missions.forEach((mission, index) => add(`${index + 1}.`, mission));
  return `#${found}`;
};

// The address of the same situation under a reading; without one, under that of this model.
export const addressUnder = (reading) => toAddress({ ...fromAddress(location.hash), reading });

// Read what an address says; nothing if it holds no situation.
export const fromAddress = (hash) => {
  const entered = { volunteer: {}, missions: [] };
  for (const [name, value] of new URLSearchParams(hash.slice(1))) {
    const [, number, field] = name.match(/^(?:([1-9]\d?)\.)?(\w+)$/) ?? [];
    if (!field) continue;
    if (!number && ["role", "reading"].includes(field)) {
      entered[field] = value;
      continue;
    }
    const values = number ? (entered.missions[number - 1] ??= {}) : entered.volunteer;
    values[field] = value;
  }
  entered.missions = [...entered.missions].map((mission) => mission ?? {});
  const isEmpty = !Object.keys(entered.volunteer).length && !entered.missions.some((mission) => Object.keys(mission).length);
  return isEmpty ? null : { ...entered, missions: entered.missions.length ? entered.missions : [{}] };
};
