// The workspace: one socket for the list, the counts and the open conversation.
import { Socket, socketUrl } from "../conversations/socket.js";
import { get } from "./api.js";
import * as availability from "./availability.js";
import { Find } from "./find.js";
import { Held } from "./held.js";
import { List } from "./list.js";
import { listen } from "./keys.js";
import * as notify from "./notify.js";
import { Newest, totals, withFresh, withPage, withRow } from "./rows.js";
import { OpenConversation } from "./talk.js";
import { toast, word } from "./words.js";

const AGAIN_AFTER = 5_000;
const page = JSON.parse(document.getElementById("start").textContent);
const desk = document.querySelector("[data-desk]");
// Where three panes have room: the customer in the list's place, and back.
const besides = desk.querySelector("[data-show-context]");
const socket = new Socket(socketUrl("/ws/v1"));
const { counts, cursor } = page.list;
const state = { me: page.me, list: page.list, counts, cursor, asked: { view: page.list.view }, isBehind: false, isBehindAgain: false, found: null, openRef: page.open?.row.ref ?? null, opening: null };
const newest = new Newest();
const list = new List(document.querySelector("[data-list]"), page, { onOpen: open, onMore: more });
const [heldForFiles, heldForUs] = ["held", "held.unsent"].map((words) => new Held(document.querySelector("[data-held]"), words, backTo));
const talk = new OpenConversation(socket, page, {
  onRow: take,
  onFailed: failed,
  onHeld: (refs) => heldForFiles.draw(refs),
  onUnsent: (refs) => heldForUs.draw(refs),
  onPane: pane,
});

const find = new Find(document.querySelector("[data-find]"), { onFound: (rows) => showFound({ view: "found", rows, next: null }), onCleared: () => showFound(null), onFailed: failed });

function draw() {
  list.draw(state.found ?? state.list, state.openRef);
  const sum = totals(state.counts, state.me);
  for (const link of document.querySelectorAll("[data-view]")) {
    const view = link.dataset.view;
    if (view === state.list.view && !state.found) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    const count = link.querySelector("[data-count]");
    if (count) count.textContent = sum[view];
  }
  notify.count(sum.mine + sum.unassigned);
}

// A row that changed, from the socket or from an answer to what this agent did. `told` is the journal id of an event.
function take(row, told = 0) {
  if (!newest.take(row, told)) return;
  state.list = withRow(state.list, row, state.me);
  state.found &&= withFresh(state.found, row);
  talk.row(row);
  draw();
}

function show(view) {
  pane("list");
  find.clear();
  load(view);
}

// In the list's place, which goes on beneath.
function showFound(found) {
  state.found = found;
  draw();
}

// Load a view from its top, with all counts and the place from which events go on. Only the last one asked for is shown.
async function load(view) {
  const asked = { view, cursor: state.cursor, counts: state.counts };
  state.asked = asked;
  try {
    const answer = await get(`/desk/data/${view}/`);
    if (state.asked === asked) begin(answer, asked);
  } catch (problem) {
    if (state.asked !== asked) return;
    const tried = { ...asked, view: state.list.view };
    state.asked = tried;
    const isFinal = [401, 403].includes(problem.status);
    if (state.isBehind && !isFinal) setTimeout(() => state.asked === tried && load(tried.view), AGAIN_AFTER);
    else failed(problem);
    // Whoever is told once more that they missed too much tries once more.
    state.isBehind &&= !isFinal;
  }
}

function begin(answer, asked) {
  state.isBehind = false;
  // The journal never goes back, unless the server was put back to an earlier day.
  const isOtherHistory = answer.cursor < asked.cursor;
  if (isOtherHistory) newest.forget();
  state.cursor = isOtherHistory ? answer.cursor : Math.max(state.cursor, answer.cursor);
  state.list = newest.over(answer, answer.rows, state.me, answer.cursor);
  for (const [topic, counted] of Object.entries(answer.counts)) {
    // What the socket has told since is younger.
    if (state.counts[topic] === asked.counts[topic]) state.counts = { ...state.counts, [topic]: counted };
  }
  remember();
  draw();
  // The list may be from before that.
  if (state.isBehindAgain) refresh();
}

// Too much was missed: until a list has come, each try is followed by another. Requests that stand in for a socket are told so
// over and over meanwhile, and must not begin it anew each time.
function refresh() {
  state.isBehindAgain = state.isBehind;
  if (state.isBehind) return;
  state.isBehind = true;
  load(state.asked.view);
}

