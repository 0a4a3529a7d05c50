"""A recorded answer is heard by its learner alone, and gone once it is deleted."""

from __future__ import annotations

import os
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.erasing import erase
from interviews import aiming
from interviews.models import Attempt, Habits, Question, Recording
from interviews.recording import LockedAlreadyError, delete_recording
from mentoring.files import keeping, naming
from mentoring.tasks import sweep_evidence
from tests.interviews.practicing import NOW, aim_at, answered, questions
from tests.interviews.recorded import SOUND, recorded
from tests.interviews.sounds import mp4, ogg, webm
from tests.pages import Page, flaws
from tests.queries import queries_of

PRACTICE = reverse("interviews:practice")

pytestmark = pytest.mark.usefixtures("storage")


@pytest.fixture
def question(learner, analytics) -> Question:
    aim_at(learner, analytics)
    aiming.set_habits(learner=learner, reviews_a_day=10, new_a_day=3, keys=True, recording=True)
    return questions(analytics, 1)[0]


def files_in(folder) -> list[str]:
    return [name for _, _, names in os.walk(folder) for name in names]


def post(client, question, data=SOUND, *, key=None, htmx=False, **fields):
    sent = {"attempt": key or uuid4(), "opened": "", "text": ""} | fields
    if data is not None:
        sent["recording"] = SimpleUploadedFile("answer.webm", data, "text/html")
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(reverse("interviews:answer_record", args=[question.slug]), sent, headers=headers)


def url_of(recording, name="recording_play"):
    return reverse(f"interviews:{name}", args=[recording.attempt_id])


def play(client, recording, **headers):
    return client.get(url_of(recording), headers=headers)


def content_of(response) -> bytes:
    return b"".join(response.streaming_content)


# ---------------------------------------------------------------- opting in


def test_nobody_records_who_did_not_choose_to(as_learner, learner, question, storage):
    Habits.objects.update(recording=False)
    assert "recorder" not in as_learner.get(PRACTICE).content.decode()
    response = post(as_learner, question)
    assert response.status_code == 422
    assert (
        "You do not record answers." in Page(response).text or "You do not record answers." in response.content.decode()
    )
    assert (Attempt.objects.count(), files_in(storage)) == (0, [])


def test_the_choice_says_where_recordings_are_and_who_hears_them(as_learner, question):
    url = reverse("interviews:practice_settings")
    page = Page(as_learner.get(url))
    assert flaws(page) == []
    assert "Only you hear them, unless you send one to a mentor" in page.text
    as_learner.post(reverse("interviews:habits_save"), {"reviews_a_day": "10", "new_a_day": "3", "recording": "on"})
    assert Habits.objects.get().recording


def test_the_recorder_is_hidden_until_a_script_shows_it(as_learner, question):
    page = Page(as_learner.get(PRACTICE))
    assert flaws(page) == []
    (form,) = page.forms("record")
    assert "hidden" in form
    assert form["enctype"] == "multipart/form-data"


# ---------------------------------------------------------------- sending


@pytest.mark.parametrize("data", [webm(2), ogg(2), mp4(2)])
def test_a_recording_locks_the_answer(as_learner, learner, question, storage, data):
    response = post(as_learner, question, data, text="And what I typed.")
    recording = Recording.objects.get()
    attempt = recording.attempt
    assert response.url == reverse("interviews:attempt_detail", args=[attempt.pk])
    assert (attempt.learner, attempt.question, attempt.text) == (learner, question, "And what I typed.")
    assert (recording.size, recording.sha256) == (len(data), sha256(data).hexdigest())
    assert len(files_in(storage)) == 1


