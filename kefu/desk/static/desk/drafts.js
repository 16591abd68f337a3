// Drafts on their way to the server. Each conversation and kind has one request under way at a time, so that a save and a
// delete never overtake each other, and what could not be saved is tried again.
import { guardAgain } from "../safety/guard.js";
import { post } from "./api.js";

const KINDS = ["reply", "note"];
const SAVE_AFTER = 800;
const AGAIN_AFTER = 5_000;
// Whoever was signed out finds their words after the break; on the next day they are not theirs to send any more.
const HANDED_ON_FOR = 12 * 3_600_000;
// What may have reached the server just before it was sent or thrown away elsewhere: the server has no draft then, either.
const UNSURE_FOR = 60_000;
const MOST_SENT = 9;
// Refused, but not for the words: nobody is signed in, it took too long, or too much came at once.
const LATER = new Set([401, 408, 429]);

export class Drafts {
  #owner;
  #onState;
  #lines = new Map();

  // `owner` is the agent's id; `onState()` is called when a draft was saved, or could not be.
  constructor(owner, onState) {
    this.#owner = owner;
    this.#onState = onState;
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.save());
  }

  // Take the server's drafts of a conversation; what was written here since they were asked for is newer.
  begin(ref, drafts, askedAt) {
    for (const kind of KINDS) {
      const line = this.#line(ref, kind);
      if (line.text !== line.saved || line.savedAt > askedAt) continue;
      const saved = drafts[kind] ?? "";
      Object.assign(line, { text: saved, saved, sent: new Set([saved]), refused: false, state: "" });
      const text = this.#inherited(line);
      if (text === saved) this.#forget(line);
      else this.write(ref, kind, text);
    }
  }

  text(ref, kind) {
    return this.#line(ref, kind).text;
  }

  // "saved", "failed", or "" when there is nothing to tell.
  state(ref, kind) {
    return this.#line(ref, kind).state;
  }

  // Keep what is written now; it goes to the server after a pause. An empty text ends the draft.
  write(ref, kind, text) {
    const line = this.#line(ref, kind);
    line.text = text;
    clearTimeout(line.timer);
    line.timer = setTimeout(() => this.#save(line), SAVE_AFTER);
  }

  // Don't wait for the pause.
  save() {
    for (const line of this.#lines.values()) this.#save(line);
  }

  // `saved` is what the server is known to have, undefined while nobody knows; then it is one of `sent`, if it is ours at all.
  #line(ref, kind) {
    const key = `${ref}/${kind}`;
    if (!this.#lines.has(key)) this.#lines.set(key, { ref, kind, text: "", saved: "", sent: new Set([""]), savedAt: 0, refused: false, state: "", timer: 0, leaving: null });
    return this.#lines.get(key);
  }

  async #save(line) {
    clearTimeout(line.timer);
    if (line.leaving) return;
    while (line.text !== line.saved) {
      const { text } = line;
      if (!(await this.#send(line)) && line.text === text) return;
    }
    this.#forget(line);
  }

  async #send(line) {
    const { text } = line;
    line.saved = undefined;
    line.sent.add(text);
    line.leaving = new AbortController();
    try {
      await post(...request(line), { signal: line.leaving.signal });
      Object.assign(line, { saved: text, sent: new Set([text]), savedAt: performance.now(), refused: false, state: text ? "saved" : "" });
    } catch ({ status = 0 }) {
      line.state = "failed";
      line.refused ||= status === 401;
      // What was refused waits for other words; anything else for better times.
      if (status < 400 || status >= 500 || LATER.has(status)) line.timer = setTimeout(() => this.#save(line), AGAIN_AFTER);
    }
    line.leaving = null;
    this.#onState();
    return line.saved === text;
  }

  // The page goes away: what is not known to be saved is sent by the browser itself, and handed on to the next page.
  #leave() {
    for (const line of this.#lines.values()) {
      if (line.text === line.saved) {
        this.#forget(line);
        continue;
      }
      line.leaving?.abort();
      this.#handOn(line);
      post(...request(line), { keepalive: true }).catch(() => {});
    }
  }

  #key({ ref, kind }) {
    return `kefu-draft:${this.#owner}:${ref}:${kind}`;
  }

  #handOn(line) {
    const [first, ...rest] = [...line.sent, line.text].map((text) => guardAgain(text).text);
    try {
      const handed = { text: guardAgain(line.text).text, sent: [first, ...rest.slice(-MOST_SENT)], refused: line.refused, at: Date.now() };
      sessionStorage.setItem(this.#key(line), JSON.stringify(handed));
    } catch {
      // Without storage the request alone must be fast enough.
    }
  }

  // What an earlier page handed on and nobody knows to be saved, with what another device has saved since; else the server's.
  #inherited(line) {
    const { saved } = line;
    const { text, sent, refused, at } = this.#handedOn(line) ?? {};
    if (text === undefined || Date.now() - at >= (saved || refused ? HANDED_ON_FOR : UNSURE_FOR)) return saved;
    if (sent.includes(saved) || text.includes(saved)) return text;
    return saved.includes(text) ? saved : `${saved}\n${text}`;
  }

  // Null if there is nothing.
  #handedOn(line) {
    try {
      return JSON.parse(sessionStorage.getItem(this.#key(line)));
    } catch {
      return null;
    }
  }

  #forget(line) {
    try {
      sessionStorage.removeItem(this.#key(line));
    } catch {
      // Without storage nothing was handed on.
    }
  }
}

function request({ ref, kind, text }) {
  return [`/desk/conversation/${ref}/draft/`, { kind, text }];
}
