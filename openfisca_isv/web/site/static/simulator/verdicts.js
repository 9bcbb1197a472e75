// The verdict of a contract, and how it is said: yes, no, yes as far as is known, or not yet.

export const VERDICTS = { good: "may_sign", bad: "may_not_sign", doubt: "may_sign_as_known", open: "cannot_say" };
export const SIGNS = { good: "✓", bad: "✗", doubt: "?", open: "…" };

export const verdictOf = (answer) => {
  if (!answer.standing.settled) return "open";
  if (!answer.favourable) return "bad";
  return answer.undetermined ? "doubt" : "good";
};
