"""The site as a slow network brings it: each page in small pieces, with time to paint between them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

PAUSE = 0.03  # seconds: two frames
ENDS = re.compile(rb"(?<=</li>)|(?<=</p>)|(?<=</a>)|(?<=</h1>)|(?<=</form>)|(?<=</div>)|(?<=<body>)")
# What belongs to one connection alone.
_OURS = {"content-length", "transfer-encoding", "connection"}


@contextmanager
def slowly(url: str) -> Iterator[str]:
    """The address under which the site at `url` arrives in pieces, while the block runs."""
    server = ThreadingHTTPServer(("localhost", 0), type("Handler", (_Slow,), {"behind": urlsplit(url).netloc}))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Slow(BaseHTTPRequestHandler):
    behind: str

    def do_GET(self) -> None:
        status, headers, body = self._fetched()
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _OURS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        html = any(value.startswith("text/html") for name, value in headers if name.lower() == "content-type")
        for piece in ENDS.split(body) if html else [body]:
            self.wfile.write(piece)
            time.sleep(PAUSE if html else 0)

    def _fetched(self) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(self.behind, timeout=30)
        try:
            kept = ("cookie", "accept", "accept-language", "user-agent")
            sent = {name: value for name, value in self.headers.items() if name.lower() in kept}
            connection.request("GET", self.path, headers=sent)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what the site says of its requests is enough."""
