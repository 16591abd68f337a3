// Single keys outside fields, and never while an input method composes.
const dialog = document.querySelector("[data-keys]");

function isWriting(target) {
  return target.closest?.("input, textarea, select, [contenteditable=true]") !== null;
}

export function listen(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape" && isWriting(event.target)) {
      event.target.blur();
      return;
    }
    if (isWriting(event.target) || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    // A button or link keeps its own Enter.
    const key = event.key === "Enter" ? (event.target.closest("a.item") ? "o" : "") : event.key;
    const act = key === "?" ? () => dialog.showModal() : acts[key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.querySelector("[data-keys-open]").addEventListener("click", () => dialog.showModal());
  document.querySelector("[data-keys-close]").addEventListener("click", () => dialog.close());
}
