// Attached by form[data-editor]: the preview follows what is typed, keys save, and nothing typed is lost by leaving.
import { attach } from "../ui/tabs.js";

const PAUSE_MS = 350;
const ASKED_MS = 2_000;

function follow(form) {
  const place = form.querySelector("[data-preview]");
  const source = form.querySelector("[name=source]");
  let waiting;
  let asked;
  const say = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(form.dataset.previewUrl, { method: "POST", body: new FormData(form), signal: asked.signal });
      // 422 is a sentence about the text, which is shown in the preview's place.
      if (answer.ok || answer.status === 422) show(place, await answer.text(), source);
    } catch {
      // Without the server there is nothing new to show; what is typed stays.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(say, PAUSE_MS);
  });
}

function show(place, html, source) {
  const fresh = document.createElement("div");
  fresh.innerHTML = html;
  const problem = fresh.querySelector("[data-line]");
  const old = place.querySelector(".article");
  // While a sentence is half typed the last good preview stays beneath what is wrong with it.
  if (problem && old) fresh.append(old);
  place.replaceChildren(...fresh.childNodes);
  const line = Number(problem?.dataset.line);
  if (line) goTo(place.querySelector("[data-line]"), source, line);
  for (const list of place.querySelectorAll("[role=tablist]")) attach(list);
}

function goTo(words, source, line) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.textContent = `↵ ${line}`;
  button.addEventListener("click", () => {
    const start = source.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = source.value.indexOf("\n", start);
    source.focus();
    source.setSelectionRange(start, end < 0 ? source.value.length : end);
  });
  words.append(button);
}

function keys(form) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    const key = { s: "save", Enter: "on" }[event.key];
    const button = key && form.querySelector(`[data-key=${key}]`);
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });
}

function guard(form) {
  const typed = () => JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));
  const first = typed();
  // After a refusal the page shows what was typed and nothing of it is saved.
  const isRefused = Boolean(form.querySelector("[aria-invalid=true]")) || Boolean(document.querySelector("[data-unsaved]"));
  let isLeaving = false;
  form.addEventListener("submit", () => {
    isLeaving = true;
    // By then the browser has asked; a journey that was stopped leaves all of it unsaved here.
    setTimeout(() => {
      isLeaving = false;
    }, ASKED_MS);
  });
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && (isRefused || typed() !== first)) event.preventDefault();
  });
}

for (const form of document.querySelectorAll("form[data-editor]")) {
  follow(form);
  keys(form);
  guard(form);
}
