"""What the demo learner asked mentors about their practice: answers and mock interviews in every state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from accounts.models import User
from interviews import sending
from interviews.asking import KEYS
from interviews.matters import Matter, answer_matter, mock_matter
from interviews.models import Attempt, Mock, MockQuestion
from interviews.rubric import Scores
from interviews.sending import Sent
from mentoring import review
from mentoring.deciding import Judgment
from mentoring.models import Thread

# Keys of the forms that nobody sent: the same on every machine.
_FORMS = UUID("a4de2d55-3f0b-4d0e-8c5e-1d4c6f3b7c90")

_PRAISE = Judgment(text="You lead with the answer, and the reasons hold. Keep that order in the interview.")
_RETURN = Judgment(
    text="The facts are right. I do not hear yet who is affected when it goes wrong.",
    next_step="Say it again with one patient in mind: who is harmed first, and what would you see in the data?",
)


def asked(learner: User, mentors: Sequence[User], *, now: datetime) -> None:
    """One answer approved, one returned, one waiting; the older mock interview approved, the newer one waiting."""
    first, second = mentors
    strong, weak, fresh = _answers(learner, now)
    older, newer = (_mock(each) for each in Mock.objects.of(learner).with_role().order_by("started_at"))
    sent = _send(strong, "Is this short enough for the first question?", now - timedelta(days=9))
    _approve(sent, second, Scores(3, 4, 3, 3), now - timedelta(days=8, hours=4))
    sent = _send(older, "I ran out of time at the end.", now - timedelta(days=8))
    _approve(sent, first, Scores(3, 3, 2, 3), now - timedelta(days=7))
    sent = _send(weak, "I am not sure about the second half.", now - timedelta(days=4))
    _return(sent, first, Scores(3, 2, 1, 3), now - timedelta(days=3, hours=2))
    _send(newer, "", now - timedelta(days=1, hours=3))
    _send(fresh, "Would you ask back here?", now - timedelta(hours=5))


def _answers(learner: User, now: datetime) -> list[Matter]:
    """A good one of ten days ago, a hard one of five, and the last one that was graded."""
    rows = Attempt.objects.of(learner).for_page().filter(review__voided_at__isnull=True)
    wanted = [(9, 4), (4, 2), (0.25, 3)]
    found: list[Attempt] = []
    for days, rating in wanted:
        before = rows.filter(revealed_at__lte=now - timedelta(days=days)).exclude(
            question__in=[each.question_id for each in found]
        )
        best = before.filter(review__rating=rating).order_by("-revealed_at").first()
        found.append(best or before.order_by("-revealed_at")[0])
    return [answer_matter(each) for each in found]


def _mock(mock: Mock) -> Matter:
    return mock_matter(mock, list(MockQuestion.objects.on(mock).for_grading()))


def _send(matter: Matter, message: str, at: datetime) -> Thread:
    form = Sent(matter.roles[0], message, with_recording=False, key=uuid5(_FORMS, str(matter.key)))
    return sending.send(matter=matter, sent=form, by=matter.learner, now=at)


def _approve(thread: Thread, mentor: User, scores: Scores, at: datetime) -> None:
    review.claim(thread=thread, by=mentor, key=uuid4(), now=at - timedelta(minutes=20))
    review.approve(thread=thread, judgment=_scored(_PRAISE, scores), by=mentor, key=uuid4(), now=at)


def _return(thread: Thread, mentor: User, scores: Scores, at: datetime) -> None:
    review.claim(thread=thread, by=mentor, key=uuid4(), now=at - timedelta(minutes=15))
    review.return_(thread=thread, judgment=_scored(_RETURN, scores), by=mentor, key=uuid4(), now=at)


def _scored(said: Judgment, scores: Scores) -> Judgment:
    by_key = {KEYS[name]: score for name, score in scores.by_name.items()}
    return Judgment(scores=by_key, text=said.text, next_step=said.next_step)
