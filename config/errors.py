"""Pages for what went wrong: each says what happened and what to do next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import access


@access.visitor
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


@access.visitor
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


@access.visitor
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


@access.visitor
def server_error(request: HttpRequest) -> HttpResponse:
    # No context: whatever broke may break the context processors too.
    return HttpResponse(render_plain("500.html"), status=500)


@access.visitor
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def render_plain(template: str, **context: Any) -> str:
    from django.template.loader import get_template

    return get_template(template).render(context)
