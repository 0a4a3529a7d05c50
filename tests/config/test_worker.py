"""A real worker: killed in the middle of its work, it sends nothing twice, and the next one goes on."""

from __future__ import annotations

import contextlib
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest
from django.utils import timezone

from accounts import mailing
from accounts.kinds import Kind
from accounts.models import MailState, Notification
from accounts.notifying import notify
from config import background
from tests.working import StartWorker, eventually, workers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class MailServer(socketserver.ThreadingTCPServer):
    """Takes every message. It is slow to say so of the one that it is told to be slow with."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[str] = []
        self.slow_with = ""
        self.slow_begun = threading.Event()


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            match line.split(" ")[0].split(":")[0].upper():
                case "DATA":
                    self.say("354 go on")
                    self.take()
                case "QUIT":
                    self.say("221 goodbye")
                    return
                case _:
                    self.say("250 fine")

    def take(self) -> None:
        subject = ""
        while (line := self.rfile.readline().decode().strip("\r\n")) != ".":
            if line.startswith("Subject: "):
                subject = line.removeprefix("Subject: ")
        self.server.taken.append(subject)
        if subject == self.server.slow_with:
            self.server.slow_begun.set()
            time.sleep(30)
        self.say("250 taken")

    def say(self, line: str) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def start_worker(settings, mail_server: MailServer) -> Iterator[StartWorker]:
    """Starts a worker on the database of this test, which enqueues as the site does; its mail goes to `mail_server`."""
    settings.TASKS = background.backends(testing=False)
    with workers(EMAIL_URL=f"smtp://127.0.0.1:{mail_server.server_address[1]}") as start:
        yield start


def tell(person, subject: str) -> None:
    notify(person=person, kind=Kind.RETURNED, title=subject, url="/", key=subject, now=timezone.now())


def states() -> dict[str, str]:
    return dict(Notification.objects.values_list("key", "mail"))


def test_a_worker_that_is_killed_in_the_middle_sends_nothing_twice(learner, mail_server, start_worker):
    subjects = ["one", "two", "three", "four"]
    mail_server.slow_with = "two"
    for subject in subjects:
        tell(learner, subject)
    worker = start_worker()
    assert mail_server.slow_begun.wait(30), worker.stderr
    worker.kill()
    assert states() == {"one": "sent", "two": "sending", "three": "due", "four": "due"}
    start_worker()
    assert eventually(lambda: list(states().values()).count("sent") == 3)
    assert mail_server.taken == subjects
    mailing.send_due(now=timezone.now() + mailing.CUT_OFF_AFTER * 2)
    assert states()["two"] == MailState.UNKNOWN
    assert mail_server.taken == subjects
    learner.refresh_from_db()
    assert learner.unread == 4


def test_a_worker_ends_what_it_is_at_before_it_ends(learner, mail_server, start_worker):
    tell(learner, "one")
    worker = start_worker()
    assert eventually(lambda: mail_server.taken == ["one"])
    worker.terminate()
    _out, err = worker.communicate(timeout=20)
    assert worker.returncode == 0, err
    assert states() == {"one": "sent"}
