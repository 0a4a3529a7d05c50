"""Who is told what, once, and how it is counted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.tasks import default_task_backend
from django.test.utils import CaptureQueriesContext

from accounts.channels import choices_of, choose
from accounts.kinds import Audience, Kind, Rhythm
from accounts.models import Channel, MailState, Notification, User
from accounts.notifying import notify, notify_all, read, read_all, read_at
from tests.factories import UserFactory
from tests.roadmaps.test_races import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def tell(person, key="returned:1", **other):
    facts = {"kind": Kind.RETURNED, "title": "Returned", "url": "/dashboard/", "now": NOW}
    return notify(person=person, key=key, **(facts | other))


def unread(person) -> int:
    return User.objects.get(pk=person.pk).unread


def test_what_is_told_is_what_is_stored(learner):
    told = tell(learner, text="One criterion is missing.")
    stored = Notification.objects.get()
    assert told == stored
    assert {name: getattr(told, name) for name in ("title", "text", "url", "kind", "mail", "mail_at", "in_app")} == {
        name: getattr(stored, name) for name in ("title", "text", "url", "kind", "mail", "mail_at", "in_app")
    }


def test_a_person_is_told_once(learner, other_learner):
    assert tell(learner).title == "Returned"
    assert tell(learner, title="Returned again") is None
    assert tell(other_learner) is not None
    assert Notification.objects.count() == 2


@pytest.mark.parametrize("kind", Kind)
def test_whoever_chose_nothing_gets_what_the_kind_has_by_itself(learner, kind):
    told = tell(learner, kind=kind)
    assert (told.in_app, told.mail) == (kind.about.in_app, MailState.first(kind.about.mail))


@pytest.mark.parametrize(
    ("in_app", "mail", "state"),
    [
        (True, Rhythm.OFF, MailState.NONE),
        (False, Rhythm.AT_ONCE, MailState.DUE),
        (True, Rhythm.DAILY, MailState.DAILY),
        (False, Rhythm.WEEKLY, MailState.WEEKLY),
    ],
)
def test_a_choice_holds(learner, in_app, mail, state):
    choose(person=learner, kind=Kind.RETURNED, in_app=in_app, mail=mail, now=NOW)
    told = tell(learner)
    assert (told.in_app, told.mail) == (in_app, state)
    assert unread(learner) == in_app


def test_what_is_off_in_both_ways_is_not_told(learner):
    choose(person=learner, kind=Kind.RETURNED, in_app=False, mail=Rhythm.OFF, now=NOW)
    assert tell(learner) is None
    assert not Notification.objects.exists()


def test_an_inactive_person_gets_no_mail(learner):
    learner.is_active = False
    learner.save()
    assert tell(learner).mail == MailState.NONE


def test_several_are_told_in_one_statement(django_assert_num_queries, learner, other_learner):
    choose(person=other_learner, kind=Kind.WAITING, in_app=False, mail=Rhythm.OFF, now=NOW)
    third = UserFactory()
    facts = {"kind": Kind.WAITING, "title": "New", "url": "/", "key": "new:1", "now": NOW}
    with django_assert_num_queries(1):
        told = notify_all(people=[third, other_learner, learner], **facts)
    assert {each.person_id for each in told} == {learner.pk, third.pk}
    assert notify_all(people=[], **facts) == []


def test_mail_is_enqueued_on_commit_and_takes_one_query_of_the_writer(learner, django_capture_on_commit_callbacks):
    with CaptureQueriesContext(connection) as captured, django_capture_on_commit_callbacks(execute=True):
        told = tell(learner)
        before = len(default_task_backend.results)
    assert len(captured) == 1
    (result,) = default_task_backend.results[before:]
    assert result.args == [[told.pk]]


def test_no_mail_is_enqueued_for_a_digest_or_for_none(learner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        tell(learner, kind=Kind.CLAIMED)
        tell(learner, "new:1", kind=Kind.WAITING)
    assert callbacks == []


def test_long_texts_are_cut_and_lines_joined(learner):
    told = tell(learner, title="Ä" * 300, text="one\r\nBcc: two " + "x" * 600)
    told.refresh_from_db()
    assert (len(told.title), told.title[-1]) == (200, "…")
    assert told.text.startswith("one Bcc: two")
    assert len(told.text) == 500


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "", "x"])
def test_it_leads_nowhere_but_into_the_site(learner, url):
    with pytest.raises(IntegrityError, match="url_within_site"), transaction.atomic():
        tell(learner, url=url)


def test_unread_ones_are_counted_on_every_road(learner, other_learner):
    for number in range(5):
        tell(learner, f"key:{number}")
    tell(other_learner)
    assert (unread(learner), unread(other_learner)) == (5, 1)
    first = Notification.objects.of(learner).first()
    first.read_at = NOW
    first.save()
    assert unread(learner) == 4
    Notification.objects.of(learner).exclude(pk=first.pk)[0].delete()
    assert unread(learner) == 3
    Notification.objects.filter(pk=first.pk).update(read_at=None)
    assert unread(learner) == 4
    Notification.objects.of(learner).update(read_at=NOW)
    assert (unread(learner), unread(other_learner)) == (0, 1)
    Notification.objects.all().delete()
    assert unread(other_learner) == 0


def test_a_person_saved_whole_keeps_the_count(learner):
    tell(learner)
    learner.display_name = "Ines O."
    learner.save()  # carries a count of 0
    assert unread(learner) == 1
    User.objects.update(unread=7)
    assert unread(learner) == 1


def test_a_person_can_be_deleted(learner):
    tell(learner)
    choose(person=learner, kind=Kind.RETURNED, in_app=True, mail=Rhythm.OFF, now=NOW)
    learner.delete()
    assert not Notification.objects.exists()


def test_only_what_was_listed_is_marked_read(learner):
    tell(learner)
    tell(learner, "later", now=NOW + timedelta(minutes=1))
    assert read_all(person=learner, until=NOW, now=NOW) == 1
    assert unread(learner) == 1


def test_one_is_read_by_its_person_alone(learner, other_learner):
    told = tell(learner)
    assert read(person=other_learner, number=told.pk, now=NOW) is False
    assert unread(learner) == 1
    assert read(person=learner, number=told.pk, now=NOW) is True
    assert read(person=learner, number=told.pk, now=NOW + timedelta(1)) is True
    told.refresh_from_db()
    assert told.read_at == NOW


def test_opening_a_page_reads_what_leads_to_it(learner, django_assert_num_queries):
    for key, url in {"a": "/m/1/", "b": "/m/1/#thread", "c": "/m/1/?show=all", "d": "/m/10/", "e": "/m/"}.items():
        tell(learner, key, url=url)
    with django_assert_num_queries(0):
        read_at(person=learner, path="/m/1/", now=NOW)  # nothing unread when this person was read
    learner.refresh_from_db()
    assert read_at(person=learner, path="/m/1/", now=NOW) == 3
    assert learner.unread == unread(learner) == 2


def test_a_choice_takes_along_what_still_waits(learner):
    tell(learner, "a", kind=Kind.WAITING)
    choose(person=learner, kind=Kind.WAITING, in_app=True, mail=Rhythm.WEEKLY, now=NOW)
    assert Notification.objects.get().mail == MailState.WEEKLY
    choose(person=learner, kind=Kind.WAITING, in_app=True, mail=Rhythm.OFF, now=NOW)
    assert Notification.objects.get().mail == MailState.NONE
    tell(learner, "b")
    choose(person=learner, kind=Kind.RETURNED, in_app=True, mail=Rhythm.OFF, now=NOW)
    assert Notification.objects.get(key="b").mail == MailState.DROPPED
    assert Channel.objects.of(learner).count() == 2


def test_choices_are_those_made_and_defaults(learner, other_learner):
    choose(person=learner, kind=Kind.BADGE, in_app=False, mail=Rhythm.WEEKLY, now=NOW)
    found = choices_of(learner, Kind.of(Audience.LEARNER))
    assert (found[Kind.BADGE].in_app, found[Kind.BADGE].mail) == (False, Rhythm.WEEKLY)
    assert found[Kind.CLAIMED].mail == Kind.CLAIMED.about.mail
    assert choices_of(other_learner, [Kind.BADGE])[Kind.BADGE].in_app is True


def test_every_kind_says_whom_and_what_it_is_about():
    for kind in Kind:
        assert re.fullmatch(r"[A-Z].{10,80}\.", kind.about.description), kind
    assert {Kind.RETURNED.audience, Kind.WAITING.audience} == set(Audience)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_told_by_several_at_once_is_there_once(learner):
    results = at_once(*[lambda: tell(learner)] * 4)
    assert sum(isinstance(result, Notification) for result in results) == 1, results
    assert unread(learner) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_counting_loses_nothing_when_several_tell_several_at_once():
    people = [UserFactory() for _ in range(4)]

    def tell_all(key, order):
        def act():
            with transaction.atomic():
                told = notify_all(people=order, kind=Kind.CLAIMED, title="Begun", url="/", key=key, now=NOW)
            return len(told)

        return act

    for turn in range(5):
        orders = (people, people[::-1], people[1:] + people[:1])
        results = at_once(*(tell_all(f"{turn}:{n}", order) for n, order in enumerate(orders)))
        assert results == [4, 4, 4]
    assert {unread(person) for person in people} == {15}
