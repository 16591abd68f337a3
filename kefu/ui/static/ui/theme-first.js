// Runs before the first paint, so that a chosen theme never flashes. The switch itself is in theme.js.
try {
  const kept = localStorage.getItem("theme");
  if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
} catch {
  // A browser that refuses storage follows the system.
}
