// Attached by form[data-instant]: shows the first hits under the box while somebody types. Without it the form works as a form.
// What looks like a secret goes nowhere, not even when the form is sent: it would stand in the address of a page.
import { look, tellOpened } from "./searched.js";

const WAIT_MS = 140;
const LEAST = { han: 1, other: 2 };

function isEnough(text) {
  return text.length >= (/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/u.test(text) ? LEAST.han : LEAST.other);
}

function line(hit) {
  const link = document.createElement("a");
  link.href = hit.path;
  const title = document.createElement("span");
  for (const [text, isMatch] of hit.title) {
    const part = document.createElement(isMatch ? "mark" : "span");
    part.textContent = text;
    title.append(part);
  }
  const label = document.createElement("small");
  label.textContent = hit.label;
  link.append(title, label);
  return link;
}

export function attach(form) {
  const input = form.querySelector("input[type=search]");
  const list = form.querySelector("[data-instant-list]");
  const count = form.querySelector("[data-instant-count]");
  const secret = form.querySelector("[data-secret]");
  let timer = 0;
  let listed = "";
  let asked = null;

  function close() {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
  }

  function show(hits) {
    list.replaceChildren(...hits.map(line));
    list.hidden = !hits.length || !form.contains(document.activeElement);
    const said = hits.length === 1 ? count.dataset.one : count.dataset.some;
    count.textContent = hits.length ? said.replace("%n", hits.length) : count.dataset.none;
  }

  async function ask() {
    const text = input.value.trim();
    asked?.abort();
    if (!isEnough(text)) {
      secret.hidden = true;
      return close();
    }
    const { signal } = (asked = new AbortController());
    try {
      const { hasSecret, isKnown } = await look(text);
      if (signal.aborted) return;
      secret.hidden = !hasSecret;
      if (!isKnown || hasSecret) return close();
      const answer = await fetch(`${form.dataset.instant}?q=${encodeURIComponent(text)}`, { signal });
      if (!answer.ok) return;
      show((await answer.json()).hits);
      listed = text;
    } catch {
      // Typed on, or no network: the button still searches.
    }
  }

  function move(event) {
    const links = [...list.children];
    const now = links.indexOf(document.activeElement);
    const next = event.key === "ArrowDown" ? links[Math.min(now + 1, links.length - 1)] : (links[now - 1] ?? input);
    event.preventDefault();
    next?.focus();
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    // Half a syllable of pinyin is not yet a word.
    if (!event.isComposing) timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
      // Put away by hand: the box does not open it again until somebody types.
      list.replaceChildren();
      input.focus();
    } else if (event.key === "ArrowDown" || (event.key === "ArrowUp" && document.activeElement !== input)) {
      move(event);
    }
  });
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || close());
  input.addEventListener("focus", () => {
    if (list.children.length && isEnough(input.value.trim())) list.hidden = false;
  });
  list.addEventListener("click", ({ target }) => {
    const link = target.closest("a");
    if (link) tellOpened(form.dataset.toldUrl, listed, link.pathname);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    close();
    const { hasSecret } = await look(input.value);
    secret.hidden = !hasSecret;
    if (hasSecret) input.focus();
    else form.submit();
  });
}

/** A slash anywhere but in a field goes to the box. */
function reach(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const input = document.querySelector("form[data-instant] input[type=search]");
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.select();
}

document.addEventListener("keydown", reach);

document.querySelectorAll("form[data-instant]").forEach(attach);
