// The chat inside somebody else's page. The server knows its customer by a token that is kept here, not by a cookie.

import { askAgain } from "../ui/state.js";
import { forgetWritten } from "./draft.js";
import { Host } from "./host.js";
import { followLinks } from "./links.js";
import { userIn } from "./platform.js";
import { between, get, postNow } from "./post.js";
import * as session from "./session.js";
import { ChatWindow } from "./window.js";

const AGAIN_AFTER = 2_000;
const LONGEST_WAIT = 60_000;
// So long before the end of a session somebody is vouched for anew.
const EARLY = 60 * 60_000;
const urls = document.body.dataset;
// Chromium never calls a page loaded from which a drawing was taken away that was still on its way; the host says nothing before.
const isLoaded = new Promise((resolve) => (document.readyState === "complete" ? resolve() : addEventListener("load", resolve)));

class Frame {
  #host;
  // The window as anybody sees it; null in #chat means that the one of whoever we are is still on its way.
  #anybodys = document.querySelector("[data-chat]").cloneNode(true);
  #chat = null;
  #shows = 0;
  #isKept = session.keepOwn();
  #isOpen = false;
  #isFocusWanted = false;
  #isFollowed = null;
  #unread = 0;
  #user = "";
  #topic = new URLSearchParams(location.search).get("topic") ?? "";
  #identifying = Promise.resolve();
  // What stood in the windows of other conversations when they were left, by ref.
  #begun = new Map();
  // The host's token, as long as it was not needed.
  #spare = null;

  constructor() {
    this.#host = new Host(JSON.parse(urls.origins), {
      open: ({ isFocused }) => this.#open(isFocused),
      close: () => this.#close(),
      topic: ({ topic }) => this.#choose(String(topic)),
      identify: ({ token }) => this.#become(token),
    });
    session.follow(() => isLoaded.then(() => this.#change()));
    followLinks({ onChat: (wish) => this.#goTo(wish), onClose: () => this.#host.tell("close") });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing && event.keyCode !== 229) this.#host.tell("close");
    });
    this.#show();
    // What the host says is heard from now on, however long the window takes.
    this.#host.tell("ready");
  }

  /** Put the window of whoever we are now in its place, with what stands in the boxes if it `keeps` that; the newest one asked for, and no other. */
  async #show({ wish = this.#topic ? { topic: this.#topic } : {}, keeps = false } = {}) {
    const number = (this.#shows += 1);
    if (session.token()) this.#sayOnItsWay("fetching");
    const section = await this.#fetch(wish, () => number === this.#shows);
    await isLoaded;
    if (number !== this.#shows) return;
    const written = this.#chat?.release();
    // Who opens another conversation finds what was begun in this one when they come back.
    if (written && !keeps) this.#begun.set(written.ref, written);
    this.#swap(section);
    this.#place(section, keeps ? written : this.#begun.get(section.dataset.ref ?? ""));
  }

  /** Ask until it comes, or until nobody wants it any more. */
  async #fetch(wish, isWanted) {
    for (let wait = AGAIN_AFTER; isWanted(); wait = Math.min(2 * wait, LONGEST_WAIT)) {
      if (!session.token()) return this.#copy(wish);
      try {
        return windowIn(await (await get(urls.windowUrl, wish, "text/html")).text());
      } catch ({ status, sentWith }) {
        if (!isWanted()) return null;
        if (status === 401 && (await between(() => session.end(sentWith)))) {
          if (this.#spare) this.#become(this.#spare);
        } else {
          this.#sayOnItsWay("failing");
          await new Promise((resolve) => setTimeout(resolve, wait));
        }
      }
    }
    return null;
  }

  /** Whoever has no token sees what came with the page, and nobody need be asked for it. */
  #copy({ topic = "" }) {
    const section = this.#anybodys.cloneNode(true);
    section.dataset.chosenTopic = topic;
    // The hours may have changed since.
    askAgain();
    return section;
  }

  #sayOnItsWay(words) {
    const place = document.querySelector("[data-on-its-way]");
    place.hidden = this.#chat !== null;
    for (const line of place.querySelectorAll("[data-words]")) line.hidden = line.dataset.words !== words;
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
    section.querySelector("[data-unkept]").hidden = this.#isKept;
    let chat = null;
    let waiting = 0;
    const onUnread = (count) => {
      if (!chat) waiting = count;
      else if (chat === this.#chat) this.#heard(count);
    };
    chat = new ChatWindow(section, { onUnread, written });
    this.#chat = chat;
    this.#sayOnItsWay(null);
    this.#user = session.vouched().user;
    // Also what was begun in a window that had no conversation yet, when this one has.
    if (written?.files.length) chat.add(written.files);
    if (written?.text) fill(section.querySelector(chat.hasConversation ? "#chat-message" : "#chat-question"), written.text);
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
    if (!this.#chat || this.#chat.isResolved) this.#show();
    else this.#chat.choose(topic);
  }

  async #goTo(wish) {
    this.#isFocusWanted = true;
    await this.#show({ wish });
  }

  /** One change after the other, in the order in which the host says them. Whoever leaves is not seen until it is their turn. */
  #become(jwt) {
    if (jwt === null) this.#clear();
    const change = () => (jwt === null ? this.#leave() : this.#identify(jwt));
    this.#identifying = this.#identifying.then(change).catch(() => this.#host.tell("refused"));
  }

  async #identify(jwt) {
    const user = await userIn(jwt);
    const isKnown = await between(() => this.#exchange(jwt, user));
    this.#host.tell(isKnown ? "identified" : "refused");
  }

  async #exchange(jwt, user) {
    const known = session.vouched();
    const isNeeded = !user || known.user !== user || known.until - EARLY <= Date.now();
    this.#spare = isNeeded ? null : jwt;
    if (!isNeeded) return true;
    const { answer, sentWith } = await postNow(urls.identityUrl, { token: jwt });
    if (!answer) return false;
    // Whom nobody can name is somebody else each time.
    const isKnown = session.remember(answer.session, { sentWith, user: user ?? answer.session, until: Date.parse(answer.ends_at) });
    if (isKnown) this.#change();
    // Another tab may have been faster with the same user.
    return isKnown || (user !== null && session.vouched().user === user);
  }

  async #leave() {
    this.#clear();
    await between(() => {
      this.#spare = null;
      if (session.token()) postNow(urls.leaveUrl, {});
      session.forget();
    });
    this.#show();
  }

  /** A visitor who is known now, or the same user again, keeps what they are writing; the next user finds none of it. */
  #change() {
    const isTheirs = !this.#user || this.#user === session.vouched().user;
    if (!isTheirs) this.#clear();
    this.#show({ keeps: true });
  }

  /** Nothing of whoever was here is seen, or told to the host, from now on. */
  #clear() {
    this.#shows += 1;
    this.#user = "";
    this.#swap(this.#anybodys.cloneNode(true));
    for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
    forgetWritten();
    this.#begun.clear();
    this.#sayOnItsWay("fetching");
    this.#unread = 0;
    this.#host.tell("unread", { count: 0 });
    this.#follow(false);
  }
}

function windowIn(page) {
  const parsed = new DOMParser().parseFromString(page, "text/html");
  return document.importNode(parsed.querySelector("[data-chat]"), true);
}

function fill(area, text) {
  if (area.value) return;
  area.value = text;
  area.dispatchEvent(new Event("input"));
}

new Frame();
