// The form: missions that come and go, what is entered, and what is wrong with it.

import { isDay, laterDay } from "./calendar.js";
import { element } from "./elements.js";
import { count, day, say } from "./words.js";

const form = document.getElementById("form");
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
};

const read = (part) => {
  const values = {};
  for (const field of fieldsOf(part)) {
    const value = field.type === "checkbox" ? field.checked : field.value.trim();
    if (value !== "" && value !== false) values[field.dataset.name] = value;
  }
  return values;
};

const write = (part, values) => {
  for (const field of fieldsOf(part)) {
    const value = values[field.dataset.name];
    if (field.type === "checkbox") field.checked = Boolean(value);
    else field.value = value ?? "";
  }
  for (const folded of part.querySelectorAll("details")) {
    folded.open = fieldsOf(folded).some((field) => (field.type === "checkbox" ? field.checked : field.value));
  }
};

// Number the missions anew: their legends, and the identifiers of their fields.
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
        if (value) made.setAttribute(name, value.replace(/(^|\s|hint-|error-)\d+-/g, `$1${number}-`));
      }
    }
  });
};

// Add a mission, with values or with what it takes from the one before; give it.
export const addMission = (values = null) => {
  const part = template.content.cloneNode(true).querySelector(".mission");
  fillCountries(part);
  const last = fieldsets().at(-1);
  const before = last ? read(last) : {};
  const carried = Object.fromEntries(CARRIED.filter((name) => name in before).map((name) => [name, before[name]]));
  if (isDay(before.end_date ?? "")) carried.start_date = laterDay(before.end_date, 1);
  missions.append(part);
  write(part, values ?? carried);
  renumber();
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
export const readForm = () => ({ volunteer: read(volunteer), missions: fieldsets().map(read) });

export const writeForm = (entered) => {
  write(volunteer, entered.volunteer);
  missions.replaceChildren();
  for (const values of entered.missions.length ? entered.missions : [{}]) addMission(values);
  showProblems([]);
};

const readable = (field) => {
  if (field.tagName === "SELECT") return field.selectedOptions[0].textContent;
  if (field.type === "checkbox") return say("yes");
  return field.type === "date" ? day(field.value) : field.value;
};

// The label and the value of each field that is filled in, as a person reads them.
export const describe = (part) => fieldsOf(part)
  .filter((field) => (field.type === "checkbox" ? field.checked : field.value))
  .map((field) => [
    form.querySelector(`label[for="${CSS.escape(field.id)}"]`).firstChild.textContent.trim(),
    readable(field),
  ]);

export const parts = () => [volunteer, ...fieldsets()];

// List what is wrong: fields and messages.
export const check = () => {
  const found = [];
  for (const field of fieldsOf(form)) {
    const value = field.value.trim();
    const isDate = field.type === "date";
    if (isDate && (field.validity.badInput || (value && !isDay(value)))) found.push([field, say("wrong_day")]);
    else if (isDate && value && (value < field.min || value > field.max)) found.push([field, say("wrong_day")]);
    else if (field.required && !value) found.push([field, say("missing_day")]);
    else if (field.inputMode === "decimal" && value && !(numberOf(value) >= 0)) found.push([field, say("wrong_number")]);
  }
  for (const part of fieldsets()) {
    const values = read(part);
    const end = part.querySelector('[data-name="end_date"]');
    if (values.start_date && values.end_date < values.start_date) found.push([end, say("end_before_start")]);
  }
  return found;
};

// A number as it is written in either language: 850.50, 850,50, 1 600.
export const numberOf = (text) => Number(text.replace(/[\s\u00a0\u202f€]/g, "").replace(",", "."));

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
    const label = form.querySelector(`label[for="${CSS.escape(field.id)}"]`).firstChild.textContent.trim();
    const legend = field.closest("fieldset").querySelector("legend").textContent;
    const link = element("a", `${legend}, ${label}`, { href: `#${field.id}` });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      field.focus();
    });
    return element("li", [link, ` – ${message}`]);
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
