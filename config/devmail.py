"""Sent mail in the browser, so that a newcomer can sign up without a mail server. Routed only with DEBUG on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts import access

NEWEST = 50
# Django's file backend ends each message of a file with a line of hyphens.
_END = b"-" * 79


@dataclass(frozen=True, slots=True)
class Mail:
    name: str  # of its file, without the ending
    sent_at: datetime
    to: str
    subject: str
    text: str


@access.visitor
@require_GET
def devmail_list(request: HttpRequest) -> HttpResponse:
    return render(request, "devmail/devmail_list.html", {"mails": list(_newest())})


@access.visitor
@require_GET
def devmail_detail(request: HttpRequest, name: str) -> HttpResponse:
    path = _folder() / f"{name}.log"
    if not path.is_file():
        raise Http404
    return render(request, "devmail/devmail_detail.html", {"mail": _read(path)})


def _folder() -> Path:
    return Path(settings.DEV_MAIL_DIR)


def _newest() -> list[Mail]:
    # File names begin with the time of sending.
    return [_read(path) for path in sorted(_folder().glob("*.log"), reverse=True)[:NEWEST]]


def _read(path: Path) -> Mail:
    message = message_from_bytes(path.read_bytes().split(_END)[0].strip(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain", "html"))
    return Mail(
        name=path.stem,
        sent_at=datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone()),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=body.get_content() if body else "",
    )
