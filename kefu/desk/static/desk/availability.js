// Whether I am available, as customers and colleagues see it.
import { post } from "./api.js";
import { Choice } from "./choice.js";

const select = document.querySelector("[data-availability]");
const dot = document.querySelector("[data-availability-dot]");

export function begin(me, onFailed) {
  const choice = new Choice(select, (availability) => async () => {
    try {
      me.availability = (await post("/desk/availability/", { availability })).availability;
    } catch (problem) {
      onFailed(problem);
    }
    show();
  });

  function show() {
    choice.show(me.availability);
    const hint = document.querySelector("[data-away]");
    if (hint) hint.hidden = me.availability !== "away";
    dot.className = `dot ${{ available: "ok", busy: "care", away: "off" }[me.availability]}`;
  }

  document.querySelector("[data-become-available]")?.addEventListener("click", () => {
    select.value = "available";
    select.dispatchEvent(new Event("change"));
    select.focus();
  });
  show();
}
