// Files of a message before it is said: chosen, dropped or pasted, in a row above the box, on their way while one writes.
// Attached to a form that holds [data-attach] (a button), [data-files] (its input), [data-tray] and [data-tray-waits].

import { made, part } from "./parts.js";
import { problemWords, sizeWords } from "./files.js";
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
  #tray;
  #side;
  #headers;
  #onChange;
  #limits;
  #most;
  #ref = null;
  #items = [];
  #whenUp = null;

  /** `place` is where files may be dropped; `onChange()` follows each change of what is there. */
  constructor(form, { side = "customer", place = form, headers, onChange = () => {} } = {}) {
    this.#form = form;
    this.#tray = form.querySelector("[data-tray]");
    this.#side = side;
    this.#headers = headers;
    this.#onChange = onChange;
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
  }

  /** Files go into this conversation, what was chosen before as well; null: they wait for one. */
  set ref(ref) {
    this.#ref = ref;
    for (const item of this.#items) this.#start(item);
    this.#draw();
  }

  get isEmpty() {
    return this.#items.length === 0;
  }

  /** Something is on its way, or could not be taken: the message has to wait. */
  get isBusy() {
    return this.#items.some((item) => !item.upload?.isUp);
  }

  /** What the message carries, as it will be drawn. */
  get files() {
    return this.#items.map(({ file, upload }) => ({ key: upload.key, name: file.name, kind: upload.kind, size: file.size, state: "checking" }));
  }

  add(files) {
    for (const file of files) {
      if (this.#items.length >= this.#most) break;
      this.#place(file);
    }
    this.#draw();
  }

  /** Call `send()` once, as soon as everything is up; taking something away or clearing forgets it if nothing is left. */
  whenUp(send) {
    this.#whenUp = send;
    this.#tray.querySelector("[data-failed] button")?.focus();
    this.#draw();
  }

  /** Forget what was chosen, after it was said or when another conversation is opened. */
  clear({ isSaid = false } = {}) {
    for (const { upload } of this.#items) if (!isSaid || !upload?.isUp) upload?.cancel();
    this.#items = [];
    this.#whenUp = null;
    this.#tray.replaceChildren();
    this.#draw();
  }

  /** Give what was chosen to another: the first question's files follow it into its conversation. */
  release() {
    const files = this.#items.map(({ file }) => file);
    this.clear();
    return files;
  }

  #place(file) {
    const node = made("tray-item", { name: file.name || "…" });
    const item = { file, node, client_id: newClientId(), upload: null, problem: this.#problemOf(file) };
    node.querySelector("[data-remove]").addEventListener("click", () => this.#remove(item));
    node.querySelector("[data-remove]").setAttribute("aria-label", `${node.querySelector("[data-remove]").ariaLabel}: ${file.name}`);
    this.#items.push(item);
    this.#tray.append(node);
    showThumb(file, node.querySelector("[data-slot=thumb]"));
    this.#start(item);
  }

  /** What can be known before a byte is sent. */
  #problemOf(file) {
    if (!file.size) return "empty";
    const kind = KINDS.find(([, type]) => type.test(file.type))?.[0];
    return file.size > (kind ? this.#limits[kind] : Math.max(...Object.values(this.#limits))) ? "too_large" : "";
  }

  #start(item) {
    if (item.upload || item.problem || !this.#ref) return;
    item.upload = new Upload(item.file, { ref: this.#ref, side: this.#side, client_id: item.client_id, headers: this.#headers, onChange: () => this.#draw() });
  }

  #remove(item) {
    const place = this.#items.indexOf(item);
    item.upload?.cancel();
    this.#items = this.#items.filter((other) => other !== item);
    item.node.remove();
    if (this.isEmpty) this.#whenUp = null;
    const next = this.#items[Math.min(place, this.#items.length - 1)]?.node.querySelector("[data-remove]");
    (next ?? this.#form.querySelector("[data-attach]")).focus();
    this.#draw();
  }

  #draw() {
    for (const item of this.#items) show(item);
    this.#tray.hidden = this.isEmpty;
    const waits = this.#form.querySelector("[data-tray-waits]");
    waits.hidden = !this.#whenUp || !this.#items.some(({ upload }) => upload && !upload.isUp && !isOver(upload));
    if (this.#whenUp && !this.isEmpty && !this.isBusy) {
      const send = this.#whenUp;
      this.#whenUp = null;
      send();
    }
    this.#onChange();
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

function isOver({ state }) {
  return state === "refused" || state === "failed";
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
  const isBad = state === "refused" || state === "failed";
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
