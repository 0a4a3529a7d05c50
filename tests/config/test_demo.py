from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import MailState, Notification, User
from badges.models import Credential
from config.demo import ACCOUNTS, load_people
from interviews.days import study_day
from interviews.models import Mock, Review
from interviews.queue import queue_of
from mentoring.models import Blocker, Cohort, Event, Kind, Mentor, State, Thread
from roadmaps.models import GoalState
from roadmaps.standing import standings_of

# Each test takes back what it does, and leaves the demo as it found it.
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def now(django_db_setup, django_db_blocker) -> Iterator[datetime]:
    """The demo is loaded, once for this file, and taken back in the end; when that was."""
    moment = timezone.now()
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            load_people(now=moment)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the end of a transaction would say
        yield moment
        transaction.set_rollback(True)


def account(front: str) -> User:
    return User.objects.get(email=f"{front}@rounds.example")


def test_the_printed_accounts_can_sign_in(now):
    for person in ACCOUNTS:
        assert Client().login(email=f"{person.front}@rounds.example", password="rounds-demo"), person


def test_the_learner_is_at_work(now):
    assert [each.progress.tally.done for each in standings_of(account("learner"))] == [5, 2]


def test_the_learner_practices_for_an_interview(now):
    learner = account("learner")
    today = study_day(now, learner.zone)
    assert queue_of(learner, today=today).due == 12
    days = Review.objects.of(learner).values_list("study_day", flat=True).distinct()
    assert len(days) >= 15
    assert min(days) <= today - timedelta(days=26)
    assert Mock.objects.of(learner).filter(state="graded").count() == 2


def test_loading_again_changes_nothing(now):
    before = list(GoalState.objects.order_by("pk").values()), Event.objects.count(), Notification.objects.count()
    assert load_people(now=now) == 0
    assert (
        list(GoalState.objects.order_by("pk").values()),
        Event.objects.count(),
        Notification.objects.count(),
    ) == before


def test_nothing_in_the_history_lies_in_the_future(now):
    assert not GoalState.objects.filter(changed_at__gt=now).exists()
    assert not Event.objects.filter(at__gt=now).exists()
    assert not Notification.objects.filter(created_at__gt=now).exists()


def test_the_cohort_has_24_learners_at_different_paces_and_two_mentors(now):
    cohort = Cohort.objects.get()
    learners = [each.learner for each in cohort.memberships.current()]
    assert (len(learners), cohort.mentors.count()) == (24, 2)
    done = [next(each for each in standings_of(learner) if each.is_current).progress.tally.done for learner in learners]
    assert len(set(done)) >= 12


def test_at_least_twelve_submissions_wait_in_the_open_pool_for_both_mentors(now):
    waiting = Thread.objects.filter(state=State.SUBMITTED, cohort=None, pooled_from__lte=now, excluded=[])
    for front in ("mentor", "mentor2"):
        claimable = waiting & Thread.objects.claimable_in_principle(account(front), now)
        free = [thread for thread in claimable if not thread.is_reserved_for_another(account(front), now)]
        assert len(free) >= 12, front
        assert Mentor.objects.get(user=account(front)).open_limit >= len(free)


def test_there_is_something_of_every_state(now):
    states = Counter(Thread.objects.values_list("state", flat=True))
    assert set(states) == set(State.values)
    assert states[State.RETURNED] >= 3
    assert states[State.APPROVED] >= 20


def test_approved_milestones_have_badges_and_a_whole_roadmap_its_certificate(now):
    kinds = Counter(Credential.objects.values_list("kind", flat=True))
    approved = Thread.objects.filter(kind=Kind.MILESTONE, state=State.APPROVED)
    assert kinds["milestone"] == approved.count()
    assert kinds["roadmap"] == 1


def test_the_learner_asked_mentors_about_answers_and_mock_interviews(now):
    threads = Thread.objects.of(account("learner")).exclude(kind=Kind.MILESTONE)
    assert Counter(threads.values_list("kind", "state")) == {
        ("answer", "approved"): 1,
        ("answer", "returned"): 1,
        ("answer", "submitted"): 1,
        ("mock", "approved"): 1,
        ("mock", "submitted"): 1,
    }


def test_somebody_is_blocked(now):
    assert Blocker.objects.standing().count() == 1


def test_nobody_gets_mail_about_what_happened_before_they_were_made(now):
    assert set(Notification.objects.values_list("mail", flat=True)) == {MailState.NONE}


def test_the_editor_may_edit_content_and_see_no_learner(now):
    editor = account("editor")
    assert editor.has_perm("roles.change_role")
    assert not editor.has_perm("roadmaps.view_goalstate")
    assert not editor.has_perm("mentoring.view_thread")


def test_demo_people_are_refused_with_debug_off(now, settings):
    settings.DEBUG = settings.TESTING = False
    people = User.objects.count()
    with pytest.raises(CommandError, match="only with DEBUG on"):
        call_command("load_demo")
    assert User.objects.count() == people
