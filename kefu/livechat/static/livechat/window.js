// The chat window: topics, the first question, then the conversation. The same on its page and in the panel.

import { Gallery } from "../conversations/gallery.js";
import { sharedBy } from "../conversations/sharing.js";
import { Socket, socketUrl } from "../conversations/socket.js";
import { Talk } from "../conversations/talk.js";
import { Writing } from "../conversations/writing.js";
import { write as writeTimes } from "../ui/times.js";
import { Away } from "./away.js";
import { forgetWritten, handedOn, handOn, handOnNothing } from "./draft.js";
import { Earlier } from "./earlier.js";
import { Heading } from "./heading.js";
import { LinkBox } from "./link.js";
import { RatingBox } from "./rating.js";
import { asked, token, vouched } from "./session.js";
import { Start } from "./start.js";
import { Strip } from "./strip.js";

// A socket is told of the end of its session, or finds it ended when it comes back.
const OVER = new Set(["not_allowed", "signed_out"]);

export class ChatWindow {
  #root;
  #socket;
  #talk = null;
  #composer;
  #start;
  #rating;
  #away;
  #earlier;
  #heading;
  #link;
  #onUnread;
  #strip;
  // The token with which the socket last said hello.
  #spokeAs = null;
  #isOpen = true;

  /**
   * `root` is the [data-chat] element; `onUnread(count)` follows what is not seen; `onSignedOut(token)` is told when the session
   * with that token has ended; `written` stood in the window before.
   */
  constructor(root, { onUnread = () => {}, onSignedOut = () => {}, written = null } = {}) {
    this.#root = root;
    this.#onUnread = onUnread;
    this.#strip = new Strip(root, { isResolved: () => this.isResolved });
    this.#socket = new Socket(socketUrl(root.dataset.socket), { token: () => (this.#spokeAs = token()), open: sharedBy(root.dataset.line) });
    this.#socket.observe((status) => this.#showConnection(status));
    this.#socket.observe(({ reason }) => OVER.has(reason) && onSignedOut(this.#spokeAs));
    this.#composer = new Writing(this.#find("[data-composer]"), {
      place: root,
      headers: () => asked().headers,
      onSay: (text, _, files) => this.#say(text, files),
      onTyping: () => this.#talk?.typing(),
    });
    this.#rating = new RatingBox(root);
    this.#heading = new Heading(root);
    new Gallery(this.#find("[data-log]"));
    this.#start = new Start(root, { onView: (name) => this.#view(name), onOpened: (answer) => this.#opened(answer) });
    this.#link = new LinkBox(root, {
      ref: () => this.#talk.state.ref,
      onShown: () => this.#talk.thread.toEnd(),
      onProblem: (message) => this.#tell(message),
    });
    this.#earlier = new Earlier(root, { talk: () => this.#talk });
    this.#away = new Away(root, { talk: () => this.#talk });
    writeTimes(root);
    const snapshot = this.#find("#chat-snapshot");
    if (snapshot) this.#converse(JSON.parse(snapshot.textContent));
    this.#goOn(written ?? handedOn(vouched().user));
    handOn(() => ({ user: vouched().user, ...this.writing }));
    // Clicks before this moment would be lost; whoever drives the page waits for it.
    root.dataset.ready = "";
  }

  get hasConversation() {
    return this.#talk !== null;
  }

  /** "" while there is none. */
  get ref() {
    return this.#talk?.state.ref ?? "";
  }

  /** See strip.js. */
  set lapse(name) {
    this.#strip.lapse = name;
  }

  get isResolved() {
    return this.#talk?.state.head?.state === "resolved";
  }

  /** Begin with this `{topic, issue}`, unless there is a conversation already. */
  choose(wish) {
    if (!this.#talk) this.#start.choose(wish);
  }

  /** Leave the page to another window. */
  stop() {
    this.#start.stop();
    this.#talk?.stop();
    this.#socket.stop();
    handOnNothing();
  }

  /** The same customer has another session: everything goes on where it stands. */
  comeBack() {
    this.lapse = null;
    this.#socket.stop();
    if (this.#talk) this.#socket.start();
    this.#composer.retry();
    this.#start.comeBack();
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

  /** The same with the files above them, which are another window's from now on, and whether it was pressed already. */
  release() {
    const files = (this.#talk ? this.#composer : this.#start).release();
    return { ...this.writing, files, isHeld: this.#talk !== null && this.#composer.isHeld };
  }

  /** All that is not said yet, as another question: what waited to be sent, and what stands in the boxes. */
  releaseAsQuestion() {
    const { unsent, head } = this.#talk?.state ?? { unsent: [] };
    const { topic, text, ...more } = this.release();
    const words = [...unsent.map((entry) => entry.text), text].filter(Boolean);
    return { ...more, ref: "", topic: words.length && head ? head.topic : topic, text: words.join("\n\n") };
  }

  add(files) {
    (this.#talk ? this.#composer : this.#start).add(files);
  }

  /** What stands in the box was pressed, and is not sent. */
  hold() {
    if (this.#talk) this.#composer.hold();
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
    this.lapse = null;
    forgetWritten();
    history.replaceState(null, "", this.#isGuest ? location.href : this.#root.dataset.pageUrl);
    this.#converse(snapshot);
    this.#composer.sendFiles(files);
    if (link) this.#link.show(link);
    this.#composer.focus();
  }

  #converse(snapshot) {
    const { ref } = snapshot.head;
    if (this.#root.dataset.ref !== ref) Object.assign(this.#root.dataset, { ref, seen: 0 });
    this.#talk?.stop();
    this.#view("talk");
    this.#composer.open(ref);
    this.#talk = new Talk({
      ref,
      audience: "customer",
      socket: this.#socket,
      snapshot,
      seen: Number(this.#root.dataset.seen),
      elements: { log: this.#find("[data-log]"), scroll: this.#find("[data-scroll]"), typing: this.#find("[data-typing-place]") },
      fetchEarlier: (before) => this.#earlier.fetch(ref, before),
      isShown: () => this.#isOpen,
      onChange: (state) => this.#follow(state),
    });
    this.#follow(this.#talk.state);
    this.#socket.start();
  }

  #follow(state) {
    this.#heading.follow(state);
    this.#earlier.follow(state);
    this.#strip.show();
    if (!this.#talk) return;
    this.#away.show();
    if (this.#rating.follow(state)) this.#talk.thread.toEnd();
    this.#onUnread(this.#talk.unread);
  }

  #say(text, files) {
    if (!this.#talk) return false;
    if (!this.#talk.canWrite) {
      this.#strip.show("full");
      return false;
    }
    this.#talk.write(text, { files });
    forgetWritten();
    // It has been read; from now on it would stand below all that follows. The button in the heading brings it back.
    this.#find("[data-link-box]").hidden = true;
    return true;
  }

  #showConnection(status) {
    const area = this.#find("[data-composer] textarea");
    area.placeholder = ["open", "closed"].includes(status.state) ? area.ariaLabel || this.#find("[data-composer] label").textContent : area.dataset.offlineWords;
    this.#strip.follow(status);
  }

  #tell(message) {
    this.#find("[data-talk-problem]").hidden = !message;
    this.#find("[data-talk-problem] [data-problem-words]").textContent = message ?? "";
  }
}
