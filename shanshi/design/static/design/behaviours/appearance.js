// Large text and theme: changes the page at once, and sends the choice where the form would, so that it is remembered.

const YEAR_SECONDS = 365 * 24 * 3600;

export default function appearance(form) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || button.name === "language") return;
    event.preventDefault();
    const data = new FormData(form, button);
    // The door answers with the way back to a page that has changed already: it is not fetched.
    fetch(form.action, { method: "POST", body: data, redirect: "manual", keepalive: true }).catch(() => {});
    (button.name === "elder" ? toggleElder : toggleTheme)(button);
  });
}

function toggleElder(button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  document.documentElement.toggleAttribute("data-elder", on);
  for (const other of document.querySelectorAll("button[name=elder]")) {
    other.setAttribute("aria-pressed", String(on));
    other.value = on ? "0" : "1";
  }
  remember("elder", on ? "1" : "");
}

function toggleTheme(button) {
  const chosen = button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.choice;
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
  for (const other of document.querySelectorAll("button[name=theme]")) {
    const pressed = other.dataset.choice === chosen;
    other.setAttribute("aria-pressed", String(pressed));
    other.value = pressed ? "" : other.dataset.choice;
  }
  remember("theme", chosen);
}

// Without a signal the browser still knows.
function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${value ? YEAR_SECONDS : 0}; samesite=lax`;
}
