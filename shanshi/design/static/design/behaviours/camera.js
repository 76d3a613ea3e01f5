// Reads codes with the camera and sends each one as the form beside it would. The form stays for typing by hand, and is
// all there is without scripts. The camera keeps looking after an answer; the same code counts again after a pause.

import QrScanner from "../vendor/qr-scanner/qr-scanner.min.js";

const SAME_CODE_MS = 5_000;
const BREATH_MS = 2_000;

// The package would start its worker from a blob; ours is a file, so that the policy can stay at 'self'.
QrScanner.createQrEngine = async () => new Worker(new URL("../vendor/qr-scanner/qr-scanner-worker.js", import.meta.url));

export default function camera(element) {
  const desk = { element, form: element.querySelector("[data-form]"), busy: false, last: "", lastAt: 0, scanner: null };
  desk.field = desk.form.elements.namedItem("code");
  element.querySelector("[data-start]").addEventListener("click", () => open(desk));
  desk.form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(desk);
  });
  document.addEventListener("visibilitychange", () => {
    if (desk.scanner && !document.hidden && element.isConnected) desk.scanner.start();
  });
  if (element.hasAttribute("data-now")) open(desk);
}

async function open(desk) {
  const { element } = desk;
  desk.scanner ??= new QrScanner(element.querySelector("video"), ({ data }) => seen(desk, data), {
    returnDetailedScanResult: true,
    preferredCamera: element.dataset.facing ?? "environment",
    maxScansPerSecond: 12,
  });
  desk.scanner.setInversionMode("original");
  element.classList.remove("camera-off");
  try {
    await desk.scanner.start();
    element.querySelector("[data-start]").hidden = true;
    say(desk, element.dataset.looking);
  } catch {
    element.classList.add("camera-off");
    say(desk, (await wasRefused()) ? element.dataset.refused : element.dataset.missing);
    desk.field.focus();
  }
}

async function wasRefused() {
  try {
    return (await navigator.permissions.query({ name: "camera" })).state === "denied";
  } catch {
    return false;
  }
}

function seen(desk, code) {
  const now = performance.now();
  const same = code === desk.last && now - desk.lastAt < SAME_CODE_MS;
  if (desk.busy || !code) return;
  desk.lastAt = now;
  if (same) return;
  desk.last = code;
  desk.field.value = code;
  send(desk);
}

async function send(desk) {
  if (desk.busy || !desk.form.reportValidity()) return;
  desk.busy = true;
  say(desk, desk.element.dataset.sending);
  renewNonce(desk.form);
  try {
    const answer = await fetch(desk.form.action, {
      method: "POST",
      body: new FormData(desk.form),
      headers: { "HX-Request": "true", Accept: "text/html" },
    });
    await show(desk, answer);
  } catch {
    say(desk, desk.element.dataset.lost);
    desk.last = "";
    await new Promise((done) => setTimeout(done, BREATH_MS));
  } finally {
    desk.busy = false;
    desk.lastAt = performance.now();
  }
}

async function show(desk, answer) {
  if (answer.headers.has("HX-Redirect")) return leave(desk, answer.headers.get("HX-Redirect"));
  if (answer.redirected) return turnPage(desk, answer);
  if (answer.status >= 500) throw new Error(`status ${answer.status}`);
  const result = desk.element.querySelector("[data-result]");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // A refusal from deeper down comes as a whole page: only its answer is shown here.
  const part = page.querySelector("main [role=alert], main [role=status]");
  result.replaceChildren(...(part ? [part] : page.body.childNodes));
  result.dataset.state = answer.ok && !result.querySelector(".answer-refused") ? "done" : "refused";
  if (result.dataset.state === "refused" && desk.element.classList.contains("camera-loud")) addClose(desk, result);
  else navigator.vibrate?.(80);
  window.htmx?.process(result);
  desk.form.reset();
  say(desk, desk.scanner ? desk.element.dataset.looking : "");
  desk.element.dispatchEvent(new CustomEvent("camera:answer", { bubbles: true, detail: { state: result.dataset.state } }));
}

function leave(desk, address) {
  desk.scanner?.destroy();
  window.location.assign(address);
}

// The answer is another page, already fetched: loading it again would lose the message that it carries.
async function turnPage(desk, answer) {
  desk.scanner?.destroy();
  const html = await answer.text();
  history.pushState({}, "", answer.url);
  document.title = new DOMParser().parseFromString(html, "text/html").title;
  window.htmx.swap("main", html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 }, { select: "main" });
  window.scrollTo(0, 0);
}

// One nonce is one scan: a page that stays open scans many times.
function renewNonce(form) {
  const field = form.elements.namedItem("nonce");
  if (!field) return;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  field.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function addClose(desk, result) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button camera-close";
  close.textContent = desk.element.dataset.again;
  close.addEventListener("click", () => {
    result.replaceChildren();
    delete result.dataset.state;
    desk.element.focus();
  });
  result.append(close);
  close.focus();
}

function say(desk, words) {
  desk.element.querySelector("[data-state]").textContent = words;
}
