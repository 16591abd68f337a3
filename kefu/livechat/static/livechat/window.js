// The chat window: topics, the first question, then the conversation. The same on its page and in the panel.

import { Gallery } from "../conversations/gallery.js";
import { Socket, socketUrl } from "../conversations/socket.js";
import { Talk } from "../conversations/talk.js";
import { Writing } from "../conversations/writing.js";
import { askAgain, follow } from "../ui/state.js";
import { write as writeTimes } from "../ui/times.js";
import { handedOn, handOn, handOnNothing } from "./draft.js";
import { LinkBox } from "./link.js";
import { get } from "./post.js";
import { RatingBox } from "./rating.js";
import { asked, token } from "./session.js";
import { Start } from "./start.js";

const STRIP_AFTER = 2_000;

export class ChatWindow {
  #root;
  #socket;
  #talk = null;
  #composer;
  #start;
  #rating;
  #link;
  #onUnread;
  #strip = 0;
  #isOpen = true;

  /** `root` is the [data-chat] element; `onUnread(count)` follows what is not seen; `written` stood in the window before. */
  constructor(root, { onUnread = () => {}, written = null } = {}) {
    this.#root = root;
    this.#onUnread = onUnread;
    this.#socket = new Socket(socketUrl(root.dataset.socket), { token });
    this.#socket.observe((status) => this.#showConnection(status));
    this.#composer = new Writing(this.#find("[data-composer]"), {
      place: root,
      headers: () => asked().headers,
      onSay: (text, _, files) => this.#say(text, files),
      onTyping: () => this.#talk?.typing(),
    });
    this.#rating = new RatingBox(root);
    new Gallery(this.#find("[data-log]"));
    this.#start = new Start(root, { onView: (name) => this.#view(name), onOpened: (answer) => this.#opened(answer) });
    this.#link = new LinkBox(root, {
      ref: () => this.#talk.state.ref,
      onShown: () => this.#talk.thread.toEnd(),
      onProblem: (message) => this.#tell(message),
    });
    this.#find("[data-earlier] button").addEventListener("click", () => this.#showEarlier());
    follow(({ chat }) => this.#keepHours(chat.kind));
    writeTimes(root);
    const snapshot = this.#find("#chat-snapshot");
    if (snapshot) this.#converse(JSON.parse(snapshot.textContent));
    this.#goOn(written ?? handedOn());
    handOn(() => this.writing);
    // Clicks before this moment would be lost; whoever drives the page waits for it.
    root.dataset.ready = "";
  }

  get hasConversation() {
    return this.#talk !== null;
  }

  get isResolved() {
    return this.#talk?.state.head?.state === "resolved";
  }

  /** Begin with this topic, unless there is a conversation already. */
  choose(topic) {
    if (!this.#talk) this.#start.choose(topic);
  }

  /** Leave the page to another window. */
  stop() {
    this.#start.stop();
    this.#talk?.stop();
    this.#socket.stop();
    handOnNothing();
  }

  /** Put the reader where they can go on: the box to write in, or the heading before there is one. */
  focus() {
    if (this.#talk) this.#composer.focus();
    else if (!this.#start.focus()) this.#find("[data-title]").focus({ preventScroll: true });
  }

  /** The panel was opened or closed; a closed one is seen by nobody. */
  set isOpen(value) {
    this.#isOpen = value;
    this.#talk?.shown();
    if (value) this.#talk?.thread.toEnd();
  }

  /** What stands in the boxes, {ref, topic, text, email}. */
  get writing() {
    return this.#talk ? { ref: this.#talk.state.ref, topic: "", text: this.#composer.text, email: "" } : this.#start.writing;
  }

  /** The same with the files above them, which are another window's from now on. */
  release() {
    return { ...this.writing, files: (this.#talk ? this.#composer : this.#start).release() };
  }

  add(files) {
    (this.#talk ? this.#composer : this.#start).add(files);
  }

  /** What waits for the network comes first, then what was being written when the page before was left. */
  #goOn(written) {
    if (this.#talk && written?.ref === this.#talk.state.ref) this.#composer.text = written.text;
    this.#start.resume({ hasConversation: this.hasConversation, written: written?.ref ? null : written });
  }

  /** On a page that is about something else. */
  get #isGuest() {
    return this.#root.classList.contains("floating") || "framed" in this.#root.dataset;
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }

  #view(name) {
    for (const view of this.#root.querySelectorAll("[data-view]")) view.hidden = view.dataset.view !== name;
    this.#find("[data-composer]").hidden = name !== "talk";
    this.#find("[data-make-link]").hidden = name !== "talk";
  }

  #opened({ snapshot, link, files }) {
    history.replaceState(null, "", this.#isGuest ? location.href : this.#root.dataset.pageUrl);
    this.#converse(snapshot);
    this.#composer.sendFiles(files);
    if (link) this.#link.show(link);
    this.#composer.focus();
  }

  #converse(snapshot) {
    const { ref } = snapshot.head;
    this.#root.dataset.ref = ref;
    this.#talk?.stop();
    this.#view("talk");
    this.#composer.open(ref);
    this.#talk = new Talk({
      ref,
      audience: "customer",
      socket: this.#socket,
      snapshot,
      elements: { log: this.#find("[data-log]"), scroll: this.#find("[data-scroll]"), typing: this.#find("[data-typing-place]") },
      fetchEarlier: (before) => this.#fetchEarlier(ref, before),
      isShown: () => this.#isOpen,
      onChange: (state) => this.#follow(state),
    });
    this.#follow(this.#talk.state);
    this.#socket.start();
  }

  #follow(state) {
    const agent = state.head?.assignee;
    if (agent) this.#showAgent(agent.name);
    this.#find("[data-earlier]").hidden = !state.earlier;
    this.#showStrip();
    if (!this.#talk) return;
    this.#showAway(state);
    if (this.#rating.follow(state)) this.#talk.thread.toEnd();
    this.#onUnread(this.#talk.unread);
  }

  /** The words about the hours follow by themselves; what depends on the conversation too is decided here. */
  #keepHours(kind) {
    this.#root.dataset.hours = kind;
    if (this.#talk) this.#showAway(this.#talk.state);
  }

  #showAgent(name) {
    if (this.#find("[data-title]").textContent === name) return;
    this.#find("[data-title]").textContent = name;
    this.#find("[data-whose]").hidden = false;
    const avatar = Object.assign(document.createElement("span"), { className: "avatar staff", textContent: [...name][0] ?? "" });
    this.#find("[data-avatar]").replaceChildren(avatar);
    // Whoever takes it is there now, whatever the page has heard before.
    askAgain();
  }

  /** That nobody is there, until an answer comes: somebody who writes again must know it as well as who asks first. */
  #showAway(state) {
    const away = this.#find("[data-away]");
    const isWaiting = state.head?.state !== "resolved" && !this.#talk.isAnswered;
    const isWanted = isWaiting && this.#root.dataset.hours !== "open";
    if (away.hidden !== isWanted) return;
    const { isAtEnd } = this.#talk.thread;
    away.hidden = !isWanted;
    if (isAtEnd) this.#talk.thread.toEnd();
  }

  #say(text, files) {
    if (!this.#talk) return false;
    if (!this.#talk.canWrite) {
      this.#showStrip("full");
      return false;
    }
    this.#talk.write(text, { files });
    // It has been read; from now on it would stand below all that follows. The button in the heading brings it back.
    this.#find("[data-link-box]").hidden = true;
    return true;
  }

  #showConnection({ state, reason }) {
    clearTimeout(this.#strip);
    const area = this.#find("[data-composer] textarea");
    area.placeholder = state === "open" || state === "closed" ? area.ariaLabel || this.#find("[data-composer] label").textContent : area.dataset.offlineWords;
    // A short break heals by itself; a strip that flickers only worries.
    this.#strip = setTimeout(() => this.#showStrip(), state === "connecting" && !reason ? STRIP_AFTER : 0);
  }

  /** The one line under the heading: what is wrong with the line comes before what became of the conversation. */
  #showStrip(urgent = null) {
    const { state, reason } = this.#socket.status;
    const isLost = state === "offline" || (state === "connecting" && this.#socket.status.attempt > 1);
    const isOver = state === "closed" && reason !== "stopped" && reason !== null;
    const resolved = this.isResolved ? "resolved" : null;
    const wanted = urgent ?? (isOver ? (reason === "outdated" ? "outdated" : "signed_out") : isLost ? "offline" : resolved);
    for (const strip of this.#root.querySelectorAll("[data-strip]")) {
      const isWanted = strip.dataset.strip === wanted;
      if (strip.hidden === isWanted) strip.hidden = !isWanted;
    }
  }

  async #fetchEarlier(ref, before) {
    return (await get(this.#root.dataset.earlierUrl, { ref, before })).json();
  }

  async #showEarlier() {
    const button = this.#find("[data-earlier] button");
    button.setAttribute("aria-busy", "true");
    try {
      await this.#talk.showEarlier();
    } catch {
      // The button stays, and the strip says why if there is no network.
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  #tell(message) {
    const line = this.#find("[data-talk-problem]");
    line.hidden = !message;
    line.querySelector("[data-problem-words]").textContent = message ?? "";
  }
}
