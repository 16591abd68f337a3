// Attached by [data-days]: draws the coming days in the reader's own zone when the server said when the chat is open.
import { follow } from "../ui/state.js";
import { HOUR_MS, comingDays, dateOf, inOneLine } from "./days.js";

function draw(row, day, words) {
  const isToday = day.date === dateOf(new Date());
  row.querySelector("b").textContent = day.weekday;
  const time = row.querySelector("time");
  time.setAttribute("datetime", day.date);
  time.textContent = String(Number(day.date.slice(8)));
  row.querySelector(".week-hours").textContent = day.hours.join(words.comma) || words.closed;
  const now = Math.floor((Date.now() - day.begins) / HOUR_MS);
  row.querySelectorAll(".hours > li").forEach((cell, hour) => {
    cell.dataset.load = day.strip[hour] ? "2" : "closed";
    if (isToday && hour === now) cell.setAttribute("aria-current", "time");
    else cell.removeAttribute("aria-current");
  });
}

const table = document.querySelector("[data-days]");

function tell(state) {
  const rows = [...table.querySelectorAll(".week-days > li")];
  const days = comingDays(state.spans, state.at, rows.length);
  rows.forEach((row, place) => draw(row, days[place], table.dataset));
  const line = inOneLine(days, table.dataset);
  for (const week of document.querySelectorAll("[data-week]")) week.textContent = line;
}

if (table) follow(tell);
