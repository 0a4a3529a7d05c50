"""Mail about notifications: at most one about each.

A mail server cannot be asked whether it took a message, so what cannot be known is decided beforehand: that a mail is
on its way is committed before the server hears of it. From there only the server's own refusal leads back, to another
try later. If we are cut off in between, nobody knows whether it went out, and it does not go out again; what it was
about stands in the app.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

import structlog
from allauth.account.models import EmailAddress
from django.core.mail import mailers
from django.db import transaction
from django.db.models import QuerySet

from accounts import letters
from accounts.kinds import Rhythm
from accounts.models import Channel, Digest, MailState, Notification, User

log = structlog.stdlib.get_logger("rounds.mail")

# How long after each refusal the next try comes; after the last one there is none.
TRY_AGAIN = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
# A mail server is given ten seconds for each step. Who has not ended after this time never will.
CUT_OFF_AFTER = timedelta(minutes=15)
# What one run of `send_due` takes on; the next one goes on.
MOST_AT_ONCE = 200


def send_notification(number: int, *, now: datetime) -> None:
    """Send the mail about one notification, if it is due and nobody else does."""
    with transaction.atomic(durable=True):
        due = Notification.objects.due(now).filter(pk=number).select_related("person")
        notification = due.select_for_update(of=("self",), skip_locked=True).first()
        if notification is None:
            return
        if notification.read_at or not _may_be_written_to(notification.person):
            _mark(notification, MailState.DROPPED, now)
            return
        letter = letters.about(notification)
        _mark(notification, MailState.SENDING, now)
    _deliver(notification, letter, now)


def send_digest(number: int, *, now: datetime) -> None:
    """Send one digest, if it is due and nobody else does. What was read since it was put together is left out."""
    with transaction.atomic(durable=True):
        due = Digest.objects.due(now).filter(pk=number).select_related("person")
        digest = due.select_for_update(of=("self",), skip_locked=True).first()
        if digest is None:
            return
        unwanted = Channel.objects.of(digest.person).filter(mail=Rhythm.OFF).values("kind")
        rest = digest.notifications.filter(read_at__isnull=True).exclude(kind__in=unwanted).latest_first()
        if not rest or not _may_be_written_to(digest.person):
            _mark(digest, MailState.DROPPED, now)
            return
        letter = letters.of_digest(digest, list(rest))
        _mark(digest, MailState.SENDING, now)
    _deliver(digest, letter, now)


def send_due(*, now: datetime) -> None:
    """What was refused and is due again, and what lost its task. Says of what was cut off that nobody knows."""
    before = now - CUT_OFF_AFTER
    for row in (*Notification.objects.cut_off(before), *Digest.objects.cut_off(before)):
        log.error("mail_cut_off", **_facts(row))
        still = type(row)._default_manager.filter(pk=row.pk, mail=MailState.SENDING)
        still.update(mail=MailState.UNKNOWN, mail_at=now)
    _send_each(send_notification, Notification.objects.due(now), now)
    _send_each(send_digest, Digest.objects.due(now), now)


def _send_each(send: Callable[..., None], due: QuerySet[Any], now: datetime) -> None:
    for number in list(due.order_by("mail_at").values_list("pk", flat=True)[:MOST_AT_ONCE]):
        try:
            send(number, now=now)
        except Exception:  # one that cannot be written must not keep the others waiting
            log.exception("mail_not_written", by=send.__name__, number=number)


def _may_be_written_to(person: User) -> bool:
    confirmed = EmailAddress.objects.filter(user=person, email__iexact=person.email, verified=True)
    return bool(person.is_active and confirmed.exists())


def _deliver(row: Notification | Digest, letter: letters.Letter, now: datetime) -> None:
    mailer = mailers.default
    try:
        mailer.open()
    except OSError as error:  # those of smtplib are among them
        _refused(row, error, now)
        return
    try:
        mailer.send_messages([letter])
    except (SMTPRecipientsRefused, SMTPResponseException) as error:
        _refused(row, error, now)
    except Exception:  # whatever it was, the server may have taken the message
        log.exception("mail_cut_off", **_facts(row))
        _mark(row, MailState.UNKNOWN, now)
    else:
        log.info("mail_sent", **_facts(row))
        _mark(row, MailState.SENT, now)
    finally:
        _close(mailer)


def _close(mailer: letters.Mailer) -> None:
    try:
        mailer.close()
    except OSError:  # the message is gone; how we part does not matter
        log.warning("mail_server_left_rudely")


def _refused(row: Notification | Digest, error: OSError, now: datetime) -> None:
    """The server did not take it, and said so, or was not there."""
    code = getattr(error, "smtp_code", None)
    row.mail_tries += 1
    if row.mail_tries > len(TRY_AGAIN):
        log.error("mail_given_up", error=type(error).__name__, code=code, **_facts(row))
        _mark(row, MailState.REFUSED, now)
    else:
        log.warning("mail_refused", error=type(error).__name__, code=code, **_facts(row))
        _mark(row, MailState.DUE, now + TRY_AGAIN[row.mail_tries - 1])


def _mark(row: Notification | Digest, state: MailState, at: datetime) -> None:
    """Whoever claimed the row, or found it cut off, says what became of it. Turning mail off meanwhile does not count:
    it is on its way."""
    type(row)._default_manager.filter(pk=row.pk).update(mail=state, mail_at=at, mail_tries=row.mail_tries)


def _facts(row: Notification | Digest) -> dict[str, object]:
    what = row.kind if isinstance(row, Notification) else row.rhythm
    return {"about": type(row).__name__.lower(), "number": row.pk, "what": what, "person": row.person_id}
