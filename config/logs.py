"""Logs: one line a request, and what libraries have to say. JSON on stderr; readable text while developing.

What may be in them is decided here. A request's line has what is named in `RequestLogMiddleware` and nothing else:
no query string, header, cookie, body. Secrets that a URL carries in its path, and e-mail addresses in the texts of
exceptions, are blanked out.
"""

import contextlib
import logging
import re
import secrets
import sys
import time
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.typing import Processor

_EMAIL = re.compile(r"[^\s@\"'(<=,;:/]+@[^\s@\"')>,;:/]+")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_SECRET_PARTS = ("key", "token", "code", "uidb36", "uidb64")
_HEALTH = ("/healthz", "/readyz")

log = structlog.stdlib.get_logger("rounds.request")


def logging_config(*, debug: bool) -> dict[str, Any]:
    """The setting LOGGING: brings what others log by the standard library to the same form."""
    quiet = {"handlers": ["stderr"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.add_logger_name, *_processors(debug=debug)],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(debug=debug)],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django": {**quiet, "level": "INFO"},
            # 4xx is in the request's own line; what is left is tracebacks.
            "django.request": {**quiet, "level": "ERROR"},
            "django.server": {**quiet, "level": "ERROR"},
            # Each task, begun and ended. What one does that matters is in a line of its own.
            "django.tasks": {**quiet, "level": "WARNING"},
            # Quotes the header, which is a stranger's text. The request's line shows the 400.
            "django.security.DisallowedHost": {**quiet, "level": "CRITICAL"},
        },
    }


def configure_structlog(*, debug: bool) -> None:
    """Our own loggers write without a detour by the standard library, which would cost each request three times as
    much."""
    structlog.configure(
        processors=[*_processors(debug=debug), _renderer(debug=debug)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: StderrLogger(),
        cache_logger_on_first_use=False,
    )


class RequestLogMiddleware:
    """One line a request: method, path, status, milliseconds, user and request id.

    The id comes from the header X-Request-ID, where a proxy set a proper one, and is answered in it. Everything
    logged while the request runs carries it. Successful answers to static files and health checks are not logged.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.static = settings.STATIC_URL

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            self._log(request, response.status_code, begun)
        finally:
            structlog.contextvars.clear_contextvars()
        return response

    def _log(self, request: HttpRequest, status: int, begun: float) -> None:
        if status < 400 and (request.path.startswith(self.static) or request.path in _HEALTH):
            return
        # Only a user that the page has asked for: to look for one here would cost a query.
        user = getattr(request, "_cached_user", None)
        write = log.error if status >= 500 else log.info
        write(
            "request",
            method=request.method if request.method in _METHODS else "other",
            path=_shown_path(request),
            status=status,
            ms=round((time.perf_counter() - begun) * 1000, 1),
            user=user.pk if user is not None else None,
        )


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _shown_path(request: HttpRequest) -> str:
    """The path without what is secret in it, on one line and of bearable length."""
    path = request.path
    match = request.resolver_match
    if match is not None and match.kwargs:
        for name in _SECRET_PARTS:
            if secret := match.kwargs.get(name):
                path = path.replace(str(secret), "…")
    if "@" in path:
        path = _EMAIL.sub("…", path)
    if not path.isprintable():
        path = ascii(path)[1:-1]
    return path if len(path) <= 200 else path[:200] + "…"


def _without_emails(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in ("event", "exception"):
        text = event.get(name)
        if isinstance(text, str) and "@" in text:
            event[name] = _EMAIL.sub("…", text)
    return event


def _processors(*, debug: bool) -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)
        if debug
        else structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_emails,
    ]


def _renderer(*, debug: bool) -> Processor:
    if not debug:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(),
        exception_formatter=structlog.dev.plain_traceback,
        sort_keys=False,
        pad_event_to=0,
        pad_level=False,
    )


class StderrLogger:
    """Writes lines. One that cannot be written, on a full disk or a closed pipe, must not cost an answer."""

    def msg(self, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = exception = msg
