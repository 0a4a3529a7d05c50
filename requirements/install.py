"""Installs the lock, requirements/dev.txt, into .venv. Called by ./bootstrap; runs with any Python from 3.8 on.

uv does the work: the one on PATH, else one of the version in requirements/uv.txt under .tools. Where uv cannot, pip
does, with the machine's own configuration. Either way nothing is installed whose hash is not in the lock.
"""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "dev.txt"
UV_LOCK = ROOT / "requirements" / "uv.txt"
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
INSTALLED = VENV / "rounds-installed"
OLDEST = (3, 12)
WANTED = "3.13"

# What would make uv or pip install somewhere else than they are told.
MISLEADING = ("UV_PYTHON", "UV_SYSTEM_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH")
MISLEADING += ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_NO_DEPS")

# The first that fits says why; the order matters, since one failure causes others.
REASONS = [
    (r"No space left on device|Disk quota exceeded|os error 28\b", "the disk is full."),
    (
        r"[Hh]ash(es)? mismatch|DO NOT MATCH THE HASHES|In `--require-hashes` mode|in --require-hashes mode|no hash",
        "{lock} does not match the packages that the index offers: a hash is missing or differs.",
    ),
    (r"Couldn't parse|Invalid requirement|Expected .* found|Unsupported requirement", "{lock} cannot be read."),
    (
        r"name resolution|dns error|Name or service not known|Network is unreachable|error sending request|"
        r"[Cc]onnection (refused|timed out|reset)|ConnectTimeout|NewConnectionError|tcp connect error|"
        r"operation timed out|Max retries|tunnel|Failed to (fetch|download)",
        "the package index cannot be reached. Check the network and pip's configuration.",
    ),
    (r"[Pp]ermission denied", "a file or folder may not be written. Check who owns this folder."),
    (
        r"No matching distribution|No solution found|was not found in the package registry|no wheels",
        "the package index does not have all that {lock} names.",
    ),
]
HOPELESS = REASONS[:3]


class Failed(Exception):
    """A program ended with an error; the text is its output."""


def run(*command: "str | Path", **more: str) -> str:
    env = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**env, **more},
            cwd=str(ROOT),
        )
    except OSError as error:
        raise Failed(str(error)) from error
    output = done.stdout.decode(errors="replace")
    if done.returncode:
        raise Failed(output)
    return output


def say(text: str) -> None:
    print("bootstrap: " + text, file=sys.stderr, flush=True)


def give_up(output: str) -> None:
    """One line that says why, and where the rest is."""
    with contextlib.suppress(OSError):
        free = shutil.disk_usage(str(ROOT)).free
        if free < 1_000_000:
            output += "\nNo space left on device"
    where = ""
    with contextlib.suppress(OSError):
        TOOLS.mkdir(exist_ok=True)
        written = TOOLS / "bootstrap.log"
        written.write_text(output)
        where = f" The whole output is in {written.relative_to(ROOT)}."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    otherwise = "{lock} does not install: " + (lines[-1] if lines else "no reason given") + "."
    reason = next((reason for pattern, reason in REASONS if re.search(pattern, output)), otherwise)
    say(reason.replace("{lock}", str(LOCK.relative_to(ROOT))) + where)
    sys.exit(1)


def works(program: "str | Path") -> bool:
    try:
        run(program, "--version")
    except Failed:
        return False
    return True


