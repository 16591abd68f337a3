// Attached by [data-feedback]: two buttons that tell at once, then, if it did not help, why. Nothing says who the reader is.
import { newKey, postAsJson } from "./telling.js";

export function attach(box) {
  const form = box.querySelector("[data-why]");
  const clientId = newKey();
  let verdict = "";

  function show(selector, isWanted) {
    box.querySelector(selector).hidden = !isWanted;
  }

  async function tell(button, values) {
    button.setAttribute("aria-busy", "true");
    const { message, isLost } = await postAsJson(box.dataset.url, { revision: Number(box.dataset.revision), client_id: clientId, verdict, ...values });
    button.removeAttribute("aria-busy");
    const problem = isLost ? box.dataset.lost : message;
    box.querySelector("[data-problem-words]").textContent = problem ?? "";
    show("[data-problem]", Boolean(problem));
    return !problem;
  }

  /** Without the guard's module, which an offline page may not have, the server's own looks alone. */
  async function guarded(words) {
    try {
      const { guard } = await import("../safety/guard.js");
      return guard(words).text;
    } catch {
      return words;
    }
  }

  for (const button of box.querySelectorAll("[data-verdict]")) {
    button.setAttribute("role", "button");
    button.addEventListener("keydown", (event) => {
      // A link becomes a button, which the space bar presses too.
      if (event.key !== " ") return;
      event.preventDefault();
      button.click();
    });
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      const before = verdict;
      verdict = button.dataset.verdict;
      if (!(await tell(button, {}))) {
        verdict = before;
        return;
      }
      for (const one of box.querySelectorAll("[data-verdict]")) one.setAttribute("aria-pressed", String(one === button));
      show("[data-said=helpful]", verdict === "helpful");
      show("[data-said=explained]", false);
      form.hidden = verdict === "helpful";
      if (!form.hidden) form.querySelector("input").focus();
    });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reason = form.querySelector("[name=reason]:checked")?.value;
    const words = form.elements.words.value.trim();
    if (!(await tell(form.querySelector("[type=submit]"), { ...(reason && { reason }), ...(words && { words: await guarded(words) }) }))) return;
    const isHere = form.contains(document.activeElement);
    form.hidden = true;
    show("[data-said=explained]", true);
    // What was pressed is gone, and who goes on by Tab would begin at the top of the page.
    if (isHere) box.querySelector("[data-said=explained]").focus();
  });
}

document.querySelectorAll("[data-feedback]").forEach(attach);
