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

  // The longest sequence of words that two texts share, as pairs of their positions.
  const common = (before, after) => {
    const length = before.map(() => new Uint16Array(after.length + 1)).concat([new Uint16Array(after.length + 1)]);
    for (let i = before.length - 1; i >= 0; i -= 1) {
      for (let j = after.length - 1; j >= 0; j -= 1) {
        length[i][j] = before[i] === after[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
      }
    }
    const pairs = [[], []];
    for (let i = 0, j = 0; i < before.length && j < after.length;) {
      if (before[i] === after[j]) pairs[0].push(i++), pairs[1].push(j++);
      else if (length[i + 1][j] >= length[i][j + 1]) i += 1;
      else j += 1;
    }
    return pairs.map((positions) => new Set(positions));
  };

  // Words, those that the other side does not have inside <del> or <ins>.
  const marked = (words, kept, name) => {
    const runs = [];
    words.forEach((word, position) => {
      const isKept = kept.has(position);
      if (runs.at(-1)?.isKept === isKept) runs.at(-1).words.push(word);
      else runs.push({ isKept, words: [word] });
    });
    return runs.flatMap((run, number) => {
      const text = run.words.join(" ");
      return [number ? " " : "", run.isKept ? text : element(name, text)];
    });
  };

  const texts = ({ from, to, none }) => {
    if (!from || !to) return [from, to].map((version) => version?.[2] ?? element("span", none, { className: "nothing" }));
    const [before, after] = [from[2].split(" "), to[2].split(" ")];
    const [inBefore, inAfter] = common(before, after);
    // Texts that share little are easier to read whole.
    if (inBefore.size * 3 < Math.min(before.length, after.length)) return [from[2], to[2]];
    return [marked(before, inBefore, "del"), marked(after, inAfter, "ins")];
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
