// What is clicked in the frame: links to the chat stay in it, files come by the token, and all other links leave it, for no other
// page of ours lets itself be framed.

import { showBy } from "../conversations/shown.js";
import { get, post } from "./post.js";
import { token } from "./session.js";

const urls = document.body.dataset;

/**
 * `onChat(values)` shows the window that a link asks for; `onClose()` is told when this one is not needed any more, `onGuest()`
 * when its user goes on as a guest.
 */
export function followLinks({ onChat, onClose, onGuest }) {
  showBy(async (element, address) => (element.src = await fetched(address).catch(() => "")));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close], [data-put-away]")) onClose();
    else if (event.target.closest("[data-outside]")) goOnOutside(onClose);
    else if (event.target.closest("[data-as-guest]")) onGuest();
    else if (token() && event.target.closest("a[data-tool]")) useTool(event);
    else follow(event, onChat);
  });
}

function follow(event, onChat) {
  const link = event.target.closest("a[href]");
  if (!link) return;
  const url = new URL(link.href);
  if (link.closest("[data-strip=outdated]")) {
    // Another window would be drawn by the same old scripts.
    event.preventDefault();
    location.reload();
  } else if (url.origin === location.origin && url.pathname === urls.chatUrl) {
    event.preventDefault();
    onChat(Object.fromEntries(url.searchParams));
  } else if (link.matches("[download]")) {
    event.preventDefault();
    download(link);
  } else {
    link.target = "_blank";
    link.rel = "noopener";
  }
}

/** A tool of ours knows whoever the frame knows. The frame stays. */
function useTool(event) {
  event.preventDefault();
  goOnOutside(() => {}, event.target.closest("a[data-tool]"));
}

/** The code goes by POST, straight into the new window: not through an address, and not through the host page. */
async function goOnOutside(onClose, tool = null) {
  const form = document.querySelector("[data-take-over]");
  // At once, for browsers open windows only under somebody's finger; the chat page then cuts its tie to the frame.
  const outside = open("about:blank", form.target);
  const { answer } = token() ? await post(urls.handOverUrl, {}) : {};
  if (!answer) {
    if (outside) outside.location.replace(new URL(tool?.href ?? urls.chatUrl, location.href));
    return;
  }
  form.elements.code.value = answer.code;
  form.elements.ref.value = document.querySelector("[data-chat]").dataset.ref;
  form.elements.tool.value = tool?.dataset.tool ?? "";
  form.submit();
  form.reset();
  onClose();
}

/** A file of the conversation: no cookie goes along with its address, so it is fetched with the token. */
async function fetched(address) {
  return URL.createObjectURL(await (await get(address, {}, "*/*")).blob());
}

async function download(link) {
  const name = link.querySelector("[data-slot=name]") ?? document.querySelector("dialog[open] [data-slot=name]");
  const file = document.createElement("a");
  file.href = await fetched(link.href);
  file.download = name?.textContent ?? "";
  file.click();
}
