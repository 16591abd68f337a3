// The chat inside somebody else's page. The server knows its customer by a token that is kept here, not by a cookie.

import { anybodysWindow, sayOnItsWay, sayUnkept, windowFor } from "./arriving.js";
import { fill, forgetWritten, handedOn } from "./draft.js";
import { Host } from "./host.js";
import { followLinks } from "./links.js";
import { between, renewBy } from "./post.js";
import * as session from "./session.js";
import { Vouching } from "./vouching.js";
import { ChatWindow } from "./window.js";

const urls = document.body.dataset;
// Chromium never calls a page loaded from which a drawing was taken away that was still on its way; the host says nothing before.
const isLoaded = new Promise((resolve) => (document.readyState === "complete" ? resolve() : addEventListener("load", resolve)));

class Frame {
  #host;
  // Null means that the window of whoever we are is still on its way.
  #chat = null;
  #shows = 0;
  #isKept = session.keepOwn();
  #isOpen = false;
  #isFocusWanted = false;
  #isFollowed = null;
  #unread = 0;
  #user = "";
  #topic = new URLSearchParams(location.search).get("topic") ?? "";
  // What the window stands for that is there now.
  #wish = null;
  #vouching;
  // Whoever was known here and came back as a guest is told so, once.
  #isUnknown = false;
  // What stood in the windows of other conversations when they were left, by ref.
  #begun = new Map();
  // What the page before handed on, {user, written}, where a session ended before there was a window to put it into.
  #carried = null;

