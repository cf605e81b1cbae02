"""Which Chromium or Chrome the browser tests use, and how one is had where there is none.

``python -m tests.browser.find_browser --install`` is what ``make test`` runs before the tests.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.patience import PATIENCE

CHOSEN_BY = "CASTING_BROWSER"  # the environment variable that wins over every search

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")

BY_NAME_OF_THE_SYSTEM = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "~/Applications/Chromium.app/Contents/MacOS/Chromium",
    "${ProgramFiles}/Google/Chrome/Application/chrome.exe",
    "${ProgramFiles(x86)}/Google/Chrome/Application/chrome.exe",
    "${LocalAppData}/Google/Chrome/Application/chrome.exe",
    "${LocalAppData}/Chromium/Application/chrome.exe",
    "${ProgramFiles(x86)}/Microsoft/Edge/Application/msedge.exe",
)

INSTALL_LIMIT = 3600  # seconds for one way of installing


def browser() -> Path | None:
    """The browser to test in: the one named by ``CASTING_BROWSER``, an installed one, or Playwright's own download.

    A ``CASTING_BROWSER`` that is no file counts as "there is none", so that a wrong name never tests another browser.
    """
    chosen = os.environ.get(CHOSEN_BY)
    if chosen is not None:
        return Path(chosen) if Path(chosen).is_file() else None
    return _installed() or _downloaded()


def main(arguments: Sequence[str] = ()) -> int:
    """The exit code: 1 only where tests in a browser are a must (``CI=true``) and there is none."""
    found = browser()
    if found is None and "--install" in arguments and CHOSEN_BY not in os.environ:
        found = _install()
    if found is not None:
        print(f"Browser for the tests: {found}")
        return 0
    reason = why_none()
    if os.environ.get("CI") == "true":
        print(f"{reason} Where CI=true the browser tests must run.", file=sys.stderr)
        return 1
    print(f"{reason} The browser tests will be skipped.")
    return 0


def why_none() -> str:
    """One sentence on what was looked for in vain."""
    chosen = os.environ.get(CHOSEN_BY)
    if chosen is not None:
        return f"{CHOSEN_BY}={chosen!r} is not a file."
    return f"No Chromium or Chrome was found; install one, or name it in {CHOSEN_BY}."


def _installed() -> Path | None:
    for name in ON_PATH:
        if (found := shutil.which(name)) and _answers(found):
            return Path(found)
    for pattern in BY_NAME_OF_THE_SYSTEM:
        path = Path(os.path.expandvars(pattern)).expanduser()
        if path.is_file():
            return path
    return None


def _answers(command: str) -> bool:
    """Whether this is a browser indeed: some systems put a script in its place that only tells how to get one."""
    if os.name == "nt":
        return True  # there the question would open a window
    try:
        done = subprocess.run([command, "--version"], check=False, capture_output=True, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _downloaded() -> Path | None:
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.is_file() else None


def _install() -> Path | None:
    """The browser after trying each way that this machine allows, each judged by what it left."""
    for steps in _ways():
        for step in steps:
            print(f"No browser yet; trying: {' '.join(step)}", flush=True)
            if not _succeeds(step):
                print("That did not work.", flush=True)
                break
        if found := browser():
            return found
    return None


def _ways() -> list[list[list[str]]]:
    ways = []
    as_root = _as_root()
    if shutil.which("apt-get") and as_root is not None:
        ways.append([[*as_root, "apt-get", "update"], [*as_root, "apt-get", "install", "-y", "chromium"]])
    own = [sys.executable, "-m", "playwright", "install"]
    if sys.platform == "linux" and as_root is not None:
        ways.append([[*own, "--with-deps", "chromium"]])
    ways.append([[*own, "chromium"]])
    return ways


def _as_root() -> list[str] | None:
    """What to write before a command that needs the rights of root, or None where they cannot be had without asking."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    return sudo if shutil.which("sudo") and _succeeds([*sudo, "true"]) else None


def _succeeds(command: Sequence[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, check=False, env=environment, stdin=subprocess.DEVNULL, timeout=INSTALL_LIMIT)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