async function more() {
  const { asked, list: { view, next } } = state;
  try {
    const answer = await get(`/desk/data/${view}/?after=${encodeURIComponent(next)}`);
    if (state.asked !== asked || state.list.next !== next) return;
    state.list = newest.over(withPage(state.list, answer), answer.rows, state.me);
    draw();
  } catch (problem) {
    if (state.asked === asked) failed(problem);
  }
}

/** Through the list, which must be seen for that. */
function step(places) {
  if (besides.offsetParent && desk.dataset.pane === "context") pane("list");
  list.step(places);
}

async function open(ref) {
  pane("talk");
  if (ref === state.openRef) return;
  const opening = { writes: null };
  Object.assign(state, { openRef: ref, opening });
  talk.close();
  draw();
  const askedAt = performance.now();
  try {
    const answer = await get(`/desk/conversation/${ref}/`);
    if (state.opening !== opening) return;
    talk.open(answer, state.list.view, askedAt);
    state.opening = null;
    take(answer.row);
    remember();
    if (opening.writes) talk.write(opening.writes);
  } catch (problem) {
    if (state.opening !== opening) return;
    Object.assign(state, { openRef: null, opening: null });
    talk.none();
    draw();
    // Nobody can be led to where they may not look any more.
    if (problem.status === 404) talk.outbox.giveBack(ref);
    failed(problem);
  }
}

// Whoever begins to write before the conversation has come finds the box open when it has.
function write(kind) {
  if (state.opening) state.opening.writes = kind;
  else talk.write(kind);
}

// From the notice, which goes away by that: whoever pressed it goes on where the message is.
async function backTo(ref) {
  await open(ref);
  if (state.openRef === ref) talk.write();
}

function remember() {
  if (location.pathname !== path()) history.pushState({}, "", path());
}

function path() {
  return `/desk/${state.list.view}/${state.openRef ? `${state.openRef}/` : ""}`;
}

function pane(name) {
  desk.dataset.pane = name;
  for (const button of desk.querySelectorAll("[data-go]")) button.setAttribute("aria-pressed", button.dataset.go === name);
  besides.setAttribute("aria-pressed", name === "context");
}

function failed(problem) {
  toast(word(problem.status === 403 ? "toast.refused" : problem.status === 401 ? "link.closed" : "toast.failed"));
}

function hear(frame) {
  if (!frame.topic?.startsWith("desk/")) return;
  if (frame.type === "counts") state.counts = { ...state.counts, [frame.topic]: frame };
  if (frame.type === "resync") refresh();
  for (const { seq, row, mail } of frame.type === "events" ? frame.events : []) {
    if (mail) talk.mail(row.ref);
    state.cursor = Math.max(state.cursor, seq);
    const isNews = newest.isNews(row);
    take(row, seq);
    if (isNews) notify.about(row, state.me, open);
  }
  draw();
}

function status({ state: link }) {
  const line = document.querySelector("[data-link]");
  line.hidden = link === "open";
  line.querySelector("[data-link-words]").textContent = link === "open" ? "" : word(`link.${link}`);
}

document.querySelector("[data-views]").addEventListener("click", (event) => {
  const link = event.target.closest("[data-view]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  show(link.dataset.view);
});
document.querySelector("[data-context]").addEventListener("click", async (event) => {
  const link = event.target.closest("[data-open-ref]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  await open(link.dataset.openRef);
  // Where there is no room for both, what was pressed is hidden now; the button that leads back is not.
  if (besides.offsetParent) besides.focus();
});
for (const button of desk.querySelectorAll("[data-go]")) button.addEventListener("click", () => pane(button.dataset.go));
besides.addEventListener("click", () => pane(desk.dataset.pane === "context" ? "list" : "context"));
// Back and forward: the page knows the rest.
addEventListener("popstate", () => location.reload());

listen({
  j: () => step(1),
  k: () => step(-1),
  o: () => list.chosen && open(list.chosen),
  r: () => write("reply"),
  n: () => write("note"),
  i: () => talk.take(),
  e: () => talk.resolveOrReopen(),
  ":": () => talk.readArticles(),
  "/": () => (pane("list"), find.focus()),
}, () => Boolean(state.opening?.writes));

for (const row of page.list.rows) newest.take(row);
notify.begin();
availability.begin(page.me, failed);
draw();
pane(page.open ? "talk" : "list");
socket.listen(hear);
socket.observe(status);
for (const topic of page.watch) socket.watch(topic, () => state.cursor);
if (page.open) talk.open(page.open, page.list.view);
socket.start();
setInterval(draw, 30_000);
