// The chat inside somebody else's page. The server knows its customer by a token that is kept here, not by a cookie.

import { showBy } from "../conversations/shown.js";
import { forgetWritten } from "./draft.js";
import { Host } from "./host.js";
import { between, get, post, postNow } from "./post.js";
import * as session from "./session.js";
import { ChatWindow } from "./window.js";

const AGAIN_AFTER = 2_000;
const LONGEST_WAIT = 60_000;
// So long before the end of a session somebody is vouched for anew.
const EARLY = 60 * 60_000;
const urls = document.body.dataset;

class Frame {
  #host;
  #chat = null;
  #isKept = session.keepOwn();
  #isOpen = false;
  #isFollowed = null;
  #unread = 0;
  #user = "";
  #identifying = Promise.resolve();

  constructor() {
    this.#host = new Host(JSON.parse(urls.origins), {
      open: ({ isFocused }) => this.#open(isFocused),
      close: () => this.#close(),
      topic: ({ topic }) => this.#choose(String(topic)),
      identify: ({ token }) => {
        this.#identifying = this.#identifying.then(() => this.#identify(token)).catch(() => this.#host.tell("refused"));
      },
    });
    session.follow(() => this.#become());
    document.addEventListener("click", (event) => this.#click(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing && event.keyCode !== 229) this.#host.tell("close");
    });
    showBy(async (element, address) => (element.src = await fetched(address).catch(() => "")));
    this.#begin();
  }

  /** Without a token the window that came with the page is the right one. */
  async #begin() {
    const topic = new URLSearchParams(location.search).get("topic");
    if (session.token()) await this.#show(topic ? { topic } : {});
    else this.#place(document.querySelector("[data-chat]"));
    this.#host.tell("ready");
  }

  /** Put the window of whoever we are now in its place. */
  async #show(wish = {}, wait = AGAIN_AFTER) {
    let page;
    try {
      page = await (await get(urls.windowUrl, wish, "text/html")).text();
    } catch ({ status }) {
      if (status === 401) session.forget();
      else await new Promise((resolve) => setTimeout(resolve, wait));
      return this.#show(wish, Math.min(2 * wait, LONGEST_WAIT));
    }
    const parsed = new DOMParser().parseFromString(page, "text/html");
    const section = document.importNode(parsed.querySelector("[data-chat]"), true);
    const before = document.querySelector("[data-chat]");
    this.#chat?.stop();
    before.replaceWith(section);
    return this.#place(section);
  }

  /** A visitor who is known now, or the same user again, keeps what they are writing; the next user finds none of it. */
  async #become() {
    const user = session.vouched().user ?? "";
    const isTheirs = !this.#user || this.#user === user;
    const written = isTheirs ? ["#chat-question", "#chat-message"].map((area) => document.querySelector(area).value).find(Boolean) : "";
    if (!isTheirs) forgetWritten();
    await this.#show();
    const area = document.querySelector(this.#chat.hasConversation ? "#chat-message" : "#chat-question");
    if (!written || area.value) return;
    area.value = written;
    area.dispatchEvent(new Event("input"));
  }

  #place(section) {
    section.hidden = false;
    section.querySelector("[data-unkept]").hidden = this.#isKept;
    section.querySelector("[data-close]").addEventListener("click", () => this.#host.tell("close"));
    let chat = null;
    let waiting = 0;
    const onUnread = (count) => {
      if (!chat) waiting = count;
      else if (chat === this.#chat) this.#heard(count);
    };
    chat = new ChatWindow(section, { onUnread });
    this.#chat = chat;
    this.#user = session.vouched().user ?? "";
    chat.isOpen = this.#isOpen;
    // What came while the page was away is unread, and no news.
    this.#unread = waiting;
    this.#host.tell("unread", { count: waiting });
    this.#follow();
  }

  #heard(count) {
    if (count > this.#unread) this.#host.tell("message");
    if (count !== this.#unread) this.#host.tell("unread", { count });
    this.#unread = count;
    this.#follow();
  }

  /** Whether the next page of the host should ask at once how things stand. */
  #follow() {
    const isFollowed = this.#chat.hasConversation && (!this.#chat.isResolved || this.#unread > 0);
    if (isFollowed !== this.#isFollowed) this.#host.tell("follow", { isFollowed });
    this.#isFollowed = isFollowed;
  }

  #open(isFocused) {
    this.#isOpen = true;
    if (!this.#chat) return;
    this.#chat.isOpen = true;
    if (isFocused) this.#chat.focus();
  }

  #close() {
    this.#isOpen = false;
    if (this.#chat) this.#chat.isOpen = false;
  }

  #choose(topic) {
    if (this.#chat?.isResolved) this.#show({ topic });
    else this.#chat?.choose(topic);
  }

  async #identify(jwt) {
    if (jwt === null) return this.#leave();
    const user = await userIn(jwt);
    const known = session.vouched();
    if (user && known.user === user && known.until - EARLY > Date.now()) return this.#host.tell("identified");
    const { answer } = await between(() => this.#exchange(jwt, user, known));
    if (!answer) return this.#host.tell("refused");
    await this.#become();
    return this.#host.tell("identified");
  }

  async #exchange(jwt, user, known) {
    const said = await postNow(urls.identityUrl, { token: jwt });
    if (said.answer) {
      if (known.user && known.user !== user) session.forget();
      session.remember(said.answer.session, { user, until: Date.parse(said.answer.ends_at) });
    }
    return said;
  }

  async #leave() {
    await between(async () => {
      if (session.token()) await postNow(urls.leaveUrl, {});
      session.forget();
    });
    await this.#show();
  }

  /** Links to the chat stay in the frame; all others leave it, for no other page of ours lets itself be framed. */
  #click(event) {
    if (event.target.closest("[data-outside]")) return this.#goOnOutside();
    const link = event.target.closest("a[href]");
    if (!link) return undefined;
    const url = new URL(link.href);
    if (url.origin === location.origin && url.pathname === urls.chatUrl) {
      event.preventDefault();
      return this.#show(Object.fromEntries(url.searchParams)).then(() => this.#chat.focus());
    }
    if (link.matches("[download]")) {
      event.preventDefault();
      return download(link);
    }
    link.target = "_blank";
    link.rel = "noopener";
    return undefined;
  }

  /** The code goes by POST, straight into the new window: not through an address, and not through the host page. */
  async #goOnOutside() {
    const form = document.querySelector("[data-take-over]");
    // At once, for browsers open windows only under somebody's finger; the chat page then cuts its tie to the frame.
    const outside = open("about:blank", form.target);
    const { answer } = session.token() ? await post(urls.handOverUrl, {}) : {};
    if (!answer) {
      if (outside) outside.location.replace(new URL(urls.chatUrl, location.href));
      return;
    }
    form.elements.code.value = answer.code;
    form.elements.ref.value = document.querySelector("[data-chat]").dataset.ref;
    form.submit();
    form.reset();
    this.#host.tell("close");
  }
}

/** A file of the conversation: no cookie goes along with its address, so it is fetched with the token. */
async function fetched(address) {
  return URL.createObjectURL(await (await get(address, {}, "*/*")).blob());
}

async function download(link) {
  const name = link.querySelector("[data-slot=name]") ?? document.querySelector("dialog[open] [data-slot=name]");
  const file = document.createElement("a");
  file.href = await fetched(link.href);
  file.download = name?.textContent ?? "";
  file.click();
}

/** Whom a token is about, as a hash; null where that can't be told, and then it is exchanged each time. */
async function userIn(jwt) {
  try {
    const { iss = "", sub } = JSON.parse(new TextDecoder().decode(bytes(jwt.split(".")[1])));
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${iss}\n${sub}`));
    return sub ? [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("") : null;
  } catch {
    return null;
  }
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

new Frame();
