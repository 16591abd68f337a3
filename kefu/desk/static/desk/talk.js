// The open conversation: thread, composer, and what can be done with it.
import { begin, lastHeard, reduce } from "../conversations/reducer.js";
import { Thread } from "../conversations/thread.js";
import { Unsent } from "../conversations/unsent.js";
import { get, post } from "./api.js";
import { Composer } from "./composer.js";
import * as context from "./context.js";
import { since, toast, word } from "./words.js";

const root = document.querySelector("[data-talk]");
const part = (name) => root.querySelector(`[data-${name}]`);

export class Talk {
  constructor(socket, page, { onRow, onFailed }) {
    Object.assign(this, { socket, me: page.me, topics: page.topics, onRow, onFailed, state: null, shown: null });
    const log = part("thread");
    this.thread = new Thread({ log, audience: "staff", onAct: (act, entry) => this.unsentAct(act, entry) });
    this.composer = new Composer(this, onFailed);
    log.addEventListener("scroll", () => log.scrollTop < 80 && this.older());
    part("take").addEventListener("click", () => this.take());
    part("resolve").addEventListener("click", () => this.resolve(true));
    part("reopen").addEventListener("click", () => this.resolve(false));
    part("assignee").addEventListener("change", (event) => this.assign(event.target.value ? Number(event.target.value) : null));
    part("stale-send").addEventListener("click", () => this.sendStale());
    part("stale-edit").addEventListener("click", () => this.editStale());
    socket.listen((frame) => this.hear(frame));
    document.addEventListener("visibilitychange", () => this.tellSeen());
    setInterval(() => this.beat(), 10_000);
    setInterval(() => this.step({ type: "tick" }), 1_000);
  }

  get ref() {
    return this.shown?.ref ?? null;
  }

  open(answer, view) {
    if (this.ref === answer.row.ref) return;
    this.close();
    this.shown = answer.row;
    this.state = begin({ ref: answer.row.ref, audience: "staff" });
    this.unsent = new Unsent(`staff-${this.me.id}-${answer.row.ref}`);
    this.told = 0;
    this.step({ type: "restore", entries: this.unsent.load() });
    this.step({ type: "resync", topic: answer.snapshot.topic, snapshot: answer.snapshot });
    if (this.socket.status.state === "open") this.step({ type: "hello" });
    for (const name of ["talk-some", "thread", "composer"]) part(name).hidden = false;
    if (this.me.reads_only) part("composer").hidden = part("acts").hidden = true;
    this.colleagues(answer.colleagues);
    this.composer.begin(answer.row.ref, answer.drafts);
    context.draw(answer, view);
    this.head();
    this.thread.toEnd();
    this.socket.watch(this.state.topic, () => this.state.seq);
    this.beat();
    this.tellSeen();
  }

  // Nothing of what was open is shown, or can be answered by mistake, while the next one is on its way.
  close() {
    for (const name of ["talk-none", "talk-some", "thread", "composer", "stale"]) part(name).hidden = true;
    context.draw(null);
    this.shown = null;
    if (!this.state) return;
    this.composer.end();
    this.socket.unwatch(this.state.topic);
    this.socket.send({ type: "looking", ref: null });
    this.thread.clear();
    this.state = null;
  }

  none() {
    this.close();
    part("talk-none").hidden = false;
  }

  // A frame from the server or from this page goes through the reducer; what it asks for is sent.
  step(frame) {
    if (!this.state) return;
    const { state, asks } = reduce(this.state, frame, Date.now());
    const changed = state !== this.state;
    this.state = state;
    for (const ask of asks) this.socket.send(ask);
    if (!changed) return;
    this.unsent.keep(state.unsent);
    this.thread.draw(state);
    this.composer.show(state);
    this.onlookers();
    part("stale").hidden = !this.staleEntry();
    if (state.head) this.head();
  }

  hear(frame) {
    if (!this.state) return;
    this.step(frame);
    if (frame.type === "hello") this.beat();
    if (frame.type === "events" || frame.type === "resync") this.tellSeen();
  }

  row(row) {
    if (row.ref !== this.ref) return;
    this.shown = row;
    this.head();
  }

