"""Hosts to check links against: one server of this machine under many names, and the only one that can be reached."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

from roles.links.guarding import Guard, NoSuchNameError, is_public

HERE = "127.0.0.1"
BOMB = gzip.compress(b"\0" * 50_000_000)

ROBOTS = {
    "closed.test": (200, {}, b"User-agent: *\nDisallow: /\n"),
    "rules.test": (200, {}, b"User-agent: RoundsLinkCheck\nDisallow: /*?secret\nAllow: /ok\nDisallow: /o\n"),
    "patient.test": (200, {}, b"User-agent: *\nCrawl-delay: 7\n"),
    "packed.test": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"User-agent: *\nDisallow: /\n")),
    "bomb.test": (200, {"Content-Encoding": "gzip"}, BOMB),
    "broken.test": (503, {}, b""),
}


class Host(BaseHTTPRequestHandler):
    server: Server  # type: ignore[assignment]
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self) -> None:
        host = self.headers["Host"].partition(":")[0]
        self.server.asked.append((self.command, host, self.path))
        self.server.agents.add(self.headers["User-Agent"])
        if self.path == "/robots.txt":
            code, headers, body = ROBOTS.get(host, (404, {}, b""))
            return self._say(code, body, **headers)
        name, _, rest = self.path.strip("/").partition("/")
        return getattr(self, f"on_{name.partition('?')[0]}", self.on_code)(rest)

    def _say(self, code: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for key, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def on_ok(self, rest: str) -> None:
        self._say(200, b"Here")

    def on_code(self, rest: str) -> None:
        code = self.path.strip("/").partition("?")[0]
        self._say(int(code) if code.isdigit() else 404, b"?")

    def on_headless(self, rest: str) -> None:
        """Refuses HEAD, as many do."""
        self._say(int(rest) if self.command == "HEAD" else 200)

    def on_to(self, rest: str) -> None:
        """/to/302/ADDRESS"""
        code, _, place = rest.partition("/")
        self._say(int(code), Location=place if "://" in place else f"/{place}")

    def on_loop(self, rest: str) -> None:
        self._say(302, Location="/loop")

    def on_nowhere(self, rest: str) -> None:
        self._say(302)

    def on_down(self, rest: str) -> None:
        """/down/3: three redirects, then a page."""
        self._say(301, Location=f"/down/{int(rest) - 1}" if int(rest) > 1 else "/ok")

    def on_slow(self, rest: str) -> None:
        time.sleep(float(rest))
        self._say(200)

    def on_drip(self, rest: str) -> None:
        """A header that never ends, a byte now and then."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(400):
            self.wfile.write(b"x")
            time.sleep(0.02)

    def on_huge(self, rest: str) -> None:
        """A page without end; it refuses HEAD, so that it must be opened."""
        if self.command == "HEAD":
            return self._say(405)
        self.send_response(200)
        self.end_headers()
        for _ in range(100_000):
            self.wfile.write(b"x" * 65536)
            self.server.sent += 65536
        return None

    def on_bomb(self, rest: str) -> None:
        if self.command == "HEAD":
            return self._say(405)
        return self._say(200, BOMB, **{"Content-Encoding": "gzip"})

    def on_garbage(self, rest: str) -> None:
        self.wfile.write(b"\x00\x01 this is no HTTP \r\n\r\n")
        self.close_connection = True

    def on_hangup(self, rest: str) -> None:
        self.close_connection = True

    def on_headers(self, rest: str) -> None:
        """More headers than anybody needs."""
        self._say(200, **{f"X-{number}": "y" for number in range(500)})


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 50

    def __init__(self) -> None:
        super().__init__((HERE, 0), Host)
        self.asked: list[tuple[str, str, str]] = []
        self.agents: set[str] = set()
        self.sent = 0
        self.names: dict[str, list[str]] = {}
        self.resolved: list[str] = []

    def handle_error(self, *args: object) -> None:
        """Whoever asked has hung up: that is what limits are for."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str, host: str = "alive.test") -> str:
        return f"http://{host}:{self.port}/{path}"

    def resolve(self, host: str, port: int) -> list[str]:
        """Names end in .test and lead here, if they were not told to lead elsewhere."""
        self.resolved.append(host)
        if host in self.names:
            return self.names[host]
        if not host.endswith(".test"):
            raise NoSuchNameError(host)
        return [HERE]

    def guard(self) -> Guard:
        """The one of production, but that this very server is open to it."""
        here = ip_address(HERE)
        return Guard(self.resolve, lambda address: address == here or is_public(address), frozenset({self.port, 80}))


def running() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class Watched:
    """Where sockets of this process connect to. Only this machine is let through."""

    def __init__(self) -> None:
        self.connected: list[tuple[str, int]] = []
        self._connect = socket.socket.connect

    def connect(self, own: socket.socket, place: tuple[str, int]) -> None:
        self.connected.append(place)
        assert place[0] == HERE, f"{place} lies outside this machine"
        self._connect(own, place)
