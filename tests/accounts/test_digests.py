"""Digests: at seven where the person lives, of what is unread, and never twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import digests, mailing, notifying
from accounts.channels import choose
from accounts.kinds import Kind, Rhythm
from accounts.models import Channel, Digest, MailState, Notification
from accounts.tasks import drop_old, make_digests
from tests.roadmaps.test_races import at_once

pytestmark = pytest.mark.django_db
BERLIN, KOLKATA, CHICAGO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata"), ZoneInfo("America/Chicago")
# A Tuesday; seven in Berlin is six in UTC.
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
EVENING = MORNING - timedelta(hours=10)


@pytest.fixture
def learner(learner):
    learner.timezone = "Europe/Berlin"
    learner.save()
    return learner


def tell(person, key="new:1", *, at=EVENING, kind=Kind.WAITING, **other):
    return notifying.notify(
        person=person, kind=kind, title=f"A review waits: {key}", url="/dashboard/", key=key, now=at, **other
    )


def run(now) -> None:
    """What the worker does in an hour."""
    for number in digests.make_all(now=now):
        mailing.send_digest(number, now=now)


def weekly(person) -> None:
    choose(person=person, kind=Kind.WAITING, in_app=True, mail=Rhythm.WEEKLY, now=EVENING)


def test_one_mail_with_all_that_is_unread(learner, mailoutbox):
    tell(learner)
    tell(learner, "new:2", text="Since Monday.")
    read = tell(learner, "new:3")
    notifying.read(person=learner, number=read.pk, now=EVENING)
    run(MORNING - timedelta(seconds=1))
    assert mailoutbox == []
    run(MORNING)
    (mail,) = mailoutbox
    (html,) = [each.content for each in mail.alternatives]
    assert mail.subject == "2 things are new"
    for body in (mail.body, html):
        assert "A review waits: new:1" in body
        assert "Since Monday." in body
        assert "new:3" not in body
        assert "your daily digest is on in your settings" in body
    assert Digest.objects.get().mail == MailState.SENT


def test_one_thing_is_the_subject_itself(learner, mailoutbox):
    tell(learner)
    run(MORNING)
    assert mailoutbox[0].subject == "A review waits: new:1"


def test_many_are_counted_beyond_those_that_are_listed(learner, mailoutbox):
    for number in range(30):
        tell(learner, f"new:{number}")
    run(MORNING)
    assert mailoutbox[0].subject == "30 things are new"
    assert "And 5 more." in mailoutbox[0].body


def test_nothing_new_is_no_mail(learner, mailoutbox):
    told = tell(learner)
    notifying.read(person=learner, number=told.pk, now=EVENING)
    run(MORNING)
    assert mailoutbox == []
    assert not Digest.objects.exists()


def test_a_run_that_is_repeated_sends_nothing_again(learner, mailoutbox):
    tell(learner)
    for minutes in (0, 1, 60, 600):
        run(MORNING + timedelta(minutes=minutes))
    assert len(mailoutbox) == 1


def test_a_run_that_comes_late_still_sends(learner, mailoutbox):
    tell(learner)
    run(MORNING + timedelta(hours=9))
    assert len(mailoutbox) == 1
    assert Digest.objects.get().period == date(2026, 11, 24)


def test_what_comes_after_seven_waits_for_the_next_morning(learner, mailoutbox):
    tell(learner, at=MORNING + timedelta(minutes=1))
    run(MORNING + timedelta(hours=2))
    assert mailoutbox == []
    run(MORNING + timedelta(days=1))
    assert len(mailoutbox) == 1


def test_a_late_digest_is_what_it_would_have_been_at_seven(learner, mailoutbox):
    tell(learner)
    tell(learner, "new:2", at=MORNING + timedelta(minutes=1))
    run(MORNING + timedelta(hours=9))
    run(MORNING + timedelta(days=1))
    assert [mail.subject for mail in mailoutbox] == ["A review waits: new:1", "A review waits: new:2"]


def test_what_was_mailed_is_not_mailed_again(learner, mailoutbox):
    tell(learner)
    run(MORNING)
    tell(learner, "new:2", at=MORNING + timedelta(hours=1))
    run(MORNING + timedelta(days=1))
    assert [mail.subject for mail in mailoutbox] == ["A review waits: new:1", "A review waits: new:2"]


def test_a_weekly_one_comes_on_monday(learner, mailoutbox):
    weekly(learner)
    tell(learner)
    for day in range(6):
        run(MORNING + timedelta(days=day))
        assert len(mailoutbox) == (1 if day == 6 else 0)
    run(MORNING + timedelta(days=6))
    assert len(mailoutbox) == 1
    assert Digest.objects.get().period == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("zone", "rhythm", "now", "due"),
    [
        (BERLIN, Rhythm.DAILY, datetime(2026, 11, 24, 6, 0), datetime(2026, 11, 24, 6, 0)),
        (BERLIN, Rhythm.DAILY, datetime(2026, 11, 24, 5, 59), datetime(2026, 11, 23, 6, 0)),
        # The night in which clocks go forward, and the one in which they go back.
        (BERLIN, Rhythm.DAILY, datetime(2027, 3, 28, 12, 0), datetime(2027, 3, 28, 5, 0)),
        (BERLIN, Rhythm.DAILY, datetime(2027, 3, 28, 4, 59), datetime(2027, 3, 27, 6, 0)),
        (BERLIN, Rhythm.DAILY, datetime(2026, 10, 25, 12, 0), datetime(2026, 10, 25, 6, 0)),
        (BERLIN, Rhythm.DAILY, datetime(2026, 10, 25, 5, 30), datetime(2026, 10, 24, 5, 0)),
        (KOLKATA, Rhythm.DAILY, datetime(2026, 11, 24, 2, 0), datetime(2026, 11, 24, 1, 30)),
        (CHICAGO, Rhythm.WEEKLY, datetime(2026, 11, 23, 12, 59), datetime(2026, 11, 16, 13, 0)),
        (CHICAGO, Rhythm.WEEKLY, datetime(2026, 11, 23, 13, 0), datetime(2026, 11, 23, 13, 0)),
        (BERLIN, Rhythm.WEEKLY, datetime(2027, 3, 29, 5, 0), datetime(2027, 3, 29, 5, 0)),
    ],
)
def test_seven_is_by_the_clocks_of_the_person(zone, rhythm, now, due):
    found = digests.last_due(rhythm, zone, now.replace(tzinfo=UTC))
    assert found.astimezone(UTC) == due.replace(tzinfo=UTC)
    assert found.hour == 7


def test_every_hour_of_a_year_has_one_digest_a_day_and_one_a_week():
    for zone in (BERLIN, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Australia/Lord_Howe")):
        for rhythm, many in ((Rhythm.DAILY, 365), (Rhythm.WEEKLY, 52)):
            start = datetime(2027, 1, 4, 12, 0, tzinfo=UTC)
            found = [digests.last_due(rhythm, zone, start + timedelta(hours=n)) for n in range(364 * 24)]
            assert found == sorted(found)
            assert abs(len(set(found)) - many) <= 1


def test_moving_west_brings_no_second_digest_of_a_day(learner, mailoutbox):
    tell(learner)
    run(MORNING)
    learner.timezone = "America/Los_Angeles"
    learner.save()
    tell(learner, "new:2", at=MORNING + timedelta(hours=1))
    run(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))  # seven there, on the same date
    assert len(mailoutbox) == 1
    run(datetime(2026, 11, 25, 15, 0, tzinfo=UTC))
    assert len(mailoutbox) == 2


def test_moving_east_mails_nothing_twice(learner, mailoutbox):
    tell(learner)
    run(MORNING)
    learner.timezone = "Pacific/Auckland"
    learner.save()
    for hours in range(72):
        run(MORNING + timedelta(hours=hours))
    assert len(mailoutbox) == 1


def test_an_inactive_person_waits_and_an_unverified_address_gets_none(learner, other_learner, mailoutbox):
    tell(learner)
    tell(other_learner)
    learner.is_active = False
    learner.save()
    other_learner.emailaddress_set.update(verified=False)
    run(MORNING + timedelta(hours=2))
    assert mailoutbox == []
    assert list(Digest.objects.values_list("person", "mail")) == [(other_learner.pk, MailState.DROPPED)]


def test_a_zone_that_is_gone_keeps_nobody_else_waiting(learner, other_learner, mailoutbox):
    tell(learner)
    tell(other_learner)
    type(learner).objects.filter(pk=other_learner.pk).update(timezone="Mars/Olympus")
    run(MORNING)
    assert len(mailoutbox) == 1


def test_turned_off_or_read_before_a_later_try_is_left_out(learner, mailoutbox):
    first, second = tell(learner), tell(learner, "c:1", kind=Kind.COHORT)
    digests.make_all(now=MORNING)
    notifying.read(person=learner, number=first.pk, now=MORNING)
    Channel.objects.create(person=learner, kind=second.kind, in_app=True, mail=Rhythm.OFF)
    mailing.send_due(now=MORNING)
    assert mailoutbox == []
    assert Digest.objects.get().mail == MailState.DROPPED


def test_a_digest_that_lost_its_task_is_found(learner, mailoutbox):
    tell(learner)
    digests.make_all(now=MORNING)
    mailing.send_due(now=MORNING)
    assert len(mailoutbox) == 1


def test_the_task_enqueues_what_it_made(learner, mailoutbox, settings):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    tell(learner, at=timezone.now() - timedelta(days=2))
    make_digests.enqueue()
    make_digests.enqueue()
    assert len(mailoutbox) == 1


def test_the_database_knows_one_digest_for_each_period(learner):
    tell(learner)
    digests.make_all(now=MORNING)
    made = Digest.objects.get()
    for wrong in ({}, {"rhythm": "weekly"}, {"rhythm": "at_once", "period": date(2026, 11, 25)}):
        facts = {"rhythm": made.rhythm, "period": made.period} | wrong
        with pytest.raises(IntegrityError, match="accounts_digest_"), transaction.atomic():
            Digest.objects.create(person=learner, created_at=MORNING, mail=MailState.DUE, mail_at=MORNING, **facts)


def test_what_was_read_long_ago_is_dropped(learner):
    now = timezone.now()
    long_ago = now - timedelta(days=181)
    for key, read_at in {"old": long_ago, "newer": now - timedelta(days=179), "unread": None}.items():
        tell(learner, key, at=long_ago, kind=Kind.CLAIMED)
        Notification.objects.filter(key=key).update(read_at=read_at)
    choose(person=learner, kind=Kind.BADGE, in_app=False, mail=Rhythm.AT_ONCE, now=now)
    tell(learner, "sent", at=long_ago, kind=Kind.BADGE)
    Notification.objects.filter(key="sent").update(mail=MailState.SENT)
    tell(learner, "due", at=long_ago, kind=Kind.BADGE)
    drop_old.func()
    assert set(Notification.objects.values_list("key", flat=True)) == {"newer", "unread", "due"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_make_and_send_one_digest(learner, mailoutbox):
    for day in range(5):
        for number in range(3):
            tell(learner, f"{day}:{number}", at=EVENING + timedelta(days=day))

        def work(now=MORNING + timedelta(days=day)):
            digests.make_all(now=now)
            mailing.send_due(now=now)

        assert at_once(*[work] * 3) == [None] * 3
        assert len(mailoutbox) == day + 1
        assert mailoutbox[-1].subject == "3 things are new"
