"""Stopping mail by a link that needs no sign-in: a signature says who it was sent to and what it stops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db import transaction

from accounts.channels import choices_of, choose, kinds_for
from accounts.kinds import Kind, Rhythm
from accounts.models import User

_LINK, _UNDO = "accounts.unsubscribe", "accounts.unsubscribe.undo"


class BrokenTokenError(Exception):
    """The link is cut short, made up, or that of an account that is gone."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a mail was about, and so what its link stops: one kind, or all that comes in a digest of one rhythm."""

    kind: Kind | None = None
    rhythm: Rhythm | None = None

    @property
    def name(self) -> str:
        if self.rhythm:
            return f"your {self.rhythm.label.lower()} digest"
        assert self.kind
        return f"mail about “{self.kind.label}”"

    @property
    def reason(self) -> str:
        """Ends the sentence “You get this because …”."""
        return f"{self.name} is on in your settings"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the link of a mail leads to: whose it is, what it is about, and by what rhythm each kind comes now."""

    person: User
    subject: Subject
    rhythms: dict[Kind, Rhythm]

    @property
    def is_on(self) -> bool:
        return bool(self.rhythms)

    @property
    def labels(self) -> list[str]:
        return [kind.label for kind in self.rhythms]


def token_for(person: User, subject: Subject) -> str:
    return signing.dumps([person.pk, subject.kind or "", subject.rhythm or ""], salt=_LINK)


def subscription(token: str) -> Subscription:
    """Raises BrokenTokenError."""
    person, kind, rhythm = _read(token)
    subject = Subject(kind=Kind(kind) if kind else None, rhythm=Rhythm(rhythm) if rhythm else None)
    now = choices_of(person, [subject.kind] if subject.kind else kinds_for(person))
    on = {kind: Rhythm(channel.mail) for kind, channel in now.items() if channel.mail != Rhythm.OFF}
    if subject.rhythm:
        on = {kind: mail for kind, mail in on.items() if mail == subject.rhythm}
    return Subscription(person, subject, on)


@transaction.atomic
def stop(found: Subscription, *, now: datetime) -> str:
    """Stop it, and return what `take_back` takes. Notifications in the app stay as they are."""
    for kind in found.rhythms:
        _set(found.person, kind, Rhythm.OFF, now)
    return signing.dumps([found.person.pk, {kind: mail.value for kind, mail in found.rhythms.items()}], salt=_UNDO)


@transaction.atomic
def take_back(found: Subscription, undo: str, *, now: datetime) -> None:
    """Bring back what `stop` stopped. Raises BrokenTokenError where `undo` is not of this person."""
    try:
        number, rhythms = signing.loads(undo, salt=_UNDO)
    except signing.BadSignature as error:
        raise BrokenTokenError from error
    if number != found.person.pk:
        raise BrokenTokenError
    for kind, mail in rhythms.items():
        _set(found.person, Kind(kind), Rhythm(mail), now)


def _set(person: User, kind: Kind, mail: Rhythm, now: datetime) -> None:
    in_app = choices_of(person, [kind])[kind].in_app
    choose(person=person, kind=kind, in_app=in_app, mail=mail, now=now)


def _read(token: str) -> tuple[User, str, str]:
    try:
        number, kind, rhythm = signing.loads(token, salt=_LINK)
        return User.objects.get(pk=number), kind, rhythm
    except (signing.BadSignature, User.DoesNotExist) as error:
        raise BrokenTokenError from error
