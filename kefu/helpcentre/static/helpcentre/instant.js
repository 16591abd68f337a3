// Attached by form[data-instant]: shows the first hits under the box while somebody types. Without it the form works as a form.
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
  let timer = 0;
  let asked = null;

  function close() {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
  }

  function show(hits) {
    list.replaceChildren(...hits.map(line));
    list.hidden = !hits.length || !form.contains(document.activeElement);
    count.textContent = hits.length ? count.dataset.some : count.dataset.none;
  }

  async function ask() {
    const text = input.value.trim();
    asked?.abort();
    if (!isEnough(text)) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.instant}?q=${encodeURIComponent(text)}`, { signal: asked.signal });
      if (answer.ok) show((await answer.json()).hits);
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
  form.addEventListener("submit", close);
}

document.querySelectorAll("form[data-instant]").forEach(attach);
