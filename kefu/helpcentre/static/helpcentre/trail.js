// Attached by [data-read] and [data-searched]: this page, or these words, are a step on the way to a question. An article is
// counted as opened once a tab.
import { note, steps } from "../conversations/trail.js";
import { postAsJson } from "./telling.js";

const MOST = 200;

for (const { dataset } of document.querySelectorAll("[data-read]")) {
  const isNew = !steps().some(({ kind, name }) => kind === "article" && name === dataset.read);
  note("article", dataset.read);
  if (isNew && dataset.readUrl) postAsJson(dataset.readUrl, { revision: Number(dataset.revision) });
}

for (const { dataset } of document.querySelectorAll("[data-searched]")) {
  const words = dataset.searched.slice(0, MOST);
  if (!words) continue;
  const { look } = await import("./searched.js");
  const { isKnown, hasSecret } = await look(words);
  if (isKnown && !hasSecret) note("search", words);
}
