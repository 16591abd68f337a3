// Draws the list and keeps the chosen row; drawing again keeps focus and scroll.
import { topicName } from "./rows.js";
import { since, word } from "./words.js";

export class List {
  constructor(root, page, { onOpen, onMore }) {
    this.root = root;
    this.page = page;
    this.template = document.querySelector("[data-template=row]").content.firstElementChild;
    this.items = new Map();
    this.chosen = null;
    this.empty = document.querySelector("[data-list-empty]");
    this.more = document.querySelector("[data-list-more]");
    this.more.querySelector("button").addEventListener("click", onMore);
    root.addEventListener("click", (event) => {
      const link = event.target.closest("a.item");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      onOpen(link.dataset.ref);
    });
    // Whoever walks by Tab goes on from there by keys.
    root.addEventListener("focusin", ({ target }) => target.matches("a.item:focus-visible") && this.mark(target.dataset.ref));
  }

  draw(list, openRef) {
    this.list = list;
    if (this.chosen && !list.rows.some((row) => row.ref === this.chosen)) this.chosen = null;
    const kept = new Map();
    const nodes = list.rows.map((row) => {
      const item = this.items.get(row.ref) ?? this.template.cloneNode(true);
      this.fill(item, row, list.view, openRef);
      kept.set(row.ref, item);
      return item;
    });
    for (const [ref, item] of this.items) if (!kept.has(ref)) item.remove();
    this.items = kept;
    this.place(nodes);
    this.root.hidden = !nodes.length;
    this.empty.hidden = nodes.length > 0;
    for (const words of this.empty.querySelectorAll("[data-empty-words]")) words.hidden = words.dataset.emptyWords !== list.view;
    this.more.hidden = !list.next;
    this.head(list);
  }

  // What stands where it should is not touched: what is taken out and put back loses its focus, and a click that has only begun.
  place(nodes) {
    const focused = document.activeElement;
    let next = this.root.firstElementChild;
    for (const node of nodes) {
      // One that moved down: the others stay, and it comes when it is its turn.
      if (node !== next && next?.nextElementSibling === node) next = node;
      if (node === next) next = next.nextElementSibling;
      else this.root.insertBefore(node, next);
    }
    if (focused !== document.activeElement && this.root.contains(focused)) focused.focus({ preventScroll: true });
  }

  head(list) {
    const waiting = list.rows.filter((row) => row.waits_for_us);
    const n = list.next ? `${list.rows.length}+` : list.rows.length;
    document.querySelector("[data-list-title]").textContent = word(`view.${list.view}`);
    const longest = waiting.length ? since(waiting[0].turn_since) : word("for.now");
    // "At most just now" tells nothing.
    document.querySelector("[data-list-meta]").textContent = longest === word("for.now") ? word("list.some", { n }) : word("list.meta", { n, for: longest });
  }

  fill(item, row, view, openRef) {
    const link = item.firstElementChild;
    const part = (name) => item.querySelector(`[data-${name}]`);
    const home = row.state === "resolved" ? "resolved" : "open";
    link.href = `/desk/${view === "found" ? home : view}/${row.ref}/`;
    link.dataset.ref = row.ref;
    link.classList.toggle("seen", !row.waits_for_us);
    link.classList.toggle("chosen", row.ref === this.chosen);
    if (row.ref === openRef) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    part("name").textContent = row.customer.name || `${word("visitor")} ${row.ref.slice(-6, -2)}`;
    const level = ["anonymous", "claimed", "proven", "vouched"][row.level];
    part("level-mark").dataset.level = level;
    part("level-mark").title = word(`level.${row.level}`);
    part("level-words").textContent = word(`level.${row.level}`);
    const moment = row.state === "resolved" ? row.resolved_at : row.turn_since;
    part("turn").textContent = `${word(`turn.${row.turn}`)} ${since(moment)}`;
    part("ours").toggleAttribute("hidden", !row.waits_for_us);
    item.querySelector(".turn-for").classList.toggle("theirs", !row.waits_for_us);
    part("last").textContent = lastWords(row);
    part("topic").textContent = topicName(this.page, row);
    part("language").textContent = word(`lang.${row.language}`);
    part("assignee-name").textContent = row.assignee?.name ?? "";
    part("assignee-name").hidden = !row.assignee;
  }

  step(by) {
    const refs = this.list.rows.map((row) => row.ref);
    if (!refs.length) return;
    const at = refs.indexOf(this.chosen ?? this.root.querySelector("[aria-current]")?.dataset.ref);
    this.choose(refs[Math.min(Math.max(at + by, 0), refs.length - 1)]);
  }

  choose(ref) {
    this.mark(ref);
    const link = this.items.get(ref)?.firstElementChild;
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: "nearest" });
  }

  mark(ref) {
    this.items.get(this.chosen)?.firstElementChild.classList.remove("chosen");
    this.chosen = ref;
    this.items.get(ref)?.firstElementChild.classList.add("chosen");
  }
}

function lastWords({ last_by_staff, last_line }) {
  // A conversation has words from its first moment, until all of them are erased.
  const words = last_line.replace(/⟦secret:[a-z_]+⟧/g, "▇▇▇") || word("erased");
  return last_by_staff ? `${word("staff")}: ${words}` : words;
}
