"""Saved replies."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from mentoring import replying
from mentoring.models import SavedReply
from tests.pages import Page, flaws
from tests.queries import queries_of

LIST = "/mentoring/replies/"


@pytest.fixture
def reply(ruth) -> SavedReply:
    return SavedReply.objects.create(mentor=ruth, title="Curve", text="Show the curve.")


def test_the_first_one_is_invited(as_ruth):
    page = Page(as_ruth.get(LIST))
    assert flaws(page) == []
    assert page.headings[0][1] == "Say it once, keep it"


def test_one_is_kept(as_ruth, ruth):
    assert as_ruth.post(LIST, {"title": "Curve", "text": "Show the curve."}).status_code == 302
    page = Page(as_ruth.get(LIST))
    assert flaws(page) == []
    assert "Show the curve." in page.text


def test_a_form_that_is_sent_twice_keeps_one(as_ruth, ruth):
    for _ in range(2):
        assert as_ruth.post(LIST, {"title": "Curve", "text": "Show the curve."}).status_code == 302
    assert SavedReply.objects.of(ruth).count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": "", "text": "x"}, "Give it a title."),
        ({"title": "x", "text": ""}, "Write what it says."),
        ({"title": "x", "text": "a" * 5001}, "Use at most 5,000 characters."),
        ({"title": "Curve", "text": "Another text"}, "You have a reply with this title."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(as_ruth, reply, fields, said):
    response = as_ruth.post(LIST, fields)
    assert response.status_code == 422
    assert said in Page(response).text
    assert fields["text"] in response.content.decode()


def test_there_is_an_end_to_them(as_ruth, reply, monkeypatch):
    monkeypatch.setattr(replying, "MOST", 1)
    assert "You keep 1 replies" in Page(as_ruth.post(LIST, {"title": "Two", "text": "x"})).text


def test_one_is_changed(as_ruth, reply):
    as_ruth.post(reverse("mentoring:reply_change", args=[reply.pk]), {"title": "Curve", "text": "In ten groups."})
    reply.refresh_from_db()
    assert reply.text == "In ten groups."


def test_one_is_deleted_and_brought_back(as_ruth, reply, ruth):
    as_ruth.post(reverse("mentoring:reply_delete", args=[reply.pk]))
    assert not SavedReply.objects.of(ruth).exists()
    page = Page(as_ruth.get(LIST))
    (undo,) = page.forms("undo")
    as_ruth.post(undo["action"], {"title": reply.title, "text": reply.text})
    assert SavedReply.objects.get(mentor=ruth).text == "Show the curve."


@pytest.mark.parametrize("action", ["change", "delete"])
def test_another_mentors_are_not_there(jonas, reply, action):
    client = Client()
    client.force_login(jonas)
    assert client.post(reverse(f"mentoring:reply_{action}", args=[reply.pk])).status_code == 404


def test_the_list_takes_three_queries(as_ruth, reply):
    assert queries_of(as_ruth, LIST) == 3
