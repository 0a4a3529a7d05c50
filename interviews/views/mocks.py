"""A mock interview while it runs: begin, answer, finish or leave. No model answer is on any of these pages."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import access
from accounts.access import LearnerRequest
from interviews import mocking, trend_chart
from interviews.forms import opened_at
from interviews.mock_forms import MockAnswerForm, StartForm
from interviews.mocking import NotRunningError, OlderError, RunsAlreadyError, Sent, TooFewQuestionsError
from interviews.models import Aim, Aside, Mock, MockAnswer, MockQuestion, MockState

# How many mock interviews the list shows.
SHOWN = 50
# Said aloud when the time that is left falls to so many seconds.
SAID_AT = {300: "5 minutes left", 60: "1 minute left"}


@access.learner
@require_http_methods(["GET", "HEAD", "POST"])
def mock_list(request: LearnerRequest) -> HttpResponse:
    """One's own mock interviews, and a form that begins another."""
    if request.method != "POST":
        aim = Aim.objects.of(request.user).with_role().first()
        return _list(request, StartForm(aim=aim))
    form = StartForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    wish, now = dict(form.cleaned_data), timezone.now()
    try:
        mock = mocking.start(learner=request.user, seed=secrets.randbits(32), now=now, **wish)
    except TooFewQuestionsError as error:
        form.add_error("count", _too_few(error.available))
        return _list(request, form, status=422)
    except RunsAlreadyError as error:
        messages.info(request, "This one is still running. Finish it, or leave it, before you begin another.")
        return redirect(error.mock.url_at(now))
    except Mock.DoesNotExist as error:
        raise Http404 from error
    return redirect(mock.url_at(now))


@access.learner
@require_http_methods(["GET", "HEAD"])
@vary_on_headers("HX-Request")
@never_cache
def mock_detail(request: LearnerRequest, mock: UUID) -> HttpResponse:
    """One question of a running mock. htmx asks for the clock only."""
    row, now = _mock(request, mock), timezone.now()
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "interviews/mock_detail.html#clock", _clock(request, row, now))
    if row.state_at(now) != MockState.RUNNING:
        return redirect(row.url_at(now))
    slots = list(MockQuestion.objects.on(row).for_running())
    wanted = request.GET.get("question", "")
    slot = next((each for each in slots if str(each.place) == wanted), None)
    if slot is None:
        # Where one comes back to: the first question that is open. At an address of its own, for the way back.
        first = next((each for each in slots if each.answer.is_empty), slots[0])
        return redirect(_onward(row, first.place, ""))
    return _question(request, row, slots, slot, now=now)


@access.learner
@require_POST
def mock_save(request: LearnerRequest, mock: UUID) -> HttpResponse:
    """Save what stands at one question, and go where the pressed button leads. htmx does the same while one types."""
    row, now = _mock(request, mock), timezone.now()
    form = MockAnswerForm(request.POST)
    if not form.is_valid():
        return _refused(request, row, form, now=now, status=422)
    try:
        answer = mocking.save(mock=row, sent=form.sent, by=request.user, now=now)
    except MockQuestion.DoesNotExist as error:
        raise Http404 from error
    except OlderError as error:
        return _refused(request, row, form, now=now, status=409, newer=error.answer)
    except NotRunningError as error:
        return _over(request, error.mock, form.sent, now)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "interviews/mock_detail.html#kept", {"mock": row, "answer": answer, "fragment": True})
    return redirect(_onward(row, form.cleaned_data["place"], form.cleaned_data["to"]))


@access.learner
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mock_finish(request: LearnerRequest, mock: UUID) -> HttpResponse:
    """Finish early: says what is unanswered, and asks."""
    row, now = _mock(request, mock), timezone.now()
    if request.method == "POST":
        return redirect(mocking.finish(mock=row, by=request.user, now=now).url_at(now))
    if row.state_at(now) != MockState.RUNNING:
        return redirect(row.url_at(now))
    slots = list(MockQuestion.objects.on(row).for_running())
    unanswered = [each for each in slots if each.answer.is_empty]
    context = {"slots": slots, "unanswered": unanswered} | _clock(request, row, now)
    return render(request, "interviews/mock_finish.html", context)


