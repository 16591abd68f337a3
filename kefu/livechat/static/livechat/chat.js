// The chat on its own page.
import { whenForgotten } from "../conversations/storage.js";
import { ChatWindow } from "./window.js";

const root = document.querySelector("[data-chat]");

function begin() {
  const chat = new ChatWindow(root);
  chat.focus();
  whenForgotten(() => forget(chat));
}

/** Whoever wrote here was forgotten in another tab: nothing of theirs is seen, or goes on. The line under the heading leads on. */
function forget(chat) {
  chat.stop();
  chat.release();
  for (const part of root.querySelectorAll("[data-view], [data-composer], [data-make-link]")) part.hidden = true;
  for (const field of root.querySelectorAll("textarea, input")) field.value = "";
  // A picture of theirs may be open above all that.
  for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
  chat.lapse = "signed_out";
}

if (root) begin();
