// Files of one message that is being written, and what was pressed with them. It knows nothing of the page.

export class Tray {
  /** `ref` is null while there is no conversation yet; `kind` is the kind of message, where there are several. */
  constructor(ref = null, kind = "") {
    Object.assign(this, { ref, kind, items: [], pressed: null, isHeld: false });
  }

  static key(ref, kind) {
    return `${ref}/${kind}`;
  }

  /** Keep `message` with exactly the files that are here now. */
  press(message) {
    Object.assign(this, { pressed: { message, items: [...this.items] }, isHeld: false });
  }

  /** What was pressed is no longer what is wanted: it waits until it is pressed again. */
  hold() {
    if (this.pressed) Object.assign(this, { pressed: null, isHeld: true });
  }

  /** What was pressed, once, as soon as all of it is up; else null. */
  takePressed() {
    const { pressed } = this;
    if (!pressed?.items.every(({ upload }) => upload?.isUp)) return null;
    this.pressed = null;
    return pressed;
  }

  take(gone) {
    const isLeft = (item) => !gone.includes(item);
    this.items = this.items.filter(isLeft);
    for (const { node } of gone) node.remove();
    if (!this.pressed) return;
    this.pressed.items = this.pressed.items.filter(isLeft);
    // With its last file gone it is another message.
    if (!this.pressed.items.length) this.hold();
  }

  /** Something that was pressed is on its way; what could not be taken is not. */
  get isOnItsWay() {
    return Boolean(this.pressed?.items.some(({ upload }) => upload && !upload.isUp && !isOver(upload)));
  }

  /** Some of it would be missed if the page were gone. */
  get isWorthKeeping() {
    return this.items.some(({ upload, problem }) => !problem && !(upload && isOver(upload)));
  }
}

export function isOver({ state }) {
  return state === "refused" || state === "failed";
}

/** A file as the message carries it, and as it will be drawn. */
export function carried({ file, upload }) {
  return { key: upload.key, name: file.name, kind: upload.kind, size: file.size, state: "checking" };
}