@access.learner
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mock_leave(request: LearnerRequest, mock: UUID) -> HttpResponse:
    """Leave it without grading: asks first."""
    row, now = _mock(request, mock), timezone.now()
    if request.method == "POST":
        try:
            mocking.leave(mock=row, by=request.user, now=now)
        except NotRunningError as error:
            messages.info(request, "It had ended already. Nothing was left out.")
            return redirect(error.mock.url_at(now))
        messages.success(request, "You left this interview. What you wrote is kept here.")
        return redirect("interviews:mock_list")
    if row.state_at(now) != MockState.RUNNING:
        return redirect(row.url_at(now))
    return render(request, "interviews/mock_leave.html", {"mock": row})


def _mock(request: LearnerRequest, pk: UUID) -> Mock:
    return get_object_or_404(Mock.objects.of(request.user).with_role(), pk=pk)


def _list(request: LearnerRequest, form: StartForm, *, status: int = 200) -> HttpResponse:
    mocks, now = list(Mock.objects.of(request.user).with_role().with_totals().newest_first()[:SHOWN]), timezone.now()
    context = {
        "form": form,
        "running": next((each for each in mocks if each.state_at(now) == MockState.RUNNING), None),
        "rows": [(each, each.state_at(now), each.url_at(now), trend_chart.mean_of(each)) for each in mocks],
        "trend": trend_chart.trend_of(mocks),
    }
    return render(request, "interviews/mock_list.html", context, status=status)


def _too_few(available: int) -> str:
    return f"This role has {available} question{'' if available == 1 else 's'} of different kinds so far. Choose fewer."


def _clock(request: LearnerRequest, mock: Mock, now: datetime) -> dict[str, Any]:
    """What the clock shows, and what is said aloud: once each, when a mark was passed since the page last asked."""
    left = mock.seconds_left(now)
    before = request.GET.get("left", "")
    said = [text for mark, text in SAID_AT.items() if before.isdecimal() and left <= mark < int(before)]
    return {
        "mock": mock,
        "left": left,
        "minutes_left": -(-left // 60),
        "used": mock.minutes * 60 - left,
        "whole": mock.minutes * 60,
        "is_late": mock.is_late_at(now),
        "is_over": mock.is_over_at(now),
        "said": said[-1] if said else "",
        "fragment": request.htmx,  # type: ignore[attr-defined]
    }


def _question(
    request: LearnerRequest,
    mock: Mock,
    slots: list[MockQuestion],
    slot: MockQuestion,
    *,
    now: datetime,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "slots": slots,
        "slot": slot,
        "question": slot.question,
        "answer": slot.answer,
        "text": slot.answer.text,
        "revision": slot.answer.revision,
        "asides": [each for each in Aside.objects.on(slot) if each.text != slot.answer.text],
        "editor": uuid4(),
        "opened": opened_at(now),
        **_clock(request, mock, now),
        **more,
    }
    return render(request, "interviews/mock_detail.html", context, status=status)


def _refused(
    request: LearnerRequest,
    mock: Mock,
    form: MockAnswerForm,
    *,
    now: datetime,
    status: int,
    newer: MockAnswer | None = None,
) -> HttpResponse:
    """What was not saved comes back as it was typed; where something newer is saved, beside that."""
    more: dict[str, Any] = {"fault": next(iter(form.errors.values()), [""])[0], "newer": newer}
    if request.htmx:  # type: ignore[attr-defined]
        return render(
            request, "interviews/mock_detail.html#kept", more | {"mock": mock, "fragment": True}, status=status
        )
    slots = list(MockQuestion.objects.on(mock).for_running())
    slot = next((each for each in slots if str(each.place) == form.data.get("place")), None)
    if slot is None:
        raise Http404
    more |= {"text": form.data.get("text", ""), "over": newer.revision if newer else None}
    # What the page had seen, not what is saved by now: the next save is compared with that.
    more["revision"] = form.cleaned_data.get("revision", slot.answer.revision)
    return _question(request, mock, slots, slot, now=now, status=status, **more)


def _over(request: LearnerRequest, mock: Mock, sent: Sent, now: datetime) -> HttpResponse:
    """It has ended: what came in now is kept beside the answer."""
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "interviews/mock_detail.html#kept", {"mock": mock, "ended": True}, status=409)
    if sent.text.strip():
        messages.info(request, "The interview had ended. What you wrote since is kept beside your answer.")
    else:
        messages.info(request, "The interview has ended.")
    return redirect(mock.url_at(now))


def _onward(mock: Mock, place: int, to: str) -> str:
    if to == "finish":
        return reverse("interviews:mock_finish", args=[mock.pk])
    page = reverse("interviews:mock_detail", args=[mock.pk])
    return f"{page}?question={to if to.isdecimal() and 1 <= int(to) <= mock.count else place}"
