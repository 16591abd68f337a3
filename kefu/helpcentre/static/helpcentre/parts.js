// Attached by [data-parts]: the address of a part, and a block of code, can be copied; the page can be printed.
export function attach(article) {
  const template = (name) => article.querySelector(`template[data-part="${name}"]`);

  for (const heading of article.querySelectorAll("h2[id^='s-'], h3[id^='s-']")) {
    const button = template("copy-address").content.firstElementChild.cloneNode(true);
    const address = new URL(location.href);
    address.hash = heading.id;
    address.search = "";
    button.dataset.copy = address.href;
    button.setAttribute("aria-label", `${button.getAttribute("aria-label")} ${heading.textContent}`);
    heading.append(button);
  }

  for (const code of article.querySelectorAll("pre")) {
    const button = template("copy-code").content.firstElementChild.cloneNode(true);
    button.dataset.copy = code.textContent.trimEnd();
    code.after(button);
  }

  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
}

document.querySelectorAll("[data-parts]").forEach(attach);
