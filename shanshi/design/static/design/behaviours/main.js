// Starts the behaviours that a page names: <div data-behaviour="qr-code">. Each is a module of its own, fetched only
// where it is used, whose default export takes the element. Pages work without any of them unless a scan is the point.

const KNOWN = new Set([
  "appearance",
  "attend",
  "bright",
  "camera",
  "copy",
  "desk",
  "drop",
  "location",
  "near",
  "passkey",
  "qr-code",
  "queue",
  "toast",
]);
const started = new WeakSet();

async function start(element) {
  if (started.has(element)) return;
  started.add(element);
  const name = element.dataset.behaviour;
  if (!KNOWN.has(name)) throw new Error(`No behaviour is called ${name}`);
  const behaviour = await import(`./${name}.js`);
  behaviour.default(element);
  element.dataset.ready = "";
}

function startWithin(root) {
  if (root.matches?.("[data-behaviour]")) start(root);
  for (const element of root.querySelectorAll("[data-behaviour]")) start(element);
}

document.documentElement.classList.add("scripts");
startWithin(document);
document.addEventListener("htmx:load", (event) => startWithin(event.detail.elt));

// When htmx gets no answer, the page says so instead of staying silent.
const noAnswer = document.getElementById("no-answer");
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => (noAnswer.hidden = false));
}
document.addEventListener("htmx:beforeRequest", () => (noAnswer.hidden = true));
