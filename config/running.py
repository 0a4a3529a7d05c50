"""Serves the site for `manage.py up`: gunicorn in this very process, so that one signal ends all of it, the worker
(`config.working`) included.

Threads rather than one request at a time: browsers open connections before they have something to ask, and such a
silent connection would hold a whole worker.
"""

import logging
import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.urls import get_resolver
from gunicorn import glogging
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from config.working import Worker

WORKERS = 2
THREADS = 4


def serve(*, port: int, when_ready: Callable[[], None], parent: int | None) -> None:
    """Serve on 127.0.0.1 until a signal ends it; leaves by SystemExit.

    `parent`: the process that started this one; when it ends, so does the site."""
    if parent is not None and os.getppid() != parent:
        raise SystemExit(0)  # it ended while we prepared
    connections.close_all()  # the workers, forked from here, must not share one
    LocalArbiter(Site(port=port, when_ready=when_ready), parent=parent).run()


class Site(BaseApplication):
    def __init__(self, *, port: int, when_ready: Callable[[], None]) -> None:
        self.settings: dict[str, Any] = {
            "bind": f"127.0.0.1:{port}",
            "workers": WORKERS,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": True,
            "graceful_timeout": 5,
            "timeout": 60,
            "loglevel": "warning",
            "logger_class": Logger,
            "control_socket_disable": True,
            "post_worker_init": leave_signals_to_master,
            "when_ready": lambda _arbiter: when_ready(),
            "proc_name": "rounds",
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from config.wsgi import application

        # Imports every view before the fork: once, and in memory that the workers share.
        assert get_resolver().url_patterns
        return application


def leave_signals_to_master(_worker: Any) -> None:
    """A terminal sends Ctrl-C and its end to all processes. A worker that left at once could hang on its threads'
    locks, or drop a request; the master stops it in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


class LocalArbiter(Arbiter):
    """Gunicorn's master for somebody's own machine: it ends with its terminal, and with the `make` that began it."""

    def __init__(self, app: BaseApplication, *, parent: int | None) -> None:
        self.parent = parent
        self.worker = Worker()
        self.heeds_hangup = signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN  # not under nohup
        super().__init__(app)

    def murder_workers(self) -> None:
        """Called every second by gunicorn's main loop."""
        if self.parent is not None and os.getppid() != self.parent:
            raise StopIteration
        super().murder_workers()
        self.worker.keep()

    def stop(self, graceful: bool = True) -> None:
        self.worker.ask_to_end()  # while requests come to their end
        super().stop(graceful)
        self.worker.end()

    def handle_int(self) -> None:
        raise StopIteration

    def handle_hup(self) -> None:
        if self.heeds_hangup:
            raise StopIteration


class Logger(glogging.Logger):
    """Gunicorn's messages in the form of all others. Requests have their line from `config.logs`."""

    def setup(self, cfg: Any) -> None:
        self.error_log.setLevel(logging.WARNING)
        self.error_log.propagate = True
        self.access_log.disabled = True
