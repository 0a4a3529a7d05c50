"""What is written on the learner card, as htmx is answered: the part that it concerns, and nothing else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring import knowing
from mentoring.models import Agreement, Note
from tests.mentoring.people import make_cohort, make_mentor
from tests.pages import Page
from tests.roadmaps.following_people import follow

NOW = timezone.now()


@pytest.fixture
def ruth(analytics, learner):
    ruth = make_mentor(analytics, name="Ruth Adeyemi")
    make_cohort(analytics, mentors=[ruth], learners=[learner])
    follow(learner, analytics, [], since=NOW)
    return ruth


@pytest.fixture
def send(ruth):
    """Posts a form as htmx does."""
    client = Client(headers={"HX-Request": "true"})
    client.force_login(ruth)

    def post(name, number, **fields):
        return Page(client.post(reverse(name, args=[number]), {f"{part}-key": str(uuid4()) for part in KEYED} | fields))

    return post


KEYED = ("note", "agreement")


def part_of(page: Page) -> str:
    """The id of the part that was answered, which comes alone."""
    assert "main" not in page.ids
    return page.ids[0]


def test_a_note_comes_back_among_the_notes_and_is_told(send, learner):
    page = send("note_add", learner.pk, **{"note-text": "Works nights."})
    assert (page.status, part_of(page)) == (200, "notes")
    assert "Works nights." in page.text
    assert "The note is kept." in page.text


def test_what_is_wrong_with_a_note_stands_in_its_form_with_the_text(send, learner):
    page = send("note_add", learner.pk, **{"note-text": "x" * 2001})
    assert (page.status, part_of(page)) == (422, "notes")
    assert "x" * 2001 in page.html
    assert "Use at most 2000 characters" in page.text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_form_that_was_sent_for_somebody_else_keeps_the_text(ruth, learner, other_learner, analytics, headers):
    key = uuid4()
    make_cohort(analytics, mentors=[ruth], learners=[other_learner], slug="second")
    knowing.add_note(learner=other_learner, text="One.", by=ruth, key=key, now=NOW)
    client = Client(headers=headers)
    client.force_login(ruth)
    page = Page(
        client.post(reverse("note_add", args=[learner.pk]), {"note-text": "Works nights.", "note-key": str(key)})
    )
    assert page.status == 422
    assert "Load the page again." in page.text
    assert "Works nights." in page.html


def test_a_note_taken_away_can_be_brought_back_from_the_answer(send, learner, ruth):
    note = knowing.add_note(learner=learner, text="Works nights.", by=ruth, key=uuid4(), now=NOW)
    page = send("note_remove", note.pk)
    assert (page.status, part_of(page)) == (200, "notes")
    (undo,) = page.forms("undo")
    assert (undo["action"], undo["hx-target"]) == (reverse("note_restore", args=[note.pk]), "#notes")
    assert "Works nights." in send("note_restore", note.pk).text


def test_taking_away_a_note_moves_the_focus_to_the_notes(send, learner, ruth):
    note = knowing.add_note(learner=learner, text="Works nights.", by=ruth, key=uuid4(), now=NOW)
    assert '<h2 id="private" tabindex="-1" data-focus>' in send("note_remove", note.pk).html


@pytest.mark.parametrize("htmx", [False, True])
def test_a_note_that_was_corrected_meanwhile_says_so_where_it_stood(ruth, learner, htmx):
    note = knowing.add_note(learner=learner, text="One.", by=ruth, key=uuid4(), now=NOW)
    knowing.correct_note(note=note, text="Two.", by=ruth, key=uuid4(), now=NOW)
    client = Client(headers={"HX-Request": "true"} if htmx else {})
    client.force_login(ruth)
    page = Page(client.post(reverse("note_remove", args=[note.pk])))
    assert page.status == 409
    assert "corrected meanwhile" in page.text
    assert Note.objects.filter(removed_at__isnull=True).count() == 2


def test_an_agreement_comes_back_among_the_agreements(send, learner):
    page = send("agreement_add", learner.pk, **{"agreement-text": "A smaller step"})
    assert (page.status, part_of(page)) == (200, "agreements")
    assert "One agreement stands" in page.text
    assert "Ines Okonjo is told." in page.text


def test_what_is_wrong_with_an_agreement_stands_in_its_form(send, learner):
    page = send("agreement_add", learner.pk, **{"agreement-text": ""})
    assert (page.status, part_of(page)) == (422, "agreements")
    assert "Write what you agreed on." in page.text


def test_settling_offers_a_way_back(send, learner, ruth):
    made = knowing.agree(learner=learner, text="A smaller step", due_on=None, by=ruth, key=uuid4(), now=NOW)
    page = send("agreement_settle", made.pk)
    assert (page.status, part_of(page)) == (200, "agreements")
    (undo,) = page.forms("undo")
    assert undo["action"] == reverse("agreement_resume", args=[made.pk])
    assert part_of(send("agreement_resume", made.pk)) == "agreements"
    assert Agreement.objects.get().settled_at is None


def test_a_learner_settles_in_their_own_list(as_learner, learner, ruth):
    made = knowing.agree(learner=learner, text="A smaller step", due_on=None, by=ruth, key=uuid4(), now=NOW)
    answer = as_learner.post(reverse("agreement_settle", args=[made.pk]), headers={"HX-Request": "true"})
    assert answer.url == reverse("agreement_list")


def test_the_card_says_that_it_depends_on_who_asks(send, learner, ruth):
    client = Client()
    client.force_login(ruth)
    assert "HX-Request" in client.get(reverse("learner_card", args=[learner.pk])).headers["Vary"]
