// Text as people wrote it, as nodes: paragraphs, links, and chips where the guard took something out. Never HTML.

import { fill, part } from "./parts.js";

const PIECE = /⟦secret:([a-z_]+)⟧|https?:\/\/[^\s<>"'`⟦⟧，。；：！？（）「」『』【】《》、]+/gi;
const TRAILING = /[.,;:!?*_~]+$/;

/** What belongs inside a bubble. `secrets` are the kinds that the guard found; no other chip is believed. */
export function written(text, secrets = []) {
  const paragraphs = text.split(/\n{2,}/).filter((paragraph) => paragraph.trim());
  const whole = document.createDocumentFragment();
  if (paragraphs.length < 2) {
    whole.append(inline(text.trim(), secrets));
    return whole;
  }
  for (const paragraph of paragraphs) {
    const element = document.createElement("p");
    element.append(inline(paragraph, secrets));
    whole.append(element);
  }
  return whole;
}

function inline(text, secrets) {
  const nodes = document.createDocumentFragment();
  text.split("\n").forEach((line, place) => {
    if (place) nodes.append(document.createElement("br"));
    nodes.append(...pieces(line, secrets));
  });
  return nodes;
}

function pieces(line, secrets) {
  const nodes = [];
  let from = 0;
  for (const match of line.matchAll(PIECE)) {
    const [found, kind] = match;
    const node = kind ? chip(kind, secrets) : link(found);
    if (!node) continue;
    nodes.push(line.slice(from, match.index), node);
    from = match.index + (kind ? found.length : node.textContent.length);
  }
  nodes.push(line.slice(from));
  return nodes;
}

function chip(kind, secrets) {
  const label = secrets.includes(kind) ? part(`kind-${kind}`) : null;
  return label && fill(part("secret"), { kind: label.textContent.trim() });
}

/** A link that shows where it leads: an address with a name and password in it, or a host in disguise, stays text. */
function link(found) {
  const shown = balanced(found.replace(TRAILING, ""));
  let url;
  try {
    url = new URL(shown);
  } catch {
    return null;
  }
  if (url.username || url.password || url.hostname.split(".").some((label) => label.startsWith("xn--"))) return null;
  const anchor = document.createElement("a");
  anchor.href = url.href;
  anchor.rel = "noopener noreferrer nofollow";
  anchor.target = "_blank";
  anchor.textContent = shown;
  return anchor;
}

/** A bracket that was opened before the address began is not part of it. */
function balanced(address) {
  let text = address;
  while (text.endsWith(")") && text.split("(").length < text.split(")").length) text = text.slice(0, -1).replace(TRAILING, "");
  return text;
}
