"""The Chromium that browser tests drive: one of this machine, or one installed for the purpose.

Run as a script, it makes sure that there is one, or says in a line why not and fails.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Where Playwright keeps its own, by system.
CACHES = (Path.home() / ".cache" / "ms-playwright", Path.home() / "Library" / "Caches" / "ms-playwright")
INSIDE = ("chrome-linux*/chrome", "chrome-mac*/*.app/Contents/MacOS/*")


@cache
def find() -> str | None:
    """The path of a Chromium that runs; the environment's CHROMIUM first."""
    named = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in NAMES)]
    named += ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
    own = [Path(path) for path in [os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")] if path] or CACHES
    named += [str(path) for folder in own for inside in INSIDE for path in sorted(folder.glob(f"chromium-*/{inside}"))]
    return next((path for path in named if path and _runs(path)), None)


def _runs(path: str) -> bool:
    """Some systems put a note there that tells to install another package."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and "Chrom" in done.stdout


def install() -> str | None:
    """A Chromium by Playwright, else by the system's packages where we may. Returns its path."""
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get"):
        with contextlib.suppress(StopIteration):
            root = next(prefix for prefix in ([], ["sudo", "-n"]) if _is_root(prefix))
            environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
            attempts.append([*root, *environment, "apt-get", "update", "-qq"])
            attempts.append(
                [*root, *environment, "apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"]
            )
    for command in attempts:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=600)
        find.cache_clear()
        if path := find():
            return path
    return None


def _is_root(prefix: list[str]) -> bool:
    try:
        done = subprocess.run([*prefix, "id", "-u"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError:
        return False
    return done.stdout.strip() == "0"


def main() -> None:
    if find():
        return
    print("Browser tests need Chromium: installing it", flush=True)
    if not install():
        sys.exit(
            "No Chromium found, and neither Playwright nor apt-get could install one. Install Chromium, or name one in "
            "the environment as CHROMIUM, and start again."
        )


if __name__ == "__main__":
    main()
