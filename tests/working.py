"""Real workers on the database of a test, and one that is killed in the middle of its work."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.conf import settings
from django.db import connection, transaction

from roles.models import CatalogVersion

type StartWorker = Callable[[], subprocess.Popen[bytes]]


def environment(**more: str) -> dict[str, str]:
    """Of a process that works on the database of this test."""
    place = connection.get_connection_params()
    host, name = quote(str(place["host"]), safe=""), place["dbname"]
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "DJANGO_"))}
    address = f"postgres://{place['user']}@{host}:{place.get('port', '')}/{name}"
    return ours | {"DEBUG": "1", "DATABASE_URL": address} | more


@contextmanager
def workers(**more: str) -> Iterator[StartWorker]:
    """Gives what starts `manage.py work` on the database of this test; at the end all of them are gone. `more` goes
    into their environment.
    """
    started = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "work"]
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment(**more), stderr=subprocess.PIPE)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def eventually(done: Callable[[], object], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.05)
    return False


def asked(sql: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return bool(cursor.fetchone()[0])


def somebody_waits_for_us() -> bool:
    return asked("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")


def somebody_is_at_work() -> bool:
    return asked(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND state <> 'idle'"
    )


def killed_in_the_middle(start_worker) -> None:
    """The worker has inserted rows, and waits for the catalog's version, which every change of content moves on."""
    with transaction.atomic():
        CatalogVersion.objects.select_for_update().get()
        worker = start_worker()
        assert eventually(somebody_waits_for_us)
        worker.kill()
        worker.wait()
    # What the dead process had begun ends with its connection.
    assert eventually(lambda: not somebody_is_at_work())
