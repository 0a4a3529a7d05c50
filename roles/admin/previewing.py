"""What readers would see if a page of the admin were saved: it is saved, the real page is rendered, and all of it is
taken back.

Which page shows a row is said once: by “View on site”, or for what readers see only once it is published, by whoever
knows the draft (`show_at`).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any
from urllib.parse import urlsplit

from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers

from accounts.theme import COOKIE as THEME
from roles.visitor_pages import nothing_kept

PREVIEW = "_preview"

_drafts: dict[type[Model], Callable[[Any], str]] = {}


def show_at[M: Model](model: type[M], address: Callable[[M], str]) -> None:
    """Say where rows are shown that readers see only once they are published."""
    _drafts[model] = address


def has_page(page: ModelAdmin[Any]) -> bool:
    """Whether there is a page for readers that shows rows of this admin."""
    return page.model in _drafts or callable(page.view_on_site) or hasattr(page.model, "get_absolute_url")


def address_of(page: ModelAdmin[Any], row: Model) -> str:
    """The page that shows a row to readers; empty where there is none."""
    if draft := _drafts.get(type(row)):
        return draft(row)
    if callable(page.view_on_site):
        return page.view_on_site(row) or ""
    return str(getattr(row, "get_absolute_url", str)())


def previewed(page: ModelAdmin[Any], request: HttpRequest, row: Model) -> HttpResponse:
    """The page of a row as it stands in this transaction."""
    address = address_of(page, row)
    with nothing_kept():
        response = _rendered(_as_a_reader(page, request, address)) if address else None
    if response is None:
        context = {**page.admin_site.each_context(request), "title": "No preview", "opts": page.opts, "row": str(row)}
        response = TemplateResponse(request, "admin/roles/preview_none.html", context).render()
    add_never_cache_headers(response)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _as_a_reader(page: ModelAdmin[Any], request: HttpRequest, address: str) -> HttpRequest:
    """The request of a visitor for the page, or of a learner where visitors are not shown all. Messages that wait for
    the editor wait on."""
    url = urlsplit(address)
    asked = copy(request)
    asked.method = "GET"
    asked.path = asked.path_info = url.path
    asked.GET, asked.POST = QueryDict(url.query), QueryDict()
    asked.resolver_match = None
    asked._messages = []  # type: ignore[attr-defined]  # what django.contrib.messages reads
    if not getattr(page, "shown_to_learners", False):
        asked.user = AnonymousUser()
        asked.session = type(request.session)()
        asked.COOKIES = {name: value for name, value in request.COOKIES.items() if name == THEME}
    asked.preview_from = request.path  # type: ignore[attr-defined]  # for base.html
    return asked


def _rendered(asked: HttpRequest) -> HttpResponse | None:
    """What the page answers, or None where there is none for this row, such as of a role that is not out."""
    try:
        found = resolve(asked.path_info)
        asked.resolver_match = found
        response: Any = found.func(asked, *found.args, **found.kwargs)
    except (Http404, Resolver404):
        return None
    if hasattr(response, "render"):
        response.render()
    return response if response.status_code != 302 else None
