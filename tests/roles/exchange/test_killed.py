"""A real worker is killed in the middle of an import: nothing is half done, and the next one does all of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from django.conf import settings as configured
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction

from config import background
from interviews.models import Question
from roles.exchange import trying
from roles.models import CatalogVersion, ImportRow
from tests.factories import UserFactory
from tests.roles.exchange.importing import confirmed, entries, question, sent, tried

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MANY = [question(f"q-{each}") for each in range(1500)]


@pytest.fixture
def start_worker(settings) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts `manage.py work` on the database of this test, which enqueues as the site does."""
    settings.TASKS = background.backends(testing=False)
    place = connection.get_connection_params()
    host, name = quote(str(place["host"]), safe=""), place["dbname"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "DJANGO_"))}
    environment |= {
        "DEBUG": "1",
        "DATABASE_URL": f"postgres://{place['user']}@{host}:{place.get('port', '')}/{name}",
    }
    started = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "work"]
        process = subprocess.Popen(command, cwd=configured.BASE_DIR, env=environment, stderr=subprocess.PIPE)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def mei(transactional_db):
    return UserFactory(is_staff=True, display_name="Mei-Ling Zhao")


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


def state_of(found) -> str:
    found.refresh_from_db()
    return found.state


def test_a_worker_that_is_killed_while_it_writes_has_written_nothing(mei, start_worker):
    before = Question.objects.count()
    found = confirmed(tried(Question, entries(*MANY), mei), mei)
    killed_in_the_middle(start_worker)
    assert state_of(found) == "confirmed"
    assert Question.objects.count() == before
    assert not LogEntry.objects.exists()
    trying.write_out(found.pk)  # what the next worker does with the same task
    assert state_of(found) == "written"
    assert Question.objects.count() == before + len(MANY)
    trying.write_out(found.pk)
    assert LogEntry.objects.count() == len(MANY)


def test_a_worker_that_is_killed_while_it_tries_has_said_nothing(mei, start_worker):
    before = Question.objects.count()
    found = sent(Question, entries(*MANY), mei)
    killed_in_the_middle(start_worker)
    assert state_of(found) == "trying"
    assert (Question.objects.count(), ImportRow.objects.count()) == (before, 0)
    assert found.total == len(MANY), "how far it was is known outside of its transaction"
    trying.try_out(found.pk)
    assert (state_of(found), found.new, found.tries) == ("ready", len(MANY), 2)
    assert ImportRow.objects.count() == len(MANY)


def test_a_worker_takes_an_import_from_the_file_to_the_rows(mei, start_worker):
    found = sent(Question, entries(question("by-the-worker")), mei)
    start_worker()
    assert eventually(lambda: state_of(found) == "ready")
    confirmed(found, mei)
    assert eventually(lambda: state_of(found) == "written")
    assert Question.objects.filter(slug="by-the-worker").exists()
