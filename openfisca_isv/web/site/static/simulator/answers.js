// The answers, mission by mission, each with its reasons.

import { element } from "./elements.js";
import { reasonItem, reasonList } from "./reasons.js";
import { conditionsOf, otherReadings, sureness } from "./summary.js";
import { say } from "./words.js";

const DURING = [
  "allowance_minimum", "allowance_maximum", "leave_days_total", "opens_legitimate_resignation",
  "earliest_termination_date", "notice_is_respected",
];
const ON_RETURN = ["is_entitled_to_resettlement_allowance", "resettlement_allowance", "may_open_integration_premium", "is_entitled_to_integration_premium"];
// What the organisation has to do: a list to go through, not conditions that are met or not.
const DUTIES = [
  "social_security_affiliated", "complementary_health_insurance_is_owed", "liability_insurance_is_owed",
  "repatriation_insurance_is_owed", "training_is_owed", "travel_is_owed", "return_travel_is_owed",
  "return_support_is_owed", "certificate_is_owed",
];

// The answers by entity and variable.
export const byQuestion = ({ answers }) => {
  const found = {};
  for (const answer of answers) (found[answer.question.of] ??= {})[answer.question.variable] = answer;
  return found;
};

// What would change an answer: for a contract, in that contract, the others being done or to come.
const remedies = ({ changes, question }) => {
  const [, number] = question.of.match(/^mission-(\d+)$/) ?? [];
  if (!changes || !number) return null;
  const isHere = ({ of }) => of === "volunteer" || of.endsWith(`-${number}`);
  const isWhole = changes.all_of.every(isHere);
  const all = [...changes.any_of.filter(isHere), ...(isWhole ? changes.all_of : [])];
  const isElsewhere = !all.length && changes.any_of.length + changes.all_of.length;
  return element("div", [
    element("p", isElsewhere ? say("no_change_here") : changes.text),
    all.length ? element("ul", all.map((change) => element("li", change.text))) : null,
  ], { class: "changes" });
};

const answerItem = (answer) => reasonItem(answer.reasons, [
  answer.favourable === false ? remedies(answer) : null,
  otherReadings(answer),
  element("p", sureness(answer), { class: "sureness" }),
], answer.under_other_readings.length > 0);

// A right that one has not, or that is not known to be had, is no condition that failed.
const asFact = (answer) => ({ ...answer, reasons: { ...answer.reasons, met: null } });

const list = (answers, names) => element(
  "ul", names.filter((name) => answers[name]).map((name) => answerItem(answers[name])), { class: "reasons" },
);

const duties = (answers) => element(
  "ul",
  DUTIES.filter((name) => answers[name]?.standing.value).map((name) => answerItem(asFact(answers[name]))),
  { class: "reasons duties" },
);

const missionCard = (index, found) => {
  const rights = Object.fromEntries(Object.entries(found).map(([name, answer]) => [name, asFact(answer)]));
  return element("article", [
    element("h3", say("mission_reasons", { number: index + 1 }), { id: `answer-${index + 1}` }),
    element("h4", say("conditions")),
    reasonList(conditionsOf(found.contract_is_lawful)),
    remedies(found.contract_is_lawful),
    element("h4", say("during")),
    list(rights, DURING),
    found.training_is_owed ? [element("h4", say("duties")), duties(found)] : null,
    element("h4", say("on_return")),
    list(rights, ON_RETURN),
  ], { class: "answer", "aria-labelledby": `answer-${index + 1}` });
};

const life = (found) => (found ? element("article", [
  element("h3", say("life"), { id: "answer-life" }),
  list(found, ["remaining_lifetime_months", "unemployment_rights_are_open"]),
], { class: "answer", "aria-labelledby": "answer-life" }) : null);

// All answers to what was entered, with their reasons.
export const answersTo = (entered, explained) => {
  const found = byQuestion(explained);
  return [
    ...entered.missions.map((_, index) => missionCard(index, found[`mission-${index + 1}`])),
    life(found.volunteer),
  ].filter(Boolean);
};
