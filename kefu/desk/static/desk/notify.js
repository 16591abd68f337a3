// New work shows in the title, and as the browser's notification when the agent asked for it and looks elsewhere.
import { word } from "./words.js";

const ask = document.querySelector("[data-notify-ask]");
const title = document.querySelector("[data-desk]").dataset.title;
const told = new Map();

export function begin() {
  if (!canNotify()) return;
  ask.hidden = Notification.permission !== "default";
  ask.addEventListener("click", async () => {
    ask.hidden = (await Notification.requestPermission()) !== "default";
  });
}

// Chrome on Android has the name, and refuses only when it is used. Without the agent's leave nothing is shown by that.
function canNotify() {
  try {
    return Notification.permission !== "default" || Boolean(new Notification(""));
  } catch {
    return false;
  }
}

export function count(number) {
  document.title = number ? `(${number}) ${title}` : title;
}

// Once for each time that a conversation begins to wait for us.
export function about(row, me, open) {
  const concerns = row.waits_for_us && (row.assignee === null || row.assignee.id === me.id);
  if (!concerns || told.get(row.ref) === row.spoken_seq) return;
  told.set(row.ref, row.spoken_seq);
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  // Only that there is something: what a customer wrote has no place on a locked screen.
  const note = made(word("notify.title"), { tag: row.ref, body: row.ref });
  note?.addEventListener("click", () => {
    window.focus();
    open(row.ref);
    note.close();
  });
}

function made(title, options) {
  try {
    return new Notification(title, options);
  } catch {
    // Allowed, and there is no such thing here.
    return null;
  }
}
