// Whom the host page vouches for: its tokens become sessions of ours, one after the other. When such a session has ended while the
// page stands open, the host's word is asked for again before its user is taken for a guest.

import { userIn } from "./platform.js";
import { between, postNow } from "./post.js";
import * as session from "./session.js";

// So long before the end of a session somebody is vouched for anew.
const EARLY = 60 * 60_000;
// So long a host may take to fetch a new token.
const HOST_WITHIN = 10_000;
const AGAIN_AFTER = 2_000;
const LONGEST_WAIT = 60_000;
// What may be different in a moment: the token itself was not refused.
const PASSING = new Set(["too_many", "no_keys"]);

export class Vouching {
  #tell;
  #onChange;
  #onLeave;
  #onLeft;
  #turn = Promise.resolve();
  // The host's token, as long as it was not needed.
  #spare = null;
  // The token of a session that the server has ended.
  #over = null;
  #renewing = null;
  #hasAnswered = () => {};

  /** `tell(event)` speaks to the host. `onChange()` follows who we are; `onLeave()` and `onLeft()` frame a sign-out. */
  constructor({ tell, onChange, onLeave, onLeft }) {
    this.#tell = tell;
    this.#onChange = onChange;
    this.#onLeave = onLeave;
    this.#onLeft = onLeft;
  }

  /** One change after the other, in the order in which the host says them; null is nobody. */
  become(jwt) {
    this.#inTurn(() => (jwt === null ? this.#leave() : this.#identify(jwt))).catch(() => this.#tell("refused"));
  }

  /** The host has nothing more to say of them. */
  giveUp() {
    this.#hasAnswered();
  }

  /** The session with this token has ended. Answers whether there is another now, or nobody any more who could have one. */
  renew(ended) {
    this.#renewing ??= this.#renew(ended).finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  #inTurn(change) {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #identify(jwt) {
    const outcome = await this.#exchange(jwt);
    this.#tell(outcome === "known" ? "identified" : "refused");
    this.#hasAnswered();
  }

  /** "known", "refused", or "lost" if the same token may yet be taken. */
  async #exchange(jwt) {
    const user = await userIn(jwt);
    return between(() => this.#exchangeNow(jwt, user));
  }

  async #exchangeNow(jwt, user) {
    const known = session.vouched();
    const isOver = this.#over !== null && session.isHeld(this.#over);
    const isNeeded = !user || known.user !== user || known.until - EARLY <= Date.now() || isOver;
    this.#spare = isNeeded ? null : jwt;
    if (!isNeeded) return "known";
    const { answer, code, isLost, sentWith } = await postNow(urlOf("identity"), { token: jwt });
    if (!answer) return isLost || PASSING.has(code) ? "lost" : "refused";
    // Whom nobody can name is somebody else each time.
    const isKept = session.remember(answer.session, { sentWith, user: user ?? answer.session, until: Date.parse(answer.ends_at) });
    if (isKept) this.#onChange();
    // Another tab may have been faster with the same user.
    return isKept || (user !== null && session.vouched().user === user) ? "known" : "refused";
  }

  async #renew(ended) {
    this.#over = ended;
    // Only a refusal ends it: while the server can't be reached nobody is taken for a guest.
    for (let wait = AGAIN_AFTER; (await this.#inTurn(() => this.#useSpare(ended))) === "lost"; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    if (session.isHeld(ended)) await this.#askHost();
    return !session.isHeld(ended);
  }

  async #useSpare(ended) {
    const jwt = this.#spare;
    if (!jwt || !session.isHeld(ended)) return "refused";
    const outcome = await this.#exchange(jwt);
    if (outcome === "lost") this.#spare = jwt;
    return outcome;
  }

  /** Its next word decides, whatever it is; none is a refusal. */
  #askHost() {
    return new Promise((resolve) => {
      this.#hasAnswered = resolve;
      setTimeout(resolve, HOST_WITHIN);
      this.#tell("ended");
    });
  }

  /** Whoever leaves is not seen until it is their turn, and not after. */
  async #leave() {
    this.#onLeave();
    await between(() => {
      this.#spare = null;
      if (session.token()) postNow(urlOf("leave"), {});
      session.forget();
    });
    this.#hasAnswered();
    this.#onLeft();
  }
}

function urlOf(name) {
  return document.body.dataset[`${name}Url`];
}
