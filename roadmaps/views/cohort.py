"""The page of a cohort, for its mentors, and its progress as a file."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import access
from accounts.access import LearnerRequest
from mentoring.looking import note_looks
from mentoring.models import Cohort, Looked
from roadmaps.cohort_charts import slowness, spread
from roadmaps.cohort_export import cohort_csv
from roadmaps.cohort_page import ON_A_PAGE, CohortPage, page_of

_TEMPLATE = "roadmaps/cohort_detail.html"
# How many are named beside the map; the map has everybody.
_NAMED = 8


@access.mentor
@require_GET
@vary_on_headers("HX-Request")
def cohort_detail(request: LearnerRequest, slug: str) -> HttpResponse:
    """Who is where, whom to call, and where the cohort slows down. Everybody who is shown can see that."""
    now = timezone.now()
    cohort = get_object_or_404(Cohort.objects.of_mentor(request.user).with_role(), slug=slug)
    page = page_of(cohort, now=now)
    by_call = request.GET.get("sort") == "call"
    shown = Paginator(page.by_call if by_call else page.followings, ON_A_PAGE).get_page(request.GET.get("page"))
    here, calls, waiting = list(shown.object_list), page.to_call[:_NAMED], page.waiting[:_NAMED]
    named = {each.learner.pk for each in (*here, *calls, *(following for following, *_ in waiting))}
    note_looks(viewer=request.user, learners=named, what=Looked.COHORT, now=now)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request and page.roadmap is not None  # type: ignore[attr-defined]
    context = {
        "is_part": is_part,
        "address": request.path,
        "rows": page.rows(here),
        "shown": shown,
        "numbers": list(shown.paginator.get_elided_page_range(shown.number, on_each_side=1, on_ends=1)),
        "gap": shown.paginator.ELLIPSIS,
        "by_call": by_call,
        "calls": calls,
        "waiting": waiting,
    }
    return render(request, f"{_TEMPLATE}#map" if is_part else _TEMPLATE, context | _about(page))


@access.mentor
@require_POST
def cohort_export(request: LearnerRequest, slug: str) -> HttpResponse:
    """Everybody's progress as CSV. Everybody can see that it was taken."""
    now = timezone.now()
    cohort = get_object_or_404(Cohort.objects.of_mentor(request.user).with_role(), slug=slug)
    page = page_of(cohort, now=now)
    note_looks(viewer=request.user, learners=[each.learner.pk for each in page.followings], what=Looked.EXPORT, now=now)
    response = HttpResponse(cohort_csv(page), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{localdate(now):%Y-%m-%d}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _about(page: CohortPage) -> dict[str, object]:
    """What the page shows of everybody, whatever part of the map is open."""
    mentors = [(each, mentor, mentor is not None and mentor.is_away(page.now)) for each, mentor in page.mentors]
    return {
        "cohort": page.cohort,
        "page": page,
        "mentors": mentors,
        "slowness": slowness(page),
        "spread": spread(page),
    }
