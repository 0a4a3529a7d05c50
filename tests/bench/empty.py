"""Views that do nothing: what a request costs before any page is made."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts import access
from accounts.access import LearnerRequest


@access.visitor
@require_GET
def visitor_empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@access.learner
@require_GET
def learner_empty(request: LearnerRequest) -> HttpResponse:
    """Loads session and user, as the policy itself does."""
    return HttpResponse(f"{request.user.pk}\n", content_type="text/plain")
