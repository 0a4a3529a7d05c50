"""Mail about notifications: at most one, with a way to stop it."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from allauth.account.models import EmailAddress
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.tasks import task_backends
from django.utils import timezone

from accounts import letters, mailing, notifying
from accounts.channels import choose
from accounts.kinds import Kind, Rhythm
from accounts.models import MailState, Notification
from accounts.tasks import send_notifications
from config import background
from tests.roadmaps.test_races import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def tell(person, key="returned:1", **other):
    facts = {"kind": Kind.RETURNED, "title": "Ruth returned your plot", "url": "/dashboard/", "now": NOW}
    return notifying.notify(person=person, key=key, **(facts | other))


class Server(EmailBackend):
    """A mail server that answers as a test wants it to."""

    at_the_door: Exception | None = None
    at_the_message: Exception | None = None

    def open(self):
        if self.at_the_door:
            raise self.at_the_door

    def send_messages(self, messages):
        if self.at_the_message:
            raise self.at_the_message
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.MAILERS = {"default": {"BACKEND": "tests.accounts.test_mailing.Server"}}
    for name in ("at_the_door", "at_the_message"):
        monkeypatch.setattr(Server, name, None)
    return Server


def state(told) -> str:
    told.refresh_from_db()
    return told.mail


def test_the_task_sends_it_once(learner, mailoutbox):
    told = tell(learner, now=timezone.now())
    for _ in range(2):
        send_notifications.func([told.pk])
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([learner.email], "Ruth returned your plot")
    assert state(told) == MailState.SENT


def test_it_says_what_where_and_why(learner, mailoutbox, settings):
    told = tell(learner, text="One <criterion> is missing.")
    mailing.send_notification(told.pk, now=NOW)
    (mail,) = mailoutbox
    (html,) = [each.content for each in mail.alternatives]
    for body in (mail.body, html):
        assert f"{settings.SITE_URL}/dashboard/" in body
        assert "mail about “A milestone is returned” is on in your settings" in body
        assert "/notifications/unsubscribe/" in body
    assert "One <criterion> is missing." in mail.body
    assert "One &lt;criterion&gt; is missing." in html
    assert "<img" not in html


def test_a_mail_program_can_unsubscribe_by_its_headers(learner):
    told = tell(learner)
    letter = letters.about(told)
    sent = message_from_bytes(letter.message().as_bytes())
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = sent["List-Unsubscribe"]
    assert link.startswith("<http")  # neither encoded nor folded
    assert link.endswith("/>")
    assert link[1:-1] in letter.body


def test_the_writer_of_a_title_writes_no_header(learner, mailoutbox):
    told = tell(learner, title="Returned\nBcc: everybody@example.org")
    mailing.send_notification(told.pk, now=NOW)
    assert "Bcc" not in message_from_bytes(mailoutbox[0].message().as_bytes())


def test_what_was_read_before_is_not_mailed(learner, mailoutbox):
    told = tell(learner)
    notifying.read(person=learner, number=told.pk, now=NOW)
    mailing.send_notification(told.pk, now=NOW)
    assert mailoutbox == []
    assert state(told) == MailState.DROPPED


@pytest.mark.parametrize("what", ["inactive", "unverified", "another address", "turned off"])
def test_some_get_none(learner, mailoutbox, what):
    told = tell(learner)
    if what == "inactive":
        learner.is_active = False
        learner.save()
    elif what == "turned off":
        choose(person=learner, kind=Kind.RETURNED, in_app=True, mail=Rhythm.OFF, now=NOW)
    else:
        change = {"verified": False} if what == "unverified" else {"email": "old@example.org"}
        EmailAddress.objects.filter(user=learner).update(**change)
    mailing.send_notification(told.pk, now=NOW)
    assert mailoutbox == []
    assert state(told) == MailState.DROPPED


REFUSALS = [
    ("at_the_door", ConnectionRefusedError()),
    ("at_the_door", TimeoutError()),
    ("at_the_door", smtplib.SMTPAuthenticationError(535, b"no")),
    ("at_the_message", smtplib.SMTPRecipientsRefused({"x": (450, b"later")})),
    ("at_the_message", smtplib.SMTPSenderRefused(451, b"later", "x")),
    ("at_the_message", smtplib.SMTPDataError(452, b"full")),
]


@pytest.mark.parametrize(("where", "error"), REFUSALS, ids=lambda each: type(each).__name__)
def test_a_refusal_is_tried_again_later_and_given_up_in_the_end(learner, server, mailoutbox, monkeypatch, where, error):
    told = tell(learner)
    monkeypatch.setattr(server, where, error)
    now = NOW
    for wait in mailing.TRY_AGAIN:
        mailing.send_due(now=now)
        assert state(told) == MailState.DUE
        assert told.mail_at == now + wait
        mailing.send_due(now=now + wait - timedelta(seconds=1))
        assert told.mail_tries == mailing.TRY_AGAIN.index(wait) + 1
        now += wait
    mailing.send_due(now=now)
    assert state(told) == MailState.REFUSED
    monkeypatch.setattr(server, where, None)
    mailing.send_due(now=now + timedelta(days=1))
    assert mailoutbox == []


def test_after_a_refusal_it_is_sent_once(learner, server, mailoutbox, monkeypatch):
    told = tell(learner)
    monkeypatch.setattr(server, "at_the_door", ConnectionRefusedError())
    mailing.send_notification(told.pk, now=NOW)
    monkeypatch.setattr(server, "at_the_door", None)
    for minutes in (1, 6, 7, 60):
        mailing.send_due(now=NOW + timedelta(minutes=minutes))
    assert len(mailoutbox) == 1
    assert (state(told), told.mail_tries) == (MailState.SENT, 1)


@pytest.mark.parametrize("error", [TimeoutError(), smtplib.SMTPServerDisconnected(), ConnectionResetError()])
def test_when_nobody_knows_whether_it_went_out_it_does_not_go_again(learner, server, mailoutbox, monkeypatch, error):
    told = tell(learner)
    monkeypatch.setattr(server, "at_the_message", error)
    mailing.send_notification(told.pk, now=NOW)
    assert state(told) == MailState.UNKNOWN
    monkeypatch.setattr(server, "at_the_message", None)
    mailing.send_due(now=NOW + timedelta(days=1))
    assert mailoutbox == []
    assert Notification.objects.of(learner).unread().get() == told


def test_what_a_dead_worker_left_is_marked_after_a_while(learner, mailoutbox, capsys):
    told = tell(learner)
    Notification.objects.update(mail=MailState.SENDING)
    mailing.send_due(now=NOW + mailing.CUT_OFF_AFTER)
    assert state(told) == MailState.SENDING
    mailing.send_due(now=NOW + mailing.CUT_OFF_AFTER + timedelta(seconds=1))
    assert state(told) == MailState.UNKNOWN
    assert mailoutbox == []
    assert "mail_cut_off" in capsys.readouterr().err


def test_what_lost_its_task_is_found(learner, mailoutbox):
    told = tell(learner)
    mailing.send_due(now=NOW)
    assert len(mailoutbox) == 1
    assert state(told) == MailState.SENT


def test_one_that_cannot_be_written_does_not_stop_the_others(learner, mailoutbox, monkeypatch):
    broken, whole = tell(learner), tell(learner, "returned:2")
    write = letters.about

    def about(notification):
        if notification == broken:
            raise ValueError
        return write(notification)

    monkeypatch.setattr(letters, "about", about)
    mailing.send_due(now=NOW)
    assert state(whole) == MailState.SENT
    assert state(broken) == MailState.DUE


def test_the_state_is_known_to_the_database(learner):
    told = tell(learner)
    for wrong in ({"mail": "lost"}, {"mail": MailState.SENT, "mail_at": None}, {"mail": MailState.NONE}):
        with pytest.raises(IntegrityError, match="accounts_notification_mail_"), transaction.atomic():
            Notification.objects.filter(pk=told.pk).update(**wrong)


def test_the_setting_for_the_worker_is_whole(settings):
    settings.TASKS = background.backends(testing=False)
    assert task_backends["default"].check() == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_several_workers_send_one_mail(learner, mailoutbox):
    numbers = [tell(learner, f"returned:{n}").pk for n in range(5)]

    def work():
        for number in numbers:
            mailing.send_notification(number, now=NOW)
        mailing.send_due(now=NOW)

    assert at_once(*[work] * 4) == [None] * 4
    assert len(mailoutbox) == 5


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_is_on_its_way_before_the_server_hears_of_it(learner, server, monkeypatch):
    told = tell(learner)
    seen = []

    def send(self, messages):
        def look():
            return Notification.objects.get(pk=told.pk).mail

        seen.extend(at_once(look))  # on a connection of its own
        return 1

    monkeypatch.setattr(server, "send_messages", send)
    mailing.send_notification(told.pk, now=NOW)
    assert seen == [MailState.SENDING]
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        mailing.send_notification(told.pk, now=NOW)
