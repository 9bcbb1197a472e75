// The answers, mission by mission: may it be signed, what is due, what is left, and why.

import { laterMonth, monthOf } from "./calendar.js";
import { element } from "./elements.js";
import { forget, learn, reasonItem, reasonList } from "./reasons.js";
import { lastDay, PREMIUM_MONTHS } from "./situation.js";
import { VERDICTS, verdictOf } from "./verdicts.js";
import { amount, cap, month, number, say } from "./words.js";

const DURING = [
  "allowance_minimum", "allowance_maximum", "leave_days_total", "social_security_affiliated",
  "complementary_health_insurance_is_owed", "liability_insurance_is_owed", "repatriation_insurance_is_owed",
  "training_is_owed", "travel_is_owed", "opens_legitimate_resignation", "earliest_termination_date", "notice_is_respected",
];
const ON_RETURN = [
  "resettlement_allowance", "is_entitled_to_integration_premium", "return_travel_is_owed", "return_support_is_owed", "certificate_is_owed",
];

// The answers by entity and variable.
export const byQuestion = ({ answers }) => {
  const found = {};
  for (const answer of answers) (found[answer.question.of] ??= {})[answer.question.variable] = answer;
  return found;
};

// What would change an answer, and what was left out of it.
const remedies = (answer) => {
  const found = [];
  if (answer.changes) {
    const changes = [...answer.changes.any_of, ...answer.changes.all_of];
    found.push(element("p", answer.changes.text));
    if (changes.length) found.push(element("ul", changes.map((change) => element("li", change.text))));
  }
  if (answer.not_given?.length) {
    found.push(element("p", `${say("left_out")} ${answer.not_given.map((one) => one.label).join(" ; ")}.`));
  }
  return found.length ? element("div", found, { class: "changes" }) : null;
};

const answerItem = (answer) => reasonItem(answer.reasons, answer.favourable === false ? remedies(answer) : null);

const list = (answers, names, last = null) => element(
  "ul",
  [...names.filter((name) => answers[name]).map((name) => answerItem(answers[name])), last],
  { class: "reasons" },
);

const verdict = (answer) => {
  const kind = verdictOf(answer);
  const [first] = answer.reasons.rests_on;
  return [
    element("p", [
      element("b", say(VERDICTS[kind])),
      kind === "bad" ? ` ${say("first_unmet", { text: first.text })}` : null,
    ], { class: `verdict ${kind}` }),
    kind === "bad" ? remedies(answer) : null,
    element("h4", say("conditions")),
    reasonList(first.rests_on ?? []),
  ];
};

// The premium of all months in one line; nothing where none is paid.
const premium = (mission, values) => {
  const end = monthOf(lastDay(mission));
  const months = Array.from({ length: PREMIUM_MONTHS }, (_, later) => laterMonth(end, later + 1));
  const paid = months.filter((one) => values.occupational_integration_premium[one] > 0);
  if (!paid.length) return null;
  const total = paid.reduce((sum, one) => sum + values.occupational_integration_premium[one], 0);
  const parts = { amount: amount(total), number: paid.length, first: month(paid[0]), last: month(paid.at(-1)) };
  return element("li", element("div", [
    element("span", "·", { class: "sign", "aria-hidden": "true" }),
    element("span", [say("premium") + say("colon"), element("span", say("premium_months", parts), { class: "value" })]),
  ], { class: "plain-line premium" }));
};

const missionCard = (mission, index, found, values) => element("article", [
  element("h3", say("mission", { number: index + 1 }), { id: `answer-${index + 1}` }),
  verdict(found.contract_is_lawful),
  element("h4", say("during")),
  list(found, DURING),
  element("h4", say("on_return")),
  list(found, ON_RETURN, premium(mission, values)),
], { class: "answer", "aria-labelledby": `answer-${index + 1}` });

// What is left of a life: months, quarters, unemployment.
const life = (found, values) => {
  const [[, left]] = Object.entries(values.remaining_lifetime_months);
  const [[, served]] = Object.entries(values.lifetime_months);
  const quarters = Object.entries(values.retirement_quarters).filter(([, many]) => many > 0);
  const total = quarters.reduce((sum, [, many]) => sum + many, 0);
  const years = quarters.map(([year, many]) => `${year} (${many})`).join(", ");
  return element("article", [
    element("h3", say("life"), { id: "answer-life" }),
    element("p", say("served_and_left", { served: number(served), left: number(left), cap: number(cap) })),
    element("p", total ? say("quarters", { number: total, years }) : say("quarters_none")),
    list(found, ["remaining_lifetime_months", "unemployment_rights_are_open"]),
  ], { class: "answer", "aria-labelledby": "answer-life" });
};

// All answers to what was entered.
export const answersTo = (entered, explained, calculated) => {
  const found = byQuestion(explained);
  forget();
  for (const answer of explained.answers) learn(answer.reasons);
  return [
    ...entered.missions.map((mission, index) => {
      const name = `mission-${index + 1}`;
      return missionCard(mission, index, found[name], calculated.missions[name]);
    }),
    life(found.volunteer, calculated.volunteers.volunteer),
  ];
};
