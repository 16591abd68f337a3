// Open spans read as days of the reader's own calendar: clock times, a strip of hours, and the week in one line.
import { clock, zone } from "../ui/times.js";

export const HOUR_MS = 3_600_000;
const LOCALE = { "zh-Hans": "zh-CN", "zh-Hant": "zh-TW" }[document.documentElement.lang] ?? "en-GB";

function partsOf(at, options) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone(), hourCycle: "h23", ...options });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

export function dateOf(at) {
  const { year, month, day } = partsOf(at, { year: "numeric", month: "2-digit", day: "2-digit" });
  return `${year}-${month}-${day}`;
}

/** The moment of midnight at which a date begins here; walks back from noon, because days may have 23 or 25 hours. */
function midnight(date) {
  let at = new Date(`${date}T00:00Z`);
  const { year, month, day, hour, minute } = partsOf(at, {
    year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
  });
  at = new Date(2 * at - Date.UTC(year, month - 1, day, hour, minute));
  // The first guess took the offset of another moment; a change of clocks between them shows as an hour.
  const off = partsOf(at, { hour: "numeric", minute: "numeric" });
  if (Number(off.hour) === 23) return new Date(+at + (60 - off.minute) * 60_000);
  const begins = new Date(at - (off.hour * 60 + Number(off.minute)) * 60_000);
  // Where clocks jump over midnight, the date begins at what they show after it.
  return dateOf(begins) < date ? at : begins;
}

function nextDate(date) {
  const next = new Date(`${date}T12:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

function dayOf(date, spans) {
  const [begins, ends] = [midnight(date), midnight(nextDate(date))];
  const inside = spans
    .filter(([opens, closes]) => opens < ends && closes > begins)
    .map(([opens, closes]) => [opens > begins ? opens : begins, closes < ends ? closes : ends]);
  const hours = inside.map(([opens, closes]) => `${clock(opens)}–${+closes === +ends ? "24:00" : clock(closes)}`);
  const strip = Array.from({ length: 24 }, (_, hour) => {
    const from = +begins + hour * HOUR_MS;
    const covered = inside.reduce((sum, [opens, closes]) => sum + Math.max(0, Math.min(closes, from + HOUR_MS) - Math.max(opens, from)), 0);
    return covered * 2 >= HOUR_MS;
  });
  const noon = new Date(`${date}T12:00Z`);
  const weekday = new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", weekday: "short" }).format(noon);
  return { date, begins, hours, strip, weekday, place: (noon.getUTCDay() + 6) % 7 };
}

/** 周一至周五 09:00–21:00, from the coming seven days. */
export function inOneLine(days, words) {
  const groups = [];
  for (const day of [...days].sort((a, b) => a.place - b.place)) {
    const hours = day.hours.join(words.comma);
    const last = groups.at(-1);
    if (last?.hours === hours) last.to = day.weekday;
    else groups.push({ hours, from: day.weekday, to: day.weekday });
  }
  const named = ({ from, to }) => (from === to ? from : words.range.replace("%1", from).replace("%2", to));
  return groups.filter((group) => group.hours).map((group) => `${named(group)} ${group.hours}`).join(words.semicolon);
}

/** So many days from the reader's today on; `spans` are pairs of ISO moments, `at` is now as the server knows it. */
export function comingDays(spans, at, count = 7) {
  const moments = spans.map((span) => span.map((moment) => new Date(moment)));
  let date = dateOf(new Date(at));
  return Array.from({ length: count }, () => {
    const day = dayOf(date, moments);
    date = nextDate(date);
    return day;
  });
}
