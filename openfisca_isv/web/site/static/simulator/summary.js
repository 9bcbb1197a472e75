// The answer in a few lines: may it be signed, what is due on return, what is left, what is missing.

import { laterMonth, monthOf, monthsFrom } from "./calendar.js";
import { element } from "./elements.js";
import { labelOf, linkTo, otherReading } from "./form.js";
import { inFull, sourcesOf } from "./reasons.js";
import { addressUnder, isDated, lastDay, PREMIUM_MONTHS } from "./situation.js";
import { BY_READING, certaintyMark, SIGNS, VERDICTS, verdictOf, weakest } from "./standing.js";
import { amount, cap, day, duration, month, number, premiumMaximum, say, today } from "./words.js";

const MOST_MISSING = 5;

// The field of a fact left out; nothing where the form asks for none.
const fieldOf = ({ entity, of, variable }) => document.getElementById(
  entity === "volunteers" ? variable : `${of.split("-").at(-1)}-${variable}`,
);

// What is missing, the most useful first, each a link to its field.
const missingList = (standing) => {
  const items = new Map();
  for (const fact of standing.missing) {
    const field = fieldOf(fact);
    if (!items.has(fact.label)) items.set(fact.label, field ? linkTo(field, labelOf(field)) : fact.label);
  }
  const shown = [...items.values()].slice(0, MOST_MISSING);
  const more = items.size - shown.length;
  return element("div", [
    element("p", say("missing")),
    element("ul", [...shown.map((item) => element("li", item)), more ? element("li", say("and_more", { number: more })) : null]),
  ], { class: "missing" });
};

// Whether an answer is a reading of the law, and what it would be under another one.
export const otherReadings = (answer) => (answer.under_other_readings.length
  ? element("div", [
    element("p", element("b", say("under_other_readings"))),
    element("ul", answer.under_other_readings.map((text, index) => element("li", [
      text, " ", computeUnder(answer.standing.readings[index].id),
    ]))),
  ], { class: "other-readings" })
  : null);

// A link to all answers under another reading; not from one to the next, which would leave the first.
const computeUnder = (id) => (otherReading() ? null : element("a", say("compute_under"), { href: addressUnder(id), class: "tools" }));

// Until when the law is known, for an answer of a later day.
const beyond = ({ known_until: until, is_beyond_known_law: isBeyond }) => (
  isBeyond ? element("span", ` ${say("beyond_known", { day: day(until) })}`, { class: "beyond" }) : null
);

// How sure the sources of an answer are, and until when it is known.
export const sureness = ({ standing }) => [certaintyMark(standing.certainty, say("weakest_source")), beyond(standing)];

// The conditions of a lawful contract, in the order of the law.
export const conditionsOf = (lawful) => lawful.reasons.rests_on[0].rests_on ?? [];

const failing = (lawful) => conditionsOf(lawful).filter((one) => one.met === false).map((one) => say(`unmet_${one.condition}`));

export const verdict = (found) => {
  const lawful = found.contract_is_lawful;
  const kind = verdictOf(lawful);
  const first = found.contract_first_unmet_condition;
  const isReading = lawful.under_other_readings.length > 0 && kind in BY_READING;
  let why = null;
  if (kind === "bad") {
    const unmet = failing(lawful);
    if (first.standing.settled) why = say("first_unmet", { text: say(`unmet_${first.standing.value}`) });
    else why = unmet.length ? say("unmet_conditions", { text: unmet.join(say("semicolon")) }) : say("whatever_is_left_out");
  }
  return element("div", [
    element("p", [
      element("span", `${isReading ? "≈" : SIGNS[kind]} `, { "aria-hidden": "true" }),
      element("b", say(isReading ? BY_READING[kind] : VERDICTS[kind])),
      why ? ` ${why}` : null,
      " ", ...sureness(lawful),
    ]),
    kind === "open" ? missingList(lawful.standing) : null,
    otherReadings(lawful),
  ], { class: `verdict ${isReading && kind === "bad" ? "doubt" : kind}` });
};

const isSettled = (answer, value) => answer?.standing.settled && answer.standing.value === value;
const isOpen = (answer) => !answer?.standing.settled;

// Why there is no right: the condition that decides, and what it decides by.
const because = ({ reasons }) => {
  const deciding = (one, met) => (one.rests_on ?? []).filter((below) => below.decisive && below.met === met);
  let last = reasons;
  for (let next = last; next; [next] = deciding(last, false)) last = next;
  const said = [...(last === reasons ? [] : [last]), ...deciding(last, null)].slice(0, 2);
  // Where no condition decides alone, the right itself is said.
  return say("no_right", { why: (said.length ? said : [reasons]).map((one) => one.label + say("colon") + one.text).join(say("semicolon")) });
};

// What the resettlement allowance is, and why where there is none.
const resettlement = (found) => {
  const right = found.is_entitled_to_resettlement_allowance;
  if (isSettled(right, true)) {
    if (found.resettlement_allowance_is_undetermined?.standing.value) return say("right_without_amount");
    const due = found.resettlement_allowance;
    return due && !isOpen(due) ? say("due_on_return", { amount: amount(due.standing.value) }) : say("cannot_say_yet");
  }
  if (isOpen(right)) return say("cannot_say_yet");
  if (isSettled(found.is_last_mission_of_engagement, false)) return say("at_the_end_of_the_engagement");
  if (isSettled(found.meets_resettlement_conditions, true)) return say("too_close_to_the_last_right");
  return because(right);
};

