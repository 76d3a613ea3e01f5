// The code as large and as bright as the screen can: full screen on a phone where the browser lets us, and the screen
// stays awake while the page is seen. White paper around the code lights up what a page cannot: the lamp behind it.

export default function bright(element) {
  const button = element.querySelector("[data-full]");
  if (document.documentElement.requestFullscreen) {
    button.hidden = false;
    button.addEventListener("click", () =>
      document.fullscreenElement ? document.exitFullscreen() : element.requestFullscreen(),
    );
    document.addEventListener("fullscreenchange", () =>
      button.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement))),
    );
  }
  stayAwake();
  document.addEventListener("visibilitychange", stayAwake);
}

async function stayAwake() {
  if (document.hidden || !navigator.wakeLock) return;
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // A battery that runs low refuses; the code is there all the same.
  }
}
