"""Digests: one mail with what is unread, at seven in the morning where the person lives, daily or on Mondays.

There is one row for each person, rhythm and period, and a notification goes into one digest: whichever worker makes
the row takes the notifications in the same transaction, and whoever comes later finds both taken.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import Min

from accounts.kinds import Rhythm
from accounts.models import Digest, MailState, Notification

SEVEN = time(7)

log = structlog.stdlib.get_logger("rounds.mail")


def last_due(rhythm: Rhythm, zone: ZoneInfo, now: datetime) -> datetime:
    """The last time that a digest was due, up to now, in the zone: seven o'clock by its clocks, whatever they do."""
    step = 1 if rhythm == Rhythm.DAILY else 7
    day = now.astimezone(zone).date()
    if rhythm == Rhythm.WEEKLY:
        day -= timedelta(days=day.weekday())
    due = datetime.combine(day, SEVEN, zone)
    if due.astimezone(UTC) > now:
        due = datetime.combine(day - timedelta(days=step), SEVEN, zone)
    return due


def make_all(*, now: datetime) -> list[int]:
    """Put together what is due and not there yet. Returns the numbers of the new digests, which are then due."""
    made = []
    for rhythm in (Rhythm.DAILY, Rhythm.WEEKLY):
        waiting = Notification.objects.waiting_for(rhythm).filter(person__is_active=True)
        for person, zone, oldest in waiting.values_list("person", "person__timezone").annotate(Min("created_at")):
            try:
                due = last_due(rhythm, ZoneInfo(zone), now)
                if oldest < due and (digest := make(person=person, rhythm=rhythm, due=due, now=now)):
                    made.append(digest.pk)
            except Exception:  # one person's must not keep the others waiting
                log.exception("digest_not_made", person=person, rhythm=rhythm.value)
    return made


@transaction.atomic
def make(*, person: int, rhythm: Rhythm, due: datetime, now: datetime) -> Digest | None:
    """Make the person's digest that was `due`, of what came before then. None where there is one, or nothing to say."""
    waiting = Notification.objects.waiting_for(rhythm).filter(person=person, created_at__lt=due)
    if not waiting.exists():
        return None
    digest, is_new = Digest.objects.get_or_create(
        person_id=person,
        rhythm=rhythm,
        period=due.date(),
        defaults={"created_at": now, "mail": MailState.DUE, "mail_at": now},
    )
    if not is_new:
        return None
    if not waiting.update(mail=MailState.IN_DIGEST, digest=digest):
        digest.delete()
        return None
    return digest
