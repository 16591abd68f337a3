// How a picture or a video comes by its file: by its address, unless the page has another way, as a frame must that no cookie
// goes along with.

let way = (element, address) => {
  element.src = address;
};

/** `other(element, address)` shows files on this page from now on. */
export function showBy(other) {
  way = other;
}

export function show(element, address) {
  way(element, address);
}
