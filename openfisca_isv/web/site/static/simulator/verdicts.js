// The verdict of a contract: good, bad, or good as far as is known; and how it is said.

export const VERDICTS = { good: "may_sign", bad: "may_not_sign", doubt: "may_sign_as_known" };

export const verdictOf = (answer) => {
  if (!answer.favourable) return "bad";
  return answer.undetermined ? "doubt" : "good";
};
