from itertools import zip_longest

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts import access
from accounts.access import LearnerRequest
from accounts.visits import note_visit
from interviews.days import study_day
from interviews.queue import today_of
from roadmaps.feedback import feedback_on
from roadmaps.models import State
from roadmaps.news import news_since
from roadmaps.standing import Standing, standings_of
from roles.blueprint import Goal, Phase
from roles.charts import ring

NEXT_GOALS = 3


@access.learner
@require_GET
def dashboard(request: LearnerRequest) -> HttpResponse:
    """Today: the next goals, how far each roadmap is, and what changed since the last visit."""
    now = timezone.now()
    since = note_visit(request.user, now=now)
    standings = [each for each in standings_of(request.user) if each.is_current]
    context = {
        "today": timezone.localtime(),
        "rows": [(each, ring(each.progress.roadmap, shares=each.progress.shares)) for each in standings],
        "next_goals": _next_goals(standings),
        "since": since,
        "feedback": feedback_on(standings, since, now),
        "news": news_since(standings, since),
        "practice": today_of(request.user, today=study_day(now, request.user.zone)),
    }
    return render(request, "dashboard.html", context)


def _next_goals(standings: list[Standing]) -> list[tuple[Standing, Phase, Goal, State]]:
    """The next goals of all roadmaps together: begun ones first, then by turns, so that none is forgotten."""
    queues = [
        [(each, *goal, each.progress.state_of(goal[1].key)) for goal in each.progress.next_goals(NEXT_GOALS)]
        for each in standings
    ]
    turns = [row for turn in zip_longest(*queues) for row in turn if row is not None]
    return sorted(turns, key=lambda row: row[3] != State.DOING)[:NEXT_GOALS]
