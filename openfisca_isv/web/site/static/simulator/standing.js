// How an answer stands: its verdict, and how sure its sources are.

import { element } from "./elements.js";
import { certainties, say } from "./words.js";

// The verdict of a contract: yes, no, yes as far as is known, or not yet.
export const VERDICTS = { good: "may_sign", bad: "may_not_sign", doubt: "may_sign_as_known", open: "cannot_say" };
// The same where another reading of the law says otherwise.
export const BY_READING = { good: "may_sign_by_reading", bad: "may_not_sign_by_reading", doubt: "may_sign_as_known_by_reading" };
export const SIGNS = { good: "✓", bad: "✗", doubt: "?", open: "…" };

export const verdictOf = (answer) => {
  if (!answer.standing.settled) return "open";
  if (!answer.favourable) return "bad";
  return answer.undetermined ? "doubt" : "good";
};

// The least sure of some sources; nothing where none says how sure it is.
export const weakest = (sources) => certainties.findLast((one) => sources.some(({ certainty }) => certainty === one));

// The mark of a certainty; nothing where none is known.
export const certaintyMark = (certainty, title = null) => (certainty
  ? element("span", say(`certainty_${certainty}`), { class: `certainty ${certainty}`, title })
  : null);
