// The keys of a desk: j and k move through what waits (links with data-item), Enter opens, x chooses the one that has
// the focus, and a letter presses the button with that data-key. While somebody types, or holds Ctrl, keys are text.

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export default function queue(element) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    if (event.key === "j" || event.key === "k") return move(element, event, event.key === "j" ? 1 : -1);
    if (event.key === "x") return choose(event);
    const button = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.focus();
    button.click();
  });
}

function move(element, event, step) {
  const items = [...element.querySelectorAll("[data-item]")];
  if (!items.length) return;
  event.preventDefault();
  const focused = items.indexOf(document.activeElement);
  const open = items.findIndex((item) => item.hasAttribute("aria-current"));
  const from = focused >= 0 ? focused : open;
  items[Math.min(items.length - 1, Math.max(0, from + step))].focus();
}

function choose(event) {
  const box = event.target.closest(".queue-item")?.querySelector("input[type=checkbox]");
  if (!box || event.target === box) return;
  event.preventDefault();
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}
