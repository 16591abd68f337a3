// Attached by [data-hue]: shows the colour while it is chosen; nothing is saved by that.
const number = document.querySelector("[data-hue]");
const slider = document.querySelector("[data-hue-slider]");

function show(hue) {
  document.documentElement.style.setProperty("--accent-h", hue);
}

slider.hidden = false;
number.addEventListener("input", () => {
  slider.value = number.value;
  show(slider.value);
});
slider.addEventListener("input", () => {
  number.value = slider.value;
  show(slider.value);
});
show(slider.value);
