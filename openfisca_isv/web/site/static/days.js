// A day that is chosen leads to the page of the law as it stood then.
"use strict";

(() => {
  const days = JSON.parse(document.getElementById("days").textContent);
  const form = document.getElementById("day-picker");
  const input = document.getElementById("day");
  const asked = document.getElementById("asked");

  const chosen = location.hash.slice(1);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(chosen);
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  input.value = isDay ? chosen : location.pathname.match(/(\d{4}-\d{2}-\d{2})\.html$/)?.[1] ?? today;
  form.hidden = false;

  if (asked && isDay) {
    const { text, checked, beyond } = asked.dataset;
    asked.textContent = chosen > checked ? beyond.replace("{day}", longDay(chosen)) : text.replace("{day}", longDay(chosen));
    asked.hidden = false;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const reached = days.filter((day) => day <= input.value);
    const page = `${reached.at(-1) ?? days[0]}.html`;
    const target = reached.at(-1) === input.value ? page : `${page}#${input.value}`;
    if (location.pathname.endsWith(page)) {
      location.hash = input.value;
      location.reload();
    } else {
      location.href = target;
    }
  });
})();
