// Reply or note: drafts kept on the server, secrets warned of, never sent while an input method composes.
import { newClientId } from "../conversations/unsent.js";
import { guard } from "../safety/guard.js";
import { post } from "./api.js";

const SAVE_AFTER = 800;
const TYPING_EVERY = 3_000;
const form = document.querySelector("[data-composer]");
const part = (name) => form.querySelector(`[data-${name}]`);

export class Composer {
  constructor(talk, onFailed) {
    Object.assign(this, { talk, onFailed, kind: "reply", drafts: {}, saved: {}, ref: null, typedAt: 0 });
    this.text = part("text");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    form.addEventListener("click", (event) => {
      const tab = event.target.closest("[data-mode-of]");
      if (tab) this.focus(tab.dataset.modeOf);
    });
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.send();
      }
    });
    addEventListener("pagehide", () => this.save());
  }

  begin(ref, drafts) {
    this.ref = ref;
    this.drafts = { ...drafts };
    this.saved = { ...drafts };
    part("draft-state").textContent = "";
    this.mode(drafts.note && !drafts.reply ? "note" : "reply");
  }

  end() {
    this.save();
    this.ref = null;
  }

  mode(kind) {
    this.kind = kind;
    form.dataset.mode = kind;
    for (const tab of form.querySelectorAll("[data-mode-of]")) {
      const on = tab.dataset.modeOf === kind;
      tab.setAttribute("aria-selected", on);
      tab.tabIndex = on ? 0 : -1;
    }
    part("label").textContent = part("label").dataset[kind];
    this.text.placeholder = this.text.dataset[kind];
    this.text.value = this.drafts[kind] ?? "";
    this.look();
  }

  focus(kind) {
    if (kind !== this.kind) this.mode(kind);
    this.text.focus();
  }

  put(words) {
    this.mode("reply");
    this.text.value = [words, this.text.value].filter(Boolean).join("\n");
    this.changed();
    this.text.focus();
  }

  changed() {
    this.drafts[this.kind] = this.text.value;
    this.look();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.save(), SAVE_AFTER);
    // Colleagues and the customer see that a reply is being written; a note is nobody's business.
    if (this.kind === "reply" && this.text.value && Date.now() - this.typedAt > TYPING_EVERY) {
      this.typedAt = Date.now();
      this.talk.socket.send({ type: "typing", ref: this.ref });
    }
  }

  look() {
    part("found").hidden = guard(this.text.value).found.length === 0;
  }

  show(state) {
    const line = part("typing");
    const typing = Object.values(state.typing).map(({ who }) => who.name || line.dataset.visitor);
    line.textContent = typing.length ? line.dataset.words.replace("{name}", typing.join("、")) : "";
  }

  async save() {
    clearTimeout(this.waiting);
    const { ref, drafts, saved } = this;
    if (!ref) return;
    for (const kind of ["reply", "note"]) {
      const text = drafts[kind] ?? "";
      if (text === (saved[kind] ?? "")) continue;
      saved[kind] = text;
      const line = part("draft-state");
      try {
        await post(`/desk/conversation/${ref}/draft/`, { kind, text });
        if (ref === this.ref) line.textContent = text ? line.dataset.saved : "";
      } catch {
        // It is still in the field; the next change or the next save tries again.
        saved[kind] = null;
        if (ref === this.ref) line.textContent = line.dataset.failed;
      }
    }
  }

  stamp() {
    return { client_id: newClientId(), at: new Date().toISOString() };
  }

  send() {
    const text = this.text.value.trim();
    if (!text || !this.ref) return;
    this.talk.say(text, this.kind === "note" ? "staff" : "customer");
    this.text.value = "";
    this.drafts[this.kind] = "";
    this.look();
    this.save();
  }
}
