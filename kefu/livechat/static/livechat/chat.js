// The chat on its own page.
import { ChatWindow } from "./window.js";

const root = document.querySelector("[data-chat]");
if (root) new ChatWindow(root).focus();
