// Days as "2024-01-15" and months as "2024-01": what the simulator needs of the calendar.

const DAY = /^\d{4}-\d{2}-\d{2}$/;

// Whether a text is a day of the calendar.
export const isDay = (text) => {
  if (!DAY.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(text);
};

export const monthOf = (day) => day.slice(0, 7);

export const yearOf = (day) => Number(day.slice(0, 4));

// The month that comes some months after another.
export const laterMonth = (month, later) => {
  const [year, number] = month.split("-").map(Number);
  const place = year * 12 + number - 1 + later;
  return `${String(Math.floor(place / 12)).padStart(4, "0")}-${String((place % 12) + 1).padStart(2, "0")}`;
};

// The day that comes some days after another.
export const laterDay = (day, later) => {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + later);
  return date.toISOString().slice(0, 10);
};

// Days from the start of the calendar: to place a day on a line.
export const placeOf = (day) => Date.parse(day) / 86400000;

// Some months, one after another.
export const monthsFrom = (month, number) => Array.from({ length: number }, (_, later) => laterMonth(month, later));
