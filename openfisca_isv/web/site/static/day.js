// A day in full, as the language of the page writes it.
"use strict";

const longDay = (() => {
  const language = document.documentElement.lang;
  const written = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeZone: "UTC" });
  return (day) => {
    const said = written.format(new Date(day));
    return language === "fr" ? said.replace(/^1 /, "1er ") : said;
  };
})();
