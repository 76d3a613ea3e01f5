// What has just changed stays over the page until it is closed or undone; nothing goes away by itself.

export default function toast(element) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.textContent = "×";
  close.setAttribute("aria-label", element.dataset.close);
  close.addEventListener("click", () => element.remove());
  element.append(close);
}
