// What is left of a line of the thread when its conversation was erased: that there was one.

/** The item of the reducer's state without a word in it. */
export function emptied(item) {
  if (item.message) return { ...item, message: { ...item.message, text: "", secrets: [], files: [], erased: true } };
  return item.kind === "explained" ? { ...item, text: "", secrets: [] } : item;
}
