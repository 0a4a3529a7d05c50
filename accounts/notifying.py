"""Telling people what happened: the only writer of new notifications.

Call it inside the transaction that makes the thing happen, and last in it: it locks the person's row until the end,
since their count of unread ones changes. What a person hears about, and how, is read in the same statement that writes
the row. The same `key` reaches a person once, however often it is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction

from accounts.kinds import Kind
from accounts.models import TEXT_LENGTH, TITLE_LENGTH, MailState, Notification, User
from accounts.tasks import send_notifications

# A kind comes along with what takes it.
__all__ = ["Kind", "notify", "notify_all", "read", "read_all", "read_at"]

# One statement for everybody: what nobody chose is the kind's default, what is off in both ways is left out. In order
# of id, so that two that tell the same people never wait for each other.
_INSERT = """
    INSERT INTO accounts_notification
        (person_id, kind, title, text, url, key, created_at, in_app, mail, mail_at, mail_tries)
    SELECT
        person.id, %(kind)s, %(title)s, %(text)s, %(url)s, %(key)s, %(now)s, wish.in_app, wish.mail,
        CASE wish.mail WHEN 'due' THEN %(now)s END, 0
    FROM accounts_user AS person
    LEFT JOIN accounts_channel AS channel ON channel.person_id = person.id AND channel.kind = %(kind)s
    CROSS JOIN LATERAL (
        SELECT
            coalesce(channel.in_app, %(in_app)s) AS in_app,
            CASE
                WHEN NOT person.is_active THEN 'none'
                ELSE CASE coalesce(channel.mail, %(mail)s)
                    WHEN 'off' THEN 'none' WHEN 'at_once' THEN 'due' ELSE coalesce(channel.mail, %(mail)s)
                END
            END AS mail
    ) AS wish
    WHERE person.id = ANY (%(people)s) AND (wish.in_app OR wish.mail <> 'none')
    ORDER BY person.id
    ON CONFLICT (person_id, key) DO NOTHING
    RETURNING id, person_id, in_app, mail, mail_at
"""
# How many mails one task sends.
_AT_A_TIME = 50


def notify(
    *, person: User, kind: Kind, title: str, text: str = "", url: str, key: str, now: datetime
) -> Notification | None:
    """Tell one person. None where they were told already, or do not want to hear of this kind at all.

    `url`: where it leads, a path within the site. `key`: what happened, such as “returned:41”. Longer texts than fit
    are cut. Takes one query, and one more after the commit where a mail goes out at once."""
    told = notify_all(people=[person], kind=kind, title=title, text=text, url=url, key=key, now=now)
    return told[0] if told else None


def notify_all(
    *, people: Iterable[User], kind: Kind, title: str, text: str = "", url: str, key: str, now: datetime
) -> list[Notification]:
    """Tell several people the same, in one statement. Returns what was new and wanted."""
    values = {
        "kind": kind.value,
        "title": _fitting(title, TITLE_LENGTH),
        "text": _fitting(text, TEXT_LENGTH),
        "url": url,
        "key": key,
    }
    told = _insert(values, people=[person.pk for person in people], kind=kind, now=now)
    due = [each.pk for each in told if each.mail == MailState.DUE]
    for start in range(0, len(due), _AT_A_TIME):
        # Robust: what happened has happened. What is due and has no task is found by `tasks.send_due`.
        transaction.on_commit(partial(send_notifications.enqueue, due[start : start + _AT_A_TIME]), robust=True)
    return told


def read(*, person: User, number: int, now: datetime) -> bool:
    """Mark one of the person's own as read. False where there is no such one."""
    own = Notification.objects.of(person).filter(pk=number)
    return bool(own.unread().update(read_at=now)) or own.exists()


def read_all(*, person: User, until: datetime, now: datetime) -> int:
    """Mark as read what the person saw listed: what came `until` then. Returns how many that were."""
    return Notification.objects.of(person).unread().filter(created_at__lte=until).update(read_at=now)


def read_at(*, person: User, path: str, now: datetime) -> int:
    """Mark as read what leads to the page that the person opens. No query where nothing is unread."""
    if not person.unread:
        return 0
    read_now = Notification.objects.of(person).unread().leading_to(path).update(read_at=now)
    person.unread = max(0, person.unread - read_now)
    return read_now


def _insert(values: dict[str, str], *, people: list[int], kind: Kind, now: datetime) -> list[Notification]:
    about = kind.about
    asked: dict[str, Any] = {**values, "in_app": about.in_app, "mail": about.mail.value, "people": people, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, asked)
        rows = cursor.fetchall()
    told = []
    for pk, person_id, in_app, mail, mail_at in rows:
        facts: dict[str, Any] = {**values, "created_at": now, "in_app": in_app, "mail": mail, "mail_at": mail_at}
        made = Notification(pk=pk, person_id=person_id, **facts)
        made._state.adding, made._state.db = False, connection.alias
        told.append(made)
    return told


def _fitting(text: str, longest: int) -> str:
    """On one line, and no longer than the column."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
