"""Sites as in production: gunicorn in a process of its own, with the workers and threads of `config.running`.

Run as a module this is such a process; `Site` starts and stops one.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

START_SECONDS, STOP_SECONDS = 60, 15


class SiteError(Exception):
    """A site does not run; the message is one line for people."""


@dataclass
class Site:
    """One site on one database, listening on 127.0.0.1."""

    database_url: str
    log: Path
    port: int = field(default_factory=lambda: free_port())
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.sites", "--port", str(self.port), "--parent", str(os.getpid())],
                env=os.environ | {"DATABASE_URL": self.database_url},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise SiteError(f"The site did not start. Its last words are in {self.log}.")
            time.sleep(0.1)

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    args = parser.parse_args()

    import django

    django.setup()

    from config import running

    running.serve(port=args.port, when_ready=lambda: None, parent=args.parent)


if __name__ == "__main__":
    main()
