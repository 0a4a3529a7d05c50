"""One request over HTTP, to an address that was judged before, within limits of time and size."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPException
from socket import SHUT_RDWR, socket

import certifi
from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from roles.links.guarding import Address, Guard, Target

CONNECT, READ, TOTAL = 5.0, 10.0, 20.0  # seconds: to connect, for each piece, for all of it


class NoAnswerError(Exception):
    """The host was asked and gave no answer. The message says what happened."""


@dataclass(frozen=True, slots=True)
class Limits:
    connect: float = CONNECT
    read: float = READ
    total: float = TOTAL


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""
    seconds: float = 0.0


def agent() -> str:
    """How the check calls itself. The page says what it is, and who runs it."""
    return f"RoundsLinkCheck/1.0 (+{settings.SITE_URL}/sources/#links)"


def ask(method: str, target: Target, *, guard: Guard, limits: Limits, most: int = 0) -> Answer:
    """The answer to one request, with at most so many bytes of what it says; no more are read.

    Raises NoAnswerError, or what the guard raises before anything is opened.
    """
    began = time.monotonic()
    addresses = guard.addresses_of(target)
    problem: Exception | None = None
    for address in addresses[:2]:  # one of each kind: a machine without IPv6 reaches the other
        left = limits.total - (time.monotonic() - began)
        if left <= 0:
            break
        try:
            return _asked(method, target, address, limits, left, most, began)
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            problem = error
    too_late = time.monotonic() - began >= limits.total
    raise NoAnswerError(_TOO_LONG if too_late else _in_words(problem)) from problem


def _asked(
    method: str, target: Target, address: Address, limits: Limits, left: float, most: int, began: float
) -> Answer:
    started = time.monotonic()
    connection = _connection(target, address, min(limits.connect, left))
    # Each piece has a limit of its own; this one holds for whoever sends a byte now and then.
    watch = threading.Timer(left, _cut, [connection])
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        assert connection.sock is not None
        connection.sock.settimeout(min(limits.read, left))
        headers = {
            "Host": target.netloc, "User-Agent": agent(), "Accept": "*/*", "Accept-Encoding": "identity",
            "Connection": "close",
        }  # fmt: skip
        connection.request(method, target.path, headers=headers, preload_content=False, decode_content=False)
        response = connection.getresponse()
        body = b""
        while most and len(body) < most and (piece := response.read(most - len(body), decode_content=False)):
            body += piece
        if time.monotonic() - started >= left:  # what was cut off looks like an end
            raise TimeoutError
        said = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, said, body, time.monotonic() - began)
    finally:
        watch.cancel()
        connection.close()


def _connection(target: Target, address: Address, timeout: float) -> HTTPConnection:
    """To this very address; the name is what is asked for and what a certificate must be for."""
    if target.scheme == "http":
        return HTTPConnection(str(address), target.port, timeout=timeout)
    return HTTPSConnection(
        str(address),
        target.port,
        timeout=timeout,
        server_hostname=target.host,
        assert_hostname=target.host,
        ssl_context=_trust(),
    )


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


def _cut(connection: HTTPConnection) -> None:
    if isinstance(connection.sock, socket):
        with contextlib.suppress(OSError):  # it has ended by itself
            # That of the plain socket: TLS would want to say goodbye first.
            socket.shutdown(connection.sock, SHUT_RDWR)


_TOO_LONG = "It took too long."


def _in_words(problem: Exception | None) -> str:
    text = f"{type(problem).__name__} {problem}".lower()
    if problem is None or isinstance(problem, TimeoutError) or "timed out" in text or "timeout" in text:
        return _TOO_LONG
    if "certificate" in text:
        return "Its certificate is not valid."
    if "ssl" in text or "tls" in text:
        return "No secure connection could be made."
    if "refused" in text:
        return "The connection was refused."
    return "The connection broke off."


def unpacked(answer: Answer, most: int) -> bytes:
    """The body, unpacked if it was packed all the same; whatever it claims to hold, no more than so much."""
    if answer.headers.get("content-encoding", "identity").lower() not in ("gzip", "x-gzip", "deflate"):
        return answer.body
    try:
        return zlib.decompressobj(wbits=47).decompress(answer.body, most)
    except zlib.error:
        return b""
