// The simulator: from the form to the server, and from its answers to the page.

import { answersTo, byQuestion } from "./answers.js";
import { element } from "./elements.js";
import { check, describe, hasReading, otherReading, parts, prepareForm, readForm, showProblems, writeForm } from "./form.js";
import { learn, unfold } from "./reasons.js";
import { explain, Refusal, settle } from "./server.js";
import { addressUnder, explained, fromAddress, settled, toAddress } from "./situation.js";
import { verdictOf } from "./standing.js";
import { lifeSummary, missionSummary } from "./summary.js";
import { timeline } from "./timeline.js";
import { day, say, today } from "./words.js";

const find = (name) => document.getElementById(name);
const status = find("status");
const answers = find("answers");
const tell = (text) => { status.textContent = text; };

let asked = 0;
let written = "";

const countriesOf = () => parts().slice(1).map((part) => {
  const select = part.querySelector('[data-name="host_country"]');
  return select.value ? select.selectedOptions[0].textContent : "";
});

// What was entered and what was not, in words: for the paper that has no form.
const situation = () => element("div", parts().flatMap((part) => {
  const told = describe(part);
  const left = told.filter(([, value]) => value === null).map(([label]) => label);
  return [
    element("h4", part.querySelector("legend").textContent),
    element("dl", told.filter(([, value]) => value !== null)
      .map(([label, value]) => element("div", [element("dt", label), element("dd", value)]))),
    left.length ? element("p", say("not_stated", { labels: left.join(say("semicolon")) }), { class: "not-stated" }) : null,
  ];
}), { class: "situation" });

// Which reading the answers follow, where it is not that of this model.
const underReading = () => {
  const other = otherReading();
  if (!other) return null;
  return element("div", [
    element("p", [element("b", say("answers_under_reading")), " ", say("reading_in_place", other)]),
    element("p", [
      element("a", say("reading_why"), { href: `readings.html#${other.place}` }), " · ",
      element("a", say("reading_back"), { href: addressUnder("") }),
    ], { class: "tools" }),
  ], { class: "under-reading" });
};

const show = (entered, reasons, values) => {
  learn(reasons.answers);
  const found = byQuestion(reasons);
  const verdicts = entered.missions.map((_, index) => verdictOf(found[`mission-${index + 1}`].contract_is_lawful));
  const person = values.volunteer ?? {};
  const [served] = Object.values(person.lifetime_months ?? {});
  const [left] = Object.values(person.remaining_lifetime_months ?? {});
  const made = [
    underReading(),
    situation(),
    ...entered.missions.map((mission, index) => {
      const name = `mission-${index + 1}`;
      return missionSummary(entered, mission, index, found[name], values[name] ?? {});
    }),
    lifeSummary(person),
    timeline(entered, verdicts, countriesOf(), served, left),
    reasons.warnings.length ? element("ul", reasons.warnings.map((one) => element("li", `${one.reason}. ${one.remedy}`)), { class: "warnings" }) : null,
    ...answersTo(entered, reasons),
  ];
  find("shown").replaceChildren(...made.filter(Boolean));
  find("printed-address").textContent = location.href;
  find("printed-day").textContent = day(today());
  answers.hidden = false;
};

// Problems that the server found, beside the field that each is about where there is one.
const showRefusal = (refusal) => {
  const fields = [];
  const others = [];
  for (const problem of refusal.problems) {
    const [, plural, name, variable] = problem.path.split("/");
    const number = name?.split("-").at(-1);
    const field = find(plural === "volunteers" ? variable : `${number}-${variable}`);
    const message = `${problem.reason}. ${problem.remedy}`;
    if (field?.dataset.name) fields.push([field, message]);
    else others.push(`${problem.path} ${message}`);
  }
  showProblems(fields, others);
};

// Ask the server, and show what it answers; a later question makes an earlier one void.
const ask = async (moves) => {
  const wrong = check();
  showProblems(wrong);
  answers.hidden = true;
  if (wrong.length) return;
  const entered = readForm();
  written = toAddress(entered);
  history.replaceState(null, "", written);
  carryAddress();
  asked += 1;
  const mine = asked;
  tell(say("asking"));
  try {
    const [reasons, values] = await Promise.all([
      explain(explained(entered), entered.reading), settle(settled(entered), entered.reading),
    ]);
    if (mine !== asked) return;
    show(entered, reasons, values);
    tell(say("done"));
    if (moves) find("answers-title").focus();
  } catch (error) {
    if (mine !== asked) return;
    tell("");
    if (error instanceof Refusal) showRefusal(error);
    else showProblems([], [error.message]);
  }
};

// The other language has the same situation.
const carryAddress = () => {
  for (const link of document.querySelectorAll(".language a")) link.hash = location.hash;
};

// Put the situation of the address into the form, and answer it.
const restore = (moves) => {
  if (location.hash === written && written) return;
  const entered = fromAddress(location.hash);
  if (!entered) return;
  writeForm(entered);
  if (entered.reading && !hasReading(entered.reading)) {
    showProblems([], [say("unknown_reading", entered)]);
    return;
  }
  ask(moves);
};

const copy = async () => {
  try {
    await navigator.clipboard.writeText(location.href);
    tell(say("copied"));
  } catch {
    tell(say("copy_failed"));
  }
  find("copy").textContent = status.textContent;
};

const clear = () => {
  written = "";
  history.replaceState(null, "", location.pathname);
  carryAddress();
  writeForm({ volunteer: {}, missions: [{}] });
  answers.hidden = true;
  find("volunteer").querySelector("input").focus();
};

// On the paper of the annex every reason is open.
const openAll = (isOpen) => {
  document.body.classList.toggle("annex", isOpen);
  for (const folded of answers.querySelectorAll(".answer > .reasons > li > details")) {
    unfold(folded);
    folded.open = isOpen;
  }
};

prepareForm(tell);
writeForm({ volunteer: {}, missions: [{}] });
find("needs-server").hidden = true;
find("simulator").hidden = false;
find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  ask(true);
});
find("copy").addEventListener("click", copy);
find("print").addEventListener("click", () => window.print());
find("print-annex").addEventListener("click", () => {
  openAll(true);
  window.print();
});
find("clear").addEventListener("click", clear);
window.addEventListener("hashchange", () => restore(true));
window.addEventListener("afterprint", () => openAll(false));
restore(false);
