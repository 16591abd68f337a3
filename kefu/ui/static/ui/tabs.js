// Attached by [role=tablist]: one panel at a time, moved by arrow keys, Home and End. Without script every panel stays visible.
// A tab that is chosen, by whichever way, says so by a "chosen" event, for what it does besides showing a panel.
function choose(tabs, chosen) {
  for (const tab of tabs) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    const panel = document.getElementById(tab.getAttribute("aria-controls"));
    if (panel) panel.hidden = !on;
  }
}

function press(tabs, tab) {
  choose(tabs, tab);
  tab.dispatchEvent(new Event("chosen", { bubbles: true }));
}

function wanted(key, tabs, now) {
  if (key === "Home") return tabs[0];
  if (key === "End") return tabs.at(-1);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  return step ? tabs[(tabs.indexOf(now) + step + tabs.length) % tabs.length] : null;
}

export function attach(list) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  if (!tabs.length) return;
  choose(tabs, tabs.find((tab) => tab.getAttribute("aria-selected") === "true") ?? tabs[0]);
  list.closest(".switch")?.setAttribute("data-ready", "");
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) press(tabs, tab);
  });
  list.addEventListener("keydown", (event) => {
    const next = wanted(event.key, tabs, document.activeElement);
    if (!next) return;
    event.preventDefault();
    next.focus();
    press(tabs, next);
  });
}

document.querySelectorAll("[role=tablist]").forEach(attach);
