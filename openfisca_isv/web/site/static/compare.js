// What differs between the law on two days, from the history of every value.
"use strict";

(() => {
  const form = document.getElementById("compare");
  const [first, second] = [document.getElementById("first"), document.getElementById("second")];
  const shown = document.getElementById("differences");
  const jump = document.getElementById("kinds");
  const beyond = document.getElementById("beyond");

  // A version is [first day, last day or nothing, text, certainty].
  const versionOn = (versions, day) => versions.find(([start, end]) => start <= day && (!end || day <= end)) ?? null;

  const differing = (entries, from, to) => entries
    .map((entry) => ({ ...entry, from: versionOn(entry.versions, from), to: versionOn(entry.versions, to) }))
    .filter(({ from, to }) => from !== to && from?.[2] !== to?.[2]);

  const element = (name, content, attributes = {}) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...[content].flat());
    return made;
  };

  const badge = (certainty) => element("span", lawHistory.certainties[certainty], { className: `certainty ${certainty}` });

  // Runs of words, those that the other side does not have inside <del> or <ins>.
  const spoken = (text) => element("span", text, { className: "unseen" });
  const marked = (runs, name) => runs.map(([isMarked, words]) => (
    isMarked ? element(name, [spoken(`${lawHistory.marks[name]} `), words, spoken("]")]) : words
  ));

  const texts = ({ from, to, none, versions, words }) => {
    if (!from || !to) return [from, to].map((version) => version?.[2] ?? element("span", none, { className: "nothing" }));
    if (!words) return [from[2], to[2]];
    const [first, second] = [versions.indexOf(from), versions.indexOf(to)];
    const [before, after] = words[`${first},${second}`] ?? [...words[`${second},${first}`]].reverse();
    return [marked(before, "del"), marked(after, "ins")];
  };

  const side = (day, text, version, className) => element("div", [
    element("dt", longDay(day)),
    element("dd", [text, version ? [" ", badge(version[3])] : []].flat(2)),
  ], { className });

  const difference = (entry, days) => {
    const [before, after] = texts(entry);
    return element("li", [
      element("h3", element("a", entry.name, { href: `../${entry.place}` })),
      element("dl", [side(days[0], before, entry.from, "from"), side(days[1], after, entry.to, "to")]),
    ]);
  };

  const show = () => {
    const days = [first.value, second.value];
    if (!days[0] || !days[1]) return;
    history.replaceState(null, "", `#${days}`);
    beyond.hidden = days.every((day) => day <= beyond.dataset.last);
    const found = differing(lawHistory.entries, ...days);
    const { nothing, one, many } = shown.dataset;
    const said = found.length > 1 ? many.replace("{number}", found.length) : found.length ? one : nothing;
    shown.replaceChildren(element("p", said, { className: "lead" }));
    jump.replaceChildren();
    for (const [kind, name] of Object.entries(lawHistory.kinds)) {
      const ofKind = found.filter((entry) => entry.kind === kind);
      if (!ofKind.length) continue;
      jump.append(element("a", `${name} (${ofKind.length})`, { href: `#${kind}`, onclick: (event) => {
        event.preventDefault();
        document.getElementById(kind).scrollIntoView();
      } }));
      shown.append(
        element("h2", name, { id: kind }),
        element("ul", ofKind.map((entry) => difference(entry, days)), { className: "differences" }),
      );
    }
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
