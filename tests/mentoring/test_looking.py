"""Who looked at a learner's work, and when."""

from __future__ import annotations

import pytest

from mentoring.looking import note_look, note_looks
from mentoring.models import Look, Looked
from tests.factories import UserFactory
from tests.mentoring.people import NOW, later, make_claimed


def looks_at(learner) -> list[tuple[str, str]]:
    return [(look.viewer_name, look.what) for look in Look.objects.at(learner)]


def test_a_look_is_written_down(learner, ruth):
    note_look(viewer=ruth, learner=learner, what=Looked.CARD, now=NOW)
    look = Look.objects.get()
    assert (look.learner, look.viewer, look.viewer_name, look.at) == (learner, ruth, "Ruth Adeyemi", NOW)


def test_a_learner_may_be_given_by_id(learner, ruth):
    note_look(viewer=ruth, learner=learner.pk, what=Looked.CARD, now=NOW)
    assert looks_at(learner) == [("Ruth Adeyemi", "card")]


def test_ones_own_looks_are_none(ruth):
    note_look(viewer=ruth, learner=ruth, what=Looked.CARD, now=NOW)
    assert not Look.objects.exists()


@pytest.mark.parametrize(("minutes", "looks"), [(0, 1), (9, 1), (10, 2), (60, 2)])
def test_the_same_thing_again_within_ten_minutes_is_one_look(learner, ruth, minutes, looks):
    for now in (NOW, later(minutes / 60)):
        note_look(viewer=ruth, learner=learner, what=Looked.CARD, now=now)
    assert Look.objects.count() == looks


def test_another_thing_and_another_person_are_looks_of_their_own(learner, analytics, ruth, jonas):
    submission = make_claimed(learner, analytics, ruth).submissions.get()
    note_look(viewer=ruth, learner=learner, what=Looked.CARD, now=NOW)
    note_look(viewer=ruth, learner=learner, what=Looked.SUBMISSION, submission=submission, now=NOW)
    note_look(viewer=ruth, learner=learner, what=Looked.SUBMISSION, submission=submission.pk, now=NOW)
    note_look(viewer=jonas, learner=learner, what=Looked.CARD, now=NOW)
    assert sorted(looks_at(learner)) == [
        ("Jonas Lindqvist", "card"),
        ("Ruth Adeyemi", "card"),
        ("Ruth Adeyemi", "submission"),
    ]


def test_many_learners_are_one_statement(learner, ruth, django_assert_num_queries):
    others = UserFactory.create_batch(3)
    with django_assert_num_queries(1):
        note_looks(viewer=ruth, learners=[learner, learner, *others, ruth], what=Looked.EXPORT, now=NOW)
    assert Look.objects.count() == 4


def test_nobody_is_no_statement(ruth, django_assert_num_queries):
    with django_assert_num_queries(0):
        note_looks(viewer=ruth, learners=[], what=Looked.COHORT, now=NOW)
