// The words of the page, and days and numbers as its language writes them.

const strings = JSON.parse(document.getElementById("strings").textContent);
const language = document.documentElement.lang;
const days = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeZone: "UTC" });
const months = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { month: "long", year: "numeric", timeZone: "UTC" });
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const euros = new Intl.NumberFormat(language, { style: "currency", currency: "EUR" });

export { language };

// The longest time of a life, and the first month that it counts for.
export const cap = strings.cap;
export const firstMonth = strings.first_month;
export const premiumMaximum = strings.premium_maximum;

// The words for how sure a source is, the surest first; the provision that each input cites.
export const { certainties, cited } = strings;

// A string of the catalogue, with its {parts} filled in.
export const say = (key, parts = {}) => strings[key].replace(/\{(\w+)\}/g, (_, part) => parts[part]);

// A string that counts things, in the singular or the plural.
export const count = (key, number) => say(`${key}_${number === 1 ? "one" : "many"}`, { number });

export const day = (text) => {
  const said = days.format(new Date(text));
  return language === "fr" ? said.replace(/^1 /, "1er ") : said;
};

export const today = () => new Date().toISOString().slice(0, 10);

export const month = (text) => months.format(new Date(`${text}-01`));

export const number = (value) => numbers.format(value);

// Months and thirtieths of months, as months and days.
export const duration = (value) => {
  const months = Math.floor(value + 1e-4);
  const rest = Math.round((value - months) * 30);
  const said = count("months", months);
  return rest > 0 ? say("months_and_days", { months: said, days: count("days", rest) }) : said;
};

export const amount = (value) => euros.format(value).replace(/[.,]00(?!\d)/, "");

// Numbers as a person writes them in the language of the page.
export const AMBIGUOUS = Symbol("ambiguous");

// The number that a text writes; null where it writes none, AMBIGUOUS where it may be two.
export const readNumber = (text) => {
  const plain = text.replace(/[\s\u00a0\u202f€]/g, "");
  if (/^\d+$/.test(plain)) return Number(plain);
  if (/^\d+[.,]\d{1,2}$/.test(plain)) return Number(plain.replace(",", "."));
  if (language === "en" && /^\d{1,3}(,\d{3})+(\.\d{1,2})?$/.test(plain)) return Number(plain.replaceAll(",", ""));
  return /^\d{1,3}([.,]\d{3})+$/.test(plain) ? AMBIGUOUS : null;
};
