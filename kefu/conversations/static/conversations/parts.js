// The page's <template data-part="…"> elements: every word and every piece of markup that a thread is made of.

/** A fresh copy of a part's only element, or null if the page has no such part. */
export function part(name) {
  const template = document.querySelector(`template[data-part="${name}"]`);
  return template ? template.content.firstElementChild.cloneNode(true) : null;
}

/** Put text or a node into the `[data-slot="name"]` of an element, which may be the slot itself. */
export function fill(element, slots) {
  for (const [name, value] of Object.entries(slots)) {
    const slot = element.dataset.slot === name ? element : element.querySelector(`[data-slot="${name}"]`);
    slot?.replaceChildren(value);
  }
  return element;
}

/** A part with its slots filled. */
export function made(name, slots = {}) {
  const element = part(name);
  return element && fill(element, slots);
}
