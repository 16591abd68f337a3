// Attached by [data-open-chat]: on a wide screen such a link opens the chat beside the page instead of leaving it. The link
// works by itself everywhere else. An open panel stays open from page to page; a closed one tells of new messages.

const WIDE = matchMedia("(min-width: 40.0625rem)");
const KEPT = "kefu-chat"; // "open", or "closed" once there is a conversation to follow.
const FORGOTTEN = "kefu-forgotten"; // As storage.js writes it, which most pages have no other use for.

let panel = null;
let chat = null;
let opener = null;
let making = null;
// How often somebody was forgotten since the page came.
let forgotten = 0;

function kept(value) {
  try {
    if (value === undefined) return sessionStorage.getItem(KEPT);
    sessionStorage.setItem(KEPT, value);
  } catch {
    // Without storage the panel closes with the page.
  }
  return null;
}

async function load(link) {
  const url = new URL(link.href);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/panel/`;
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error("panel");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const section = document.importNode(page.querySelector("[data-chat]"), true);
  await Promise.all([...section.querySelectorAll("link[rel=stylesheet]")].map(styled));
  section.hidden = true;
  document.body.append(section);
  return section;
}

function styled(sheet) {
  document.head.append(sheet);
  return new Promise((resolve) => {
    sheet.onload = sheet.onerror = resolve;
  });
}

/** One window a page, however often it is asked for while it is on its way. */
function make(link) {
  making ??= build(link).finally(() => (making = null));
  return making;
}

async function build(link) {
  const before = forgotten;
  const [section, { ChatWindow }] = await Promise.all([load(link), import("./window.js")]);
  if (forgotten !== before) {
    section.remove();
    return;
  }
  panel = section;
  chat = new ChatWindow(section, { onUnread: showUnread });
  chat.isOpen = false;
  section.querySelector("[data-close]").addEventListener("click", () => close());
  section.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229) return;
    event.stopPropagation();
    close();
  });
}

async function open(link, { isFocused = true } = {}) {
  opener = link;
  if (!panel) {
    link.setAttribute("aria-busy", "true");
    try {
      await make(link);
    } catch {
      // The page itself may still be had, and says what is wrong if not.
      location.assign(link.href);
      return;
    } finally {
      link.removeAttribute("aria-busy");
    }
    if (!panel) return;
  }
  chat.choose(Object.fromEntries(new URL(link.href).searchParams));
  panel.hidden = false;
  chat.isOpen = true;
  kept("open");
  tell(true);
  if (isFocused) chat.focus();
}

function close() {
  panel.hidden = true;
  chat.isOpen = false;
  kept("closed");
  tell(false);
  opener?.focus();
}

/** The customer is forgotten in another tab: whoever opens the chat next begins with a window of their own. */
async function forget(at) {
  forgotten += 1;
  if (panel) {
    chat.stop();
    // The browser would ask before it leaves with its files.
    chat.release();
    // Beside it a picture of theirs may be open.
    for (const shown of [panel, ...document.querySelectorAll("dialog[open]")]) shown.remove();
    tell(false);
    showUnread(0);
  }
  panel = chat = null;
  (await import("../conversations/storage.js")).forgetAsTold(at);
}

function links() {
  return document.querySelectorAll("[data-open-chat]");
}

function tell(isOpen) {
  for (const link of links()) link.setAttribute("aria-expanded", String(isOpen));
}

/** On the first such link of the page only, which is the header's. */
function showUnread(count) {
  const [link] = links();
  const template = document.querySelector('template[data-part="unread-count"]');
  link?.querySelector("[data-unread]")?.remove();
  if (!link || !count || !panel.hidden || !template) return;
  const badge = template.content.firstElementChild.cloneNode(true);
  badge.dataset.unread = "";
  badge.querySelector("[data-slot=count]").textContent = count > 99 ? "99+" : String(count);
  link.append(badge);
}

async function goOn() {
  const link = links()[0];
  const was = kept();
  if (!link || !was || !WIDE.matches) return;
  if (was === "open") await open(link, { isFocused: false });
  else await make(link).catch(() => {});
}

addEventListener("storage", ({ key, newValue }) => key === FORGOTTEN && newValue !== null && forget(newValue));

// The chat's own page has its window already.
if (!document.querySelector("[data-chat]")) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-open-chat]");
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || !WIDE.matches || event.defaultPrevented) return;
    event.preventDefault();
    if (panel && !panel.hidden) chat.focus();
    else open(link);
  });
  goOn();
}
