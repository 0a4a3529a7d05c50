"""The worker beside the site of `manage.py up`: one process that starts with the site and ends with it.

In a session of its own, so that Ctrl-C in a terminal reaches the site alone, which then asks the worker to end: it
finishes what it is at. Where the site can ask nobody any more, killed outright, the worker sees that its parent is
gone (`manage.py work --parent`).
"""

import atexit
import os
import signal
import subprocess
import sys
import threading
import time

import structlog
from django.conf import settings

# A worker that dies at once, such as of a fault in the code, does not keep the machine busy.
SECONDS_BETWEEN_STARTS = 5
SECONDS_TO_END = 10

log = structlog.stdlib.get_logger("rounds.worker")


class Worker:
    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._started = float("-inf")

    def keep(self) -> None:
        """Start it where it does not run. To be called every second."""
        if self._process is not None and self._process.poll() is None:
            return
        if time.monotonic() - self._started < SECONDS_BETWEEN_STARTS:
            return
        if self._process is not None:
            log.warning("worker_started_again")
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "work", "--parent", str(os.getpid())],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ask_to_end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def end(self) -> None:
        """Return when it has ended, by force if it takes too long."""
        self.ask_to_end()
        if self._process is None:
            return
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def keep_beside_this_process() -> None:
    """For a server that has no loop of ours: a thread keeps the worker, which ends with the interpreter."""
    worker = Worker()
    ending = threading.Event()

    def keep() -> None:
        while not ending.is_set():
            worker.keep()
            ending.wait(1)

    def end() -> None:
        ending.set()
        keeper.join()
        worker.end()

    keeper = threading.Thread(target=keep, name="worker-keeper", daemon=True)
    atexit.register(end)
    keeper.start()


def end_with(parent: int) -> None:
    """Ask this very process to end as soon as that other one, its parent, is gone. From a thread, since whoever works
    here may be busy; a second asking some time later ends it at once."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(SECONDS_TO_END)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
