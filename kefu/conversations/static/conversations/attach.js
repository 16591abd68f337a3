// Files of a message before it is said: chosen, dropped or pasted, in a row above the box, on their way while one writes.
// Attached to a form that holds [data-attach] (a button), [data-files] (its input), [data-tray], [data-tray-waits] and
// [data-tray-held]. Each conversation and kind of message has a tray of its own: a note's files never go with a reply.

import { made, part } from "./parts.js";
import { problemWords, sizeWords } from "./files.js";
import { carried, isOver, Tray } from "./tray.js";
import { newClientId } from "./unsent.js";
import { Upload } from "./upload.js";

const THUMB = 96;
const KINDS = [
  ["picture", /^image\//],
  ["video", /^video\//],
  ["pdf", /^application\/pdf$/],
];

export class Attach {
  #form;
  #list;
  #side;
  #headers;
  #onUp;
  #limits;
  #most;
  #trays = new Map();
  #tray = new Tray();

  /**
   * `place` is where files may be dropped. `onUp(pressed, files, kind)` says what was pressed, once, as soon as its files are
   * up; it may answer false to keep them.
   */
  constructor(form, { side = "customer", place = form, headers, onUp = () => false } = {}) {
    this.#form = form;
    this.#list = form.querySelector("[data-tray]");
    this.#side = side;
    this.#headers = headers;
    this.#onUp = onUp;
    const input = form.querySelector("[data-files]");
    this.#limits = JSON.parse(input.dataset.limits);
    this.#most = Number(input.dataset.most);
    form.querySelector("[data-attach]").addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      this.add(input.files);
      input.value = "";
    });
    form.addEventListener("paste", (event) => this.#paste(event));
    this.#takeDrops(place);
    // Files live as long as the page: the browser asks before it leaves with them.
    addEventListener("beforeunload", (event) => {
      if ([this.#tray, ...this.#trays.values()].some((tray) => tray.isWorthKeeping)) event.preventDefault();
    });
  }

  /** Show the tray of this conversation and kind of message; files in others stay there and go on. */
  open(ref, kind = "") {
    this.#trays.set(Tray.key(this.#tray.ref, this.#tray.kind), this.#tray);
    this.#tray = this.#trays.get(Tray.key(ref, kind)) ?? new Tray(ref, kind);
    this.#list.replaceChildren(...this.#tray.items.map(({ node }) => node));
    this.#draw();
  }

  /** Leave the conversation: what waits to be sent in it is held back. */
  leave() {
    this.open(null);
    for (const tray of this.#trays.values()) tray.hold();
  }

  /** Where something was pressed that is not sent: {ref, kind} of each tray, oldest first. */
  get held() {
    return [...this.#trays.values()].filter(({ ref, isHeld }) => ref && isHeld).map(({ ref, kind }) => ({ ref, kind }));
  }

  /** Whether there are files in that tray. */
  holds(ref, kind = "") {
    return Boolean(this.#trays.get(Tray.key(ref, kind))?.items.length);
  }

  get isEmpty() {
    return this.#tray.items.length === 0;
  }

  get kind() {
    return this.#tray.kind;
  }

  add(files) {
    for (const file of files) {
      if (this.#tray.items.length >= this.#most) break;
      this.#place(file);
    }
    this.#draw();
  }

  /** Say `message` with exactly the files that are here now, as soon as they are up. What is added later waits for the next. */
  press(message) {
    this.#tray.press(message);
    for (const { upload } of this.#tray.items) upload?.hurry();
    this.#list.querySelector("[data-failed] button")?.focus();
    this.#follow(this.#tray);
  }

  /** Try the files here once more that failed on their way; those that are up stay up. */
  retry() {
    for (const item of this.#tray.items) if (item.upload?.state === "failed") this.#start(this.#tray, item);
    this.#draw();
  }

  /** The box holds `written` now. A message that was pressed with other words waits until it is pressed again, and it is said. */
  follow(written) {
    const pressed = this.#tray.pressed?.message;
    if (pressed && pressed.written !== null && pressed.written !== written) this.#tray.hold();
    if (this.isEmpty && !written.trim()) this.#tray.isHeld = false;
    this.#draw();
  }

  /** Something was pressed here that is not sent: it is so where it came from, or where it is now. */
  hold() {
    this.#tray.isHeld = true;
    this.#draw();
  }

  get isHeld() {
    return this.#tray.isHeld;
  }

  /** Give what was chosen to another: the first question's files follow it into its conversation. What was pressed is held. */
  release() {
    this.#tray.hold();
    const { items } = this.#tray;
    for (const { upload } of items) upload?.cancel();
    this.#tray.take(items);
    this.#draw();
    return items.map(({ file }) => file);
  }

  #place(file) {
    const tray = this.#tray;
    const node = made("tray-item", { name: file.name || "…" });
    const item = { file, node, client_id: newClientId(), upload: null, problem: this.#problemOf(file) };
    node.querySelector("[data-remove]").addEventListener("click", () => this.#remove(tray, item));
    node.querySelector("[data-remove]").setAttribute("aria-label", `${node.querySelector("[data-remove]").ariaLabel}: ${file.name}`);
    tray.items.push(item);
    this.#list.append(node);
    showThumb(file, node.querySelector("[data-slot=thumb]"));
    this.#start(tray, item);
  }

  /** What can be known before a byte is sent. */
  #problemOf(file) {
    if (!file.size) return "empty";
    const kind = KINDS.find(([, type]) => type.test(file.type))?.[0];
    return file.size > (kind ? this.#limits[kind] : Math.max(...Object.values(this.#limits))) ? "too_large" : "";
  }

  #start(tray, item) {
    if (item.problem || !tray.ref) return;
    item.upload = new Upload(item.file, { ref: tray.ref, side: this.#side, client_id: item.client_id, headers: this.#headers, onChange: () => this.#follow(tray) });
  }

  #remove(tray, item) {
    const place = tray.items.indexOf(item);
    item.upload?.cancel();
    tray.take([item]);
    const next = tray.items[Math.min(place, tray.items.length - 1)]?.node.querySelector("[data-remove]");
    (next ?? this.#form.querySelector("[data-attach]")).focus();
    this.#follow(tray);
    this.follow(this.#form.querySelector("textarea").value);
  }

  /** Something changed in this tray, shown or not: what was pressed is said if all of it is up. */
  #follow(tray) {
    const pressed = tray.takePressed();
    if (pressed) {
      if (this.#onUp(pressed.message, pressed.items.map(carried), tray.kind) === false) tray.isHeld = pressed.items.length > 0;
      else tray.take(pressed.items);
    }
    this.#draw();
  }

  #draw() {
    for (const item of this.#tray.items) show(item);
    this.#list.hidden = this.isEmpty;
    this.#form.querySelector("[data-tray-waits]").hidden = !this.#tray.isOnItsWay;
    this.#form.querySelector("[data-tray-held]").hidden = !this.#tray.isHeld;
  }

  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.add(files);
  }

  #takeDrops(place) {
    const isFiles = (event) => !this.#form.hidden && event.dataTransfer?.types.includes("Files");
    const mark = (isOn) => place.classList.toggle("takes-files", isOn);
    place.addEventListener("dragover", (event) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      mark(true);
    });
    place.addEventListener("dragleave", (event) => place.contains(event.relatedTarget) || mark(false));
    place.addEventListener("drop", (event) => {
      mark(false);
      if (!isFiles(event)) return;
      event.preventDefault();
      this.add(event.dataTransfer.files);
    });
  }
}

/** The state of one file, in words and as a bar. Written only when it changes, so that nothing is read out twice. */
function show({ file, node, upload, problem }) {
  const state = problem ? "refused" : (upload?.state ?? "waiting");
  const bar = node.querySelector("progress");
  bar.value = upload?.progress ?? 0;
  bar.hidden = !upload || upload.isUp || isOver(upload);
  const look = JSON.stringify([state, problem || upload?.problem]);
  if (node.dataset.look === look) return;
  node.dataset.look = look;
  const isBad = isOver({ state });
  node.toggleAttribute("data-failed", isBad);
  // What went wrong must be seen, wherever in the row it stands.
  if (isBad) node.scrollIntoView({ block: "nearest", inline: "nearest" });
  const words = isBad ? problemWords(problem || upload.problem) : part(`tray-${state}`);
  node.querySelector("[data-slot=status]").replaceChildren(...[isBad ? "" : `${sizeWords(file.size)} · `, words].filter(Boolean));
}

/** Drawn small by the browser itself, which needs no address for it. */
async function showThumb(file, slot) {
  if (!file.type.startsWith("image/")) return;
  try {
    const bitmap = await createImageBitmap(file, { resizeHeight: THUMB, resizeQuality: "medium" });
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: Math.min(bitmap.width, 2 * THUMB), height: THUMB });
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    bitmap.close();
    slot.replaceChildren(canvas);
  } catch {
    // The icon stays.
  }
}
