// Attached by time[data-moment]: writes each time in the reader's own zone, with the zone named.
import { NAMES, SAME_AS } from "./zones.js";

const LANGUAGES = { "zh-Hans": "zh-hans", "zh-Hant": "zh-hant", en: "en" };
const LOCALES = { "zh-hans": "zh-CN", "zh-hant": "zh-TW", en: "en-GB" };
const OF_PAGE = languageOf(document.documentElement);
const DAY_MS = 86_400_000;

/** The language around it: a page may show what others read in theirs. */
function languageOf(element) {
  return LANGUAGES[element.closest("[lang]")?.lang] ?? "en";
}

/** The zone that the reader chose, else their device's. Staff chose theirs with their account, and the page names it. */
export function zone() {
  const ofStaff = document.documentElement.dataset.zone;
  const chosen = document.cookie.match(/(?:^|; )kefu_zone=([^;]+)/);
  return known(ofStaff) || known(chosen?.[1]) || Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** What this browser calls the zone of that name, as it stands in a cookie; nothing for what it doesn't know. */
function known(name) {
  try {
    return name && new Intl.DateTimeFormat("en", { timeZone: decodeURIComponent(name).replaceAll('"', "") }).resolvedOptions().timeZone;
  } catch {
    // Then the next is asked.
  }
}

function parts(at, timeZone) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit",
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** UTC+8, UTC+5:30, UTC−4. */
export function offsetName(timeZone = zone(), at = new Date()) {
  const { year, month, day, hour, minute } = parts(at, timeZone);
  const there = Date.UTC(year, month - 1, day, hour, minute);
  const minutes = Math.round((there - Math.floor(at / 60_000) * 60_000) / 60_000);
  if (!minutes) return "UTC";
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes > 0 ? "+" : "−"}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

/** 北京时间; a zone without a name of its own is called by its distance from UTC. */
export function zoneName(timeZone = zone(), at = new Date(), language = OF_PAGE) {
  return NAMES[SAME_AS[timeZone] ?? timeZone]?.[language] ?? offsetName(timeZone, at);
}

function dayNumber(at, timeZone) {
  const { year, month, day } = parts(at, timeZone);
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** 今天, 明天, 周四, 11月23日, 2025年11月23日: as near as it can be said. */
export function dayName(at, timeZone = zone(), now = new Date(), language = OF_PAGE) {
  const away = dayNumber(at, timeZone) - dayNumber(now, timeZone);
  if (Math.abs(away) <= 1) return new Intl.RelativeTimeFormat(LOCALES[language], { numeric: "auto" }).format(away, "day");
  const sameYear = parts(at, timeZone).year === parts(now, timeZone).year;
  const options = { timeZone, month: language === "en" ? "short" : "long", day: "numeric" };
  if (away > 1 && away < 7) options.weekday = "short";
  if (!sameYear) options.year = "numeric";
  const words = new Intl.DateTimeFormat(LOCALES[language], options).format(at);
  return options.weekday ? words.replace(/\(?(周.|週.)\)?$/, " $1") : words;
}

/** The reader's own date, as a bare date is read: the same everywhere, at noon so that it can't slip over midnight. */
function today() {
  const { year, month, day } = parts(new Date(), zone());
  return new Date(Date.UTC(year, month - 1, day, 12));
}

export function clock(at, timeZone = zone()) {
  const { hour, minute } = parts(at, timeZone);
  return `${hour}:${minute}`;
}

/** A moment in words. Styles as in `{% moment %}`: full, short, clock, day; in the coming week short says the weekday alone. */
export function say(at, style = "full", { timeZone = zone(), now = new Date(), language = OF_PAGE } = {}) {
  if (style === "day") return dayName(at, timeZone, now, language);
  if (style === "clock") return named(clock(at, timeZone), timeZone, at, language);
  const away = dayNumber(at, timeZone) - dayNumber(now, timeZone);
  if (style === "short" && away > 1 && away < 7) return weekdayAndClock(at, timeZone, language);
  const gap = language === "en" && Math.abs(away) > 1 ? ", " : " ";
  const when = `${dayName(at, timeZone, now, language)}${gap}${clock(at, timeZone)}`;
  return style === "short" ? when : named(when, timeZone, at, language);
}

function weekdayAndClock(at, timeZone = zone(), language = OF_PAGE) {
  return `${new Intl.DateTimeFormat(LOCALES[language], { timeZone, weekday: "short" }).format(at)} ${clock(at, timeZone)}`;
}

/** The words with the zone's name in brackets. */
export function named(words, timeZone = zone(), at = new Date(), language = OF_PAGE) {
  const name = zoneName(timeZone, at, language);
  return language === "en" ? `${words} (${name})` : `${words}（${name}）`;
}

/** Write every time under `root` anew; call it for what a script has added. */
export function write(root = document) {
  for (const time of root.querySelectorAll("time[data-moment][datetime]")) {
    const value = time.getAttribute("datetime");
    const bare = value.length === 10;
    const at = new Date(bare ? `${value}T12:00Z` : value);
    if (Number.isNaN(at.getTime())) continue;
    const language = languageOf(time);
    time.textContent = bare ? dayName(at, "UTC", today(), language) : say(at, time.dataset.moment, { language });
    if (time.dataset.moment === "short") time.title = say(at, "full", { language });
  }
  const at = new Date();
  for (const name of root.querySelectorAll("[data-zone-name]")) {
    const [called, offset] = [zoneName(), offsetName()];
    name.textContent = called === offset ? called : OF_PAGE === "en" ? `${called} (${offset})` : `${called}（${offset}）`;
  }
  for (const name of root.querySelectorAll("[data-zone-short]")) name.textContent = zoneName();
  for (const now of root.querySelectorAll("[data-now]")) now.textContent = weekdayAndClock(at);
  for (const part of root.querySelectorAll("[data-with-script]")) part.hidden = false;
}

write();
// Days change under an open page, and so do the hands of the clock.
setInterval(write, 60_000, document);
document.addEventListener("visibilitychange", () => document.hidden || write());
