// Attached by [data-theme-switch]: the reader's choice wins over the system's and is kept on this device.
const root = document.documentElement;

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function keep(theme) {
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Storage may be refused; then the choice lasts for this page.
  }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  root.dataset.theme = isDark() ? "light" : "dark";
  keep(root.dataset.theme);
});

// Another tab changed it.
addEventListener("storage", (event) => {
  if (event.key === "theme" && (event.newValue === "dark" || event.newValue === "light")) root.dataset.theme = event.newValue;
});
