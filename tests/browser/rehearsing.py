"""Learners who practice for interviews, for whom its pages look different."""

from __future__ import annotations

from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from interviews import aiming, calibrating
from interviews.models import Mock, Question
from interviews.recording import delete_recording, lock_recorded
from interviews.rubric import Scores
from interviews.sounds.inspecting import inspect
from roles.models import Role
from tests.browser.people import MOCK, beginner, mock_veteran
from tests.conftest import ANALYTICS
from tests.interviews.practicing import aim_at, graded, sample_of
from tests.interviews.sending_people import mock_of, own_answer, returned, sent
from tests.interviews.sounds import webm
from tests.mentoring.people import make_mentor

# Known beforehand, for the addresses of their pages.
QUESTION = "omop-common-data-model"
RECORDED = UUID("7f0c1ad0-51ce-4d0e-9d55-0c6a7f1f7b01")
DELETED = UUID("7f0c1ad0-51ce-4d0e-9d55-0c6a7f1f7b02")


def rehearser() -> User:
    """Records answers: one is kept, one was deleted, one written; and scored the first of two sample answers."""
    learner = beginner()
    aim_at(learner, Role.objects.get(slug=ANALYTICS))
    aiming.set_habits(learner=learner, reviews_a_day=10, new_a_day=3, keys=True, recording=True)
    question, other = (
        Question.objects.get(slug=QUESTION),
        Question.objects.open().filter(roles__slug=ANALYTICS).exclude(slug=QUESTION).first(),
    )
    graded(learner, other, now=timezone.now())
    first, _ = sample_of(question, 1), sample_of(question, 2)
    calibrating.score_sample(learner=learner, sample=first, scores=Scores(3, 3, 4, 2), now=timezone.now())
    for key in (RECORDED, DELETED):
        upload = ContentFile(webm(2))
        attempt = lock_recorded(
            learner=learner,
            question=question,
            attempt=key,
            text="",
            seconds=90,
            sound=inspect(upload),
            upload=upload,
            now=timezone.now(),
        )
    delete_recording(recording=attempt.recording, by=learner, now=timezone.now())
    return learner


def asker() -> User:
    """Sent a mock interview, which came back, and an answer, which waits."""
    learner, now = mock_veteran(), timezone.now()
    role = Role.objects.get(slug=ANALYTICS)
    returned(sent(mock_of(Mock.objects.get(pk=MOCK)), now=now, message="Too long?"), make_mentor(role), now=now)
    sent(own_answer(learner, Question.objects.get(slug=QUESTION), now=now), now=now)
    return learner
