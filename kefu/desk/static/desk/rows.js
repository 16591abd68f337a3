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

// A new list with this row in its place, or without it. A row behind the last loaded one waits for its page.
export function withRow(list, row, me) {
  const last = list.rows.at(-1);
  const rows = list.rows.filter((other) => other.ref !== row.ref);
  if (belongs(row, list.view, me) && (!list.next || !last || last.ref === row.ref || before(row, last, list.view) < 0)) rows.push(row);
  rows.sort((a, b) => before(a, b, list.view));
  return { ...list, rows };
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
