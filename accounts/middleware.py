from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from accounts.notifying import read_at

# How long a session counts as seen without being noted again, in seconds.
SEEN_FOR = 300
# Headers of what a browser fetches ahead, and of htmx.
_NO_VISIT = ("Sec-Purpose", "HX-Request")


class TimezoneMiddleware:
    """Show times in the person's own zone. Reads the user only where a session was opened anyway."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.session.session_key or not isinstance(request.user, User):
            return self.get_response(request)
        with timezone.override(request.user.zone):
            return self.get_response(request)


class ReadingMiddleware:
    """Who opens a page has read the notifications that lead to it, by whatever road they came: the list, a mail, or
    by themselves.

    A record of a visit, such as the time of the last one, and nothing else happens by a GET. Costs a query only to
    people who have something unread; neither what a browser fetches ahead nor a fragment of a page is a visit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        # Before the view, so that the bell on the page itself is right.
        if request.method != "GET" or not request.session.session_key or not isinstance(request.user, User):
            return
        if request.user.unread and not any(name in request.headers for name in _NO_VISIT):
            read_at(person=request.user, path=request.path, now=timezone.now())


class SessionActivityMiddleware:
    """Note when and where a session was last used, for the list of sessions.

    allauth's own middleware writes a row on every request. Once in five minutes a process is enough to tell a live
    session from a forgotten one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and caches["seen"].add(f"session-seen:{key}", True, SEEN_FOR):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)
