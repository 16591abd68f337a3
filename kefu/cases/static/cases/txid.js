// What there is to say of a TxID, in the browser alone: this box may hold a private key, so nothing of it is sent while somebody
// types. The patterns come from the server with the page (`kefu/cases/deposits/browser.py`), and the rules are those of
// kefu/exchange/chains/checks.py; one corpus tests both.
import { decode } from "../safety/base58.js";
import { guard } from "../safety/guard.js";

const LONGEST = 500;
const MOST_NAMED = 4;
const SHORTEST_HASH = 64;
const KEY_OF_BYTES = /^[1-9A-HJ-NP-Za-km-z]{80,}$/;

function whole(pattern, flags = "") {
  return new RegExp(`^(?:${pattern})$`, flags);
}

/** What was pasted, without what nobody sees, and out of an explorer's link if it was one. */
export function read(text, data) {
  const plain = text.slice(0, LONGEST).normalize("NFKC").slice(0, LONGEST).trim();
  const unseen = [...plain].filter((one) => /[\p{Cf}\p{Cc}]/u.test(one) && !/\s/u.test(one)).length;
  const value = plain.replace(/[\s\p{Cf}\p{Cc}]/gu, "");
  const link = value.match(/^https?:\/\/(?:[^/?#@]*@)?([^/?#:]*)(?::[0-9]*)?(.*)$/i);
  const found = link ? wordsOf(link[2]).reduce((one, other) => fitter(one, other, data), "") : "";
  if (!found) return { value, unseen, network: "" };
  return { value: found, unseen, network: networkOf(link[1].toLowerCase().replace(/^www\./, "") + pathOf(link[2]), data.hosts) };
}

function pathOf(rest) {
  return rest.split(/[?#]/)[0];
}

/** Apart first and unescaped then: TON writes TxIDs with "/" and "=" in them. */
function wordsOf(rest) {
  const [before, ...behind] = rest.split("#");
  const names = [];
  const values = [];
  for (const half of [before, behind.join("#")]) {
    const [path, ...queries] = half.split("?");
    names.push(...path.split("/"));
    values.push(...queries.join("&").split("&").map((one) => one.slice(one.indexOf("=") + 1) || one));
  }
  return [...names, ...values].filter(Boolean).map(unescaped);
}

function fitter(one, other, data) {
  const [mine, others] = [fitness(one, data), fitness(other, data)];
  return others > mine || (others === mine && [...other].length > [...one].length) ? other : one;
}

function fitness(word, { networks }) {
  const all = Object.values(networks);
  if (all.some((one) => isWritten(one, word))) return 2;
  return all.some(({ addresses }) => addresses.some((looks) => whole(looks).test(word))) ? 1 : 0;
}

function networkOf(place, hosts) {
  return hosts.find(([host]) => `${place}/`.startsWith(`${host}/`))?.[1] ?? "";
}

function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** May this open a wallet? Asked before anything else, of whatever is typed anywhere. */
export function isSecret(text, data) {
  const { value } = read(text, data);
  return [text, value].some((one) => guard(one).found.length > 0) || data.secrets.some((shape) => whole(shape).test(value));
}

/** May an address box hold a TxID in it, or a private key that looks like one? Neither is sent from there. */
export function isRatherTxid(text, data) {
  const { value } = read(text, data);
  return whole(`(?:0[xX])?${data.hex}`).test(value) || isWritten(data.networks.solana, value);
}

/** May an address box ask the server about this? Only one word that looks like an address, and like nothing that opens a wallet. */
export function isToAsk(text, network, data) {
  const { value } = read(text, data);
  if (isSecret(text, data) || /\s/u.test(text.trim())) return false;
  // Digits of hex that are no whole address may be a part of a key.
  if (whole("(?:0x)?[0-9a-f]+", "i").test(value)) return whole("(?:0x)?[0-9a-f]{40}", "i").test(value);
  const own = data.networks[network]?.addresses ?? [];
  return !KEY_OF_BYTES.test(value) && [...data.addresses, ...own].some((looks) => whole(looks).test(value));
}

/** `{key, networks, letters, wanted, length, unseen}`; key "" for nothing typed. */
export function check(text, { coin, network }, data) {
  if (isSecret(text, data)) return { key: "secret", networks: [] };
  const typed = read(text, data);
  if (!typed.value) return { key: "", networks: [] };
  if (whole(`0X${data.hex}`).test(typed.value)) typed.value = typed.value.replace("0X", "0x");
  const chosen = data.networks[network];
  const found = chosen ? checkOn(network, chosen, typed, coin, data) : checkAnywhere(typed, coin, data);
  return { networks: [], unseen: typed.unseen, length: [...typed.value].length, ...found };
}

function checkOn(network, chosen, typed, coin, data) {
  const linked = data.networks[typed.network];
  if (linked && linked !== chosen && writtenOn(linked, typed.value, data)) return { key: "other_network", networks: [typed.network] };
  const written = writtenOn(chosen, typed.value, data);
  if (written) return { key: written.length > typed.value.length ? "prefixed" : "valid", networks: [network] };
  const thing = thingOf(typed.value, data);
  const others = fitting(typed, coin, data);
  if (others.length && !isRather(thing, typed.value)) return { key: "other_network", networks: others };
  if (thing) return { key: thing };
  const misfits = [...typed.value].filter((one) => !whole(chosen.letters).test(one));
  const isWhole = [...typed.value].length === chosen.length;
  if (isWhole && misfits.length) return { key: "letters", networks: [network], letters: [...new Set(misfits)].join(" ") };
  return isWhole ? { key: "unrecognised" } : { key: "length", networks: [network], wanted: chosen.length };
}

function checkAnywhere(typed, coin, data) {
  const thing = thingOf(typed.value, data);
  const all = fitting(typed, coin, data);
  if (!all.length || isRather(thing, typed.value)) return { key: thing || "unrecognised" };
  const own = data.coins[coin] ?? Object.keys(data.networks);
  if (!all.some((key) => own.includes(key))) return { key: "other_network", networks: all };
  const written = new Set(all.map((key) => writtenOn(data.networks[key], typed.value, data)));
  const isPrefixed = written.size === 1 && [...written][0].length > typed.value.length;
  return { key: isPrefixed ? "prefixed" : "possible", networks: all };
}

/** As the network writes it, but for its capitals; "" if it can be none of its TxIDs. */
function writtenOn(chosen, value, { hex }) {
  const written = chosen.prefixed && whole(hex).test(value) ? `0x${value}` : value;
  return isWritten(chosen, written) ? written : "";
}

function isWritten({ txid, size }, value) {
  return whole(txid).test(value) && (!size || decode(value).length === size);
}

/** The coin's own if any fits, first those that need no "0x" put in front; else all others. A link only narrows them. */
function fitting(typed, coin, data) {
  const { networks, coins } = data;
  const exact = Object.keys(networks).filter((key) => isWritten(networks[key], typed.value));
  const own = (coins[coin] ?? Object.keys(networks)).filter((key) => writtenOn(networks[key], typed.value, data));
  const found = own.length ? [...own.filter((key) => exact.includes(key)), ...own.filter((key) => !exact.includes(key))] : exact;
  return found.includes(typed.network) ? [typed.network] : found;
}

function thingOf(value, { internal, addresses }) {
  if (whole(internal, "i").test(value)) return "internal";
  return addresses.some((looks) => whole(looks).test(value)) ? "address" : "";
}

/** One of Litecoin's addresses is as long as one of TON's TxIDs; a longer value is a TxID. */
function isRather(thing, value) {
  return Boolean(thing) && [...value].length < SHORTEST_HASH;
}

/** `{tone, text}` in the page's language. */
export function said(finding, data, comma) {
  const names = finding.networks.slice(0, MOST_NAMED).map((key) => data.networks[key].name);
  const networks = names.join(comma) + (finding.networks.length > MOST_NAMED ? "…" : "");
  let text = filled(data.say[finding.key], { ...finding, networks });
  if (finding.unseen) text += ` ${filled(data.say.unseen, { count: finding.unseen })}`;
  return { tone: data.tones[finding.key], text };
}

function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
