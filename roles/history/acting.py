"""Saying who acts: what the catalog's history then tells of everything that is changed meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import update_wrapper
from typing import Concatenate
from uuid import UUID

import pghistory
from django.db import connection
from django.http import HttpRequest, HttpResponse

from accounts.models import User

_SAFE = ("GET", "HEAD", "OPTIONS")
# What pghistory tells the database lasts until the end of the transaction.
_FORGET = "SELECT set_config('pghistory.context_id', '', true), set_config('pghistory.context_metadata', '', true)"
_inside = ContextVar("inside of acting", default=False)


@contextmanager
def acting(*, by: User | None = None, doing: str = "", page: str = "", session: str = "") -> Iterator[UUID]:
    """All that is changed inside is one changeset; gives its number.

    `doing` is for what is no page of the admin, such as “Load of the catalog”. Inside of another, this is part of it:
    then only what it says more counts. Until something is changed, nothing is written.
    """
    said = {"user": by.pk if by else None, "doing": doing, "url": page, "session": session}
    outermost = _inside.get() is False
    token = _inside.set(True)
    try:
        with pghistory.context(**{name: value for name, value in said.items() if value}) as current:
            yield current.id
    finally:
        _inside.reset(token)
        if outermost:
            _say_no_more()


def _say_no_more() -> None:
    """In a transaction that goes on, what comes later is not ours."""
    if connection.in_atomic_block and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET)


type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def by_whoever_asks[**P](view: View[P]) -> View[P]:
    """A view for staff: what it changes, the person of the request changes, from its page. Reading costs nothing."""

    def telling(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method in _SAFE or not isinstance(request.user, User):
            return view(request, *args, **kwargs)
        with acting(by=request.user, page=request.path, session=sign_in_of(request)):
            return view(request, *args, **kwargs)

    update_wrapper(telling, view)
    return telling


def sign_in_of(request: HttpRequest) -> str:
    """Tells one sign-in from another without giving the session away."""
    key = request.session.session_key or ""
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""
