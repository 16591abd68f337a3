// A short word at the foot of the page, read aloud once. Import it; nothing hangs on window.
const SHOWN_FOR_MS = 4000;

function box() {
  const found = document.querySelector(".toasts");
  if (found) return found;
  const made = document.createElement("div");
  made.className = "toasts";
  made.setAttribute("role", "status");
  return document.body.appendChild(made);
}

/** Say something; `action` is {label, run} for an undo. Returns a function that takes the toast away. */
export function toast(text, action = null) {
  const line = document.createElement("p");
  line.className = "toast";
  line.append(text);
  const away = () => line.remove();
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      away();
      action.run();
    });
    line.append(button);
  }
  box().replaceChildren(line);
  setTimeout(away, action ? SHOWN_FOR_MS * 2 : SHOWN_FOR_MS);
  return away;
}
