import io
import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch

from accounts.models import User
from config import logs

type Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """What was logged since it was asked last."""
    logs.configure_structlog(debug=False)
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def ask(request: HttpRequest, status: int = 200, *, resolved: dict[str, str] | None = None) -> HttpResponse:
    """Send a request through the middleware alone."""

    def answer(request: HttpRequest) -> HttpResponse:
        if resolved is not None:
            request.resolver_match = ResolverMatch(answer, (), resolved)
        return HttpResponse(status=status)

    return logs.RequestLogMiddleware(answer)(request)


def test_a_request_is_one_line_of_known_fields(lines: Lines) -> None:
    ask(RequestFactory().get("/roles/"), 200)
    (line,) = lines()
    assert line.pop("ms") >= 0
    assert line.pop("timestamp").endswith("Z")
    assert len(line.pop("request_id")) == 16
    assert line == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "path": "/roles/",
        "status": 200,
        "user": None,
    }


def test_nothing_else_of_a_request_is_written(lines: Lines) -> None:
    request = RequestFactory().post(
        "/roles/?token=query-secret",
        {"password": "body-secret"},
        headers={"Authorization": "header-secret", "Cookie": "sessionid=cookie-secret", "User-Agent": "agent-secret"},
    )
    ask(request)
    assert "secret" not in json.dumps(lines())


@pytest.mark.parametrize(
    ("path", "resolved", "shown"),
    [
        ("/reset/7-abc123/", {"key": "abc123"}, "/reset/7-…/"),
        ("/reset/set-me/x9-77aa/", {"uidb36": "x9", "key": "77aa"}, "/reset/set-me/…-…/"),
        ("/roles/analyst/", {"slug": "analyst"}, "/roles/analyst/"),
        ("/u/ines@example.org/", None, "/u/…/"),
        ("/a\nb\x1b[31m/", None, "/a\\nb\\x1b[31m/"),
        (f"/{'x' * 900}", None, f"/{'x' * 199}…"),
    ],
)
def test_secrets_addresses_and_control_characters_are_taken_out_of_paths(
    lines: Lines, path: str, resolved: dict[str, str] | None, shown: str
) -> None:
    request = RequestFactory().get("/")
    request.path = path
    ask(request, resolved=resolved)
    assert [line["path"] for line in lines()] == [shown]


def test_a_made_up_method_is_not_repeated(lines: Lines) -> None:
    request = RequestFactory().get("/")
    request.method = "EVIL\nLINE"
    ask(request, 405)
    assert [line["method"] for line in lines()] == ["other"]


def test_failures_are_errors(lines: Lines) -> None:
    ask(RequestFactory().get("/"), 500)
    assert [line["level"] for line in lines()] == ["error"]


@pytest.mark.parametrize("path", ["/static/app.js", "/healthz", "/readyz"])
def test_static_files_and_health_are_only_logged_when_they_fail(lines: Lines, path: str) -> None:
    ask(RequestFactory().get(path), 200)
    assert lines() == []
    ask(RequestFactory().get(path), 503)
    assert [line["status"] for line in lines()] == [503]


def test_the_request_id_of_a_proxy_is_kept_and_answered(lines: Lines) -> None:
    response = ask(RequestFactory().get("/", headers={"X-Request-ID": "proxy-7f.A_1"}))
    assert response["X-Request-ID"] == "proxy-7f.A_1"
    assert [line["request_id"] for line in lines()] == ["proxy-7f.A_1"]


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space and more", 'quote"quote', "new\nline-here"])
def test_an_improper_request_id_is_replaced(lines: Lines, given: str) -> None:
    response = ask(RequestFactory().get("/", headers={"X-Request-ID": given}))
    assert response["X-Request-ID"] != given
    assert len(response["X-Request-ID"]) == 16


def test_what_is_logged_during_a_request_carries_its_id_and_nothing_after_does(lines: Lines) -> None:
    def answer(_request: HttpRequest) -> HttpResponse:
        logs.log.warning("inside")
        return HttpResponse()

    response = logs.RequestLogMiddleware(answer)(RequestFactory().get("/"))
    logs.log.warning("after")
    inside, _request, after = lines()
    assert inside["request_id"] == response["X-Request-ID"]
    assert "request_id" not in after


def test_a_crash_leaves_nothing_for_the_next_request(lines: Lines) -> None:
    def crash(_request: HttpRequest) -> HttpResponse:
        raise KeyError("not an answer")

    with pytest.raises(KeyError):
        logs.RequestLogMiddleware(crash)(RequestFactory().get("/"))
    logs.log.warning("after")
    assert ["request_id" in line for line in lines()] == [False]


def test_a_log_that_cannot_be_written_costs_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stderr", Full())
    assert ask(RequestFactory().get("/")).status_code == 200


def test_the_user_is_named_by_number_only(as_learner: Client, learner: User, lines: Lines) -> None:
    as_learner.get("/dashboard/")
    (line,) = [line for line in lines() if line["event"] == "request"]
    assert line["user"] == learner.pk
    assert "@" not in json.dumps(line)


def test_nobody_is_looked_up_for_the_log(lines: Lines) -> None:
    class Asked(HttpRequest):
        @property
        def user(self) -> User:
            raise AssertionError("costs a query")

    ask(Asked())
    assert [line["user"] for line in lines()] == [None]


@pytest.mark.parametrize("debug", [False, True])
def test_tracebacks_of_libraries_lose_addresses_and_show_no_variables(debug: bool) -> None:
    formatter = logs.logging_config(debug=debug)["formatters"]["line"]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter.pop("()")(**formatter))
    logger = logging.Logger("django.request")
    logger.addHandler(handler)
    password = "variable-secret"
    try:
        raise ValueError("Key (email)=(ines@example.org) already exists.") from KeyError(len(password))
    except ValueError:
        logger.exception("Internal Server Error: %s", "/u/tom@example.org/")
    assert "already exists" in written.getvalue()
    assert "example.org" not in written.getvalue()
    assert written.getvalue().count("variable-secret") == 0
    assert debug or len(written.getvalue().splitlines()) == 1