def test_the_page_of_the_answer_plays_it(as_learner, learner, question):
    recording = recorded(learner, question)
    page = Page(as_learner.get(url_of(recording, "attempt_detail")))
    assert flaws(page) == []
    (audio,) = [found for tag, found in page.attributes if tag == "audio"]
    assert audio["src"] == url_of(recording)
    assert "Only you hear it, unless you send it to a mentor" in page.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<!doctype html><script>alert(1)</script>", "something else"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "something else"),
        (webm(2, live=False) + b"PK\x03\x04", "cut off"),
        (b"\x1a\x45\xdf\xa3" + bytes(11 << 20), "larger than 10 MB"),
        (webm(400), "longer than 5 minutes"),
        (b"", "The recording is empty."),
        (None, "There is no recording."),
    ],
)
def test_a_hostile_file_is_refused_with_words_and_nothing_is_kept(as_learner, question, storage, data, said):
    key = uuid4()
    fragment = post(as_learner, question, data, key=key, htmx=True)
    assert fragment.status_code == 422
    assert said in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    page = post(as_learner, question, data, key=key, text="What I typed.")
    assert said in page.content.decode()
    assert "What I typed." in page.content.decode()
    assert str(key) in page.content.decode()
    assert (Attempt.objects.count(), Recording.objects.count(), files_in(storage)) == (0, 0, [])


def test_a_post_that_comes_twice_keeps_one_file(as_learner, question, storage):
    key = uuid4()
    first, again = (post(as_learner, question, key=key) for _ in range(2))
    assert first.url == again.url
    assert (Recording.objects.count(), len(files_in(storage))) == (1, 1)


def test_nothing_is_recorded_once_the_model_answer_is_open(as_learner, learner, question, storage):
    attempt = answered(learner, question)
    response = post(as_learner, question, key=attempt.pk, htmx=True)
    assert "locked already" in response.content.decode()
    with pytest.raises(LockedAlreadyError):
        recorded(learner, question, key=attempt.pk)
    assert files_in(storage) == []


def test_another_learners_key_is_not_found(as_learner, other_learner, question, storage):
    theirs = recorded(other_learner, question)
    assert post(as_learner, question, key=theirs.attempt_id).status_code == 404
    assert len(files_in(storage)) == 1


def test_rows_that_cannot_be_written_leave_no_file(learner, question, storage, monkeypatch):
    def fails(**values):
        raise IntegrityError("disk of the database is full")

    monkeypatch.setattr(Recording.objects, "create", fails)
    with pytest.raises(IntegrityError):
        recorded(learner, question)
    assert (Attempt.objects.count(), files_in(storage)) == (0, [])


# ---------------------------------------------------------------- hearing


def test_it_is_sent_so_that_no_browser_takes_it_for_a_page(as_learner, learner, question):
    response = play(as_learner, recorded(learner, question))
    assert content_of(response) == SOUND
    assert (response.status_code, response["Content-Type"], response["Accept-Ranges"]) == (200, "audio/webm", "bytes")
    assert response["Content-Length"] == str(len(SOUND))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"] == 'attachment; filename="answer.webm"'


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("bytes=0-", 0, None),
        ("bytes=5-9", 5, 10),
        ("bytes=5-", 5, None),
        ("bytes=-7", -7, None),
        ("bytes=5-999999", 5, None),
        ("bytes=0-0", 0, 1),
    ],
)
def test_a_player_gets_the_part_that_it_asks_for(as_learner, learner, question, asked, begin, end):
    response = play(as_learner, recorded(learner, question), Range=asked)
    begin, end, _ = slice(begin, end).indices(len(SOUND))
    assert response.status_code == 206
    assert content_of(response) == SOUND[begin:end]
    assert response["Content-Length"] == str(end - begin)
    assert response["Content-Range"] == f"bytes {begin}-{end - 1}/{len(SOUND)}"


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
def test_a_part_behind_the_end_is_refused(as_learner, learner, question, asked):
    response = play(as_learner, recorded(learner, question), Range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(SOUND)}")


@pytest.mark.parametrize(
    "asked", ["bytes=9-5", "bytes=-", "bytes=1-2,4-5", "lines=1-2", "bytes=a-b", "bytes=" + "9" * 40 + "-"]
)
def test_what_makes_no_sense_gets_all(as_learner, learner, question, asked):
    response = play(as_learner, recorded(learner, question), Range=asked)
    assert (response.status_code, content_of(response)) == (200, SOUND)


