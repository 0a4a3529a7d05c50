"""Answers that are recorded, with a microphone that Chromium plays."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from interviews import aiming
from interviews.models import Attempt, Recording
from tests.interviews.practicing import aim_at

REFUSES = """navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"))"""

DURATION = """async (sound) => {
    if (!sound.readyState) await new Promise((ready) => sound.addEventListener("loadedmetadata", ready));
    return sound.duration;
}"""
PLAY = """(sound) => new Promise((done) => {
    sound.addEventListener("timeupdate", () => sound.currentTime > 0.2 && !sound.paused && done());
    sound.play();
})"""


@pytest.fixture
def practice_page(learner_page: Page, learner, analytics, settings, tmp_path) -> Page:
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"evidence": backend}
    aim_at(learner, analytics)
    aiming.set_habits(learner=learner, reviews_a_day=10, new_a_day=3, keys=True, recording=True)
    return learner_page


def allow_a_second(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, body=response.text().replace('data-longest="300"', 'data-longest="1"'))


def record(page: Page, *, seconds: float) -> None:
    page.get_by_role("button", name="Record my answer").click()
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    page.wait_for_timeout(seconds * 1000)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Send it and show the answer")).to_be_focused()


def test_two_seconds_are_recorded_sent_heard_and_deleted(practice_page):
    page = practice_page
    page.goto(reverse("interviews:practice"))
    record(page, seconds=2)
    expect(page.get_by_text(re.compile(r"Recorded: 0:0[2-9]. It is not sent yet."))).to_be_visible()
    page.get_by_role("button", name="Send it and show the answer").click()
    expect(page.get_by_role("heading", name="One good answer")).to_be_visible()
    recording = Recording.objects.get()
    assert 2 <= recording.seconds <= 10
    sound = page.locator("audio")
    assert sound.evaluate(DURATION) > 0
    sound.evaluate(PLAY)
    page.get_by_role("link", name="Delete the recording").click()
    page.get_by_role("button", name="Delete the recording").click()
    expect(page.get_by_text("and deleted the recording on")).to_be_visible()
    assert page.locator("audio").count() == 0
    assert Recording.objects.get().deleted_at <= timezone.now()


def test_what_could_not_be_sent_is_still_there_and_can_be_sent_again(practice_page, watch):
    page = practice_page
    page.goto(reverse("interviews:practice"))
    record(page, seconds=1)
    watch.expect("net::ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send it and show the answer").click()
    expect(page.get_by_role("alert").filter(has_text="No connection.")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="One good answer")).to_be_visible()
    assert Recording.objects.count() == 1


def test_a_refused_recording_is_said_in_the_words_of_the_server(practice_page, learner, watch):
    page = practice_page
    page.goto(reverse("interviews:practice"))
    record(page, seconds=1)
    aiming.set_habits(learner=learner, reviews_a_day=10, new_a_day=3, keys=True, recording=False)
    watch.expect_status(422)
    page.get_by_role("button", name="Send it and show the answer").click()
    expect(page.get_by_role("alert").filter(has_text="You do not record answers.")).to_be_visible()
    assert not Attempt.objects.exists()
    page.on("dialog", lambda dialog: dialog.accept())  # it asks before it forgets what was recorded


def test_it_stops_by_itself(practice_page):
    page = practice_page
    page.route("**/interviews/practice/", allow_a_second)
    page.goto(reverse("interviews:practice"))
    page.get_by_role("button", name="Record my answer").click()
    expect(page.get_by_text("Recorded: 0:01. It is not sent yet.")).to_be_visible()
    page.get_by_role("button", name="Send it and show the answer").click()
    expect(page.get_by_role("heading", name="One good answer")).to_be_visible()


def test_a_refused_microphone_is_said_in_plain_words(practice_page):
    page = practice_page
    page.add_init_script(REFUSES)
    page.goto(reverse("interviews:practice"))
    page.get_by_role("button", name="Record my answer").click()
    expect(page.get_by_role("alert").filter(has_text="did not let Rounds use the microphone")).to_be_visible()
    expect(page.get_by_role("button", name="Record my answer")).to_be_enabled()


def test_a_browser_that_cannot_record_says_so_and_has_no_button(practice_page):
    page = practice_page
    page.add_init_script("delete window.MediaRecorder")
    page.goto(reverse("interviews:practice"))
    expect(page.get_by_text("This browser cannot record.")).to_be_visible()
    expect(page.get_by_role("button", name="Record my answer")).to_be_hidden()


def test_without_a_script_there_is_no_recorder(new_context, sign_in, practice_page, learner):
    context = new_context(java_script_enabled=False)
    sign_in(context, learner)
    page = context.new_page()
    page.goto(reverse("interviews:practice"))
    expect(page.get_by_role("button", name="Lock it and show the answer")).to_be_visible()
    expect(page.locator("#recorder")).to_be_hidden()