  head() {
    const { state, assignee, turn, turn_since, customer, topic, spoken_seq } = this.latest();
    part("talk-title").textContent = customer.name || `${word("visitor")} ${this.ref.slice(-6, -2)}`;
    part("talk-ref").textContent = this.ref;
    part("talk-topic").textContent = this.topics[topic] ?? topic;
    part("talk-turn").textContent = turn === "none" ? word("turn.none") : `${word(`turn.${turn}`)} ${since(turn_since)}`;
    part("talk-turn").classList.toggle("care", ["first_reply", "next_reply", "tell_customer"].includes(turn));
    part("assignee").value = assignee ? String(assignee.id) : "";
    part("take").hidden = assignee?.id === this.me.id;
    part("resolve").hidden = state === "resolved";
    part("reopen").hidden = state !== "resolved";
    this.spoken = spoken_seq;
  }

  // The socket's head is younger than the row that opened it.
  latest() {
    const head = this.state?.head;
    return head ? { ...this.shown, ...head, customer: head.customer ?? this.shown.customer } : this.shown;
  }

  colleagues(people) {
    const select = part("assignee");
    select.replaceChildren(select.options[0]);
    const assignee = this.shown.assignee;
    const known = assignee && !people.some((one) => one.id === assignee.id) ? [...people, assignee] : people;
    for (const one of known) select.append(new Option(one.name, one.id));
  }

  onlookers() {
    const others = (this.state.looking ?? []).filter((who) => who.id !== this.me.id);
    const line = part("onlookers");
    line.hidden = !others.length;
    const words = part("onlookers-words");
    words.textContent = others.length ? words.dataset.words.replace("{names}", others.map((who) => who.name).join("、")) : "";
  }

  say(text, visibility) {
    const spoken_seq = visibility === "customer" ? this.state.head.spoken_seq : null;
    this.step({ type: "write", ...this.composer.stamp(), text, visibility, spoken_seq });
    this.thread.toEnd();
  }

  staleEntry() {
    return this.state.unsent.find((entry) => entry.state === "stale");
  }

  sendStale() {
    const entry = this.staleEntry();
    if (entry) this.step({ type: "retry", client_id: entry.client_id, spoken_seq: this.state.head.spoken_seq });
  }

  editStale() {
    const entry = this.staleEntry();
    if (!entry) return;
    this.step({ type: "drop", client_id: entry.client_id });
    this.composer.put(entry.text);
  }

  unsentAct(act, entry) {
    if (entry.state === "stale") return act === "drop" ? this.editStale() : this.sendStale();
    return this.step({ type: act, client_id: entry.client_id });
  }

  async older() {
    if (!this.state?.earlier || this.asking) return;
    this.asking = true;
    const { from, ref } = this.state;
    try {
      const answer = await get(`/desk/conversation/${ref}/earlier/?before=${from}`);
      if (this.ref === ref) this.step({ type: "older", ref, before: from, ...answer });
    } catch (problem) {
      this.onFailed(problem);
    } finally {
      this.asking = false;
    }
  }

  // "I have this open" is a lease, renewed while somebody looks.
  beat() {
    if (this.state && document.visibilityState === "visible") this.socket.send({ type: "looking", ref: this.ref });
  }

  tellSeen() {
    if (!this.state || this.me.reads_only || document.visibilityState !== "visible") return;
    const heard = lastHeard(this.state);
    if (heard <= this.told) return;
    if (this.socket.send({ type: "seen", ref: this.ref, delivered: heard, seen: heard })) this.told = heard;
  }

  take() {
    if (this.ref && !this.me.reads_only) this.assign(this.me.id, word("toast.taken"));
  }

  resolveOrReopen() {
    if (this.ref && !this.me.reads_only) this.resolve(this.latest().state !== "resolved");
  }

  write(kind) {
    if (this.ref && !this.me.reads_only) this.composer.focus(kind);
  }

  assign(agent, said = null) {
    return this.act("assignee", { agent }, said);
  }

  resolve(resolved) {
    return this.act("resolution", { resolved }, word(resolved ? "toast.resolved" : "toast.reopened"));
  }

  async act(verb, body, said) {
    try {
      const { row } = await post(`/desk/conversation/${this.ref}/${verb}/`, body);
      this.onRow(row);
      if (said) toast(said);
    } catch (problem) {
      this.onFailed(problem);
      if (this.state) this.head();
    }
  }
}
