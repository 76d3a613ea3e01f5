// Draws a code from data-text, and renews it from data-url (JSON: code, digits, seconds) when its seconds have run out.
// Without a signal the last code stays until it is too old, and then says so.

import qrcode from "../vendor/qrcode-generator/qrcode.mjs";

const SVG = "http://www.w3.org/2000/svg";
const QUIET_MODULES = 2;
const RETRY_SECONDS = 3;
const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]*$/;

export default function qrCode(element) {
  if (element.dataset.text) draw(element, element.dataset.text);
  if (element.dataset.url) keepFresh(element);
  else if (element.dataset.seconds) countDown(element, Number(element.dataset.seconds), () => markStale(element));
}

function draw(element, text) {
  const code = qrcode(0, "M");
  // Upper-case codes fit into a smaller drawing, which a camera reads from further away.
  code.addData(text, ALPHANUMERIC.test(text) ? "Alphanumeric" : "Byte");
  code.make();
  const modules = code.getModuleCount();
  let path = "";
  for (let row = 0; row < modules; row += 1) {
    for (let column = 0; column < modules; column += 1) {
      if (code.isDark(row, column)) path += `M${column + QUIET_MODULES} ${row + QUIET_MODULES}h1v1h-1z`;
    }
  }
  const size = modules + 2 * QUIET_MODULES;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("aria-hidden", "true");
  const drawing = document.createElementNS(SVG, "path");
  drawing.setAttribute("d", path);
  svg.append(drawing);
  element.querySelector(".qr-paper").replaceChildren(svg);
  element.classList.remove("qr-stale");
}

async function keepFresh(element) {
  if (element.dataset.text && element.dataset.seconds) {
    await new Promise((done) => countDown(element, Number(element.dataset.seconds), done));
  }
  while (element.isConnected) {
    const seconds = await renew(element);
    await new Promise((done) => countDown(element, seconds, done));
  }
}

async function renew(element) {
  try {
    const answer = await fetch(element.dataset.url, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const fresh = await answer.json();
    draw(element, fresh.code);
    const digits = element.querySelector("[data-digits]");
    if (digits && fresh.digits) digits.textContent = fresh.digits;
    say(element, element.wordsBefore ?? null);
    return Math.max(1, Math.ceil(fresh.seconds));
  } catch {
    markStale(element);
    return RETRY_SECONDS;
  }
}

// Counts by the clock, not by ticks: a phone that slept shows the right second when it wakes.
function countDown(element, seconds, done) {
  const ends = Date.now() + seconds * 1000;
  showRest(element, seconds, seconds);
  const timer = setInterval(() => {
    const rest = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    showRest(element, rest, seconds);
    if (rest > 0 && element.isConnected) return;
    clearInterval(timer);
    done();
  }, 250);
}

function showRest(element, rest, whole) {
  const ring = element.querySelector("[data-ring]");
  if (!ring) return;
  ring.querySelector("text").textContent = rest;
  ring.querySelector(".ring-rest").setAttribute("stroke-dasharray", `${(100 * rest) / whole} 100`);
  ring.classList.toggle("ring-late", rest <= 5);
}

function markStale(element) {
  if (!element.classList.contains("qr-stale")) {
    element.wordsBefore = element.querySelector("[data-words]")?.textContent ?? "";
  }
  element.classList.add("qr-stale");
  say(element, element.dataset.stale);
}

function say(element, words) {
  const place = element.querySelector("[data-words]");
  if (place && words !== null) place.textContent = words;
}
