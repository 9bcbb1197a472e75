// The form: missions that come and go, what is entered, and what is wrong with it.

import { isDay, laterDay } from "./calendar.js";
import { element } from "./elements.js";
import { AMBIGUOUS, amount, count, day, number as written, readNumber, say } from "./words.js";

const form = document.getElementById("form");
const reading = document.getElementById("reading");
const volunteer = document.getElementById("volunteer");
const missions = document.getElementById("missions");
const problems = document.getElementById("problems");
const template = document.getElementById("mission");
const countries = document.getElementById("countries").content;

// What a new mission takes from the one before it.
const CARRIED = ["residence_country", "domain", "contract_is_written", "legal_form", "accreditation_start_date", "accreditation_end_date"];

const fieldsOf = (part) => [...part.querySelectorAll("[data-name]")];
const fieldsets = () => [...missions.querySelectorAll(".mission")];

const fillCountries = (part) => {
  for (const select of part.querySelectorAll("[data-countries]")) select.append(countries.cloneNode(true));
  for (const other of part.querySelectorAll('[data-name$="nationality"] [data-no-state]')) other.remove();
};

const read = (part) => {
  const values = {};
  for (const field of fieldsOf(part)) {
    const value = field.value.trim();
    if (value !== "") values[field.dataset.name] = value;
  }
  return values;
};

const write = (part, values) => {
  for (const field of fieldsOf(part)) {
    field.value = values[field.dataset.name] ?? "";
    echo(field);
  }
  for (const folded of part.querySelectorAll("details")) folded.open = fieldsOf(folded).some((field) => field.value);
};

// Say the number that was read in a field, as the page writes it.
const echo = (field) => {
  const place = document.getElementById(`echo-${field.id}`) ?? field.closest(".field").querySelector("output");
  if (!place) return;
  const found = field.value.trim() ? readNumber(field.value) : null;
  const isNumber = typeof found === "number";
  if (!isNumber) place.textContent = "";
  else place.textContent = field.dataset.unit === "currency-EUR" ? say("a_month", { amount: amount(found) }) : written(found);
};

// Show the parts of the form that a person of this role fills in, and those filled in.
const showParts = () => {
  const role = document.getElementById("role").value;
  for (const part of form.querySelectorAll("[data-for]")) {
    const isOfRole = !role || part.dataset.for.split(" ").includes(role);
    part.hidden = !isOfRole && !fieldsOf(part).some((field) => field.value);
  }
};

// Number the missions again: their legends, and the identifiers of their fields.
const renumber = () => {
  const all = fieldsets();
  all.forEach((part, index) => {
    const number = index + 1;
    part.querySelector("legend").textContent = say("mission", { number });
    const remove = part.querySelector(".remove");
    remove.textContent = say("remove", { number });
    remove.hidden = all.length === 1;
    for (const made of part.querySelectorAll("[id], [for], [aria-describedby]")) {
      for (const name of ["id", "for", "aria-describedby"]) {
        const value = made.getAttribute(name);
        if (value) made.setAttribute(name, value.replace(/(^|\s|hint-|error-|echo-)\d+-/g, `$1${number}-`));
      }
    }
  });
};

// Add a mission, with values or with what it takes from the one before; give it.
const addMission = (values = null) => {
  const part = template.content.cloneNode(true).querySelector(".mission");
  fillCountries(part);
  const last = fieldsets().at(-1);
  const before = last ? read(last) : {};
  const carried = Object.fromEntries(CARRIED.filter((name) => name in before).map((name) => [name, before[name]]));
  if (isDay(before.end_date ?? "")) carried.start_date = laterDay(before.end_date, 1);
  missions.append(part);
  write(part, values ?? carried);
  renumber();
  showParts();
  return part;
};

const removeMission = (part, tell) => {
  const place = fieldsets().indexOf(part);
  part.remove();
  renumber();
  const next = fieldsets()[Math.max(place - 1, 0)];
  next.querySelector("input, select").focus();
  tell(say("removed", { number: place + 1 }));
};

// What is entered: the values of the volunteer, and those of each mission.
export const readForm = () => ({
  role: document.getElementById("role").value,
  reading: reading.value,
  volunteer: read(volunteer),
  missions: fieldsets().map(read),
});

