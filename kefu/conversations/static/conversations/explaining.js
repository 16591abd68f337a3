// The words beside a rating, which its customer may change: each line about them says what they are today.

/** Give the lines about one rating the words of the one that was drawn last. Changes `items`. */
export function agree(items) {
  const last = new Map();
  const lines = Object.entries(items).filter(([, { kind }]) => kind === "explained");
  for (const [, item] of lines) if (!(last.get(item.rating)?.asOf >= item.asOf)) last.set(item.rating, item);
  for (const [key, item] of lines) {
    const { text, secrets, asOf } = last.get(item.rating);
    items[key] = { ...item, text, secrets, asOf };
  }
}
