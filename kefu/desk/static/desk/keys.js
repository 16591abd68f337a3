// Single keys outside fields, never while an input method composes, and never behind a dialog.
const dialog = document.querySelector("[data-keys]");
// Held down, these go on; any other key counts once.
const WALKING = new Set(["j", "k"]);

function isWriting(target) {
  return target.closest?.("input, textarea, select, [contenteditable=true]") !== null;
}

// `isAhead()` says whether what is typed now is meant for a box that is still on its way.
export function listen(acts, isAhead = () => false) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape" && isWriting(event.target)) {
      event.target.blur();
      return;
    }
    if (isWriting(event.target) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (isAhead()) {
      if (event.key.length === 1) event.preventDefault();
      return;
    }
    const act = event.key === "?" ? () => dialog.showModal() : acts[event.key];
    if (!act) return;
    event.preventDefault();
    if (!event.repeat || WALKING.has(event.key)) act();
  });
  document.querySelector("[data-keys-open]").addEventListener("click", () => dialog.showModal());
  document.querySelector("[data-keys-close]").addEventListener("click", () => dialog.close());
}
