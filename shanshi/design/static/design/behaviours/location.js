// Adds where one is to the surrounding form, only when asked. The place is evidence, never a condition: a person who
// refuses goes on without.

const PATIENCE_MS = 10_000;
const FRESH_MS = 60_000;

export default function location(element) {
  const button = element.querySelector("[data-ask]");
  button.addEventListener("click", () => ask(element, button));
  if (element.hasAttribute("data-now")) ask(element, button);
}

function ask(element, button) {
  if (!navigator.geolocation) return say(element, element.dataset.refused);
  say(element, element.dataset.asking);
  button.disabled = true;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      fill(element, coords);
      button.hidden = true;
    },
    () => {
      say(element, element.dataset.refused);
      button.disabled = false;
    },
    { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: FRESH_MS },
  );
}

function fill(element, coords) {
  const metres = Math.ceil(coords.accuracy);
  element.querySelector("[name=latitude]").value = coords.latitude.toFixed(6);
  element.querySelector("[name=longitude]").value = coords.longitude.toFixed(6);
  element.querySelector("[name=accuracy_m]").value = metres;
  say(element, element.dataset.found.replace("{metres}", metres));
}

function say(element, words) {
  element.querySelector("[data-state]").textContent = words;
}
