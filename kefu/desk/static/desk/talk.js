// The open conversation: what the desk has around the shared thread, and what can be done with it.
import { Gallery } from "../conversations/gallery.js";
import { spoken } from "../conversations/reducer.js";
import { Talk } from "../conversations/talk.js";
import { get, post } from "./api.js";
import { Articles } from "./articles.js";
import { Choice } from "./choice.js";
import { ReplyOrNote } from "./composer.js";
import * as context from "./context.js";
import { Outbox } from "./outbox.js";
import { topicName } from "./rows.js";
import { since, toast, word } from "./words.js";

const LOOK_EVERY = 10_000;
const NEAR_TOP = 80;
const root = document.querySelector("[data-talk]");
const part = (name) => root.querySelector(`[data-${name}]`);

export class OpenConversation {
  constructor(socket, page, { onRow, onFailed, onHeld, onUnsent, onPane }) {
    Object.assign(this, { socket, page, me: page.me, onRow, onFailed, talk: null, shown: null });
    this.composer = new ReplyOrNote(page.me, {
      onSay: (text, visibility, files, heard) => this.say(text, visibility, files, heard),
      onTyping: () => this.talk?.typing(),
      heard: () => (this.talk ? spoken(this.talk.state) : 0),
      onHeld,
    });
    this.articles = new Articles({
      // Who may not write has no box, and reads on.
      onPut: (kind, words) => (this.me.reads_only ? part("thread").focus() : this.composer.insert(kind, words)),
      kind: () => this.composer.kind,
      onPane,
    });
    part("articles-open").addEventListener("click", () => this.readArticles());
    new Gallery(part("thread"));
    part("thread").addEventListener("scroll", ({ target }) => target.scrollTop < NEAR_TOP && this.older());
    part("take").addEventListener("click", () => this.take());
    part("resolve").addEventListener("click", () => this.resolve(true));
    part("reopen").addEventListener("click", () => this.resolve(false));
    this.assignee = new Choice(part("assignee"), (value) => {
      const { ref } = this;
      return () => this.act(ref, "assignee", { agent: value ? Number(value) : null });
    });
    part("stale-send").addEventListener("click", () => this.sendStale());
    part("stale-edit").addEventListener("click", () => this.editStale());
    // On a phone another pane may be in its place.
    new ResizeObserver(() => this.talk?.shown()).observe(part("thread"));
    this.outbox = new Outbox(socket, page.me.id, onUnsent);
    this.outbox.begin(page.open?.row.ref);
    socket.listen((frame) => frame.type === "hello" && this.beat());
    setInterval(() => this.beat(), LOOK_EVERY);
  }

  get ref() {
    return this.shown?.ref ?? null;
  }

  // `askedAt` is when the answer was asked for, by the page's own clock.
  open(answer, view, askedAt = 0) {
    const { ref } = answer.row;
    if (this.ref === ref) return;
    this.close();
    this.shown = answer.row;
    for (const name of ["talk-some", "thread", "composer"]) part(name).hidden = false;
    if (this.me.reads_only) part("composer").hidden = part("acts").hidden = true;
    part("assignee").replaceChildren(part("assignee").options[0]);
    this.colleagues(answer.colleagues);
    this.composer.begin(ref, answer.drafts, askedAt);
    context.draw(answer, view);
    this.talk = new Talk({
      ref,
      key: this.outbox.key(ref),
      audience: "staff",
      socket: this.socket,
      snapshot: answer.snapshot,
      elements: { log: part("thread") },
      tellsSeen: !this.me.reads_only,
      isShown: () => part("thread").offsetParent !== null,
      fetchEarlier: (before) => get(`/desk/conversation/${ref}/earlier/?before=${before}`),
      onAct: (act, entry) => this.unsentAct(act, entry),
      onChange: (state) => this.follow(state),
    });
    this.talk.dispatch({ type: "restore", entries: this.outbox.giveBack(ref) });
    this.talk.thread.toEnd();
    this.beat();
  }

  // Nothing of what was open is shown, or can be answered by mistake, while the next one is on its way.
  close() {
    for (const name of ["talk-none", "talk-some", "thread", "composer", "stale"]) part(name).hidden = true;
    context.draw(null);
    this.articles.end();
    this.composer.end();
    this.assignee.leave();
    if (this.talk) this.leave(this.talk);
    this.talk = this.shown = null;
  }

  leave(talk) {
    talk.stop();
    this.outbox.leave(talk.state);
    this.socket.send({ type: "looking", ref: null });
  }

  none() {
    this.close();
    part("talk-none").hidden = false;
  }

  follow(state) {
    this.composer.show(state);
    this.onlookers(state);
    part("stale").hidden = !staleIn(state);
    this.head(state);
  }

