// Attached by [data-told]: says that these results were looked at, once a tab, and which article was opened from them. Nothing
// says who looks. Words with a secret are neither kept nor told; whoever typed them is told instead.
import { postAsJson } from "./telling.js";

const SLUG = /\/articles\/([^/]+)\//u;
const KEPT = "kefu-searched";

/** What the guard says of these words; nothing is known without its module, which an offline page may not have. */
export async function look(words) {
  try {
    const { guard } = await import("../safety/guard.js");
    return { isKnown: true, hasSecret: guard(words).found.length > 0 };
  } catch {
    return { isKnown: false, hasSecret: false };
  }
}

/** Only words that the guard has read come here: a page that is left has no time for it. */
export function tellOpened(url, query, path) {
  const [, opened] = path.match(SLUG) ?? [];
  if (query && opened) postAsJson(url, { query, opened });
}

function isNew(query) {
  try {
    // Pages and choices of one search are the same search.
    if (sessionStorage.getItem(KEPT) === query) return false;
    sessionStorage.setItem(KEPT, query);
  } catch {
    // Without storage each look counts.
  }
  return true;
}

async function attach(element) {
  const { searched: query, told: url } = element.dataset;
  if (!query) return;
  const { isKnown, hasSecret } = await look(query);
  element.querySelector("[data-secret]").hidden = !hasSecret;
  if (!isKnown || hasSecret) return;
  const results = element.parentElement.querySelector("[data-results]");
  results?.addEventListener("click", ({ target }) => {
    const link = target.closest("h2 a");
    if (link) tellOpened(url, query, new URL(link.href).pathname);
  });
  if (isNew(query)) postAsJson(url, { query });
}

document.querySelectorAll("[data-told]").forEach(attach);
