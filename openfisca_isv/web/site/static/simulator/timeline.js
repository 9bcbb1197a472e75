// The missions drawn in time, and what is left of the time of a life.

import { placeOf, yearOf } from "./calendar.js";
import { element, svg } from "./elements.js";
import { isDated, lastDay, spanOf } from "./situation.js";
import { SIGNS, VERDICTS } from "./standing.js";
import { cap, day, duration, number, say } from "./words.js";

const [ROW, BAR, TOP] = [46, 14, 6];
const YEARS = 6;
const percent = (share) => `${(100 * share).toFixed(2)}%`;

const label = (mission, index, countries) => say("timeline_mission", {
  number: index + 1,
  country: countries[index] || say("nowhere"),
  start: day(mission.start_date),
  end: day(lastDay(mission)),
});

const missionRow = (mission, row, text, verdict, place) => {
  const top = TOP + row * ROW;
  const [start, end, agreed] = [mission.start_date, lastDay(mission), mission.end_date].map(place);
  const bar = { y: top + 20, height: BAR, rx: 2 };
  return [
    svg("text", { x: 0, y: top + 13 }, `${SIGNS[verdict]} ${text}`),
    svg("rect", { class: "track", x: 0, width: "100%", ...bar }),
    svg("rect", { class: `mission-bar ${verdict}`, x: percent(start), width: percent(Math.max(end - start, 0.006)), ...bar }),
    agreed > end ? svg("rect", { class: "cut", x: percent(end), width: percent(agreed - end), ...bar }) : null,
  ];
};

const yearMarks = (first, last, place, bottom) => {
  const [from, to] = [yearOf(first), yearOf(last) + 1];
  const step = Math.max(1, Math.ceil((to - from) / YEARS));
  const years = [];
  for (let year = from; year <= to; year += step) if (place(`${year}-01-01`) >= 0 && place(`${year}-01-01`) <= 1) years.push(year);
  return years.flatMap((year) => {
    const at = place(`${year}-01-01`);
    return [
      svg("line", { class: "grid", x1: percent(at), x2: percent(at), y1: TOP, y2: bottom + 4 }),
      svg("text", { class: "year", x: percent(at), y: bottom + 16, "text-anchor": at > 0.9 ? "end" : "start" }, String(year)),
    ];
  });
};

const lifeRow = (served, left, top) => {
  const whole = Math.max(cap, served + left);
  const bar = { y: top + 20, height: BAR, rx: 2 };
  return [
    svg("text", { x: 0, y: top + 13 }, say("served", { duration: duration(served) })),
    svg("text", { x: "100%", y: top + 13, "text-anchor": "end" }, say("left", { duration: duration(left) })),
    svg("rect", { class: "track", x: 0, width: "100%", ...bar }),
    svg("rect", { class: "mission-bar", x: 0, width: percent(served / whole), ...bar }),
    svg("rect", { class: "left-bar", x: percent(served / whole), width: percent(left / whole), ...bar }),
    served > cap ? svg("line", { class: "cap", x1: percent(cap / whole), x2: percent(cap / whole), y1: top + 16, y2: top + 24 + BAR }) : null,
  ];
};

// Draw what was entered, once every mission has both its days; verdicts and countries are in the order of the missions.
export const timeline = (entered, verdicts, countries, served, left) => {
  if (!entered.missions.every(isDated) || !Number.isFinite(served)) return null;
  const { first } = spanOf(entered.missions);
  const last = entered.missions.map((mission) => mission.end_date).sort().at(-1);
  const [from, to] = [placeOf(first), placeOf(last) + 1];
  const place = (one) => (placeOf(one) - from) / (to - from);
  const order = entered.missions.map((_, index) => index)
    .sort((a, b) => entered.missions[a].start_date.localeCompare(entered.missions[b].start_date));
  const texts = entered.missions.map((mission, index) => label(mission, index, countries));
  const spoken = texts.map((text, index) => `${text}. ${say(VERDICTS[verdicts[index]])}`);
  const bottom = TOP + order.length * ROW;
  const sentence = say("served_and_left", { served: duration(served), left: duration(left), cap: number(cap) });
  const drawn = svg("svg", {
    class: "timeline", role: "img", width: "100%", height: bottom + 24 + ROW, "aria-labelledby": "timeline-title timeline-desc",
  }, [
    svg("title", { id: "timeline-title" }, say("timeline")),
    svg("desc", { id: "timeline-desc" }, `${spoken.join(" ")} ${sentence}`),
    yearMarks(first, last, place, bottom),
    order.map((index, row) => missionRow(entered.missions[index], row, texts[index], verdicts[index], place)),
    lifeRow(served, left, bottom + 22),
  ]);
  return element("figure", drawn, { class: "drawing" });
};
