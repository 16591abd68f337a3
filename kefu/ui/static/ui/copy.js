// Attached by [data-copy="text"] or [data-copy-from="id"]; [data-copied] is what the toast says.
// The toast comes with the first click: most readers copy nothing.
async function say(words) {
  const { toast } = await import("./toast.js");
  toast(words);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = button.dataset.copyFrom ? document.getElementById(button.dataset.copyFrom) : null;
  const text = source ? source.textContent.trim() : button.dataset.copy;
  if (await copy(text)) say(button.dataset.copied || "✓").catch(() => {});
  else if (source) getSelection().selectAllChildren(source);
});
