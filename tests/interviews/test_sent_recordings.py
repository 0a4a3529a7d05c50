"""A recording goes to a mentor only where its learner says so, as a copy that stays with the review."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from interviews import practice, sending
from interviews.models import Question
from interviews.recording import delete_recording, lock_recorded
from interviews.rubric import Grade
from interviews.sounds.inspecting import inspect
from mentoring.files import keeping
from mentoring.models import Evidence
from mentoring.review import NotPossibleError
from mentoring.tasks import sweep_evidence
from tests.factories import UserFactory
from tests.interviews.practicing import FAIR, aim_at, questions
from tests.interviews.sending_people import form, matter_of, sent
from tests.interviews.sounds import webm
from tests.mentoring.people import make_mentor
from tests.pages import Page, flaws

SOUND = webm(2)


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    """Files of the test's own."""
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"evidence": backend}
    return tmp_path


@pytest.fixture
def question(learner, analytics) -> Question:
    aim_at(learner, analytics)
    return questions(analytics, 1)[0]


def spoken(learner, question, *, text=""):
    """Recorded and graded."""
    now, upload = timezone.now(), ContentFile(SOUND)
    attempt = lock_recorded(
        learner=learner,
        question=question,
        attempt=uuid4(),
        text=text,
        seconds=90,
        sound=inspect(upload),
        upload=upload,
        now=now,
    )
    practice.grade(attempt=attempt, rating=Grade.GOOD, scores=FAIR, points=[], by=learner, now=now)
    return matter_of(attempt)


def files_in(folder) -> int:
    return sum(len(names) for _, _, names in os.walk(folder))


def sound_url(piece) -> str:
    return reverse("mentoring:evidence_sound", args=[piece.pk])


def test_without_a_word_of_its_learner_the_recording_stays_theirs(learner, question, storage):
    thread = sent(spoken(learner, question, text="As I said."))
    assert [each.kind for each in thread.submissions.get().evidence.all()] == ["note"]
    assert files_in(storage) == 1


def test_an_answer_that_is_only_spoken_is_sent_with_its_sound(as_learner, learner, question):
    matter = spoken(learner, question)
    url = reverse("interviews:review_send", args=["answer", matter.key])
    response = as_learner.post(url, {"key": str(uuid4()), "message": ""})
    assert response.status_code == 422
    assert "Your answer is the recording: send it, too." in Page(response).text
    assert as_learner.post(url, {"key": str(uuid4()), "message": "", "with_recording": "on"}).status_code == 302
    assert Evidence.objects.filter(file_kind="webm").count() == 1


def test_a_mentor_of_the_role_hears_it_and_nobody_else_does(analytics, learner, question):
    thread = sent(spoken(learner, question), with_recording=True, now=timezone.now())
    piece = Evidence.objects.get(kind="file")
    ruth, client = make_mentor(analytics), Client()
    client.force_login(ruth)
    page = Page(client.get(reverse("mentoring:submission_detail", args=[thread.submissions.get().pk])))
    assert sound_url(piece) in page.html
    assert flaws(page) == []
    answer = client.get(sound_url(piece))
    assert (answer.headers["Content-Type"], b"".join(answer.streaming_content)) == ("audio/webm", SOUND)
    client.force_login(UserFactory())
    assert client.get(sound_url(piece)).status_code == 404


def test_deleting_ones_recording_leaves_the_copy_with_the_review(learner, question):
    matter = spoken(learner, question)
    sent(matter, with_recording=True)
    delete_recording(recording=matter.recording, by=learner, now=timezone.now())
    piece = Evidence.objects.get(kind="file")
    with keeping.unharmed(piece.stored, sha256=piece.sha256) as file:
        assert file.read() == SOUND


def test_the_sweep_leaves_what_a_review_has(learner, question, storage):
    sent(spoken(learner, question), with_recording=True)
    sweep_evidence.func()
    assert files_in(storage) == 2


def test_a_second_post_keeps_no_second_copy(learner, question, storage):
    matter, key = spoken(learner, question), uuid4()
    for _ in range(2):
        sent(matter, with_recording=True, key=key)
    assert files_in(storage) == 2


def test_what_cannot_be_sent_keeps_no_copy(learner, question, storage):
    matter = spoken(learner, question)
    sent(matter, with_recording=True)
    with pytest.raises(NotPossibleError):
        sending.send(matter=matter, sent=form(matter, with_recording=True), by=learner, now=timezone.now())
    assert files_in(storage) == 2


def test_a_damaged_recording_is_said_and_nothing_is_sent(learner, question, storage):
    matter = spoken(learner, question)
    name = matter.recording.stored
    (storage / name).write_bytes(b"something else")
    with pytest.raises(NotPossibleError, match="cannot be read any more"):
        sent(matter, with_recording=True)
    assert not Evidence.objects.exists()


def test_a_file_that_is_no_sound_is_not_played(as_learner, learner, question):
    sent(spoken(learner, question, text="As I said."))
    assert as_learner.get(sound_url(Evidence.objects.get())).status_code == 404
