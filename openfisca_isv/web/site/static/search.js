// Search over the index of the pages: every word must be found, in a title first, and
// what is in force before what was repealed.
"use strict";

(() => {
  const MOST = 60;
  const FIRST = { provision: 0.6, text: 0.5, figure: 0.4, rule: 0.3, reading: 0.2, day: 0 };
  const form = document.getElementById("search");
  const input = document.getElementById("q");
  const results = document.getElementById("results");
  const count = document.getElementById("count");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[’']/g, " ").toLowerCase();
  // Numbers are written with spaces or commas in them: 1 600, 1,600.
  const joined = (text) => text.replace(/(\d)[\s,](?=\d{3})/g, "$1");
  const entries = searchIndex.entries.map(([kind, title, place, text, extract, isRepealed]) => ({
    kind, title, place, extract, isRepealed,
    titleWords: ` ${fold(title).replace(/[^\p{L}\p{N}-]+/gu, " ")} `,
    words: ` ${joined(text).replace(/[’'.,;:()«»"€]/g, " ").replace(/\s+/g, " ")} `,
  }));
  const vocabulary = new Set(entries.flatMap((entry) => entry.words.split(" ").filter((word) => word.length > 3)));

  // The words asked, each with those that mean the same: "article 4" is "art. 4".
  const asked = (text) => joined(fold(text)).replace(/\barticle\b/g, "art").replace(/[^\p{L}\p{N}%€-]+/gu, " ").trim()
    .split(" ").filter(Boolean).map((word) => [word, ...(searchIndex.synonyms[word] ?? [])]);

  const wordScore = (entry, word, isLast) => {
    if (entry.titleWords.startsWith(` ${word} `)) return 6;
    if (entry.titleWords.includes(` ${word} `)) return 5;
    const isShort = word.length < 4 || /^\d+$/.test(word);
    if (!isShort && entry.titleWords.includes(` ${word}`)) return 3;
    if (entry.words.includes(` ${word} `)) return 2;
    if ((!isShort || isLast) && entry.words.includes(` ${word}`)) return 1;
    return 0;
  };

  const score = (entry, words) => {
    let total = 0;
    for (const [place, same] of words.entries()) {
      const best = Math.max(...same.map((word) => wordScore(entry, word, place === words.length - 1)));
      if (!best) return 0;
      total += best;
    }
    const sentence = words.map(([word]) => word).join(" ");
    if (words.length > 1 && entry.titleWords.includes(` ${sentence} `)) total += 6;
    if (entry.isRepealed) total /= 2;
    if (/^(loi|law) /.test(entry.titleWords.trim())) total += 0.5;
    return total + FIRST[entry.kind] + 1 / (2 + entry.title.length);
  };

  // Letters to change, add or leave out to make one word of another; two at most.
  const distance = (one, other) => {
    let row = [...other].map((_, index) => index + 1);
    for (const [line, letter] of [...one].entries()) {
      let [corner, left] = [line, line + 1];
      row = row.map((above, column) => {
        left = Math.min(above + 1, left + 1, corner + (letter === other[column] ? 0 : 1));
        corner = above;
        return left;
      });
    }
    return row.at(-1);
  };

  const corrected = (words) => words.map((same) => {
    const [word] = same;
    if (word.length < 5 || vocabulary.has(word)) return same;
    const near = [...vocabulary].filter((known) => Math.abs(known.length - word.length) < 2)
      .map((known) => [distance(word, known), known]).filter(([far]) => far < 3).sort(([a], [b]) => a - b);
    return near.length ? [near[0][1]] : same;
  });

  const matching = (words) => entries.map((entry) => [score(entry, words), entry])
    .filter(([points]) => points > 0).sort(([a], [b]) => b - a);

  const item = (entry) => {
    const made = document.createElement("li");
    const label = Object.assign(document.createElement("span"), { className: "kind", textContent: searchIndex.kinds[entry.kind] });
    const link = Object.assign(document.createElement("a"), { href: entry.place, textContent: entry.title });
    made.append(label, link);
    if (entry.isRepealed) made.append(Object.assign(document.createElement("span"), { className: "repealed", textContent: ` ${searchIndex.repealed}` }));
    if (entry.extract) made.append(Object.assign(document.createElement("p"), { className: "extract", textContent: entry.extract }));
    return made;
  };

  const find = () => {
    const words = asked(input.value);
    let found = words.length ? matching(words) : [];
    if (words.length && !found.length) found = matching(corrected(words));
    results.replaceChildren(...found.slice(0, MOST).map(([, entry]) => item(entry)));
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
