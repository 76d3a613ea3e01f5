// Lets a file be dropped on the field, and says which one was chosen. Without scripts the field works by itself.

export default function drop(element) {
  const field = element.querySelector("input[type=file]");
  const state = element.querySelector("[data-state]");
  const say = () => {
    state.textContent = field.files.length ? element.dataset.chosen.replace("{name}", field.files[0].name) : "";
  };
  field.addEventListener("change", say);
  for (const name of ["dragenter", "dragover"]) {
    element.addEventListener(name, (event) => {
      event.preventDefault();
      element.classList.add("drop-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    element.addEventListener(name, () => element.classList.remove("drop-over"));
  }
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