  row(row) {
    if (row.ref !== this.ref) return;
    this.shown = row;
    this.head();
  }

  /** Something may have become of a letter about it. */
  async mail(ref) {
    if (ref !== this.ref) return;
    const { letters } = await get(`/desk/conversation/${ref}/letters/`).catch(() => ({}));
    if (letters && ref === this.ref) context.drawMail(letters);
  }

  head(talked = this.talk?.state) {
    const { state, assignee, turn, turn_since, customer, team, topic } = this.latest(talked);
    part("talk-title").textContent = customer.name || `${word("visitor")} ${this.ref.slice(-6, -2)}`;
    part("talk-ref").textContent = this.ref;
    part("talk-topic").textContent = topicName(this.page, { team, topic });
    const isOurs = ["first_reply", "next_reply", "tell_customer"].includes(turn);
    part("talk-turn-words").textContent = turn === "none" ? word("turn.none") : word("turn.for", { turn: word(`turn.${turn}`), for: since(turn_since) });
    part("talk-turn-ours").hidden = !isOurs;
    part("talk-turn").classList.toggle("care", isOurs);
    this.colleagues(assignee ? [assignee] : []);
    this.assignee.show(assignee ? String(assignee.id) : "");
    part("take").hidden = assignee?.id === this.me.id;
    part("resolve").hidden = state === "resolved";
    part("reopen").hidden = state !== "resolved";
  }

  // The socket's head is younger than the row that opened it.
  latest(talked = this.talk?.state) {
    const head = talked?.head;
    return head ? { ...this.shown, ...head, customer: head.customer ?? this.shown.customer } : this.shown;
  }

  // Who has it may be nobody of the team, as an admin is, and may have come to it after it was opened here.
  colleagues(people) {
    const select = part("assignee");
    const known = new Set([...select.options].map((one) => one.value));
    for (const one of people) if (!known.has(String(one.id))) select.append(new Option(one.name, one.id));
  }

  onlookers({ looking }) {
    const others = looking.filter((who) => who.id !== this.me.id);
    const line = part("onlookers");
    line.hidden = !others.length;
    const words = part("onlookers-words");
    words.textContent = others.length ? words.dataset.words.replace("{names}", others.map((who) => who.name).join("、")) : "";
  }

  // What a reply answers is what its writer can have read when they pressed, so that "stale" is true.
  say(text, visibility, files, heard) {
    if (!this.talk?.canWrite) {
      if (this.talk) toast(word("toast.full"));
      return false;
    }
    this.talk.write(text, { visibility, files, spoken_seq: visibility === "customer" ? heard : null });
    return true;
  }

  sendStale() {
    const entry = staleIn(this.talk?.state);
    if (entry) this.talk.dispatch({ type: "retry", client_id: entry.client_id, spoken_seq: spoken(this.talk.state) });
  }

  editStale() {
    const entry = staleIn(this.talk?.state);
    if (!entry) return;
    this.composer.put(entry.text, entry.files);
    this.talk.dispatch({ type: "drop", client_id: entry.client_id });
  }

  unsentAct(act, entry) {
    if (entry.state === "stale") return act === "drop" ? this.editStale() : this.sendStale();
    return this.talk.dispatch({ type: act, client_id: entry.client_id });
  }

  async older() {
    try {
      await this.talk?.showEarlier();
    } catch (problem) {
      this.onFailed(problem);
    }
  }

  // "I have this open" is a lease, renewed while somebody looks.
  beat() {
    if (!this.talk || document.visibilityState !== "visible") return;
    this.socket.send({ type: "looking", ref: this.ref });
    // Why a letter waits, and that it was withdrawn, nobody is told of by the socket.
    if (context.waitsForMail()) this.mail(this.ref);
    context.drawTime();
    this.head();
  }

  take() {
    if (this.ref && !this.me.reads_only) this.act(this.ref, "assignee", { agent: this.me.id }, word("toast.taken"));
  }

  resolveOrReopen() {
    if (this.ref && !this.me.reads_only) this.resolve(this.latest().state !== "resolved");
  }

  readArticles() {
    if (this.ref) this.articles.open(this.ref);
  }

  write(kind = this.composer.kind) {
    if (this.ref && !this.me.reads_only) this.composer.focus(kind);
  }

  resolve(resolved) {
    return this.act(this.ref, "resolution", { resolved }, word(resolved ? "toast.resolved" : "toast.reopened"));
  }

  async act(ref, verb, body, said = null) {
    try {
      const { row } = await post(`/desk/conversation/${ref}/${verb}/`, body);
      this.onRow(row);
      if (said) toast(said);
    } catch (problem) {
      this.onFailed(problem);
      if (this.ref) this.head();
    }
  }
}

function staleIn(state) {
  return state?.unsent.find((entry) => entry.state === "stale") ?? null;
}
