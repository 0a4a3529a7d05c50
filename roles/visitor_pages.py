"""Pages that look the same to every visitor are kept rendered until the catalog changes.

Kept in this process's memory, under the catalog's version, which the database itself moves on with every change
(`roles.models.base`). The version is read at most once a second, so an edit reaches visitors within that time. Whoever
brings a session is always served afresh.
"""

import gzip
import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import update_wrapper
from typing import Concatenate
from uuid import uuid4

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from accounts.theme import theme_of
from roles.models import CatalogVersion

# Seconds for which a version that was read is trusted.
VERSION_TRUSTED = 1.0
# A comparison of four roles fits. Longer query strings are free text; pages for them are not worth keeping.
LONGEST_QUERY = 240
# Cookies of people whose page is their own.
_PERSONAL = (settings.SESSION_COOKIE_NAME, "messages")

_version: tuple[str, float] = ("", 0.0)
_apart = ContextVar("what is rendered is nobody else's", default="")


@dataclass(frozen=True, slots=True)
class Kept:
    gzipped: bytes  # nearly everybody takes it, and it is a fifth of the memory
    content_type: str
    vary: str


type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def kept_for_visitors[**P](view: View[P]) -> View[P]:
    """Keep what the view answers to visitors. For pages that depend on address, theme and catalog alone."""
    return _kept_in("local", view, level=6)


def kept_answers[**P](view: View[P]) -> View[P]:
    """The same for answers to free text: apart, so that rare questions push no page out of memory, and packed quickly,
    since most are asked once."""
    return _kept_in("answers", view, level=1)


def _kept_in[**P](memory: str, view: View[P], *, level: int) -> View[P]:
    def keeping(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not _may_be_kept(request):
            return view(request, *args, **kwargs)
        key = _key(request)
        kept: Kept | None = caches[memory].get(key)
        if kept is None:
            response = view(request, *args, **kwargs)
            kept = _kept(request, response, level)
            if kept is None:
                return response
            caches[memory].set(key, kept, timeout=3600)
        return _answer(request, kept)

    update_wrapper(keeping, view)
    return keeping


def _may_be_kept(request: HttpRequest) -> bool:
    return (
        settings.KEEP_VISITOR_PAGES
        and not _apart.get()
        and request.method == "GET"
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY
        and is_visitor(request)
    )


@contextmanager
def nothing_kept() -> Iterator[None]:
    """What is rendered inside shows what others must not see: nothing of it is kept, or shown from what is."""
    token = _apart.set(f"apart {uuid4()}")
    try:
        yield
    finally:
        _apart.reset(token)


def is_visitor(request: HttpRequest) -> bool:
    """Whether the page is the same for whoever else asks for it."""
    return not any(cookie in request.COOKIES for cookie in _PERSONAL)


def _key(request: HttpRequest) -> str:
    parts = (
        catalog_version(),
        request.get_host(),
        request.scheme or "",
        request.get_full_path(),
        theme_of(request),
        request.headers.get("HX-Request", ""),
        request.headers.get("HX-Target", ""),
        request.headers.get("HX-History-Restore-Request", ""),
    )
    return "visitor-page:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def catalog_version() -> str:
    """The catalog's version, at most VERSION_TRUSTED seconds old."""
    global _version
    if apart := _apart.get():
        return apart
    version, until = _version
    now = time.monotonic()
    if now >= until:
        version = CatalogVersion.current()
        _version = (version, now + VERSION_TRUSTED)
    return version


def _kept(request: HttpRequest, response: HttpResponse, level: int) -> Kept | None:
    """What to keep of a response, or None where it must not be shared."""
    personal = response.cookies or ("CSRF_COOKIE" in request.META and request.META.get("CSRF_COOKIE_NEEDS_UPDATE"))
    if response.status_code != 200 or response.streaming or personal:
        return None
    packed = gzip.compress(response.content, level, mtime=0)
    return Kept(packed, response.headers["Content-Type"], response.headers.get("Vary", ""))


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(kept.gzipped, content_type=kept.content_type)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(gzip.decompress(kept.gzipped), content_type=kept.content_type)
    if kept.vary:
        response.headers["Vary"] = kept.vary
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    return response
