// What is left of a thread when its customer was forgotten: that there was something, and not from whom.

/** Take every word, and the customer's name, out of a fresh copy of the reducer's state, as it is from `seq` on. */
export function erase(next, seq) {
  for (const [key, item] of Object.entries(next.items)) next.items[key] = emptied(item);
  for (const [key, cursor] of Object.entries(next.cursors)) next.cursors[key] = { ...cursor, who: unnamed(cursor.who) };
  next.redrawnAt = seq;
}

function emptied(item) {
  if (item.message) return { ...item, message: { ...item.message, author: unnamed(item.message.author), text: "", secrets: [], files: [], erased: true } };
  const bare = item.by ? { ...item, by: unnamed(item.by) } : item;
  return item.kind === "explained" ? { ...bare, text: "", secrets: [] } : bare;
}

function unnamed(who) {
  return who?.kind === "customer" ? { ...who, name: "" } : who;
}