export const writeForm = (entered) => {
  write(volunteer, entered.volunteer);
  missions.replaceChildren();
  document.getElementById("role").value = entered.role ?? "";
  reading.value = hasReading(entered.reading) ? entered.reading : "";
  reading.closest("details").open = Boolean(reading.value);
  for (const values of entered.missions.length ? entered.missions : [{}]) addMission(values);
  showProblems([]);
};

const optionOf = (name) => (name ? [...reading.options].find((option) => option.value === name) : undefined);

// Whether the form has a reading; the address may name one that it has not.
export const hasReading = (name) => optionOf(name) !== undefined;

// The reading of the address, which the answers follow in place of that of this model: its
// title, the title of the other, and where both are described; nothing where there is none.
export const otherReading = () => {
  const option = optionOf(new URLSearchParams(location.hash.slice(1)).get("reading"));
  if (!option) return null;
  return { title: option.textContent.replace(/\.$/, ""), held: option.parentElement.label, place: option.dataset.place };
};

const readable = (field) => {
  if (field.tagName === "SELECT") return field.selectedOptions[0].textContent;
  return field.type === "date" ? day(field.value) : field.value;
};

export const labelOf = (field) => form.querySelector(`label[for="${CSS.escape(field.id)}"]`).firstChild.textContent.trim();

// The label and the value of each field, as a person reads them; without one, null.
export const describe = (part) => fieldsOf(part)
  .filter((field) => field.value || !field.closest("[hidden]"))
  .map((field) => [labelOf(field), field.value ? readable(field) : null]);

export const parts = () => [volunteer, ...fieldsets()];

// List what is wrong: fields and messages.
export const check = () => {
  const found = [];
  for (const field of fieldsOf(form)) {
    const value = field.value.trim();
    const isDate = field.type === "date";
    if (isDate && (field.validity.badInput || (value && !isDay(value)))) found.push([field, say("wrong_day")]);
    else if (isDate && value && (value < field.min || value > field.max)) found.push([field, say("far_day")]);
    else if (field.inputMode === "decimal" && value) {
      const number = readNumber(value);
      if (number === AMBIGUOUS) found.push([field, say("ambiguous_number", { value })]);
      else if (number === null) found.push([field, say("wrong_number")]);
    }
  }
  for (const part of fieldsets()) {
    const values = read(part);
    const end = part.querySelector('[data-name="end_date"]');
    if (values.start_date && values.end_date < values.start_date) found.push([end, say("end_before_start")]);
  }
  return found;
};

// A link that goes to a field, unfolding what holds it.
export const linkTo = (field, text) => {
  const link = element("a", text, { href: `#${field.id}` });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const part = field.closest("[data-for]");
    if (part) part.hidden = false;
    field.closest("details")?.setAttribute("open", "");
    field.focus();
  });
  return link;
};

// Show what is wrong above the form and beside each field; none clears it.
export const showProblems = (found, others = []) => {
  for (const field of fieldsOf(form)) {
    field.removeAttribute("aria-invalid");
    document.getElementById(`error-${field.id}`).textContent = "";
  }
  const items = found.map(([field, message]) => {
    field.setAttribute("aria-invalid", "true");
    document.getElementById(`error-${field.id}`).textContent = message;
    field.closest("details")?.setAttribute("open", "");
    const legend = field.closest("fieldset").querySelector("legend").textContent;
    return element("li", [linkTo(field, `${legend}, ${labelOf(field)}`), ` – ${message}`]);
  });
  items.push(...others.map((message) => element("li", message)));
  problems.replaceChildren();
  if (!items.length) return;
  problems.append(element("p", count("problems", items.length)), element("ul", items));
  problems.focus();
};

// Prepare the form; `tell` says something to who listens to the page.
export const prepareForm = (tell) => {
  fillCountries(volunteer);
  document.getElementById("role").addEventListener("change", showParts);
  form.addEventListener("input", (event) => echo(event.target));
  document.getElementById("add").addEventListener("click", () => {
    const part = addMission();
    part.querySelector("input, select").focus();
    tell(say("added", { number: fieldsets().length }));
  });
  missions.addEventListener("click", (event) => {
    const button = event.target.closest(".remove");
    if (button) removeMission(button.closest(".mission"), tell);
  });
};
