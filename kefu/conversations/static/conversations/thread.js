// Draws a thread from a state of the reducer and the page's parts, touching only what changed: for customers, agents and the
// embedded window. What it adds is read aloud once; history and redrawing are not.

import { clock, dayName, zone } from "../ui/times.js";
import { fate, lines } from "./reducer.js";
import { bubble, dressed, footer, heading, system } from "./messages.js";
import { made } from "./parts.js";

const NEAR = 48; // Pixels from the end that still count as the end.
const ANCHORS = 6; // A day's mark, a name and a message may each give way to another.

export class Thread {
  #log;
  #scroll;
  #typing;
  #audience;
  #nodes = new Map();
  #unreadFrom = null;
  #isFirst = true;
  #isFollowed = true;
  #onAct;
  #leaving = new AbortController();

  /**
   * `log` is the [role=log] element; `scroll` scrolls it (the log itself if not given); `typing` is drawn into outside the log,
   * so that it is not read aloud. `onAct(name, entry)` is called for "retry" and "drop" of an unsent message.
   */
  constructor({ log, scroll = log, typing = null, audience, onAct = () => {} }) {
    this.#log = log;
    this.#scroll = scroll;
    this.#typing = typing;
    this.#audience = audience;
    this.#onAct = onAct;
    log.setAttribute("aria-relevant", "additions");
    scroll.addEventListener("scroll", () => (this.#isFollowed = this.isAtEnd), { passive: true, signal: this.#leaving.signal });
    // What grows below takes of its height: whoever reads the end goes on reading it.
    const watcher = new ResizeObserver(() => this.#isFollowed && this.toEnd());
    watcher.observe(scroll);
    this.#leaving.signal.addEventListener("abort", () => watcher.disconnect());
  }

  get isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    return scrollHeight - scrollTop - clientHeight <= NEAR;
  }

  /** The "unread" line stands before the first thing of the other side after this seq; null takes it away. */
  markUnread(seq) {
    this.#unreadFrom = seq;
  }

  toEnd() {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  draw(state, now = new Date()) {
    const wasAtEnd = this.#isFirst || this.isAtEnd;
    const anchors = wasAtEnd ? [] : this.#anchors();
    const wanted = this.#wanted(state, now);
    const isHistory = this.#isFirst || this.#growsAtTheTop(wanted);
    if (isHistory) this.#log.setAttribute("aria-live", "off");
    this.#place(wanted);
    this.#showTyping(Object.values(state.typing).map(({ who }) => who.name));
    const anchor = anchors.find(({ node }) => node.isConnected);
    if (anchor) this.#scroll.scrollTop += anchor.node.getBoundingClientRect().bottom - anchor.bottom;
    else if (wasAtEnd) this.toEnd();
    if (isHistory) requestAnimationFrame(() => requestAnimationFrame(() => this.#log.setAttribute("aria-live", "polite")));
    this.#isFirst = false;
  }

  /** Its elements are somebody else's from now on. */
  leave() {
    this.#leaving.abort();
  }

  /** Begin anew with another conversation. */
  clear() {
    for (const { node } of this.#nodes.values()) node.remove();
    this.#nodes.clear();
    this.#unreadFrom = null;
    this.#isFirst = true;
  }

  /**
   * What should stand in the log, in order: `{key, look, words, make, update}`. A piece is made anew when its look changes; one whose
   * words are the same stays where it is, for what is added to a log is read aloud.
   */
  #wanted(state, now) {
    const timeZone = zone();
    const wanted = [];
    let day = null;
    let before = null;
    let isMarked = this.#unreadFrom === null;
    for (const line of lines(state)) {
      const at = new Date(line.entry?.at ?? line.at);
      const label = dayName(at, timeZone, now);
      if (label !== day) {
        wanted.push({ key: `day-${at.toISOString()}`, look: label, make: () => dayMark(label, at) });
        before = null;
      }
      day = label;
      if (!isMarked && line.message && !line.message.mine && line.place > this.#unreadFrom) {
        wanted.push({ key: "unread", look: "", make: () => made("unread") });
        isMarked = true;
        before = null;
      }
      const pieces = this.#pieces(state, line, clock(at, timeZone), before);
      wanted.push(...pieces);
      if (pieces.length) before = line;
    }
    return wanted;
  }

  #pieces(state, line, time, before) {
    if (line.kind === "unsent") {
      const { entry } = line;
      const { text, files } = entry;
      const kind = kindOf(entry, true);
      const look = JSON.stringify([kind, text, files]);
      const update = (node) => footer(node, { status: statusOf(entry), entry, time, onAct: this.#onAct });
      return [{ key: `said-${entry.client_id}`, look, words: wordsOf(kind, text), make: () => bubble({ kind, text, files, isUnsent: true }), update }];
    }
    if (line.kind === "message") return this.#messagePieces(state, line.message, time, before?.message);
    const node = system(line, this.#audience);
    return node ? [{ key: `event-${line.place}`, look: JSON.stringify(line), make: () => node }] : [];
  }

  #messagePieces(state, message, time, before) {
    const kind = kindOf(message, message.mine);
    const { text, secrets, files, erased, edited } = message;
    const name = heading(message, before, this.#audience);
    const look = JSON.stringify([kind, text, secrets, files, erased, name]);
    const status = message.mine && message.visibility === "customer" ? fate(state, message) : null;
    const pieces = [{
      key: message.client_id ? `said-${message.client_id}` : `message-${message.id}`,
      look,
      words: erased ? null : wordsOf(kind, text, secrets),
      make: () => bubble({ kind, text, secrets, files, erased, name }),
      update: (node) => footer(node, { status, time, edited }),
    }];
    const advice = this.#audience === "customer" && message.mine && secrets.length && made("secret-note");
    if (advice) pieces.push({ key: `advice-${message.id}`, look: secrets.join(), make: () => adviceOn(secrets, advice) });
    return pieces;
  }

  #place(wanted) {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, { node }] of this.#nodes) {
      if (keys.has(key)) continue;
      node.remove();
      this.#nodes.delete(key);
    }
    let next = this.#log.firstElementChild;
    for (const { key, look, words, make, update } of wanted) {
      let known = this.#nodes.get(key);
      if (!known || known.look !== look) {
        const isSaid = known && words && known.words === words;
        const node = isSaid ? dressed(known.node, make()) : make();
        if (known && !isSaid) {
          if (known.node === next) next = node;
          known.node.replaceWith(node);
        }
        known = { node, look, words };
        this.#nodes.set(key, known);
      }
      update?.(known.node);
      if (known.node === next) next = next.nextElementSibling;
      else this.#log.insertBefore(known.node, next);
    }
  }

  #growsAtTheTop(wanted) {
    const lasting = wanted.filter(({ key }) => !key.startsWith("day-"));
    return lasting.findIndex(({ key }) => this.#nodes.has(key)) > 0;
  }

  #showTyping(names) {
    const look = JSON.stringify(names);
    if (!this.#typing || this.#typing.dataset.look === look) return;
    this.#typing.dataset.look = look;
    this.#typing.replaceChildren(...names.map((name) => made("typing", { name })).filter(Boolean));
  }

  /** What is first on the screen: the end of the first that stays should stay where it is, whatever grows or goes above it. */
  #anchors() {
    const edge = this.#scroll.getBoundingClientRect().top;
    const found = [];
    for (const node of this.#log.children) {
      const { bottom } = node.getBoundingClientRect();
      if (bottom > edge && found.push({ node, bottom }) === ANCHORS) break;
    }
    return found;
  }
}

function kindOf({ visibility }, isMine) {
  if (visibility === "staff") return "note";
  return isMine ? "mine" : "theirs";
}

function wordsOf(kind, text, secrets = []) {
  return JSON.stringify([kind, text, secrets]);
}

function statusOf({ state, sent_at }) {
  if (state === "failed" || state === "stale") return state;
  return state === "sending" || sent_at ? "sending" : "queued";
}

function dayMark(label, at) {
  const mark = made("day", { date: label });
  mark.querySelector("time")?.setAttribute("datetime", at.toISOString());
  return mark;
}

function adviceOn(secrets, note) {
  const advice = [...new Set(secrets)].map((kind) => made(`advice-${kind}`)).filter(Boolean);
  note.querySelector("[data-slot=advice]").replaceChildren(...advice);
  return note;
}
