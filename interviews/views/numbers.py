"""What the log of a learner's practice says."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts import access
from accounts.access import LearnerRequest
from interviews.days import study_day
from interviews.number_charts import bars, calendar
from interviews.numbers import numbers_of


@access.learner
@require_GET
def practice_numbers(request: LearnerRequest) -> HttpResponse:
    """Days, retention, what falls due and time, each drawn and as a table."""
    numbers = numbers_of(request.user, today=study_day(timezone.now(), request.user.zone))
    context = {
        "numbers": numbers,
        "calendar": calendar(numbers) if numbers.days else None,
        "forecast": bars(numbers.forecast),
        "time": bars([(week.begins, week.seconds) for week in numbers.weeks]),
    }
    return render(request, "interviews/practice_numbers.html", context)
