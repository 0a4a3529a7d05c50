"""What `manage.py up` does before it serves: look for reasons not to, then bring database and files up to date.

Each step is skipped when it is provably done. Proof is a fingerprint of all that the step depends on, kept next to
what the step made: in the database for its rows, in the folder for files.
"""

import contextlib
import errno
import fcntl
import hashlib
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import Error, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts.demo import DOMAIN

DEMO_ACCOUNTS = {
    "learner": "learns, enrolled in a role",
    "mentor": "reviews milestones",
    "mentor2": "reviews milestones too",
    "editor": "edits the catalog in the admin",
    "staff": "everything in the admin",
}
# A fresh database with the catalog takes 60 MB; one that exists needs little to start.
FIRST_START_MB, LATER_START_MB = 100, 20

_CATALOG = "rounds.prepared.catalog"
_DEMO = "rounds.prepared.demo"


class Refused(CommandError):
    """A reason not to start, in one line for people."""


def port_number(given: str) -> int:
    """Raises Refused unless this is the number of a port."""
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= 65535):
        raise Refused(f'PORT is "{given}", which is no port. It takes a number from 1 to 65535.')
    return int(given)


def refuse_taken_port(port: int) -> None:
    """Raises Refused where something listens already, on either address that a browser tries for localhost."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with contextlib.ExitStack() as stack:
            try:
                probe = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
            except PermissionError:
                raise Refused(f"Port {port} may not be used by this account. Choose one above 1023.") from None
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise Refused(
                        f"Port {port} is in use on {host}. Stop what listens there, or choose another: "
                        f"make run PORT={port + 1 if port < 65535 else 8000}"
                    ) from None
                if family == socket.AF_INET:
                    raise Refused(f"Port {port} cannot be used: {error.strerror}.") from None


def refuse_full_disk(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        needed = LATER_START_MB if any(folder.glob("*/data/PG_VERSION")) else FIRST_START_MB
        free = shutil.disk_usage(folder).free // 1_000_000
    except OSError as error:
        raise Refused(f"The folder {folder} cannot be made: {(error.strerror or str(error)).lower()}.") from None
    if free < needed:
        raise Refused(f"The disk is full: {folder} has {free} MB left, Rounds needs {needed} MB to start.")


def prepare(say: Callable[[str], None]) -> None:
    """Bring everything up to date. Raises Refused, or CommandError from a step, with one line for people."""
    refuse_full_disk(settings.VAR)
    try:
        with _one_at_a_time():
            _reach_database()
            migrated = _migrate(say)
            _load(say, again=migrated)
            if not settings.DEBUG:
                _collect_static(say)
    except (Error, CommandError) as error:
        if "No space left on device" in str(error):
            raise Refused(f"The disk is full: {_first_line(error)}") from error
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused(f"The disk is full: {error}") from error
        raise
    finally:
        connection.close()


def _reach_database() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        if settings.DATABASES["default"]["ENGINE"] == "config.postgres":
            raise Refused(_first_line(error)) from error
        raise Refused(f"The database of DATABASE_URL cannot be reached: {_first_line(error)}") from error


def _migrate(say: Callable[[str], None]) -> bool:
    """Whether there was anything to migrate."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        say(f"Preparing the database: {len(plan)} migrations")
        call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    return bool(plan)


def _load(say: Callable[[str], None], *, again: bool) -> None:
    code = [p for app in ("accounts", "roles", "roadmaps", "interviews", "config") for p in _files(app, "*.py")]
    catalog = _fingerprint([*_files("fixtures"), *code])
    if again or cache.get(_CATALOG) != catalog:
        say("Loading the catalog")
        call_command("load_catalog", verbosity=0)
        cache.set(_CATALOG, catalog, timeout=None)
    if settings.DEBUG and (again or cache.get(_DEMO) != catalog or not _demo_people_are_all_there()):
        say("Loading the demo people")
        call_command("load_demo", verbosity=0)
        cache.set(_DEMO, catalog, timeout=None)


def _demo_people_are_all_there() -> bool:
    """They can be deleted like anybody, by whoever tries that out."""
    emails = [f"{name}@{DOMAIN}" for name in DEMO_ACCOUNTS]
    return get_user_model()._default_manager.filter(email__in=emails).count() == len(emails)


def _collect_static(say: Callable[[str], None]) -> None:
    written = settings.VAR / "static.fingerprint"
    wanted = _fingerprint([*_files("static"), settings.BASE_DIR / "requirements" / "base.txt"])
    if (settings.STATIC_ROOT / "staticfiles.json").exists() and written.exists() and written.read_text() == wanted:
        return
    say("Collecting static files")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    written.write_text(wanted)


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two that start at once from this folder prepare one after the other; the second finds all done."""
    with (settings.VAR / ".preparing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _files(folder: str, pattern: str = "*") -> list[Path]:
    return [path for path in (settings.BASE_DIR / folder).rglob(pattern) if path.is_file() and path.suffix != ".pyc"]


def _fingerprint(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
