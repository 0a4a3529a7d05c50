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
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from config.postgres.machine import (
    PORT,
    SOCKET,
    USER,
    Account,
    ServerError,
    account_for,
    environment,
    make_reachable,
    make_socket_folder,
    program,
    run,
    socket_folder,
)

DATABASE = "rounds"
# Recovery after a crash may replay a lot; a server that does not even begin to is given up earlier.
START_SECONDS, RECOVERY_SECONDS, STOP_SECONDS = 30, 300, 20
# Whoever uses the server for less may be the guard itself, which looks for an instant; on a busy machine for longer.
NEWCOMER_SECONDS = 0.5

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
            _start(folder, data, durable=durable)
    except OSError as error:
        raise ServerError(f"The embedded database in {folder} cannot start: {_reason(error)}.") from error
    except psycopg.Error as error:
        raise ServerError(f"The embedded database in {folder} cannot start: {_summary(str(error))}") from error
    return socket_folder(data)


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


def _join(folder: Path) -> None:
    """Count this process as a user, once. A child that inherited its parent's lock counts already."""
    if folder in _users:
        return
    descriptor = _open(folder / ".users")
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    _users[folder] = (descriptor, os.getpid())
    atexit.register(leave, folder)


def _start(folder: Path, data: Path, *, durable: bool) -> None:
    """Return when the server answers. What is left of one whose main process was killed comes to its end first."""
    launched = False
    begun = time.monotonic()
    while True:
        status = _status(data)
        if not _alive(folder):
            if launched:
                raise ServerError(f"The embedded database in {folder} did not start: {_last_words(folder)}")
            _launch(folder, data, durable=durable)
            launched = True
        elif status == "ready" and _listens(socket_folder(data) / SOCKET):
            break
        waited = time.monotonic() - begun
        if waited > (RECOVERY_SECONDS if status == "starting" else START_SECONDS):
            raise ServerError(f"The embedded database in {folder} was not ready within {waited:.0f} seconds.")
        time.sleep(0.005)
    if launched:
        _create_database(socket_folder(data))


def _launch(folder: Path, data: Path, *, durable: bool) -> None:
    account = account_for(data)
    if not (data / "PG_VERSION").exists():
        _create_data(data, account, durable=durable)
    make_reachable(data, account)
    data.chmod(0o700)  # PostgreSQL insists, and copying a folder may have opened it
    sockets = make_socket_folder(data, account)
    # Nothing of an earlier server runs, so what it left behind is rubbish, whatever process has its number now.
    for leftover in (data / "postmaster.pid", sockets / SOCKET, sockets / f"{SOCKET}.lock"):
        leftover.unlink(missing_ok=True)
    settings = SETTINGS | ({} if durable else FORGETFUL)
    settings["unix_socket_directories"] = '"{}"'.format(str(sockets).replace('"', '""'))
    command = [str(program("postgres")), "-D", str(data)]
    command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    guard = [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py")), "--folder", str(folder)]
    if sockets != data:
        guard += ["--sockets", str(sockets)]
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
            env=environment(),
            cwd="/",
        )


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
        return True


def _wait_until_stopped(folder: Path) -> None:
    """Wait for the guard, unless somebody new needs the server after all."""
    begun = unused = time.monotonic()
    while time.monotonic() - begun < STOP_SECONDS and time.monotonic() - unused < NEWCOMER_SECONDS:
        with _turn(folder):
            if not _alive(folder):
                return
            if not _in_use(folder):
                unused = time.monotonic()
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
        make_reachable(unfinished, account)
    # This build knows no ICU, and libc's locales differ between machines: the builtin one sorts alike everywhere.
    # Every database made later, the tests' included, inherits it.
    command = [str(program("initdb")), "--pgdata", str(unfinished), "--username", USER]
    command += ["--auth=trust", "--encoding=UTF8", "--no-instructions"]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if not durable:
        command.append("--no-sync")
    try:
        run(command, account)
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
