// Brings an answer that stands on a new page to the reader: takes the focus, so that it is read and seen first.

export default function attend(element) {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center" });
}
