"""One recording sent or deleted many times at once: real threads, each with a connection of its own."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from interviews.models import Attempt, Recording
from interviews.recording import delete_recording, lock_recorded
from interviews.sounds.inspecting import inspect
from tests.interviews.practicing import NOW, on_day, questions
from tests.interviews.sounds import webm
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("storage")]


def files_in(folder) -> list[str]:
    return [name for _, _, names in os.walk(folder) for name in names]


def recording_of(learner, question, key) -> Attempt:
    upload = ContentFile(webm(2))
    sound = inspect(upload)
    facts = {"learner": learner, "question": question, "attempt": key, "text": "", "seconds": 9, "now": NOW}
    return lock_recorded(**facts, sound=sound, upload=upload)


def test_one_recording_sent_in_ten_threads_is_one_file(learner, analytics, storage):
    question, key = questions(analytics, 1)[0], uuid4()
    results = at_once(*[lambda: recording_of(learner, question, key)] * 10)
    assert [type(each) for each in results] == [Attempt] * 10
    assert (Recording.objects.count(), len(files_in(storage))) == (1, 1)
    assert (storage / Recording.objects.get().stored).exists()


def test_one_recording_deleted_in_ten_threads_is_deleted_once(learner, analytics, storage):
    recording = recording_of(learner, questions(analytics, 1)[0], uuid4()).recording
    deletions = [
        lambda day=day: delete_recording(recording=recording, by=learner, now=on_day(day)).deleted_at
        for day in range(10)
    ]
    assert len(set(at_once(*deletions))) == 1
    assert files_in(storage) == []
