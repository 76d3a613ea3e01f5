// Copies a text, and says so in the button's own word.

export default function copy(element) {
  const button = element.querySelector("button");
  const word = element.querySelector("[data-word]");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(element.dataset.text);
    word.textContent = element.dataset.done;
  });
}
