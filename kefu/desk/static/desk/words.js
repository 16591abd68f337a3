// Words come from the page; this only finds them and puts values in.
const found = new Map();

for (const node of document.querySelector("[data-template=words]")?.content.querySelectorAll("[data-word]") ?? []) {
  found.set(node.dataset.word, node.textContent);
}

export function word(key, values = {}) {
  return fill(found.get(key) ?? "", values);
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// How long since a moment, in the coarsest unit that tells something.
export function since(moment, now = Date.now()) {
  const minutes = Math.floor((now - Date.parse(moment)) / 60000);
  if (minutes < 1) return word("for.now");
  if (minutes < 60) return word("for.minutes", { n: minutes });
  if (minutes < 48 * 60) return word("for.hours", { n: Math.floor(minutes / 60) });
  return word("for.days", { n: Math.floor(minutes / 1440) });
}

const toasts = document.querySelector("[data-toasts]");

export function toast(text) {
  const line = Object.assign(document.createElement("p"), { className: "toast", textContent: text });
  toasts.replaceChildren(line);
  setTimeout(() => line.remove(), 3000);
}
