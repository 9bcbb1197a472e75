// Search over the index of the pages: every word must be found, in a title first, and
// what is in force before what was repealed.
"use strict";

(() => {
  const MOST = 60;
  const form = document.getElementById("search");
  const input = document.getElementById("q");
  const results = document.getElementById("results");
  const count = document.getElementById("count");

  // Texts without accents, capitals and signs, and numbers without their separators: 1 600, 1,600.
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/(\d)[\s,](?=\d{3}(?!\d))/g, "$1").replace(/[^\p{L}\p{N}%_-]+/gu, " ").trim();
  const entries = searchIndex.entries.map(([kind, title, place, words, extract, certainty, isRepealed, weight]) => ({
    kind, title, place, extract, certainty, isRepealed, weight, titleWords: ` ${plain(title)} `, words: ` ${plain(words)} `,
  }));
  const vocabulary = new Set(entries.flatMap((entry) => entry.words.split(" ").filter((word) => word.length > 3)));

  const EMPTY = new Set("l d n s le la les de du des un une et en au aux a the of an and to in".split(" "));

  // The words asked, each with those that mean the same: "article 4" is "art. 4"; "2 ans" is one word, and is "24 mois".
  const asked = (text) => (plain(text).replace(/\barticle\b/g, "art")
    .match(/\d+ (?:ans?|mois|jours?|years?|months?|days?)\b|\S+/g) ?? [])
    .filter((word) => !EMPTY.has(word))
    .map((word) => [word, ...(searchIndex.synonyms[word] ?? [])]);

  const wordScore = (entry, word, isLast) => {
    if (entry.titleWords.startsWith(` ${word} `)) return 6;
    if (entry.titleWords.includes(` ${word} `)) return 5;
    const isShort = word.length < 4 || /^\d/.test(word);
    if (!isShort && entry.titleWords.includes(` ${word}`)) return 3;
    if (entry.words.includes(` ${word} `)) return 2;
    if ((!isShort || isLast) && word.length > 2 && entry.words.includes(` ${word}`)) return 1;
    return 0;
  };

  const score = (entry, words) => {
    let total = 0;
    for (const [place, same] of words.entries()) {
      // What was written counts a little more than what means the same.
      const best = Math.max(...same.map((word, other) => wordScore(entry, word, place === words.length - 1) - (other ? 0.5 : 0)));
      if (best <= 0) return -Infinity;
      total += best;
    }
    const sentence = words.map(([word]) => word).join(" ");
    if (words.length > 1 && entry.titleWords.includes(` ${sentence} `)) total += 6;
    if (entry.isRepealed) total /= 2;
    return total + entry.weight + 1 / (2 + entry.title.length);
  };

  // Letters to change, add or leave out to make one word of another.
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
    const near = [...vocabulary].filter((known) => Math.abs(known.length - word.length) < 3)
      .map((known) => [distance(word, known), known]).filter(([far]) => far < 3).sort(([a], [b]) => a - b);
    return near.length ? [near[0][1]] : same;
  });

  const matching = (words) => entries.map((entry) => [score(entry, words), entry])
    .filter(([points]) => points > -Infinity).sort(([a], [b]) => b - a);

  const element = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });

  const item = (entry) => {
    const made = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: entry.place, textContent: entry.title });
    made.append(element("span", "kind", searchIndex.kinds[entry.kind]), link);
    if (entry.isRepealed) made.append(" ", element("span", "mark ends", searchIndex.repealed));
    if (entry.extract) {
      const extract = element("p", "extract", entry.extract);
      if (entry.certainty) extract.append(" ", element("span", `certainty ${entry.certainty}`, searchIndex.certainties[entry.certainty]));
      made.append(extract);
    }
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
