// What the window asks of our own addresses, with every way in which it can fail told apart. Each answer says with which token it
// was asked for (`sentWith`), so that one to somebody who is no longer here changes nothing.

import { asked, token, vouched } from "./session.js";

// A change of who we are waits for what is under way, and all that comes after waits for it.
let changed = Promise.resolve();
const underWay = new Set();
let renew = async () => false;

/** A JSON post: `{answer}` if it worked; `{code, message}` if the server said no, in words; `{isLost: true}` if nobody answered. */
export async function post(url, values) {
  const { user } = vouched();
  await changed;
  // Somebody else sits here now, who has said nothing of the kind.
  if (user && user !== vouched().user) return { isLost: true };
  const told = await counted(url, values);
  if (told.code !== "signed_out" || !(await renew(told.sentWith))) return told;
  return user === vouched().user ? counted(url, values) : { isLost: true };
}

/** `renews(token)` is asked when the session of a token has ended; it answers whether to ask again, as whoever is here now. */
export function renewBy(renews) {
  renew = renews;
}

function counted(url, values) {
  const sent = postNow(url, values);
  underWay.add(sent);
  return sent.finally(() => underWay.delete(sent));
}

/** Change who we are, so that nothing is said half under one name and half under another. `change()` itself uses postNow. */
export function between(change) {
  const done = changed.then(() => Promise.allSettled([...underWay])).then(heard).then(change);
  changed = done.catch(() => {});
  return done;
}

/** Whoever asked has now seen their answer, too. */
function heard() {
  return new Promise((resolve) => setTimeout(resolve));
}

export async function postNow(url, values) {
  const sentWith = token();
  const { headers, ...more } = asked();
  const said = { "Content-Type": "application/json", Accept: "application/json", ...headers };
  let response;
  try {
    response = await fetch(url, { method: "POST", headers: said, body: JSON.stringify(values), ...more });
  } catch {
    return { isLost: true, sentWith };
  }
  const says = await response.json().catch(() => null);
  if (response.ok && says) return { answer: says, sentWith };
  return says?.code ? { code: says.code, message: says.message, sentWith } : { isLost: true, sentWith };
}

/** The response; throws an error with `status` and `sentWith` if that is not good, and one without if nobody answered. */
export async function get(url, values, accept = "application/json") {
  const address = new URL(url, location.href);
  address.search = new URLSearchParams(values);
  const sentWith = token();
  const { headers, ...more } = asked();
  const response = await fetch(address, { headers: { Accept: accept, ...headers }, ...more });
  if (!response.ok) throw Object.assign(new Error("get"), { status: response.status, sentWith });
  return response;
}
