// The list as data: which rows belong to a view, in which order, and what a changed row does to it. No page here.

export function belongs(row, view, me) {
  if (view === "resolved") return row.state === "resolved";
  if (row.state === "resolved") return false;
  if (view === "mine") return row.assignee?.id === me.id;
  if (view === "unassigned") return row.assignee === null;
  return true;
}

// Ours first, longest waiting first; resolved ones newest first. The server's lists are in the same order.
export function before(a, b, view) {
  if (view === "resolved") return compare(b.resolved_at, a.resolved_at) || b.id - a.id;
  if (a.waits_for_us !== b.waits_for_us) return a.waits_for_us ? -1 : 1;
  return compare(a.turn_since, b.turn_since) || a.id - b.id;
}

function compare(a, b) {
  const [x, y] = [Date.parse(a), Date.parse(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

// What the row's own brand calls its topic. A team belongs to one brand.
export function topicName({ brands, topics }, { team, topic }) {
  return topics[brands[team]]?.[topic] ?? topic;
}

// A new list with this row in its place, or without it. A row behind the last loaded one waits for its page.
export function withRow(list, row, me) {
  const last = list.rows.at(-1);
  const rows = list.rows.filter((other) => other.ref !== row.ref);
  if (belongs(row, list.view, me) && (!list.next || !last || last.ref === row.ref || before(row, last, list.view) < 0)) rows.push(row);
  rows.sort((a, b) => before(a, b, list.view));
  return { ...list, rows };
}

// The same rows, this one as it is now.
export function withFresh(list, row) {
  return { ...list, rows: list.rows.map((other) => (other.ref === row.ref ? row : other)) };
}

export function withPage(list, page) {
  const known = new Set(list.rows.map((row) => row.ref));
  return { ...list, rows: [...list.rows, ...page.rows.filter((row) => !known.has(row.ref))], next: page.next };
}

// The team's absolute numbers, summed to what each view counts.
export function totals(counts, me) {
  const sum = { mine: 0, unassigned: 0, open: 0 };
  for (const team of Object.values(counts)) {
    sum.open += team.open;
    sum.unassigned += team.unassigned;
    sum.mine += team.by_assignee[me.id] ?? 0;
  }
  return sum;
}

const MOST_KNOWN = 1_000;

// The newest row of each conversation that was heard of lately, so that an answer which was long on its way undoes nothing.
export class Newest {
  #known = new Map();

  isNews(row) {
    const known = this.#known.get(row.ref);
    return !known || row.seq > known.row.seq;
  }

  // Keep a row; false if a newer one is known. `told` is the journal id of the event that brought it, 0 for an answer.
  take(row, told = 0) {
    const known = this.#known.get(row.ref);
    if (known && row.seq < known.row.seq) return false;
    this.#known.delete(row.ref);
    this.#known.set(row.ref, { row, told: Math.max(told, known?.told ?? 0) });
    if (this.#known.size > MOST_KNOWN) this.#known.delete(this.#known.keys().next().value);
    return true;
  }

  // A list into which `answered` rows have come, brought up to what is known. Rows that were told of after `cursor`, the
  // journal id that the answer was read at, may be missing from it.
  over(list, answered, me, cursor = Infinity) {
    const older = answered.filter((row) => !this.take(row)).map(({ ref }) => ref);
    const newer = [...this.#known.values()].filter(({ row, told }) => older.includes(row.ref) || told > cursor);
    return newer.reduce((whole, { row }) => withRow(whole, row, me), list);
  }

  forget() {
    this.#known.clear();
  }
}
