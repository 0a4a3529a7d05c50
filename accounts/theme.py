"""Light, dark, or what the system says: a cookie that the server reads, so that no page flashes."""

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseForbidden,
    HttpResponseRedirect,
)
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import access

COOKIE = "theme"
THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """The chosen theme, or "" where the system decides."""
    theme = request.COOKIES.get(COOKIE, "")
    return theme if theme in THEMES else ""


# No CSRF token: visitors' pages are cached and shared, so they cannot carry one. Nothing but the colors of one
# browser is at stake, and a form on another site is refused all the same, because every current browser says
# where a request comes from in Sec-Fetch-Site.
@access.visitor
@csrf_exempt
@require_POST
def theme_set(request: HttpRequest) -> HttpResponse:
    """Remember a theme for a year and go back to the page."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return HttpResponseForbidden("This form can only be sent from Rounds itself.", content_type="text/plain")
    theme = request.POST.get("theme", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    response = HttpResponseRedirect(target)
    if theme in THEMES:
        response.set_cookie(
            COOKIE,
            theme,
            max_age=YEAR,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