def test_a_part_of_what_it_was_before_gets_all(as_learner, learner, question):
    recording = recorded(learner, question)
    etag = f'"{recording.sha256[:32]}"'
    for known, status in ((etag, 206), ('"other"', 200)):
        response = play(as_learner, recording, Range="bytes=0-1", If_Range=known)
        content_of(response)
        assert (response.status_code, response["ETag"]) == (status, etag)


def test_nobody_else_hears_or_deletes_it(as_learner, learner, other_learner, question):
    theirs = recorded(other_learner, question)
    for name in ("recording_play", "recording_delete", "attempt_detail"):
        assert as_learner.get(url_of(theirs, name)).status_code == 404
    assert as_learner.post(url_of(theirs, "recording_delete")).status_code == 404
    with pytest.raises(Recording.DoesNotExist):
        delete_recording(
            recording=theirs, by=answered(theirs.attempt.learner, question).learner.__class__(pk=0), now=NOW
        )


def test_a_file_that_is_not_what_was_stored_is_not_sent(as_learner, learner, question, storage):
    recording = recorded(learner, question)
    (storage / recording.stored).write_bytes(b"<html>")
    assert play(as_learner, recording).status_code == 404


def test_pages_may_play_sound_of_our_own_and_nothing_else(as_learner):
    policy = as_learner.get(PRACTICE)["Content-Security-Policy"]
    assert "media-src 'self'" in [each.strip() for each in policy.split(";")]


# ---------------------------------------------------------------- deleting


def test_deleting_asks_first_and_leaves_a_row_without_a_file(
    as_learner, learner, question, storage, django_capture_on_commit_callbacks
):
    recording = recorded(learner, question)
    page = Page(as_learner.get(url_of(recording, "recording_delete")))
    assert flaws(page) == []
    assert files_in(storage)
    with django_capture_on_commit_callbacks(execute=True):
        response = as_learner.post(url_of(recording, "recording_delete"))
    assert files_in(storage) == []
    recording.refresh_from_db()
    assert (recording.stored, recording.sha256, recording.size) == ("", "", 0)
    assert recording.deleted_at is not None
    assert "deleted the recording" in Page(as_learner.get(response.url)).text
    assert play(as_learner, recording).status_code == 404


def test_a_deleted_recording_stays_deleted(learner, question):
    recording = delete_recording(recording=recorded(learner, question), by=learner, now=NOW)
    assert delete_recording(recording=recording, by=learner, now=timezone.now()).deleted_at == NOW
    for change in ({"deleted_at": None}, {"deleted_at": timezone.now()}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Recording.objects.update(**change)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        recording.delete()


def test_the_database_takes_nothing_half(learner, question):
    recording = recorded(learner, question)
    values = {"kind": "webm", "size": 5, "seconds": 3, "sha256": "0" * 64, "stored": "x", "made_at": NOW}
    for change, name in (
        ({"stored": ""}, "kept_or_gone"),
        ({"size": 11 << 20}, "kept_or_gone"),
        ({"seconds": 400}, "in_time"),
        ({"kind": "wav"}, "kind_known"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Recording.objects.create(attempt=answered(learner, question), **values | change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Recording.objects.filter(pk=recording.pk).update(seconds=1)


# ---------------------------------------------------------------- sweeping


def test_the_sweep_leaves_recordings_and_takes_what_no_row_names(learner, question, storage):
    recording = recorded(learner, question)
    orphan = keeping.store(ContentFile(SOUND))
    for name in (recording.stored, orphan):
        os.utime(storage / name, (0, 0))
    assert naming.named_anywhere([recording.stored, orphan]) == {recording.stored}
    sweep_evidence.call()
    assert [(storage / name).exists() for name in (recording.stored, orphan)] == [True, False]


def test_recordings_of_an_erased_person_go_with_them(learner, question, storage, django_capture_on_commit_callbacks):
    recorded(learner, question)
    with django_capture_on_commit_callbacks(execute=True):
        erase(person=learner, by=None, now=NOW)
    assert (Recording.objects.count(), files_in(storage)) == (0, [])


def test_the_page_of_the_answer_takes_no_more_queries(as_learner, learner, question):
    assert queries_of(as_learner, url_of(recorded(learner, question), "attempt_detail")) == 5
