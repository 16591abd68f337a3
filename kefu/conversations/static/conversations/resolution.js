// What the customer says when it is done, read off a state of the reducer.

/** What the customer says of the present resolution: `{verdict, text}`, empty while they said nothing; null while it is open. */
export function rating(state) {
  return state.head?.state === "resolved" ? lastRating(state) : null;
}

/** What they said of the latest resolution, though it may hold no more. */
export function lastRating({ items }) {
  const said = { verdict: "", text: "" };
  for (const { kind, verdict, text } of Object.values(items).sort((one, other) => one.place - other.place)) {
    if (kind === "resolved") Object.assign(said, { verdict: "", text: "" });
    else if (kind === "rated") said.verdict = verdict;
    else if (kind === "explained") said.text = text;
  }
  return said;
}
