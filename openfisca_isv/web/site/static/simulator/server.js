// Questions to the server of the page, and what it finds wrong in them.

import { language, say } from "./words.js";

// The server has the site at its root: the folder above that of the language.
const root = new URL("../", location.href);

// The server refused, with what is wrong: places in the situation, and messages.
export class Refusal extends Error {
  constructor(body) {
    super(body.error);
    this.problems = body.problems ?? [];
  }
}

// A server that has its hands full says when to ask again (429, 503).
const tries = 5;

const send = async (path, situation) => {
  for (let left = tries; ; left--) {
    const response = await fetch(new URL(path, root), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(situation),
    });
    const seconds = Number(response.headers.get("Retry-After"));
    if (![429, 503].includes(response.status) || !seconds || left === 1) return response;
    await new Promise((done) => setTimeout(done, seconds * 1000));
  }
};

const post = async (path, situation) => {
  let response;
  try {
    response = await send(path, situation);
  } catch {
    throw new Error(say("no_answer"));
  }
  const body = await response.json().catch(() => null);
  if (response.ok && body) return body;
  if (body?.problems) throw new Refusal(body);
  throw new Error(say("no_answer"));
};

const query = (reading, more = {}) => new URLSearchParams(reading ? { ...more, reading } : more);

// Each answer with its reasons and what it hangs on.
export const explain = (situation, reading) => post(`explain?${query(reading, { language, detail: "full" })}`, situation);

// Whether each value is settled, and the value: by entity, variable and period.
export const settle = async (situation, reading) => {
  const found = {};
  if (!situation) return found;
  const { answers } = await post(`questions?${query(reading)}`, situation);
  for (const { question, value } of answers) ((found[question.of] ??= {})[question.variable] ??= {})[question.period] = value;
  return found;
};
