"""Scoring sample answers before one's own. The only writer of `SampleScore`."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from interviews import rubric
from interviews.gaps import Gap, mean_gaps
from interviews.models import Aim, SampleAnswer, SampleScore
from interviews.rubric import Scores

# Over how many samples the mean gap is taken, the last ones.
LAST = 10


@transaction.atomic
def score_sample(*, learner: User, sample: SampleAnswer, scores: Scores, now: datetime) -> SampleScore:
    """Note what the learner gives a sample. Whoever scored it before keeps what they gave first."""
    row, _ = SampleScore.objects.get_or_create(
        learner=learner,
        sample=sample,
        defaults={
            "rubric_version": rubric.VERSION,
            "at": now,
            **{name: getattr(scores, name) for name in rubric.NAMES},
        },
    )
    return row


def next_sample(learner: User) -> SampleAnswer | None:
    """One that the learner did not score yet: of the roles that they practice for first, and easy before hard."""
    scored = SampleScore.objects.of(learner).values("sample")
    aimed = Aim.objects.of(learner).filter(role__questions=OuterRef("question"))
    left = SampleAnswer.objects.filter(question__retired=False).exclude(pk__in=scored).select_related("question")
    order = ("-is_aimed", "question__level", "question__slug", "number")
    return left.annotate(is_aimed=Exists(aimed)).order_by(*order).first()


def last_scored(learner: User) -> list[SampleScore]:
    """The last ones, newest first."""
    return list(SampleScore.objects.of(learner).with_sample().newest_first()[:LAST])


def gaps_of(scored: list[SampleScore]) -> list[Gap]:
    return mean_gaps([(each.scores, each.sample.scores) for each in scored])


def is_to_calibrate(learner: User) -> bool:
    """Whether the learner scored fewer than two samples, and there is one left to score."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT interviews_to_calibrate(%s)", [learner.pk])
        return bool(cursor.fetchone()[0])
