"""How people want what reaches them: the only writer of `Channel`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.kinds import Audience, Kind, Rhythm
from accounts.models import Channel, MailState, Notification, User


@transaction.atomic
def choose(*, person: User, kind: Kind, in_app: bool, mail: Rhythm, now: datetime) -> None:
    """How the person wants one kind from now on. What still waits for a mail follows: it waits for another digest, or
    for none. What was to go out with a digest does not go out at once."""
    Channel.objects.update_or_create(
        person=person, kind=kind, defaults={"in_app": in_app, "mail": mail}, create_defaults=None
    )
    waiting = Notification.objects.filter(person=person, kind=kind)
    digested = waiting.filter(mail__in=[MailState.DAILY, MailState.WEEKLY])
    if mail == Rhythm.OFF:
        digested.update(mail=MailState.NONE)
        waiting.filter(mail=MailState.DUE).update(mail=MailState.DROPPED, mail_at=now)
    elif mail.is_digest:
        digested.update(mail=MailState.first(mail))


def kinds_for(person: User) -> list[Kind]:
    """What can reach the person: who is no mentor never hears of a mentor's things."""
    return [kind for kind in Kind if person.is_mentor or kind.audience == Audience.LEARNER]


def choices_of(person: User, kinds: Collection[Kind]) -> dict[Kind, Channel]:
    """How the person wants each kind; what they did not choose is there with the kind's defaults, unsaved."""
    chosen = {channel.kind: channel for channel in Channel.objects.of(person)}
    return {kind: chosen.get(kind) or _default(person, kind) for kind in kinds}


def _default(person: User, kind: Kind) -> Channel:
    return Channel(person=person, kind=kind, in_app=kind.about.in_app, mail=kind.about.mail)
