// What a page of the help centre tells the server, as JSON.

export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** `{answer}` if it worked, `{message}` if the server said no, `{isLost: true}` if nobody answered. */
export async function postAsJson(url, values) {
  try {
    const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(values), keepalive: true });
    const answer = response.status === 204 ? {} : await response.json();
    if (response.ok) return { answer };
    return answer.message ? { message: answer.message } : { isLost: true };
  } catch {
    return { isLost: true };
  }
}
