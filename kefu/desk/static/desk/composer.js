// Reply or note: two texts in one box, each kept as a draft until it is sent, and each with files of its own.
import { isSendKey } from "../conversations/compose.js";
import { Writing } from "../conversations/writing.js";
import { Drafts } from "./drafts.js";
import { Returned } from "./returned.js";
import { toast, word } from "./words.js";

const form = document.querySelector("[data-composer]");
const part = (name) => form.querySelector(`[data-${name}]`);

export class ReplyOrNote {
  // `onSay(text, visibility, files, heard)` may answer false to keep them in the box; `heard` is what `heard()` gave when it was
  // pressed. `onHeld(refs)` is told in which other conversations something was pressed that is not sent.
  constructor(me, { onSay, onTyping, heard, onHeld }) {
    Object.assign(this, { kind: "reply", ref: null, onSay, onHeld, text: part("text") });
    this.drafts = new Drafts(me.id, () => this.tell());
    this.returned = new Returned(form);
    // A file may take minutes; what was said meanwhile, its writer could not have read, and what came back, they did not press.
    const atPress = () => ({ heard: heard(), back: this.kind === "reply" ? this.returned.of(this.ref) : [] });
    // Before the box looks, to which a reply of nothing but these is empty.
    form.addEventListener("submit", () => this.isOnlyReturned && this.say("", [], "reply", atPress()));
    this.box = new Writing(form, {
      side: "staff",
      place: form.closest("[data-talk]"),
      onSay: (text, _, files, kind, pressed) => this.say(text, files, kind, pressed),
      atPress,
      onInput: (text) => this.drafts.write(this.ref, this.kind, text),
      // The customer and colleagues see that a reply is being written; a note is nobody's business.
      onTyping: () => this.kind === "reply" && onTyping(),
      isSend: (event) => (event.ctrlKey || event.metaKey) && isSendKey(event, true),
    });
    const pressed = ({ target }) => target.closest("[data-mode-of]")?.dataset.modeOf;
    // Arrow keys choose too, and stay on the tabs; what is shown as chosen is what is sent.
    form.addEventListener("chosen", (event) => pressed(event) && this.turn(pressed(event)));
    form.addEventListener("click", (event) => pressed(event) && this.focus(pressed(event)));
  }

  // `askedAt` is when the drafts were asked for, by the page's own clock.
  begin(ref, drafts, askedAt) {
    this.ref = ref;
    this.drafts.begin(ref, drafts, askedAt);
    const isBegun = (kind) => this.drafts.text(ref, kind) || this.box.holds(ref, kind) || (kind === "reply" && this.returned.of(ref).length > 0);
    const held = this.box.held.find((one) => one.ref === ref);
    this.mode(held?.kind ?? (isBegun("note") && !isBegun("reply") ? "note" : "reply"));
    this.tellHeld();
  }

  end() {
    this.drafts.save();
    this.box.leave();
    this.returned.show(null);
    this.ref = null;
    this.tellHeld();
  }

  tellHeld() {
    this.onHeld(new Set(this.box.held.map(({ ref }) => ref).filter((ref) => ref !== this.ref)));
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
    this.box.open(this.ref, kind);
    this.returned.show(kind === "reply" ? this.ref : null);
    this.box.text = this.drafts.text(this.ref, kind);
    this.tell();
  }

  turn(kind) {
    if (kind === this.kind) return;
    if (this.hasFiles) toast(word("toast.files_stay"));
    this.mode(kind);
  }

  focus(kind) {
    this.turn(kind);
    this.box.focus();
  }

  get hasFiles() {
    return this.box.hasFiles || (this.kind === "reply" && this.returned.of(this.ref).length > 0);
  }

  get isOnlyReturned() {
    return !this.text.value.trim() && this.hasFiles && !this.box.hasFiles;
  }

  // Words that come back, before what is written already, and the files that were with them.
  put(words, files = []) {
    this.returned.add(this.ref, files);
    const text = [words, this.drafts.text(this.ref, "reply")].filter(Boolean).join("\n");
    this.drafts.write(this.ref, "reply", text);
    this.mode("reply");
    this.box.focus();
  }

  // On lines of its own, where the cursor is.
  insert(kind, words) {
    this.focus(kind);
    if (!words) return;
    const { text } = this;
    const at = text.selectionEnd;
    const before = text.value.slice(0, at);
    text.setRangeText(before && !before.endsWith("\n") ? `\n${words}` : words, at, at, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  show(state) {
    const line = part("typing");
    const typing = Object.values(state.typing).map(({ who }) => who.name || line.dataset.visitor);
    line.textContent = typing.length ? line.dataset.words.replace("{name}", typing.join("、")) : "";
  }

  tell() {
    const line = part("draft-state");
    line.textContent = (this.ref && line.dataset[this.drafts.state(this.ref, this.kind)]) || "";
  }

  // `kind` is what it was when it was pressed; the box may hold the other by now.
  say(text, files, kind, { heard, back }) {
    // Those for which there is no room go with the next.
    const still = back.filter((file) => this.returned.of(this.ref).includes(file)).slice(0, Number(part("files").dataset.most) - files.length);
    if (!this.ref || this.onSay(text, kind === "note" ? "staff" : "customer", [...still, ...files], heard) === false) return false;
    this.returned.take(this.ref, still);
    this.drafts.write(this.ref, kind, "");
    this.drafts.save();
    return true;
  }
}
