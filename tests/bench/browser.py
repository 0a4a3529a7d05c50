"""A browser as far as a server can tell: one kept connection, one request at a time."""

from __future__ import annotations

import re
import time
from http.client import HTTPConnection, HTTPException

from django.conf import settings

from tests.bench.pages import Request, Token


class UnexpectedAnswerError(Exception):
    """A page did not answer as it should, so its time means nothing."""


class Browser:
    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = self._connected()

    def send(self, request: Request) -> float:
        """Send a request, read the whole answer, return the milliseconds between. Raises UnexpectedAnswerError."""
        try:
            return self._send(request)
        except (HTTPException, OSError):
            # The server closed the connection while we were silent: open another and ask again. Every request of
            # ours may be repeated, a tick too, since it names the state that it wants.
            self.close()
            self._connection = self._connected()
            return self._send(request)

    def token(self, path: str) -> Token:
        """What a page with a form gives for sending it."""
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        cookie = re.search(rf"{settings.CSRF_COOKIE_NAME}=(\w+)", response.getheader("Set-Cookie") or "")
        field = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.read().decode())
        if cookie is None or field is None:
            raise UnexpectedAnswerError(f"{path} has no form with a CSRF token.")
        return Token(cookie[1], field[1])

    def close(self) -> None:
        self._connection.close()

    def _connected(self) -> HTTPConnection:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        connection.connect()
        return connection

    def _send(self, request: Request) -> float:
        begun = time.perf_counter()
        self._connection.request(request.method, request.path, request.body or None, request.headers)
        response = self._connection.getresponse()
        response.read()
        took = time.perf_counter() - begun
        if response.status != request.expected:
            raise UnexpectedAnswerError(
                f"{request.method} {request.path} answered {response.status} instead of {request.expected}."
            )
        return 1000 * took