  constructor() {
    this.#host = new Host(JSON.parse(urls.origins), {
      open: ({ isFocused }) => this.#open(isFocused),
      close: () => this.#close(),
      topic: ({ topic }) => this.#choose(String(topic)),
      identify: ({ token }) => this.#become(token),
      unanswered: () => this.#vouching.giveUp(),
    });
    this.#vouching = new Vouching({
      tell: (event) => this.#host.tell(event),
      onChange: () => this.#change(),
      onLeave: () => this.#clear(),
      onLeft: () => this.#show(),
    });
    renewBy((token) => this.#renew(token));
    session.follow(() => isLoaded.then(() => this.#change()), () => this.#become(null));
    followLinks({ onChat: (wish) => this.#goTo(wish), onClose: () => this.#host.tell("close"), onGuest: () => this.#goOnAsGuest() });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing && event.keyCode !== 229) this.#host.tell("close");
    });
    this.#show();
    // What the host says is heard from now on, however long the window takes.
    this.#host.tell("ready");
  }

  /**
   * Put the window of whoever we are now in its place: the newest one asked for, and no other. It `keeps` what stands in the boxes,
   * or stays altogether if nothing else is to be shown, or begins with what is `given`.
   */
  async #show({ wish = this.#opening, keeps = false, given = null } = {}) {
    const number = (this.#shows += 1);
    const section = await windowFor(wish, { isWanted: () => number === this.#shows, onOver: (token) => this.#isStillAsked(token) });
    await isLoaded;
    if (number !== this.#shows || !section) return undefined;
    // A first question was asked while this window was on its way, which may know nothing of it.
    if (keeps && this.#chat?.ref && this.#chat.ref !== wish.conversation) return this.#change();
    this.#wish = wish;
    if (keeps && this.#isSame(section)) return this.#chat.comeBack();
    const written = this.#chat?.release();
    // Who opens another conversation finds what was begun in this one when they come back.
    if (written && !keeps) this.#begun.set(written.ref, written);
    this.#swap(section);
    this.#place(section, given ?? (keeps ? written : this.#begun.get(section.dataset.ref ?? "")) ?? this.#takeCarried());
    return undefined;
  }

  /** Once, for whoever wrote it, or for the visitor whom they have become; nobody else finds it. */
  #takeCarried() {
    const { user, written } = this.#carried ?? {};
    this.#carried = null;
    return [user, ""].includes(session.vouched().user) ? written : undefined;
  }

  /** What to begin with where nobody asks for anything else. */
  get #opening() {
    return this.#topic ? { topic: this.#topic } : {};
  }

  /** The same conversation of the same user, or the same question before there is one. */
  #isSame(section) {
    const { user } = session.vouched();
    return this.#chat !== null && user !== "" && user === this.#user && (section.dataset.ref ?? "") === this.#chat.ref;
  }

  /**
   * The session with this token has ended. Answers whether to ask again, as whoever is here then: a user's platform is asked for its
   * word first; if it does not give it, they are told.
   */
  async #renew(token) {
    if (!session.isHeld(token)) return true;
    if (!session.vouched().user) return false;
    if (this.#chat) this.#chat.lapse = "renewing";
    const isKnown = await this.#vouching.renew(token);
    if (this.#chat) this.#chat.lapse = isKnown ? null : "unvouched";
    return isKnown;
  }

  /** A user who has a window is told in it, and chooses. Where there is none yet, the page before may have handed something on. */
  async #isStillAsked(token) {
    if (await this.#renew(token)) return true;
    if (this.#chat) {
      if (!session.vouched().user) this.#goOnAsGuest(token);
      return false;
    }
    const { user } = session.vouched();
    const written = handedOn(user);
    if (written) this.#carried = { user, written: { ...written, files: [] } };
    await between(() => (this.#isUnknown = (session.end(token) && user !== "") || this.#isUnknown));
    return true;
  }

  /** As somebody new, with all that is not said yet. Who came meanwhile goes before that. */
  async #goOnAsGuest(token = session.token()) {
    if (!(await between(() => session.end(token)))) return;
    const given = this.#chat?.releaseAsQuestion();
    this.#clear();
    this.#show({ given });
  }

  #swap(section) {
    const before = document.querySelector("[data-chat]");
    this.#isFocusWanted ||= before.contains(document.activeElement);
    this.#chat?.stop();
    this.#chat = null;
    before.replaceWith(section);
  }

  #place(section, written) {
    section.hidden = false;
    sayUnkept(section, !this.#isKept, session.vouched().user !== "");
    let chat = null;
    let waiting = 0;
    const onUnread = (count) => {
      if (!chat) waiting = count;
      else if (chat === this.#chat) this.#heard(count);
    };
    const onSignedOut = (token) => chat === this.#chat && (session.isHeld(token) ? this.#renew(token) : this.#change());
    chat = new ChatWindow(section, { onUnread, onSignedOut, written });
    this.#chat = chat;
    // Whoever has come meanwhile is known.
    if (this.#isUnknown && !session.vouched().user) chat.lapse = "unknown";
    this.#isUnknown = false;
    sayOnItsWay(null);
    this.#user = session.vouched().user;
    // Also what was begun in a window that had no conversation yet, when this one has.
    if (written?.files.length) chat.add(written.files);
    if (written?.text) fill(section.querySelector(chat.hasConversation ? "#chat-message" : "#chat-question"), written.text);
    if (written?.isHeld) chat.hold();
    chat.isOpen = this.#isOpen;
    if (this.#isFocusWanted && document.hasFocus()) chat.focus();
    this.#isFocusWanted = false;
    // What came while the page was away is unread, and no news.
    this.#unread = waiting;
    this.#host.tell("unread", { count: waiting });
    this.#follow(chat.hasConversation && (!chat.isResolved || waiting > 0));
  }

  #heard(count) {
    if (count > this.#unread) this.#host.tell("message");
    if (count !== this.#unread) this.#host.tell("unread", { count });
    this.#unread = count;
    this.#follow(this.#chat.hasConversation && (!this.#chat.isResolved || count > 0));
  }

  /** Whether the next page of the host should ask at once how things stand. */
  #follow(isFollowed) {
    if (isFollowed !== this.#isFollowed) this.#host.tell("follow", { isFollowed });
    this.#isFollowed = isFollowed;
  }

  #open(isFocused) {
    this.#isOpen = true;
    if (this.#chat) this.#chat.isOpen = true;
    if (isFocused) this.#focus();
  }

  #focus() {
    this.#isFocusWanted = this.#chat === null;
    if (this.#chat) this.#chat.focus();
    else document.querySelector("[data-on-its-way] h2").focus();
  }

  #close() {
    this.#isOpen = false;
    this.#isFocusWanted = false;
    if (this.#chat) this.#chat.isOpen = false;
  }

  /** The host's topic counts for each window that begins after it, too. */
  #choose(topic) {
    this.#topic = topic;
    this.#wish = null;
    if (!this.#chat || this.#chat.isResolved) this.#show();
    else this.#chat.choose({ topic });
  }

  async #goTo(wish) {
    this.#isFocusWanted = true;
    await this.#show({ wish });
  }

  /** Whoever leaves is not seen until it is their turn. */
  #become(jwt) {
    if (jwt === null) this.#clear();
    this.#vouching.become(jwt);
  }

  /** A visitor who is known now, or the same user again, keeps what they are writing; the next user finds none of it. */
  #change() {
    const isTheirs = !this.#user || this.#user === session.vouched().user;
    if (!isTheirs) this.#clear();
    this.#show({ keeps: true, wish: this.#chat?.ref ? { conversation: this.#chat.ref } : (this.#wish ?? this.#opening) });
  }

  /** Nothing of whoever was here is seen, or told to the host, from now on. */
  #clear() {
    this.#shows += 1;
    this.#user = "";
    this.#wish = null;
    this.#swap(anybodysWindow());
    for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
    forgetWritten();
    this.#begun.clear();
    this.#carried = null;
    this.#isUnknown = false;
    sayOnItsWay("fetching");
    this.#unread = 0;
    this.#host.tell("unread", { count: 0 });
    this.#follow(false);
  }
}

new Frame();
