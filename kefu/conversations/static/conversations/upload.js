// One file on its way to the server: announced, put in pieces, gone on with after a break. It knows nothing of the page.

const LARGEST_PIECE = 512 * 1024;
const SMALLEST_PIECE = 32 * 1024;
// A piece should take about so long: shorter wastes journeys, longer is lost when the line breaks.
const PIECE_TAKES = 3_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
const LOOKS = [500, 1_000, 2_000, 4_000, 8_000, 16_000];
const PASSING = new Set([0, 408, 425, 429, 500, 502, 503, 504]);

export class Upload {
  #file;
  #ref;
  #side;
  #client_id;
  #onChange;
  #headers;
  #piece = LARGEST_PIECE / 4;
  #stop = new AbortController();
  #wake = () => {};

  /**
   * `onChange()` follows each change of `state`: sending, stalled (it goes on by itself), checking, ready, refused, failed.
   * `headers()` gives what says who is speaking where cookies don't.
   */
  constructor(file, { ref, side, client_id, onChange, headers = () => ({}) }) {
    Object.assign(this, { state: "sending", problem: "", key: "", kind: "", received: 0, name: file.name });
    this.#file = file;
    this.#ref = ref;
    this.#side = side;
    this.#client_id = client_id;
    this.#onChange = onChange;
    this.#headers = headers;
    addEventListener("online", () => this.#wake(), { signal: this.#stop.signal });
    this.#run();
  }

  /** From 0 to 1. */
  get progress() {
    return this.#file.size ? this.received / this.#file.size : 0;
  }

  /** All of it is with the server, and nothing is known against it. */
  get isUp() {
    return this.state === "checking" || this.state === "ready";
  }

  cancel() {
    this.#stop.abort();
  }

  /** Somebody waits for it: what is stalled is tried now. */
  hurry() {
    this.#wake();
  }

  async #run() {
    for (let wait = FIRST_WAIT; !this.#stop.signal.aborted; wait = Math.min(LONGEST_WAIT, 2 * wait)) {
      const before = this.received;
      const { status, retryAfter } = await this.#send();
      if (this.#stop.signal.aborted) return;
      if (!PASSING.has(status)) {
        if (this.isUp) await this.#watch();
        return;
      }
      if (this.received > before) wait = FIRST_WAIT;
      this.#become({ state: "stalled" });
      await this.#rest(Math.max(wait, retryAfter));
    }
  }

  /** Announce it and put what is missing; what ended it, 200 if it is done one way or the other. */
  async #send() {
    const announced = { ref: this.#ref, client_id: this.#client_id, name: this.#file.name.slice(0, 1000), size: this.#file.size, side: this.#side };
    let answer = await this.#ask("/files/", "POST", JSON.stringify(announced), { "Content-Type": "application/json" });
    while (answer.status === 200 && this.state === "sending" && this.received < this.#file.size) {
      const began = performance.now();
      const piece = this.#file.slice(this.received, this.received + this.#piece);
      answer = await this.#ask(`/files/${this.key}/`, "PUT", piece, { "Content-Type": "application/octet-stream", "Upload-Offset": String(this.received) });
      this.#pace(performance.now() - began);
    }
    return answer;
  }

  #pace(took) {
    if (took > 2 * PIECE_TAKES) this.#piece = Math.max(SMALLEST_PIECE, this.#piece / 2);
    else if (took < PIECE_TAKES / 2) this.#piece = Math.min(LARGEST_PIECE, this.#piece * 2);
  }

  async #ask(path, method, body, headers) {
    let response;
    try {
      response = await fetch(path, { method, body, headers: { Accept: "application/json", ...headers, ...this.#headers() }, signal: this.#stop.signal });
    } catch {
      return { status: 0, retryAfter: 0 };
    }
    const says = await response.json().catch(() => ({}));
    // Somewhere else than we believed: go on there.
    if (response.status === 409 && says.error === "place") return this.#stand({ ...says, state: "receiving" });
    if (response.ok) return this.#stand(says);
    if (!PASSING.has(response.status)) this.#become({ state: "failed", problem: says.error ?? "failed" });
    // A proxy may say it as a date; then the usual pause holds.
    return { status: response.status, retryAfter: 1_000 * (Number(response.headers.get("Retry-After")) || 0) };
  }

  #stand({ key = this.key, kind = this.kind, received, state, problem = "" }) {
    this.#become({ key, kind, received, problem, state: state === "receiving" ? "sending" : state });
    return { status: 200, retryAfter: 0 };
  }

  /** Whether it is ready, for a while; after that the thread itself tells. */
  async #watch() {
    for (const wait of LOOKS) {
      await this.#rest(wait);
      if (this.#stop.signal.aborted || this.state !== "checking") return;
      await this.#ask(`/files/${this.key}/`, "GET");
    }
  }

  #rest(milliseconds) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  #become(change) {
    Object.assign(this, change);
    if (!this.#stop.signal.aborted) this.#onChange();
  }
}
