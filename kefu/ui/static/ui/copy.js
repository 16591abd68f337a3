// Attached by [data-copy="text"] or [data-copy-from="id"]; [data-copied] is what the toast says.
import { toast } from "./toast.js";

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
  if (await copy(text)) toast(button.dataset.copied || "✓");
  else if (source) getSelection().selectAllChildren(source);
});
