// Search over the index of the pages: every word must be found, titles count most.
"use strict";

(() => {
  const MOST = 60;
  const form = document.getElementById("search");
  const input = document.getElementById("q");
  const results = document.getElementById("results");
  const count = document.getElementById("count");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const folded = searchIndex.entries.map(([, title]) => fold(title));
  // Numbers are written with spaces or commas in them: 1 600, 1,600.
  const joined = (text) => text.replace(/(\d)[\s,](?=\d{3})/g, "$1");
  const texts = searchIndex.entries.map(([, , , text]) => joined(text));

  const score = (words, number) => {
    let total = 0;
    for (const word of words) {
      const inTitle = folded[number].indexOf(word);
      if (inTitle === 0) total += 6;
      else if (inTitle > 0) total += folded[number][inTitle - 1] === " " ? 4 : 2;
      else if (` ${texts[number]}`.includes(` ${word}`)) total += 1;
      else if (texts[number].includes(word)) total += 0.5;
      else return 0;
    }
    return total + 1 / (2 + folded[number].length);
  };

  const item = (number) => {
    const [kind, title, place] = searchIndex.entries[number];
    const made = document.createElement("li");
    const label = Object.assign(document.createElement("span"), { className: "kind", textContent: searchIndex.kinds[kind] });
    const link = Object.assign(document.createElement("a"), { href: place, textContent: title });
    made.append(label, link);
    return made;
  };

  const find = () => {
    const words = joined(fold(input.value)).split(/\s+/).filter(Boolean);
    const found = words.length
      ? searchIndex.entries.map((_, number) => [score(words, number), number]).filter(([points]) => points > 0)
      : [];
    found.sort(([a], [b]) => b - a);
    results.replaceChildren(...found.slice(0, MOST).map(([, number]) => item(number)));
    const { none, one, many, hint } = count.dataset;
    if (!words.length) count.textContent = hint;
    else if (!found.length) count.textContent = none;
    else count.textContent = found.length === 1 ? one : many.replace("{number}", found.length);
  };

  input.value = new URLSearchParams(location.search).get("q") ?? "";
  input.addEventListener("input", find);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?q=${encodeURIComponent(input.value)}`);
    find();
  });
  find();
})();
