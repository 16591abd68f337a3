// The exchange's own script, as its developers would write it: ask the backend for a token, hand it to the support window.

const chat = window.Kefu;
const user = document.body.dataset.user;
const told = document.querySelector("[data-told]");
// The window goes on knowing somebody until it is told that they have left.
const KNOWN = "xinghai.known";

async function identify() {
  const answer = await fetch("/token");
  if (answer.ok) chat.identify((await answer.json()).token);
  else say("refused");
}

function say(what) {
  if (told) told.textContent = told.dataset[what];
}

if (chat) {
  for (const door of document.querySelectorAll("[data-open]")) {
    door.addEventListener("click", (event) => {
      event.preventDefault();
      chat.open();
    });
  }
  chat.on("identified", () => say("known"));
  chat.on("refused", () => say("refused"));
  // Ended while this page stands open: with a new token the window goes on where it was.
  chat.on("ended", identify);
  if (user) {
    localStorage.setItem(KNOWN, user);
    identify();
  } else if (localStorage.getItem(KNOWN)) {
    localStorage.removeItem(KNOWN);
    chat.identify(null);
  }
}
