// A JSON post to one of our own addresses, with every way in which it can fail told apart.

/** `{answer}` if it worked; `{code, message}` if the server said no, in words; `{isLost: true}` if nobody answered. */
export async function post(url, values) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(values),
    });
  } catch {
    return { isLost: true };
  }
  const says = await response.json().catch(() => null);
  if (response.ok && says) return { answer: says };
  return says?.code ? { code: says.code, message: says.message } : { isLost: true };
}
