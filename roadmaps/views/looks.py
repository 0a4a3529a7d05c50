"""What a learner reads about who looked at their work."""

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from accounts import access
from accounts.access import LearnerRequest
from mentoring.models import Look

_ON_A_PAGE = 50


@access.learner
@require_GET
def look_list(request: LearnerRequest) -> HttpResponse:
    """Who looked at the learner's work, when and at what, by day."""
    pages = Paginator(Look.objects.at(request.user).with_submissions(), _ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    days = [(day, list(looks)) for day, looks in groupby(page.object_list, lambda look: localtime(look.at).date())]
    numbers = pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    context = {"page": page, "days": days, "numbers": list(numbers), "gap": pages.ELLIPSIS}
    return render(request, "roadmaps/look_list.html", context)
