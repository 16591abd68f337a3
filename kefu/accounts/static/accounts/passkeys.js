// Attached by form[data-passkey="get"|"create"]: asks [data-options] for a challenge and the device for its answer,
// puts that into [name=credential] and sends the form. What went wrong is one of the form's [data-problem].
const CANCELLED = new Set(["NotAllowedError", "AbortError"]);

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

// Binary values travel as base64url, in both directions.
function asked(options) {
  const known = { ...options, challenge: bytes(options.challenge) };
  if (options.user) known.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (options[list]) known[list] = options[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return known;
}

function answered(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function options(form) {
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const response = await fetch(form.dataset.options, { method: "POST", headers: { Accept: "application/json" }, body });
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) throw new Error("no options");
  return (await response.json()).publicKey;
}

function show(form, problem) {
  for (const one of form.querySelectorAll("[data-problem]")) one.hidden = one.dataset.problem !== problem;
}

async function ask(form) {
  show(form, "");
  try {
    const publicKey = asked(await options(form));
    const isNew = form.dataset.passkey === "create";
    const credential = await (isNew ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
    form.elements.credential.value = JSON.stringify(answered(credential));
    form.submit();
  } catch (problem) {
    const known = problem.name === "InvalidStateError" ? "known" : "failed";
    show(form, CANCELLED.has(problem.name) ? "cancelled" : known);
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) break;
  form.hidden = false;
  for (const one of document.querySelectorAll("[data-without-passkeys]")) one.hidden = true;
  let isAsking = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    await ask(form);
    isAsking = false;
  });
}
