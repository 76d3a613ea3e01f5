"""Have a Chromium for the browser tests, or say plainly that they are skipped and why.

Root takes Debian's package, anybody else Playwright's own. Prints what it found, and leaves the path of the
browser (or nothing) in .venv/chromium for the tests.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTE = ROOT / ".venv" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")


def main() -> int:
    """Find or install a browser. Never fails: tests without a browser are still worth running."""
    reasons: list[str] = []
    found = installed() or playwrights_own()
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        reasons += apt()
        found = installed()
    if not found:
        reasons += download()
        found = playwrights_own()
    if found and not starts(found):
        reasons.append(f"{found} does not start here (a library is missing, or a sandbox forbids it)")
        found = None
    NOTE.write_text(str(found or ""))
    if found:
        print(f"Browser for the tests: {found}")
    else:
        print("The browser tests are skipped, because no Chromium could be had: " + "; ".join(reasons) + ".")
        print("未能取得 Chromium，浏览器测试将被跳过。")
    return 0


def installed() -> Path | None:
    """Return the system's Chromium, if it has one."""
    return next((Path(path) for name in NAMES if (path := shutil.which(name))), None)


def playwrights_own() -> Path | None:
    """Return the Chromium that Playwright keeps, if it has been fetched."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def apt() -> list[str]:
    """Install Debian's Chromium; returns why it could not."""
    print("Installing Chromium from Debian's packages; this takes a minute.", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
        done = run(["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", *command], environ)
        if done.returncode != 0:
            return [f"apt-get {command[0]} said: {last_line(done.stderr)}"]
    return []


def download() -> list[str]:
    """Fetch Playwright's Chromium; returns why it could not."""
    print("Fetching Playwright's Chromium; this takes a minute.", flush=True)
    done = run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
    return (
        [] if done.returncode == 0 else [f"playwright install said: {last_line(done.stderr or done.stdout)}"]
    )


def starts(browser: Path) -> bool:
    """Whether the browser shows an empty page without a screen."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [str(browser), "--headless", "--disable-gpu", *root, "--dump-dom", "about:blank"]
    return run(command, dict(os.environ)).returncode == 0


def run(command: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command for at most ten minutes, without a terminal."""
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=600,
            env=environ,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


def last_line(text: str) -> str:
    """Return the last line that tells of an error, or else the last one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() or line.startswith("E:")]
    return (telling or lines or ["nothing"])[-1].rstrip(".")


if __name__ == "__main__":
    sys.exit(main())
