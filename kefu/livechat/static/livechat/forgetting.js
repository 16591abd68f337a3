// Attached by form[data-forget]: whoever is forgotten on this device leaves in its browser nothing that they wrote, read or
// searched, for the next person to find, or to send without knowing. The field `forgotten` tells the server that this is done.

import { forgetCustomer } from "../conversations/storage.js";
import { handOnNothing } from "./draft.js";

function forget() {
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      forgetCustomer(window[name]);
    } catch {
      // It is switched off, and has kept nothing.
    }
  }
}

for (const form of document.querySelectorAll("form[data-forget]")) {
  form.addEventListener("submit", () => {
    handOnNothing();
    forget();
    // The chat beside this page may keep something until the page goes.
    addEventListener("pagehide", forget);
    form.elements.forgotten.value = "yes";
  });
}
