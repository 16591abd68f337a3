// The pieces that a thread is made of: a message with its heading and its foot, and the lines that say what happened.

import { tiles } from "./files.js";
import { fill, made } from "./parts.js";
import { written } from "./text.js";

/** Who said it, in words, or "" where the bubble follows another of the same person, or is the customer's own. */
export function heading(message, before, audience) {
  const { author, mine, visibility } = message;
  if (audience === "customer" && mine) return "";
  const isSame = before && before.author.kind === author.kind && before.author.name === author.name && before.visibility === visibility;
  return isSame ? "" : author.name || made("visitor")?.textContent.trim() || "";
}

/** A message without its foot. `kind` is theirs, mine or note. */
export function bubble({ kind, text, secrets = [], files = [], erased = false, name = "", isUnsent = false }) {
  const message = made(`message-${kind}`, { name, initial: [...name][0] ?? "", text: erased ? made("erased") : written(text, secrets) });
  const header = message.querySelector(":scope > header");
  if (!name && header && kind !== "note") header.remove();
  message.classList.toggle("unsent", isUnsent);
  const row = tiles(files);
  if (row) message.querySelector(":scope > footer").before(row);
  if (row && !text) message.querySelector(":scope > .bubble").remove();
  return message;
}

/** The same message with the heading and the files of another drawing of it; its words and its foot stay untouched. */
export function dressed(message, other) {
  const stays = (part) => part.matches(".bubble, [data-slot=foot]");
  const foot = message.querySelector(":scope > [data-slot=foot]");
  let next = message.querySelector(":scope > .bubble") ?? foot;
  message.className = other.className;
  for (const part of [...message.children]) if (!stays(part)) part.remove();
  for (const part of [...other.children]) {
    if (part.matches(".bubble")) next = foot;
    else if (!stays(part)) next.before(part);
  }
  return message;
}

/** The foot: the time, and how far the message has come. Written anew only if it changed, so nothing is read twice. */
export function footer(message, { status, entry = null, time, edited = false, onAct = null }) {
  const foot = message.querySelector("[data-slot=foot]");
  const look = JSON.stringify([status, entry?.code, time, edited]);
  if (foot.dataset.look === look) return;
  // How far it has come since is there to be read; only what went wrong is said.
  if (foot.dataset.look) foot.setAttribute("aria-live", status === "failed" || status === "stale" ? "polite" : "off");
  foot.dataset.look = look;
  message.classList.toggle("unsent", status === "queued" || status === "failed" || status === "stale");
  const clock = made("time", { time });
  const reason = entry?.code && made(`failed-${entry.code}`);
  const state = status && (reason || made(`status-${status}`));
  foot.replaceChildren(...[clock, edited && made("edited"), ...(state ? state.childNodes : [])].filter(Boolean));
  for (const button of foot.querySelectorAll("[data-act]")) button.addEventListener("click", () => onAct?.(button.dataset.act, entry));
}

/** What happened, as a line in the middle; null where this audience has no words for it. */
export function system(event, audience) {
  const name = SYSTEM[event.kind]?.(event);
  const line = name && (made(`${name}-${audience}`) ?? made(name));
  return line && fill(line, { agent: event.agent?.name ?? "", by: event.by?.name ?? "", words: written(event.text ?? "", event.secrets) });
}

const SYSTEM = {
  opened: () => "opened",
  assigned: ({ agent, by }) => {
    if (!agent) return by ? "released" : "released-by-itself";
    return !by || (by.id === agent.id && by.name === agent.name) ? "joined" : "assigned";
  },
  resolved: ({ by }) => (by ? "resolved-by" : "resolved"),
  reopened: ({ by }) => (by?.kind === "agent" ? "reopened-by" : "reopened"),
  rated: ({ verdict }) => `rated-${verdict}`,
  explained: ({ text }) => text && "explained",
};
