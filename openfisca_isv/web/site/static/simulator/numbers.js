// Numbers as a person writes them in the language of the page.

import { language } from "./words.js";

export const AMBIGUOUS = Symbol("ambiguous");

// The number that a text writes; null where it writes none, AMBIGUOUS where it may be two.
export const readNumber = (text) => {
  const plain = text.replace(/[\s\u00a0\u202f€]/g, "");
  if (/^\d+$/.test(plain)) return Number(plain);
  if (/^\d+[.,]\d{1,2}$/.test(plain)) return Number(plain.replace(",", "."));
  if (language === "en" && /^\d{1,3}(,\d{3})+(\.\d{1,2})?$/.test(plain)) return Number(plain.replaceAll(",", ""));
  return /^\d{1,3}([.,]\d{3})+$/.test(plain) ? AMBIGUOUS : null;
};
