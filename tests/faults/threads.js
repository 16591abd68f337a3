// What the browsers' own reducer makes of all that a client was told, beside what it makes of a fresh page.

import { begin, lines, reduce } from "/static/conversations/reducer.js";

/** Sentences, none if there is no difference. `heard`: [frame, moment in milliseconds] in order; `page` is a snapshot. */
export function differences({ ref, audience, heard, page }) {
  const told = heard.reduce((state, [frame, now]) => reduce(state, frame, now).state, begin({ ref, audience }));
  const fresh = reduce(begin({ ref, audience }), { type: "resync", snapshot: page }, 0).state;
  const [has, wants] = [told, fresh].map((state) => flat(seen(state, fresh.from)));
  const places = [...new Set([...Object.keys(has), ...Object.keys(wants)])];
  const differing = places.filter((place) => has[place] !== wants[place]);
  return differing.map((place) => `${place} of ${ref} for ${audience} is ${has[place]} instead of ${wants[place]}`);
}

/** What a reader sees of it. A page that was loaded later knows no client ids, and nobody's cursors of the reader's own side. */
function seen(state, from) {
  const drawn = lines(state).filter(({ place, kind }) => kind === "unsent" || place >= from);
  const thread = drawn.map(({ asOf, message, ...item }) => (message ? { ...item, message: { ...message, client_id: null } } : item));
  const other = state.audience === "customer" ? "agent" : "customer";
  const moved = Object.entries(state.cursors).filter(([, { who, delivered }]) => who.kind === other && delivered);
  return { seq: state.seq, head: state.head, cursors: Object.fromEntries(moved), thread };
}

/** Each value by the way that leads to it. */
function flat(value, way = "") {
  if (value === null || typeof value !== "object") return { [way]: value };
  return Object.assign({}, ...Object.entries(value).map(([name, inner]) => flat(inner, `${way}/${name}`)));
}
