// What differs between the law on two days, from the history of every value.
"use strict";

(() => {
  const form = document.getElementById("compare");
  const [first, second] = [document.getElementById("first"), document.getElementById("second")];
  const shown = document.getElementById("differences");

  // A version is [first day, text] or [first day, text, last day].
  const valueOn = (versions, day) => {
    const version = versions.filter(([start]) => start <= day).at(-1);
    return version && (!version[2] || day <= version[2]) ? version[1] : null;
  };

  const differing = (entries, from, to) => entries
    .map((entry) => ({ ...entry, from: valueOn(entry.versions, from), to: valueOn(entry.versions, to) }))
    .filter((entry) => entry.from !== entry.to);

  const element = (name, content, attributes = {}) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...[content].flat());
    return made;
  };

  const side = (day, text, className) => element("div", [
    element("dt", longDay(day)),
    element("dd", text === null ? element("span", shown.dataset.none, { className: "nothing" }) : text),
  ], { className });

  const difference = (entry, from, to) => element("li", [
    element("h3", element("a", entry.name, { href: `../${entry.place}` })),
    element("dl", [side(from, entry.from, "from"), side(to, entry.to, "to")]),
  ]);

  const list = (heading, entries, from, to) => [
    element("h2", heading),
    element("ul", entries.map((entry) => difference(entry, from, to)), { className: "differences" }),
  ];

  const show = () => {
    const [from, to] = [first.value, second.value];
    if (!from || !to) return;
    history.replaceState(null, "", `#${from},${to}`);
    const figures = differing(lawHistory.figures, from, to);
    const provisions = differing(lawHistory.provisions, from, to);
    const number = figures.length + provisions.length;
    const { nothing, one, many } = shown.dataset;
    const said = number > 1 ? many.replace("{number}", number) : number ? one : nothing;
    shown.replaceChildren(element("p", said, { className: "lead" }));
    if (figures.length) shown.append(...list(shown.dataset.figures, figures, from, to));
    if (provisions.length) shown.append(...list(shown.dataset.texts, provisions, from, to));
  };

  form.hidden = false;
  document.querySelector(".without-script").hidden = true;
  const days = location.hash.slice(1).split(",");
  if (days.length === 2) [first.value, second.value] = days;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  show();
})();
