// The deposit tracer's page, attached by [data-deposit]. A TxID is looked at here and sent with the form only. An address is asked
// about when it was pasted or its field is left, and only if it is one word that looks like an address: what has the shape of a
// private key or of words leaves the page with the form alone, and not then if it is known for a secret or may be a TxID.
import { isRatherTxid, isSecret, isToAsk, check, said } from "./txid.js";
import { guard } from "../safety/guard.js";

const form = document.querySelector("[data-deposit]");
const data = JSON.parse(document.getElementById("deposit-data").textContent);
const [coin, network, txid, address] = ["coin", "network", "txid", "address"].map((name) => form.elements[name]);
const comma = document.documentElement.lang.startsWith("zh") ? "、" : ", ";
const PAUSE = 350;
const ICONS = { good: "check", care: "warning", bad: "warning", "": "info" };
const sprite = document.querySelector("svg.icon use").getAttribute("href").replace(/#.*/, "");
const everyNetwork = [...network.options].length > 1 ? Object.entries(data.networks) : [];
let asking = 0;

form.elements.zone.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

function show(name, found) {
  const place = form.querySelector(`[data-said-of="${name}"]`);
  const field = form.elements[name];
  if (found?.tone === "bad") field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  place.replaceChildren(...(found?.text ? [line(found)] : []));
}

function line({ tone, text }) {
  const shown = document.createElement("p");
  shown.className = `field-state ${tone}`;
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("class", "icon small");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${ICONS[tone]}`);
  icon.append(use);
  const words = document.createElement("span");
  words.textContent = text;
  shown.append(icon, words);
  return shown;
}

function lookAtTxid() {
  const finding = check(txid.value, { coin: coin.value, network: network.value }, data);
  show("txid", finding.key ? said(finding, data, comma) : null);
}

async function lookAtAddress() {
  const typed = address.value;
  const mine = ++asking;
  if (inAddress()) return show("address", inAddress());
  if (!isToAsk(typed, network.value, data)) return show("address", null);
  const body = new FormData();
  for (const [name, value] of Object.entries({ address: typed, coin: coin.value, network: network.value })) body.set(name, value);
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  try {
    const response = await fetch(data.address_url, { method: "POST", body });
    if (response.ok && mine === asking) show("address", await response.json());
  } catch {
    // Without the network the form says it when it is sent.
  }
  return undefined;
}

function secret() {
  return { tone: "bad", text: data.say.secret };
}

function soon(look) {
  let waiting;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  };
}

/** What must not be sent from the address box, or nothing: a secret, and what may be a TxID or a key. */
function inAddress() {
  if (isSecret(address.value, data)) return secret();
  return isRatherTxid(address.value, data) ? { tone: data.tones.txid, text: data.say.txid } : null;
}

/** While somebody types, only that is seen: what is half typed tells nothing else. */
function lookForSecret() {
  asking += 1;
  show("address", inAddress());
}

/** Only the coin's networks; what was chosen stays if it is one of them. */
function offerNetworks() {
  const own = data.coins[coin.value] ?? everyNetwork.map(([key]) => key);
  const before = network.value;
  const [unsure] = network.options;
  network.replaceChildren(unsure, ...own.map((key) => new Option(data.networks[key].name, key, false, key === before)));
  if (own.length === 1 && data.coins[coin.value]) network.value = own[0];
  offerMemo();
}

function offerMemo() {
  form.querySelector("[data-memo]").hidden = Boolean(network.value) && !data.networks[network.value].memo;
}

function lookAtBoth() {
  if (txid.value) lookAtTxid();
  if (address.value) lookAtAddress();
}

/** What is held back, by field: it may be a secret, or it is a TxID in the box for the address. */
function heldBack() {
  const others = ["memo", "words"].map((name) => form.elements[name]).filter((field) => field && guard(field.value).found.length);
  const found = [
    [txid, isSecret(txid.value, data) && secret()],
    [address, inAddress()],
    ...others.map((field) => [field, secret()]),
  ];
  return found.filter(([, why]) => why);
}

txid.addEventListener("input", soon(lookAtTxid));
address.addEventListener("input", ({ inputType }) => {
  lookForSecret();
  if (inputType?.startsWith("insertFrom")) lookAtAddress();
});
address.addEventListener("change", lookAtAddress);
form.elements.words?.addEventListener("input", (event) => show("words", guard(event.target.value).found.length ? secret() : null));
coin.addEventListener("change", () => {
  offerNetworks();
  lookAtBoth();
});
network.addEventListener("change", () => {
  offerMemo();
  lookAtBoth();
});
form.addEventListener("submit", (event) => {
  const found = heldBack();
  if (!found.length) return;
  event.preventDefault();
  for (const [field, why] of found) if (form.querySelector(`[data-said-of="${field.name}"]`)) show(field.name, why);
  found[0][0].focus();
});
// What stands in the way comes first, else what was found; after the browser has gone to the place that the address names.
addEventListener("load", () => setTimeout(() => (form.querySelector("[aria-invalid=true]") ?? document.getElementById("answer"))?.focus()));
