// The reasons to an answer: each a line that opens on what it rests on.
//
// What is below a line is made when the line is opened. A reason that the server told
// before is told again where it stands, from where it was told.

import { element } from "./elements.js";
import { certaintyMark, weakest } from "./standing.js";
import { cited, day, number, say } from "./words.js";

const told = new Map();
const below = new WeakMap();

const keyOf = (reason) => [reason.variable, reason.of, reason.period].join(" ");

const keep = (reason) => {
  if (reason.rule) told.set(keyOf(reason), reason);
  for (const one of reason.rests_on ?? []) keep(one);
};

// Keep every reason of the answers that is told in full, to tell it again elsewhere.
export const learn = (answers) => {
  told.clear();
  for (const { reasons } of answers) keep(reasons);
};

// A reason in full: as it was told before, and a fact that is itself a condition with its article.
export const inFull = (reason) => {
  const article = reason.condition && cited[reason.variable];
  return { ...(article && { provisions: [article] }), ...(reason.told_before && told.get(keyOf(reason))), ...reason };
};

// All that a reason rests on in the law, its own sources first.
export const sourcesOf = (reason) => {
  const { provisions = [], compared_with: figures = [], rests_on: below = [] } = inFull(reason);
  return [...provisions, ...figures, ...below.flatMap(sourcesOf)];
};

// Make what is below an opened line, once.
export const unfold = (details) => {
  const make = below.get(details);
  below.delete(details);
  if (make) details.append(...make().filter(Boolean));
};

const joined = (links) => links.flatMap((link, index) => (index ? [" · ", link] : [link]));

const articleOf = (provision) => provision.replace(/-al-\d+$/, "");

const mark = (reason) => {
  if (reason.settled === false) return ["…", ""];
  if (reason.undetermined) return ["?", ""];
  if (reason.met === true) return ["✓", say("met")];
  if (reason.met === false) return ["✗", say("unmet")];
  return ["·", ""];
};

const line = (reason, isReading) => {
  const [sign, spoken] = mark(reason);
  const period = reason.period_text ? ` (${reason.period_text})` : "";
  const tags = [];
  if (reason.given === false && reason.settled !== false) tags.push(say("not_given"));
  if (isReading) tags.push(`≈ ${say("by_a_reading")}`);
  if (reason.decisive) tags.push(say("decisive"));
  return [
    element("span", sign, { class: "sign", "aria-hidden": "true" }),
    element("span", [
      spoken ? element("span", spoken + say("colon"), { class: "unseen" }) : null,
      reason.label + period + say("colon"),
      element("span", reason.text, { class: "value" }),
      tags.length ? element("span", ` (${tags.join(", ")})`, { class: "tag" }) : null,
    ]),
  ];
};

const compared = (one) => [
  one.references.length || one.since
    ? element("a", one.label, { href: `parameters/${one.parameter}.html` })
    : one.label,
  say("colon") + one.text,
  one.since ? `, ${say("since", { day: day(one.since) })}` : null,
  " ",
  certaintyMark(one.certainty),
];

// The rule, its figures, articles and readings.
const grounds = (reason) => {
  const found = [];
  if (reason.rule) {
    const on = reason.legal_date ? ` (${say("law_on", { day: day(reason.legal_date) })})` : "";
    found.push(element("p", [`${say("rule")} `, element("a", reason.rule, { href: `variables/${reason.variable}.html` }), on]));
  }
  if (reason.compared_with?.length) {
    found.push(element("p", [`${say("figures")} `, joined(reason.compared_with.map((one) => element("span", compared(one))))]));
  }
  if (reason.provisions?.length) {
    const links = reason.provisions.map((one) => (one.id
      ? element("a", one.title, { href: `law/${articleOf(one.id)}.html#${one.id}`, title: one.summary })
      : element("a", one.title, { href: one.address })));
    found.push(element("p", [`${say("articles")} `, joined(links), " ", certaintyMark(weakest(reason.provisions))]));
  }
  if (reason.readings?.length) {
    const links = reason.readings.map((one) => element("a", one.title, { href: `readings.html#${one.id}`, title: one.chosen }));
    found.push(element("p", [`${say("readings")} `, joined(links)]));
  }
  if (reason.missions_left_out) found.push(element("p", say("left_out_more", { number: number(reason.missions_left_out) })));
  return found.length ? element("div", found, { class: "why" }) : null;
};

const classOf = (reason) => {
  if (reason.settled === false) return "open";
  if (reason.undetermined) return "doubt";
  if (reason.met === true) return "met";
  return reason.met === false ? "unmet" : "fact";
};

// One reason, which opens on its own; `extra` stands before what it rests on.
export const reasonItem = (reason, extra = null, isReading = false) => {
  const full = inFull(reason);
  const attributes = { class: classOf(full), "data-variable": full.variable };
  if (!full.rule && !full.provisions && !full.rests_on?.length && !extra) {
    return element("li", element("div", line(full, isReading), { class: "plain-line" }), attributes);
  }
  const details = element("details", element("summary", line(full, isReading)));
  below.set(details, () => [...[extra].flat(), grounds(full), full.rests_on?.length ? reasonList(full.rests_on) : null]);
  details.addEventListener("toggle", () => unfold(details));
  return element("li", details, attributes);
};

export const reasonList = (reasons) => element("ul", reasons.map((one) => reasonItem(one)), { class: "reasons" });
