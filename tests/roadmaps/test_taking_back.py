"""The newest publication is taken back while nobody follows it, and never after."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from roadmaps.enrolling import accept_newest, enrol
from roadmaps.models import Enrolment, Publication
from roadmaps.publishing import NotWithdrawableError, preview, publish, withdraw
from roadmaps.standing import standing_on
from roles.models import Role
from tests.factories import UserFactory
from tests.races import at_once
from tests.roadmaps.drafts import add_goal, first_goal, reword
from tests.roadmaps.times import NOW


@pytest.fixture
def editor(db):
    return UserFactory(is_staff=True, display_name="Mei-Ling Zhao")


@pytest.fixture
def second(analytics) -> Publication:
    """A new edition that nobody is on."""
    add_goal(analytics)
    return publish(analytics, by=None)


def latest(role: Role) -> int:
    return Publication.objects.latest_of(role).number


def test_newcomers_get_the_one_before(analytics, learner, editor, second):
    withdraw(second, by=editor, now=NOW)
    assert latest(analytics) == 1
    assert enrol(learner=learner, role=analytics).publication.number == 1
    assert Role.objects.get(pk=analytics.pk).blueprint == Publication.objects.of(analytics).get(number=1).snapshot


def test_whoever_was_offered_it_is_not_any_more(analytics, learner, editor):
    enrol(learner=learner, role=analytics)
    add_goal(analytics)
    made = publish(analytics, by=None)
    assert standing_on(learner, analytics.slug).offer
    withdraw(made, by=editor, now=NOW)
    assert not standing_on(learner, analytics.slug).offer
    assert accept_newest(learner=learner, role=analytics, offered=made.number, now=NOW) is None


def test_the_draft_stays_and_is_published_under_the_next_number(analytics, editor, second):
    withdraw(second, by=editor, now=NOW)
    assert preview(analytics).kind == "major"
    again = publish(analytics, by=editor)
    assert (again.number, again.edition, again.digest) == (3, 2, second.digest)


def test_taking_it_back_twice_changes_nothing(editor, second):
    first = withdraw(second, by=editor, now=NOW)
    assert withdraw(second, by=UserFactory(), now=NOW).withdrawn_by == first.withdrawn_by == editor


def test_what_somebody_follows_stays(analytics, learner, editor, second):
    enrol(learner=learner, role=analytics)
    with pytest.raises(NotWithdrawableError, match="One learner follows it already"):
        withdraw(second, by=editor, now=NOW)


def test_a_small_change_is_followed_by_everybody_of_its_edition(analytics, learner, editor):
    enrol(learner=learner, role=analytics)
    reword(first_goal(analytics))
    with pytest.raises(NotWithdrawableError, match="One learner follows it already"):
        withdraw(publish(analytics, by=None), by=editor, now=NOW)


def test_the_first_one_stays(analytics, editor):
    with pytest.raises(NotWithdrawableError, match="first publication"):
        withdraw(Publication.objects.latest_of(analytics), by=editor, now=NOW)


def test_only_the_newest_is_taken_back(analytics, editor, second):
    add_goal(analytics, text="Another goal of the draft")
    publish(analytics, by=None)
    with pytest.raises(NotWithdrawableError, match="Only the newest"):
        withdraw(second, by=editor, now=NOW)


def test_nobody_is_put_on_what_was_taken_back(analytics, learner, editor, second):
    withdraw(second, by=editor, now=NOW)
    with pytest.raises(IntegrityError, match="own role"), transaction.atomic():
        Enrolment.objects.create(learner=learner, role=analytics, publication=second)


@pytest.mark.parametrize(
    ("reason", "enrolled"), [("Somebody follows", True), ("Only the newest", False)], ids=["followed", "not newest"]
)
def test_the_database_itself_refuses(analytics, learner, second, reason, enrolled):
    if enrolled:
        enrol(learner=learner, role=analytics)
    else:
        add_goal(analytics, text="Another goal of the draft")
        publish(analytics, by=None)
    with pytest.raises(IntegrityError, match=reason), transaction.atomic():
        Publication.objects.filter(pk=second.pk).update(withdrawn_at=NOW)


def test_the_first_one_stays_by_the_database_too(analytics):
    with pytest.raises(IntegrityError, match="first_stays"), transaction.atomic():
        Publication.objects.of(analytics).update(withdrawn_at=NOW)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_enrolling_against_taking_back(analytics):
    editor = UserFactory(is_staff=True)
    for turn in range(6):
        add_goal(analytics, text=f"Goal of turn {turn}")
        made = publish(analytics, by=None)
        people = [UserFactory() for _ in range(3)]
        acts = [lambda person=person: enrol(learner=person, role=analytics) for person in people]
        results = at_once(lambda made=made: withdraw(made, by=editor, now=NOW), *acts)
        assert all(isinstance(each, Enrolment) for each in results[1:]), results
        made.refresh_from_db()
        on_it = Enrolment.objects.filter(publication=made).count()
        assert on_it == 0 if made.withdrawn_at else isinstance(results[0], NotWithdrawableError), results
