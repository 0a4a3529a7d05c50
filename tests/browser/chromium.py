"""The Chromium that browser tests drive: one of this machine, or one installed for the purpose.

Best a headless shell: the same engine without the windows around it, which take three quarters of the time of a test,
since every profile opens one. A whole Chromium does as well.

Run as a script, it makes sure that there is one, or says in a line why not and fails.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Where Playwright keeps its own, by system.
CACHES = (Path.home() / ".cache" / "ms-playwright", Path.home() / "Library" / "Caches" / "ms-playwright")
SHELLS_INSIDE = ("chromium_headless_shell-*/chrom*/*headless[-_]shell",)
WHOLE_INSIDE = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
OF_A_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
# A shell is worth a download, but not each time where there is none to be had.
TRIED = Path(__file__).parents[2] / "var" / "headless-shell-tried"


@cache
def find() -> str | None:
    """The path of a Chromium that runs; the environment's CHROMIUM first, then headless shells."""
    named = os.environ.get("CHROMIUM")
    if named and _runs(named):
        return named
    return find_shell() or _first(WHOLE, WHOLE_INSIDE, OF_A_MAC)


@cache
def find_shell() -> str | None:
    return _first(SHELLS, SHELLS_INSIDE)


def _first(names: Iterable[str], inside: Iterable[str], *paths: str) -> str | None:
    own = [Path(path) for path in [os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")] if path] or CACHES
    found = [*(shutil.which(name) for name in names), *paths]
    found += [str(path) for folder in own for each in inside for path in sorted(folder.glob(each))]
    return next((path for path in found if path and _runs(path)), None)


def _runs(path: str) -> bool:
    """Some systems put a note there that tells to install another package."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and "Chrom" in done.stdout


def install(*, whole: bool) -> str | None:
    """A headless shell by Playwright, else by the system's packages where we may; with `whole`, else a whole Chromium.
    Returns its path."""
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    attempts = [[*playwright, "--only-shell"]]
    if shutil.which("apt-get"):
        with contextlib.suppress(StopIteration):
            # Nobody is asked to let us: a whole Chromium is there, and does.
            root = next(prefix for prefix in ([], *([["sudo", "-n"]] if whole else [])) if _is_root(prefix))
            apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
            add = [*apt, "install", "-qq", "-y", "--no-install-recommends"]
            attempts += [[*apt, "update", "-qq"], [*add, "chromium-headless-shell"]]
            attempts += [[*add, "chromium"]] if whole else []
    attempts += [playwright] if whole else []
    for command in attempts:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=600 if whole else 120)
        find.cache_clear()
        find_shell.cache_clear()
        if path := find() if whole else find_shell():
            return path
    return None


def _is_root(prefix: list[str]) -> bool:
    try:
        done = subprocess.run([*prefix, "id", "-u"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError:
        return False
    return done.stdout.strip() == "0"


def main() -> None:
    if os.environ.get("CHROMIUM") and find():
        return
    if not find():
        print("Browser tests need Chromium: installing it", flush=True)
        if not install(whole=True):
            sys.exit(
                "No Chromium found, and neither Playwright nor apt-get could install one. Install Chromium, or name "
                "one in the environment as CHROMIUM, and start again."
            )
    elif not find_shell() and not TRIED.exists():
        print("Browser tests take a third of the time with Chromium's headless shell: installing it", flush=True)
        TRIED.parent.mkdir(exist_ok=True)
        TRIED.touch()
        install(whole=False)


if __name__ == "__main__":
    main()