// The answer that says what the allowance is: its amount, or whether there is a right.
const dueOrRight = (found) => (isSettled(found.is_entitled_to_resettlement_allowance, true) && found.resettlement_allowance
  ? found.resettlement_allowance : found.is_entitled_to_resettlement_allowance);

// What the premium is, or may be, and the day before which to ask for it.
export const premium = (mission, found, values) => {
  const may = found.may_open_integration_premium;
  const deadline = found.integration_premium_request_deadline?.standing.value;
  // The conditions of the RSA are the volunteer's to tell on return: they are said with the premium.
  const hangsOnReturn = may.standing.missing.every((fact) => fact.variable === "meets_rsa_conditions");
  if (isOpen(may) && !hangsOnReturn) return say("cannot_say_yet");
  if (may.standing.settled && !may.standing.value) return because(may);
  if (!mission.integration_premium_request_date) {
    if (deadline < today()) return say("premium_too_late", { day: day(deadline) });
    return say("premium_possible", { amount: amount(premiumMaximum), day: day(deadline) });
  }
  if (isSettled(found.is_entitled_to_integration_premium, false)) return say("premium_asked_too_late", { day: day(deadline) });
  const months = monthsFrom(laterMonth(monthOf(lastDay(mission)), 1), PREMIUM_MONTHS);
  const due = values.occupational_integration_premium ?? {};
  if (months.some((one) => due[one] === null)) return say("premium_asked", { amount: amount(premiumMaximum) });
  const paid = months.filter((one) => due[one] > 0);
  if (!paid.length) return say("premium_no_month");
  const total = paid.reduce((sum, one) => sum + due[one], 0);
  return say("premium_months", { amount: amount(total), number: paid.length, first: month(paid[0]), last: month(paid.at(-1)) });
};

// The aid of the State over the mission, for who signs it.
const stateAid = (values) => {
  const due = Object.values(values.state_aid ?? {});
  if (!due.length) return null;
  if (due.includes(null)) return say("cannot_say_yet");
  return say("at_most", { amount: amount(due.reduce((sum, one) => sum + one, 0)) });
};

// The conditions on paper: each with its answer, its articles and how sure they are.
const conditions = (lawful) => {
  const rows = conditionsOf(lawful).map((one) => {
    const steps = [one, ...(inFull(one).rests_on ?? [])];
    const sources = steps.flatMap((each) => inFull(each).provisions ?? []);
    const articles = [...new Set(sources.map((source) => source.title))].slice(0, 2).join(say("semicolon"));
    const certainty = weakest(sourcesOf(one));
    return element("tr", [
      element("th", one.label, { scope: "row" }),
      element("td", one.text),
      element("td", articles),
      element("td", certainty ? say(`certainty_${certainty}`) : ""),
    ]);
  });
  return element("table", element("tbody", rows), { class: "printed conditions" });
};

const line = (label, ...said) => (said[0] ? element("div", [element("dt", label), element("dd", said)]) : null);

// How sure a right is, until when it is known, whether it is a reading, and that it supposes the mission where the contract is unlawful.
const onWhatGround = (found, right) => {
  const supposes = verdictOf(found.contract_is_lawful) === "bad" && right.standing.value !== false;
  if (!right.standing.settled) return [supposes ? ` ${say("even_so")}` : null, beyond(right.standing)];
  const isReading = right.under_other_readings.length > 0;
  return [
    supposes ? ` ${say("even_so")}` : null,
    isReading ? element("span", ` ≈ ${say("by_a_reading")}`, { class: "by-reading" }) : null,
    " ", ...sureness(right),
  ];
};

// The summary of one mission; who is back reads first what is due.
export const missionSummary = (entered, mission, index, found, values) => {
  const signed = [verdict(found), conditions(found.contract_is_lawful)];
  const due = isDated(mission) ? element("dl", [
    line(say("resettlement"), resettlement(found), ...onWhatGround(found, dueOrRight(found))),
    line(say("premium"), premium(mission, found, values), ...onWhatGround(found, found.may_open_integration_premium)),
    line(say("state_aid"), stateAid(values), found.state_aid && beyond(found.state_aid.standing)),
  ], { class: "due" }) : null;
  return element("section", [
    element("h3", say("mission", { number: index + 1 })),
    entered.role === "returned" ? [due, signed] : [signed, due],
  ], { class: "summary" });
};

// Retirement: settled years, years of which nothing is known, years that are open.
const quarters = (values) => {
  const due = Object.entries(values.retirement_quarters ?? {});
  const unknown = Object.entries(values.retirement_quarters_are_undetermined ?? {}).filter(([, is]) => is).map(([year]) => year);
  const years = due.filter(([, many]) => many > 0);
  const said = [];
  if (years.length) {
    const total = years.reduce((sum, [, many]) => sum + many, 0);
    said.push(say("quarters", { number: total, years: years.map(([year, many]) => `${year} (${many})`).join(", ") }));
  }
  if (unknown.length) said.push(say("quarters_undetermined", { years: unknown.join(", ") }));
  if (due.some(([, many]) => many === null)) said.push(say("cannot_say_yet"));
  return said.join(" ") || say("quarters_none");
};

// What is left of a life.
export const lifeSummary = (values) => {
  const [left] = Object.values(values.remaining_lifetime_months ?? {});
  const [served] = Object.values(values.lifetime_months ?? {});
  if (left === undefined || left === null) return null;
  return element("section", [
    element("h3", say("life")),
    element("dl", [
      line(say("months_left"), say("served_and_left", { served: duration(served), left: duration(left), cap: number(cap) })),
      line(say("retirement"), quarters(values)),
    ], { class: "due" }),
  ], { class: "summary" });
};
