// Attached by form[data-forget]: whoever is forgotten on this device leaves in no tab of its browser what they wrote, read or
// searched, for the next person to find, or to send without knowing. The field `forgotten` tells the server that this is done.

import { forgetInBrowser, forgetInTab } from "../conversations/storage.js";
import { handOnNothing } from "./draft.js";

for (const form of document.querySelectorAll("form[data-forget]")) {
  form.addEventListener("submit", () => {
    handOnNothing();
    forgetInBrowser();
    // The chat beside this page may keep something until the page goes.
    addEventListener("pagehide", () => forgetInTab());
    form.elements.forgotten.value = "yes";
  });
}