def find_uv() -> "str | None":
    """uv of PATH, or one of our own; None where there is no way to it. Raises Failed on a full disk."""
    on_path = shutil.which("uv")
    if on_path and works(on_path):
        return on_path
    own = TOOLS / "uv"
    uv = own / "bin" / "uv"
    pinned = re.search(r"^uv==(\S+)", UV_LOCK.read_text(), re.MULTILINE)
    assert pinned
    with contextlib.suppress(Failed):
        if uv.exists() and pinned.group(1) in run(uv, "--version"):
            return str(uv)
    try:
        shutil.rmtree(str(own), ignore_errors=True)
        run(sys.executable, "-m", "venv", own)
        run(own / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", UV_LOCK)
    except Failed as error:
        shutil.rmtree(str(own), ignore_errors=True)
        if re.search(REASONS[0][0], str(error)):
            raise
        return None
    return str(uv)


def fetch_python(uv: "str | None") -> str:
    """A newer Python by way of uv, where the machine has none."""
    if uv:
        say(f"fetching Python {WANTED}, since no Python 3.12 or later was found here")
        with contextlib.suppress(Failed):
            run(uv, "python", "install", WANTED)
            return run(uv, "python", "find", "--no-project", WANTED).strip()
    say(
        "no Python 3.12 or later found (looked at PATH, pyenv's versions and uv's own), and none could be fetched. "
        f"Install Python {WANTED} and start again."
    )
    sys.exit(1)


def pip_index() -> "dict[str, str]":
    """uv does not read pip's configuration: where that replaces the index or the certificates, say so to uv."""
    found = {}
    if not any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        with contextlib.suppress(Failed):
            settings = run(sys.executable, "-m", "pip", "config", "list")
            for name, theirs in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
                match = re.search(rf"^(?:global|install|:env:)\.{name}='(.*)'$", settings, re.MULTILINE)
                if match and theirs not in os.environ:
                    found[theirs] = match.group(1)
    return found


def install_with_uv(uv: str, python: str) -> None:
    index = pip_index()
    if not usable(python):
        run(uv, "venv", "--quiet", "--clear", "--no-project", "--python", python, VENV, **index)
    run(uv, "pip", "sync", "--quiet", "--python", VENV / "bin" / "python", "--require-hashes", LOCK, **index)


def install_with_pip(python: str) -> None:
    shutil.rmtree(str(VENV), ignore_errors=True)
    run(python, "-m", "venv", VENV)
    pip = [VENV / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--retries", "2"]
    run(*pip, "--require-hashes", "-r", LOCK)


def usable(python: str) -> bool:
    """Whether .venv is of this Python and of this checkout; scripts in it name the path where they were made."""
    try:
        base = run(VENV / "bin" / "python", "-c", "import sys; print(sys._base_executable, sys.prefix, sep='\\n')")
    except Failed:
        return False
    home, _, prefix = base.strip().partition("\n")
    with contextlib.suppress(OSError):
        recorded = INSTALLED.read_text().partition("\n")[0]
        return os.path.realpath(home) == os.path.realpath(python) and Path(recorded) == ROOT and Path(prefix) == VENV
    return False


def main() -> None:
    try:
        TOOLS.mkdir(exist_ok=True)
        one_at_a_time = open(str(TOOLS / "lock"), "w")  # noqa: SIM115 (held until the process ends)
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
    except OSError as error:
        give_up(str(error))
    stamp = f"{ROOT}\n{LOCK.read_text()}"
    if sys.argv[1:] == ["uv"]:
        uv = find_uv()
        print(uv or "uv")
        return
    with contextlib.suppress(OSError):
        if INSTALLED.read_text() == stamp:
            return  # somebody else was faster
    say("installing requirements/dev.txt into .venv (a minute at most, where nothing is cached)")
    try:
        uv = find_uv()
        python = sys.executable if sys.version_info >= OLDEST else fetch_python(uv)
        with contextlib.suppress(FileNotFoundError):
            INSTALLED.unlink()
        first = "uv is not here and could not be installed.\n"
        if uv:
            try:
                install_with_uv(uv, python)
            except Failed as error:
                first = str(error)
                if any(re.search(pattern, first) for pattern, _ in HOPELESS):
                    raise
                uv = None
        if not uv:
            try:
                install_with_pip(python)
            except Failed as error:
                raise Failed(f"{first}\n{error}") from error
        INSTALLED.write_text(stamp)
    except (Failed, OSError) as error:
        give_up(str(error))


if __name__ == "__main__":
    main()
