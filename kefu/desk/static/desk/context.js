// Who this is and what went before, drawn from the opened conversation.
import { clock, dayName, say, zoneName } from "../ui/times.js";
import { word } from "./words.js";

const root = document.querySelector("[data-context]");

function element(name, text, attributes = {}) {
  const node = document.createElement(name);
  if (text) node.textContent = text;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function icon(name) {
  const node = document.querySelector("[data-template=row] , svg.icon");
  const svg = (node.content?.querySelector("svg") ?? node).cloneNode(true);
  svg.setAttribute("class", "icon small");
  const use = svg.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
  return svg;
}

export function draw(open, view) {
  root.replaceChildren(...(open ? [caseFile(open.case), person(open), trail(open.trail), mail(open.letters), previous(open, view)] : []));
}

/** The letters alone, as they are by now. */
export function drawMail(letters) {
  root.querySelector("[data-mail]")?.replaceWith(mail(letters));
}

/** The facts as fields, each with a button that copies it; a TxID leads to where anybody can read it. */
function caseFile(file) {
  const section = element("section", "", { "data-case": "" });
  section.hidden = !file;
  if (!file) return section;
  const facts = element("dl", "", { class: "case-facts" });
  for (const { key, label, value, href, at, is_code: isCode } of file.fields) {
    const shown = at ? say(new Date(at), "full") : value;
    const fact = element("dd", "", { "data-field": key });
    fact.append(element(isCode ? "code" : "span", shown));
    if (href) fact.append(outside(href, label));
    if (!at && key !== "traced") fact.append(copyButton(value, label));
    facts.append(element("dt", label), fact);
  }
  section.append(element("h2", file.title), facts);
  return section;
}

function outside(href, label) {
  const name = word("case.explorer", { field: label });
  const link = element("a", "", { class: "icon-button", href, target: "_blank", rel: "noopener noreferrer", "aria-label": name, title: name });
  link.append(icon("external"));
  return link;
}

function copyButton(text, label) {
  const name = word("case.copy", { field: label });
  const button = element("button", "", { class: "icon-button", type: "button", "aria-label": name, title: name });
  button.dataset.copy = text;
  button.dataset.copied = word("case.copied");
  button.append(icon("copy"));
  return button;
}

function person({ customer, row }) {
  const section = element("section");
  const level = ["anonymous", "claimed", "proven", "vouched"][customer.level];
  const head = element("h2", word("customer"));
  head.append(element("span", word(`level.${customer.level}`), { class: "identity", "data-level": level }));
  const name = customer.name || `${word("visitor")} ${row.ref.slice(-6, -2)}`;
  const who = element("div", "", { class: "person" });
  who.append(element("span", [...name][0], { class: "avatar", "aria-hidden": "true" }), element("b", name));
  const facts = element("dl", "", { class: "facts" });
  const fact = (key, value, attributes) => value && facts.append(element("dt", key), element("dd", value, attributes));
  fact(word("customer.language"), word(`language.${customer.language}`));
  fact(word("customer.zone"), localTime(customer.zone), { "data-their-zone": customer.zone });
  fact(word("customer.since"), dayName(new Date(customer.since)));
  for (const one of customer.identities) fact(word(`customer.${one.kind}`), `${one.value} · ${word(`identity.${one.reason}`)}`);
  section.append(head, who, basis(customer.basis), facts);
  return section;
}

/** Why we believe it, as far as we do, and since when. */
function basis({ reason, since }) {
  const line = element("p", word(`reason.${reason}`), { class: "meta", "data-basis": reason });
  if (!since) return line;
  line.append(element("time", word("reason.since", { at: say(new Date(since), "short") }), { datetime: since }));
  return line;
}

function localTime(zone) {
  if (!zone) return "";
  try {
    return `${clock(new Date(), zone)} · ${zoneName(zone)}`;
  } catch {
    return "";
  }
}

/** What their clock says by now. */
export function drawTime() {
  const fact = root.querySelector("[data-their-zone]");
  if (fact) fact.textContent = localTime(fact.dataset.theirZone);
}

export function waitsForMail() {
  return root.querySelector("[data-letter=waiting]") !== null;
}

/** What became of our letters about this; nothing where there was no reason for one. */
function mail(letters) {
  const section = element("section", "", { "data-mail": "" });
  section.hidden = !letters.length;
  section.append(element("h2", word("mail")));
  for (const { kind, state, problem, at } of letters) {
    const isLost = state === "refused" || state === "given_up";
    const line = element("p", "", { class: isLost ? "field-state bad" : "meta", "data-letter": state });
    const words = word(`mail.${state}.${problem}`) || (problem && word(`mail.${state}.other`)) || word(`mail.${state}`);
    const said = element("span", word("mail.line", { kind: word(`mail.kind.${kind}`), state: words }));
    said.append(element("time", say(new Date(at), "short"), { datetime: at }));
    if (isLost) line.append(icon("warning"));
    line.append(said);
    section.append(line);
  }
  return section;
}

/** What they read and searched before they asked, in order. */
function trail(steps) {
  const section = element("section", "", { class: "links", "data-trail": "" });
  section.hidden = !steps.length;
  section.append(element("h2", word("trail")));
  for (const { kind, title, path } of steps) {
    const line = path ? element("a", "", { href: path, target: "_blank", rel: "noopener" }) : element("p", "", { class: "meta" });
    line.append(icon(kind === "search" ? "search" : "book"), element("span", path ? title : word("trail.search", { words: hidden(title) })));
    section.append(line);
  }
  return section;
}

function hidden(text) {
  return text.replace(/⟦secret:[a-z_]+⟧/g, "▇▇▇");
}

function previous({ previous: others }, view) {
  const section = element("section", "", { class: "links" });
  section.append(element("h2", word("previous")));
  if (!others.length) section.append(element("p", word("previous.none"), { class: "meta" }));
  for (const one of others) {
    const link = element("a", "", { href: `/desk/${view}/${one.ref}/`, "data-open-ref": one.ref });
    const at = dayName(new Date(one.at));
    link.append(icon("chat"), element("span", hidden(one.last_line), { class: "clip" }), element("span", at, { class: "meta" }));
    section.append(link);
  }
  return section;
}
