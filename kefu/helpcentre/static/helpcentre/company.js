// Attached by form[data-company-url]: says that this text is open or being changed, and shows who else is at it.
import { write } from "../ui/times.js";

const EVERY_MS = 5_000;

function keep(form, place) {
  // What was refused is typed and not saved.
  let isChanging = Boolean(document.querySelector("[data-unsaved]") || form.querySelector("[aria-invalid=true]"));
  let shown = place.innerHTML.trim();
  const said = (more) => {
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "based_on"]) data.set(name, form.elements[name].value);
    for (const [name, value] of Object.entries(more)) data.set(name, value);
    return data;
  };
  // Only what is new is told again; what can't be asked is not claimed.
  const show = (html) => {
    if (html === shown) return;
    shown = html;
    const fresh = document.createElement("div");
    fresh.innerHTML = html;
    write(fresh);
    place.replaceChildren(...fresh.childNodes);
  };
  const tell = async () => {
    const body = said({ changing: isChanging ? "yes" : "no" });
    const answer = await fetch(form.dataset.companyUrl, { method: "POST", body }).catch(() => null);
    show(answer?.ok ? (await answer.text()).trim() : "");
  };
  form.addEventListener("input", () => {
    if (isChanging) return;
    isChanging = true;
    tell();
  });
  addEventListener("pagehide", () => navigator.sendBeacon(form.dataset.companyUrl, said({ leaving: "yes" })));
  addEventListener("pageshow", tell);
  setInterval(tell, EVERY_MS);
}

for (const form of document.querySelectorAll("form[data-company-url]")) keep(form, document.querySelector("[data-company]"));
