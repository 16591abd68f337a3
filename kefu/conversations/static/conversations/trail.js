// What was read and searched on this visit: kept in this tab alone until somebody asks, and sent along with the question.

const KEPT = "kefu-trail";
const LONGEST = 10;

/** [{kind, name}], the first step first. */
export function steps() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
    return kept.filter(({ kind, name }) => typeof kind === "string" && typeof name === "string");
  } catch {
    return [];
  }
}

/** A page that is read twice is one step, at its later place. */
export function note(kind, name) {
  const others = steps().filter((one) => one.kind !== kind || one.name !== name);
  keep([...others, { kind, name }].slice(-LONGEST));
}

export function forget() {
  keep([]);
}

function keep(trail) {
  try {
    if (trail.length) sessionStorage.setItem(KEPT, JSON.stringify(trail));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // Without storage nothing is told.
  }
}
