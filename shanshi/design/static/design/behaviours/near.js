// A form that asks where one is when its button is pressed, and is sent with the answer. Nothing is asked before, and a
// person who refuses keeps the page as it is.

const PATIENCE_MS = 10_000;
const FRESH_MS = 300_000;
// Three decimals are about a hundred metres: enough for what is near, and nobody is told the house.
const DECIMALS = 3;

export default function near(form) {
  const button = form.querySelector("button");
  const state = form.querySelector("[data-state]");
  form.addEventListener("submit", (event) => {
    if (form.elements.latitude.value) return;
    event.preventDefault();
    if (!navigator.geolocation) return refused();
    state.textContent = form.dataset.asking;
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(found, refused, { timeout: PATIENCE_MS, maximumAge: FRESH_MS });
  });

  function found({ coords }) {
    // A form that is posted leaves nothing in an address, and may ask for more.
    const decimals = Number(form.dataset.decimals ?? DECIMALS);
    form.elements.latitude.value = coords.latitude.toFixed(decimals);
    form.elements.longitude.value = coords.longitude.toFixed(decimals);
    form.submit();
  }

  function refused() {
    state.textContent = form.dataset.refused;
    button.disabled = false;
  }
}
