"""Our URLs, and one more where pages break on purpose."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN
from django.shortcuts import render
from django.urls import path

from accounts import access
from config import urls
from config.errors import csrf_failure, render_plain
from config.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@access.visitor
def broken(request: HttpRequest, status: str) -> HttpResponse:
    match status:
        case "400":
            raise BadRequest
        case "403":
            raise PermissionDenied
        case "csrf":
            return csrf_failure(request, REASON_BAD_ORIGIN)
        case "429":
            return render(request, "429.html", status=429)  # as allauth's limits do
        case "503":
            return HttpResponse(render_plain("503.html"), status=503)  # as a site without its database does
        case _:
            raise RuntimeError("Broken on purpose.")


urlpatterns = [*urls.urlpatterns, path("broken/<slug:status>/", broken, name="broken")]
