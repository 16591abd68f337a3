// Attached by nav[data-contents]: marks the part that is being read.
export function attach(nav) {
  const links = new Map();
  for (const link of nav.querySelectorAll("a[href^='#']")) {
    const part = document.getElementById(link.hash.slice(1));
    if (part) links.set(part, link);
  }
  const parts = [...links.keys()];

  function mark() {
    const line = innerHeight / 3;
    const isAtEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const read = isAtEnd ? parts.at(-1) : (parts.findLast((part) => part.getBoundingClientRect().top < line) ?? parts[0]);
    for (const [part, link] of links) {
      if (part === read) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  }

  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  }, { passive: true });
  if (parts.length) mark();
}

document.querySelectorAll("nav[data-contents]").forEach(attach);
