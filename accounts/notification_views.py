"""The list of notifications, how each kind should come, and the page behind “stop it with one click”.

Opening one is a plain link to where it leads, so that it opens in a new tab, by keyboard and from mail alike; the
visit of that page is what marks it read (`accounts.middleware.ReadingMiddleware`). Nothing else here changes by a GET.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import access, notifying, unsubscribing
from accounts.access import LearnerRequest
from accounts.models import Notification
from accounts.notification_forms import ChannelsForm, ReadAllForm

ON_A_PAGE = 20


@access.learner
@require_GET
def notification_list(request: LearnerRequest) -> HttpResponse:
    pages = Paginator(Notification.objects.of(request.user).latest_first(), ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    numbers = pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    context = {"page": page, "numbers": list(numbers), "gap": pages.ELLIPSIS, "until": timezone.now().isoformat()}
    return render(request, "accounts/notification_list.html", context)


@access.learner
@require_POST
def notification_read(request: LearnerRequest, number: int) -> HttpResponse:
    if not notifying.read(person=request.user, number=number, now=timezone.now()):
        raise Http404
    return _back(request)


@access.learner
@require_POST
def notification_read_all(request: LearnerRequest) -> HttpResponse:
    """All that were there when the page was made; not what came since."""
    now = timezone.now()
    form = ReadAllForm(request.POST)
    until = form.cleaned_data["until"] if form.is_valid() else now
    count = notifying.read_all(person=request.user, until=until, now=now)
    messages.success(request, f"{count} {'notification' if count == 1 else 'notifications'} marked as read.")
    return redirect("notifications:notification_list")


@access.learner
@require_http_methods(["GET", "POST"])
def channels(request: LearnerRequest) -> HttpResponse:
    """Each kind on or off in the app, and off, at once or in a digest by mail."""
    form = ChannelsForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        form.save(now=timezone.now())
        messages.success(request, "Your notifications are set.")
        return redirect("accounts:channels")
    return render(request, "accounts/channels.html", {"form": form}, status=422 if form.is_bound else 200)


@access.visitor
@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what will stop. POST stops it, also by a mail program (RFC 8058), or takes that back.

    The token says whose mail it is and proves that it was sent to them, so neither a session nor its CSRF token is
    asked for."""
    try:
        found = unsubscribing.subscription(token)
        context = {"found": found, "token": token, "undo": "", "state": "asks" if found.is_on else "stopped"}
        if request.method == "POST" and "undo" in request.POST:
            unsubscribing.take_back(found, request.POST["undo"], now=timezone.now())
            context["state"] = "back"
        elif request.method == "POST":
            context |= {"undo": unsubscribing.stop(found, now=timezone.now()), "state": "stopped"}
    except unsubscribing.BrokenTokenError:
        return render(request, "accounts/unsubscribe.html", {"state": "broken"}, status=404)
    return render(request, "accounts/unsubscribe.html", context)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page of the list that the form stood on."""
    page = request.POST.get("page", "")
    url = redirect("notifications:notification_list").url
    return redirect(f"{url}?page={page}" if page.isdecimal() and page != "1" else url)
