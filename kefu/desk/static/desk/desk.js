// The workspace: one socket for the list, the counts and the open conversation.
import { Socket, socketUrl } from "../conversations/socket.js";
import { get, post } from "./api.js";
import { List } from "./list.js";
import { listen } from "./keys.js";
import * as notify from "./notify.js";
import { totals, withPage, withRow } from "./rows.js";
import { Talk } from "./talk.js";
import { toast, word } from "./words.js";

const page = JSON.parse(document.getElementById("start").textContent);
const desk = document.querySelector("[data-desk]");
const socket = new Socket(socketUrl("/ws/v1"));
const state = { me: page.me, list: page.list, counts: page.counts, cursor: page.cursor, openRef: page.open?.row.ref ?? null };
const list = new List(document.querySelector("[data-list]"), page.topics, { onOpen: open, onMore: more });
const talk = new Talk(socket, page, { onRow: take, onFailed: failed });

function draw() {
  list.draw(state.list, state.openRef);
  const sum = totals(state.counts, state.me);
  for (const link of document.querySelectorAll("[data-view]")) {
    const view = link.dataset.view;
    if (view === state.list.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    const count = link.querySelector("[data-count]");
    if (count) count.textContent = sum[view];
  }
  notify.count(sum.mine + sum.unassigned);
}

// A row that changed, from the socket or from an answer to what this agent did.
function take(row) {
  state.list = withRow(state.list, row, state.me);
  talk.row(row);
  draw();
}

async function show(view) {
  try {
    state.list = await get(`/desk/data/${view}/`);
    history.pushState({}, "", path());
    pane("list");
    draw();
  } catch (problem) {
    failed(problem);
  }
}

async function more() {
  const asked = state.list;
  try {
    const answer = await get(`/desk/data/${asked.view}/?after=${encodeURIComponent(asked.next)}`);
    if (state.list.view === asked.view) state.list = withPage(state.list, answer);
    draw();
  } catch (problem) {
    failed(problem);
  }
}

async function open(ref, { remember = true } = {}) {
  pane("talk");
  if (ref === state.openRef) return;
  state.openRef = ref;
  draw();
  try {
    const answer = await get(`/desk/conversation/${ref}/`);
    if (state.openRef !== ref) return;
    talk.open(answer, state.list.view);
    if (remember) history.pushState({}, "", path());
  } catch (problem) {
    if (state.openRef === ref) state.openRef = null;
    draw();
    failed(problem);
  }
}

function path() {
  return `/desk/${state.list.view}/${state.openRef ? `${state.openRef}/` : ""}`;
}

function pane(name) {
  desk.dataset.pane = name;
  for (const button of desk.querySelectorAll("[data-go]")) button.setAttribute("aria-pressed", button.dataset.go === name);
}

function failed(problem) {
  toast(word(problem.status === 403 ? "toast.refused" : problem.status === 401 ? "link.closed" : "toast.failed"));
}

function hear(frame) {
  if (!frame.topic?.startsWith("desk/")) return;
  if (frame.type === "counts") state.counts[frame.topic] = frame;
  if (frame.type === "resync") refresh();
  if (frame.type === "events") {
    for (const event of frame.events) {
      state.cursor = Math.max(state.cursor, event.seq);
      state.list = withRow(state.list, event.row, state.me);
      talk.row(event.row);
      notify.about(event.row, state.me, open);
    }
  }
  draw();
}

async function refresh() {
  try {
    state.list = await get(`/desk/data/${state.list.view}/`);
    draw();
  } catch (problem) {
    failed(problem);
  }
}

function status({ state: link }) {
  const line = document.querySelector("[data-link]");
  line.hidden = link === "open";
  line.querySelector("[data-link-words]").textContent = link === "open" ? "" : word(`link.${link}`);
}

const availability = document.querySelector("[data-availability]");
const dot = document.querySelector("[data-availability-dot]");

function showAvailability() {
  dot.className = `dot ${{ available: "ok", busy: "care", away: "off" }[availability.value]}`;
}

availability.addEventListener("change", async () => {
  try {
    availability.value = (await post("/desk/availability/", { availability: availability.value })).availability;
    page.me.availability = availability.value;
  } catch (problem) {
    availability.value = page.me.availability;
    failed(problem);
  }
  showAvailability();
});

document.querySelector("[data-views]").addEventListener("click", (event) => {
  const link = event.target.closest("[data-view]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  show(link.dataset.view);
});
document.querySelector("[data-context]").addEventListener("click", (event) => {
  const link = event.target.closest("[data-open-ref]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  open(link.dataset.openRef);
});
for (const button of desk.querySelectorAll("[data-go]")) button.addEventListener("click", () => pane(button.dataset.go));
// Back and forward: the page knows the rest.
addEventListener("popstate", () => location.reload());

listen({
  j: () => list.step(1),
  k: () => list.step(-1),
  o: () => list.chosen && open(list.chosen),
  r: () => talk.write("reply"),
  n: () => talk.write("note"),
  i: () => talk.take(),
  e: () => talk.resolveOrReopen(),
});

notify.begin();
showAvailability();
draw();
pane(page.open ? "talk" : "list");
socket.listen(hear);
socket.observe(status);
for (const topic of page.watch) socket.watch(topic, () => state.cursor);
if (page.open) talk.open(page.open, page.view);
socket.start();
setInterval(draw, 30_000);
