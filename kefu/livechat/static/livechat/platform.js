// What the frame can tell of the platform's tokens by itself. It checks nothing: that is the server's to do.

/** Whom a token is about, as a hash; null where that can't be told. */
export async function userIn(jwt) {
  try {
    const { iss = "", sub } = JSON.parse(new TextDecoder().decode(bytes(jwt.split(".")[1])));
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${iss}\n${sub}`));
    return sub ? [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("") : null;
  } catch {
    return null;
  }
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
