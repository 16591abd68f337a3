// Before the first word: choosing a topic and asking. The question is kept until the server has it, and sent once.

import { Attach } from "../conversations/attach.js";
import { Composer } from "../conversations/compose.js";
import { forget, steps } from "../conversations/trail.js";
import { newClientId, Unsent } from "../conversations/unsent.js";
import { guard } from "../safety/guard.js";
import { zone } from "../ui/times.js";
import { reads } from "./draft.js";
import { post } from "./post.js";
import { end, remember, vouched, wish } from "./session.js";

const AGAIN_AFTER = 8_000;

export class Start {
  #root;
  #form;
  #composer;
  #attach;
  #email;
  #onView;
  #onOpened;
  #unsent = new Unsent("new");
  #entry = null;
  // What waited until its words were changed; the server may have it all the same.
  #changed = null;
  #topic = "";
  // The topic and the kind of problem that whoever led here named.
  #led;
  #timer = 0;
  #isSending = false;
  #isStopped = false;

  constructor(root, { onView, onOpened }) {
    this.#root = root;
    this.#led = { topic: root.dataset.chosenTopic, issue: root.dataset.chosenIssue };
    this.#form = root.querySelector("[data-view=question]");
    this.#onView = onView;
    this.#onOpened = onOpened;
    // There is no conversation yet that they could go into: they follow the question.
    this.#attach = new Attach(this.#form, { place: root });
    this.#composer = new Composer(this.#form, { onText: (text) => this.#ask(text), onInput: (text) => this.#hear(text) });
    for (const choice of root.querySelectorAll("[data-topic]")) choice.addEventListener("click", () => this.#choose(choice, true));
    this.#form.querySelector("[data-back]").addEventListener("click", () => this.#back());
    const choices = root.querySelectorAll("[data-topic]");
    this.#form.querySelector("[data-back]").hidden = choices.length < 2;
    this.#form.querySelector("[data-trail-forget]").addEventListener("click", () => this.#forgetTrail());
    this.#email = this.#form.elements.email;
    this.#email.addEventListener("focus", () => this.#keepEmailShown());
    this.#email.addEventListener("input", () => this.#showEmailProblem(null));
    addEventListener("online", () => this.#entry && this.#send());
  }

  /** Go on with a question that an earlier page could not send, with what was `written` there, or with the topic that the address names. */
  resume({ hasConversation, written }) {
    const entry = this.#unsent.load().find(({ state, extra }) => state !== "failed" && this.#choice(extra?.topic));
    const choice = this.#choice(written?.topic);
    const isWritten = Boolean(choice && written.text && !hasConversation);
    // Another tab's question stays where it is, for that tab or for the next page on which nothing was written.
    if (entry && isWritten && !(written.topic === entry.extra.topic && reads(written.text, entry.text))) this.#unsent = new Unsent("new");
    else if (entry) {
      this.#fill(this.#choice(entry.extra.topic), entry.text, isWritten ? written.email : entry.extra.email);
      this.#entry = entry;
      this.#send();
      return;
    }
    if (hasConversation) return;
    const named = this.#choice(this.#led.topic);
    if (choice) this.#fill(choice, written.text, written.email);
    else if (named) this.#choose(named, false);
  }

  /** What stands in the boxes now, for the next page. */
  get writing() {
    const { text } = this.#composer;
    return { ref: "", topic: this.#form.hidden && !text ? "" : this.#topic, text, email: this.#email.value };
  }

  /** Whoever asks has a session again: a question that is kept goes now. */
  comeBack() {
    if (this.#entry) this.#send();
  }

  /** Give the chosen files to another window. */
  release() {
    return this.#attach.release();
  }

  add(files) {
    this.#attach.add(files);
  }

  #fill(choice, text, email) {
    this.#choose(choice, false);
    this.#composer.text = text;
    this.#email.value = email ?? "";
    if (this.#email.value) this.#keepEmailShown();
  }

  /** The host page, or whoever led here, names what it is about. */
  choose({ topic, issue = "" }) {
    const choice = this.#form.hidden && this.#choice(topic);
    if (!choice) return;
    this.#led = { topic, issue };
    this.#choose(choice, false);
  }

  /** Leave the page to another window, which sends what is kept. */
  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#entry = null;
  }

  /** True if there was something here to write in. */
  focus() {
    if (this.#form.hidden) return false;
    this.#composer.focus();
    return true;
  }

  #choice(key) {
    return [...this.#root.querySelectorAll("[data-topic]")].find((choice) => choice.dataset.topic === key);
  }

  #choose(choice, isFocused) {
    this.#topic = choice.dataset.topic;
    this.#form.querySelector("[data-topic-shown]").textContent = choice.dataset.topicName;
    this.#form.querySelector("[data-trail]").hidden = !steps().length;
    this.#onView("question");
    if (isFocused) this.#composer.focus();
  }

  #back() {
    this.#forget();
    this.#onView("topics");
    this.#choice(this.#topic)?.focus();
  }

  /** Asking the same again is the same question; other words are another. */
  #ask(text) {
    if (this.#isSending) return false;
    const before = this.#entry ?? this.#changed;
    const isSame = before?.text === text && before.extra.topic === this.#topic;
    this.#entry = isSame ? before : { client_id: newClientId(), text, at: new Date().toISOString(), extra: { topic: this.#topic, issue: this.#issue } };
    this.#send();
    return false;
  }

  /** What waits is what was pressed: whoever changes it meanwhile presses again. */
  #hear(text) {
    const entry = this.#entry;
    if (!entry || this.#isSending || reads(text, entry.text)) return;
    this.#forget();
    this.#changed = entry;
  }

  /** Whoever chooses another topic came for something else. */
  get #issue() {
    return this.#topic === this.#led.topic ? (this.#led.issue ?? "") : "";
  }

  async #send() {
    if (this.#isSending) return;
    clearTimeout(this.#timer);
    this.#keep();
    this.#busy(true);
    const { client_id, text, extra } = this.#entry;
    const email = this.#email.value.trim();
    const values = { client_id, text, topic: extra.topic, issue_type: extra.issue ?? "", language: this.#root.dataset.language, zone: zone(), email, trail: steps(), ...wish() };
    const { answer, code, message, isLost, sentWith } = await post(this.#root.dataset.openUrl, values);
    if (answer) remember(answer.session, { sentWith });
    if (this.#isStopped) return undefined;
    this.#busy(false);
    // A user whom nobody vouches for any more is told so by whoever asked, and says themselves whether to go on as a guest.
    const isUnvouched = code === "signed_out" && Boolean(vouched().user);
    // A guest's session is over; the question is still to be asked.
    if (code === "signed_out" && !isUnvouched && end(sentWith)) return this.#send();
    const isWaiting = isLost || (code === "signed_out" && !isUnvouched);
    this.#show("[data-kept]", isWaiting);
    this.#showEmailProblem(code === "email" ? message : null);
    this.#show("[data-problem]", Boolean(message) && code !== "email" && code !== "signed_out", message);
    if (isWaiting) this.#timer = setTimeout(() => this.#send(), AGAIN_AFTER);
    else if (answer) this.#done(answer);
    else if (code !== "too_many" && !isUnvouched) this.#forget();
    return undefined;
  }

  /** With the address, or it would be gone after a reload. A secret typed into its box is not kept either. */
  #keep() {
    const email = guard(this.#email.value.trim()).text;
    this.#entry = { ...this.#entry, extra: { ...this.#entry.extra, email } };
    this.#unsent.keep([this.#entry]);
  }

  #forgetTrail() {
    forget();
    this.#led = {};
    this.#form.querySelector("[data-trail]").hidden = true;
    this.#composer.focus();
  }

  #done(answer) {
    this.#forget();
    forget();
    this.#composer.text = "";
    this.#onOpened({ ...answer, files: this.#attach.release() });
  }

  /** The words stay in the box; only the promise to send them by itself ends. */
  #forget() {
    clearTimeout(this.#timer);
    this.#entry = null;
    this.#changed = null;
    this.#unsent.keep([]);
    this.#show("[data-kept]", false);
  }

  /** A box that somebody has been in does not go away under their hands when the chat opens. */
  #keepEmailShown() {
    const field = this.#email.closest("[data-email]");
    field.removeAttribute("data-when");
    field.hidden = false;
  }

  #showEmailProblem(message) {
    this.#show("[data-email-problem]", Boolean(message), message ?? "");
    this.#email.setAttribute("aria-invalid", String(Boolean(message)));
    if (!message) return;
    this.#keepEmailShown();
    this.#email.focus();
  }

  #busy(isBusy) {
    this.#isSending = isBusy;
    const button = this.#form.querySelector("[data-send]");
    button.setAttribute("aria-busy", String(isBusy));
    button.disabled = isBusy;
    this.#form.querySelector("textarea").readOnly = isBusy;
  }

  #show(selector, isWanted, words = null) {
    const line = this.#form.querySelector(selector);
    line.hidden = !isWanted;
    if (words !== null) line.querySelector("[data-problem-words]").textContent = words ?? "";
  }
}
