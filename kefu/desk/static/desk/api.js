// The desk's requests. A refusal becomes an error with its code; the caller decides what to say.
const csrf = document.querySelector("meta[name=csrf]").content;

export class Refused extends Error {
  constructor(status, code) {
    super(code);
    this.status = status;
  }
}

export async function get(path) {
  return read(await fetch(path, { headers: { Accept: "application/json" }, credentials: "same-origin" }));
}

// `options` are fetch's: `keepalive` for what must outlive the page, `signal` for what may be given up.
export async function post(path, body, options = {}) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  return read(await fetch(path, { method: "POST", headers, credentials: "same-origin", ...options, body: JSON.stringify(body) }));
}

async function read(response) {
  // A redirect to the sign-in page means that the session has ended.
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  const body = isJson ? await response.json() : {};
  if (!response.ok || !isJson) throw new Refused(response.redirected ? 401 : response.status, body.error ?? "failed");
  return body;
}
