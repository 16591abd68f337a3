// Attached by form[data-sending]: while it is on its way its buttons wait, so that nothing is sent twice.

// A journey that was stopped, or that never ends, tells nobody.
const GIVES_UP_MS = 20_000;

function follow(form) {
  let waiting = [];
  let isOnItsWay = false;
  let timer;
  let pressed;
  const comeBack = () => {
    clearTimeout(timer);
    isOnItsWay = false;
    form.removeAttribute("aria-busy");
    for (const button of waiting) button.disabled = false;
    if (waiting.includes(pressed) && document.activeElement === document.body) pressed.focus();
    waiting = [];
  };
  form.addEventListener("submit", (event) => {
    if (isOnItsWay) return event.preventDefault();
    isOnItsWay = true;
    pressed = event.submitter;
    // After the browser has read the form, for the button that was pressed is sent along; others may have held it back.
    setTimeout(() => {
      if (event.defaultPrevented) return comeBack();
      waiting = [...form.elements].filter((one) => one.type === "submit" && !one.disabled);
      for (const button of waiting) button.disabled = true;
      form.setAttribute("aria-busy", "true");
      timer = setTimeout(comeBack, GIVES_UP_MS);
      return undefined;
    });
    return undefined;
  });
  // Who comes back to this page may send again.
  addEventListener("pageshow", ({ persisted }) => persisted && comeBack());
}

for (const form of document.querySelectorAll("form[data-sending]")) follow(form);
