// Single keys for a queue with a thing beside it. They move the focus among real links and buttons and do nothing that
// these would not do, so nobody is caught: whoever reads by ear or types elsewhere switches them off (remembered on the
// device), and no key changes anything by itself: p and r lead to the button and to the reason, Enter goes on.

const SWITCH = "desk-keys";
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const STEPS = {
  j: (desk) => move(desk, 1),
  k: (desk) => move(desk, -1),
  x: choose,
  p: publish,
  r: sendBack,
  "?": help,
};

let current = null;
document.addEventListener("keydown", (event) => current?.isConnected && press(current, event));

export default function desk(element) {
  // Where the page was exchanged around the open thing, the focus stays in the queue.
  const exchanged = current !== null && document.activeElement === document.body;
  current = element;
  if (exchanged) element.querySelector(".desk-link[aria-current]")?.focus();
  const keys = element.querySelector("[data-switch]");
  keys.checked = localStorage.getItem(SWITCH) !== "off";
  keys.addEventListener("change", () => localStorage.setItem(SWITCH, keys.checked ? "on" : "off"));
  element.addEventListener("change", () => count(element));
  count(element);
  say(element);
}

function press(element, event) {
  const step = STEPS[event.key];
  if (!step || !element.querySelector("[data-switch]").checked || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  event.preventDefault();
  step(element);
}

const chosen = (element) => [...element.querySelectorAll("[name=activity]:checked")];

// The row that has the focus, or else the one that is open.
function here(element) {
  const row = document.activeElement?.closest?.(".desk-row");
  return row ?? element.querySelector(".desk-link[aria-current]")?.closest(".desk-row") ?? null;
}

function move(element, by) {
  const links = [...element.querySelectorAll(".desk-link")].filter((link) => link.offsetParent);
  const at = links.indexOf(here(element)?.querySelector(".desk-link"));
  links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

function choose(element) {
  const box = here(element)?.querySelector("[name=activity]");
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function publish(element) {
  const bulk = chosen(element).length ? element.querySelector(".desk-bulk [value=publish]") : null;
  (bulk ?? element.querySelector("[data-publish]"))?.focus();
}

function sendBack(element) {
  const place = element.querySelector(chosen(element).length ? ".desk-bulk" : ".desk-answers");
  const asked = place?.querySelector("details");
  if (!asked) return;
  asked.open = true;
  asked.querySelector("[name=reason]").focus();
}

function help(element) {
  const keys = element.querySelector("[data-keys]");
  keys.open = !keys.open;
  if (keys.open) keys.querySelector("summary").focus();
}

function count(element) {
  const place = element.querySelector("[data-count]");
  const many = chosen(element).length;
  if (place) place.textContent = many ? element.dataset.chosen.replace("{count}", many) : "";
}

function say(element) {
  const title = element.querySelector("[data-title]")?.dataset.title;
  const place = document.getElementById("desk-said");
  if (title && place) place.textContent = element.dataset.said.replace("{title}", title);
}
