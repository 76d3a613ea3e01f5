// Large text and theme: changes the page at once and remembers it in the cookie that the server reads, too.

const YEAR_SECONDS = 365 * 24 * 3600;

export default function appearance(form) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    (button.name === "elder" ? toggleElder : toggleTheme)(form, button);
  });
}

function toggleElder(form, button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  document.documentElement.toggleAttribute("data-elder", on);
  button.setAttribute("aria-pressed", String(on));
  button.value = on ? "0" : "1";
  remember("elder", on ? "1" : "");
}

function toggleTheme(form, button) {
  const chosen = button.getAttribute("aria-pressed") === "true" ? "" : button.value;
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
  for (const other of form.querySelectorAll("button[name=theme]")) {
    other.setAttribute("aria-pressed", String(other.value === chosen));
  }
  remember("theme", chosen);
}

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${value ? YEAR_SECONDS : 0}; samesite=lax`;
}
