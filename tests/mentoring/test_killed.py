"""The web process is killed while it has a form in its hands: the same form, sent again, happens once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

import psutil
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.kinds import Kind, Rhythm
from accounts.models import Channel, User
from mentoring.models import Event, Submission, Thread
from roadmaps.enrolling import enrol
from tests.mentoring.rules import assert_whole
from tests.roadmaps.handing import asked, gathered, url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TOKEN = "a" * 32


class Server:
    """The site in a process of its own, with one worker at a time, on the database of the tests."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        place = connection.get_connection_params()
        user, host = (quote(str(place[name]), safe="") for name in ("user", "host"))
        port = f":{place['port']}" if place.get("port") else ""
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "DJANGO_", "DATABASE_", "COV_"))
        }
        environment |= {
            "DEBUG": "1",
            "ROUNDS_VAR": str(folder),
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": f"postgres://{user}@{host}{port}/{place['dbname']}",
        }
        serve = f"gunicorn config.wsgi --bind 127.0.0.1:{self.port} --preload --worker-class gthread"
        quiet = "--no-control-socket --log-level critical"
        self.master = subprocess.Popen(
            [sys.executable, "-m", *serve.split(), *quiet.split()],
            cwd=settings.BASE_DIR,
            env=environment,
        )
        until(lambda: self.answers("/readyz"), seconds=90)

    def answers(self, path: str) -> bool:
        assert self.master.poll() is None, "the server ended"
        try:
            return self.ask("GET", path) == 200
        except (OSError, HTTPException):
            return False

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> int:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as asked:
            asked.request(method, path, body, headers)
            with asked.getresponse() as answer:
                answer.read()
                return answer.status

    def kill_worker(self) -> None:
        for worker in psutil.Process(self.master.pid).children():
            worker.kill()

    def end(self) -> None:
        self.master.send_signal(signal.SIGTERM)
        self.master.wait(30)


@pytest.fixture
def server(transactional_db, tmp_path) -> Iterator[Server]:
    found = Server(tmp_path)
    yield found
    found.end()


def until(holds: Callable[[], object], *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def before_the_commit(thread: Thread) -> Iterator[None]:
    """A request on the thread waits for its row, and has written nothing."""
    with transaction.atomic():
        Thread.objects.select_for_update().get(pk=thread.pk)
        yield


@contextmanager
def before_the_answer(thread: Thread) -> Iterator[None]:
    """A request has committed, and waits to hand its mail to the worker."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE django_ox_oxtask IN SHARE MODE")
        yield


class Browser:
    """Somebody's, who is signed in."""

    def __init__(self, server: Server, person: User) -> None:
        client = Client()
        client.force_login(person)
        self.server = server
        self.cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}"

    def post(self, path: str, form: dict[str, str]) -> int:
        return self.server.ask(
            "POST",
            path,
            urlencode(form),
            **{
                "Cookie": self.cookies,
                "X-CSRFToken": TOKEN,
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )


def killed_while(server: Server, post: Callable[[], int], held: Callable, thread: Thread, key: UUID) -> int:
    """Post, and kill the worker while the request waits; how many events it had committed by then."""
    with ThreadPoolExecutor(1) as pool:
        with held(thread):
            answer: Future[int] = pool.submit(post)
            until(waiting_for_a_lock)
            committed = Event.objects.filter(key=key).count()
            server.kill_worker()
            assert isinstance(answer.exception(30), (OSError, HTTPException)), "it was answered after all"
        # What the dead process had begun ends with its connection.
        until(lambda: not waiting_for_a_lock())
    until(lambda: server.answers("/readyz"))
    return committed


@pytest.mark.parametrize(("held", "committed"), [(before_the_commit, 0), (before_the_answer, 1)])
def test_a_form_that_a_killed_process_had_in_hand_happens_once(held, committed, server, learner, analytics, ruth):
    enrol(learner=learner, role=analytics)
    for person, kind in ((ruth, Kind.WAITING), (learner, Kind.CLAIMED)):
        Channel.objects.create(person=person, kind=kind, in_app=True, mail=Rhythm.AT_ONCE)
    thread = gathered(learner, analytics, now=timezone.now())
    learners, mentors = Browser(server, learner), Browser(server, ruth)

    def happens_once(browser: Browser, path: str, to: str, **form: str) -> None:
        key = uuid4()
        form["key"] = str(key)

        def post() -> int:
            return browser.post(path, form)

        assert killed_while(server, post, held, thread, key) == committed
        assert Event.objects.filter(key=key).count() == committed
        assert_whole(thread.pk)
        assert [post(), post()] == [302, 302]
        assert Event.objects.filter(key=key).count() == 1
        assert Thread.objects.get(pk=thread.pk).state == to
        assert_whole(thread.pk)

    happens_once(learners, url(analytics, "milestone_submit"), "submitted", message="Is it enough?")
    number = [Submission.objects.get(thread=thread).pk]
    happens_once(mentors, reverse("mentoring:submission_claim", args=number), "claimed")
    verdicts = {f"met-{each.key}": "not_yet" for each in asked(analytics).criteria}
    happens_once(
        mentors,
        reverse("mentoring:submission_return", args=number),
        "returned",
        next_step="Refit on a held-out year.",
        **verdicts,
    )
    assert Event.objects.filter(thread=thread).count() == 3
