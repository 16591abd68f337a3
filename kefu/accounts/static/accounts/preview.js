// Attached by form[data-preview-url]: asks the server what customers would see of what is typed, and shows it beside the form.
const PAUSE_MS = 300;

for (const form of document.querySelectorAll("form[data-preview-url]")) {
  const place = form.querySelector("[data-preview]");
  let waiting;
  let asked;
  const show = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(form.dataset.previewUrl, { method: "POST", body: new FormData(form), signal: asked.signal });
      if (answer.ok) place.innerHTML = await answer.text();
    } catch {
      // Without the server there is nothing new to show; what is typed stays.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE_MS);
  });
}
