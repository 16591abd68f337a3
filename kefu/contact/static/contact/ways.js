// Attached by [data-ways]: says of each [data-way] that keeps hours whether it is open now, until when, and its week in the reader's
// own zone. Parts of a way: [data-way-when="open"], time[data-way-fill="closes_at"], [data-way-week], [data-way-unknown].
import { follow } from "../ui/state.js";
import { write } from "../ui/times.js";
import { comingDays, inOneLine } from "./days.js";

const table = document.querySelector("[data-ways]");

function show(row, way, at) {
  for (const time of row.querySelectorAll("time[data-way-fill]")) {
    const value = way[time.dataset.wayFill];
    if (value) time.setAttribute("datetime", value);
    else time.removeAttribute("datetime");
  }
  write(row);
  for (const part of row.querySelectorAll("[data-way-when]")) {
    const isEmpty = part.querySelector("time[data-way-fill]:not([datetime])") !== null;
    part.hidden = part.dataset.wayWhen !== way.kind || isEmpty;
  }
  for (const part of row.querySelectorAll("[data-way-unknown]")) part.hidden = true;
  const line = inOneLine(comingDays(way.spans, at), table.dataset);
  for (const week of row.querySelectorAll("[data-way-week]")) week.textContent = line;
}

function tell({ ways, at }) {
  for (const row of table.querySelectorAll("[data-way]")) {
    const way = ways[row.dataset.way];
    if (way) show(row, way, at);
  }
}

if (table) follow(tell);
