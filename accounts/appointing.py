"""Making mentors, taking that right back, and letting accounts rest. Nobody who has work in hand just disappears."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.offices import offices


@transaction.atomic
def make_mentor(*, person: User, by: User, now: datetime) -> bool:
    """Let the person review. False, and nothing is changed, where they may already."""
    row = _locked(person)
    changed = _set(row, person, is_mentor=True)
    for office in offices():
        office.taken_up(person=row, by=by, now=now)
    return changed


@transaction.atomic
def unmake_mentor(*, person: User, by: User, now: datetime) -> list[str]:
    """Take the right back. What they had in hand is handed back first; returns what that was, in sentences."""
    said = _handed_back(person, by=by, now=now)
    _set(_locked(person), person, is_mentor=False)
    return said


@transaction.atomic
def deactivate(*, person: User, by: User, now: datetime) -> list[str]:
    """Close the account; its sessions end with the next click. Returns what was handed back, in sentences."""
    said = _handed_back(person, by=by, now=now)
    _set(_locked(person), person, is_active=False)
    return said


@transaction.atomic
def activate(*, person: User) -> bool:
    """Open the account again. False, and nothing is changed, where it is open."""
    return _set(_locked(person), person, is_active=True)


def _handed_back(person: User, *, by: User, now: datetime) -> list[str]:
    return [sentence for office in offices() for sentence in office.given_up(person=person, by=by, now=now)]


def _locked(person: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _set(row: User, person: User, **values: bool) -> bool:
    """Write what differs, also into what the caller holds. Returns whether anything did."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name, value in values.items():
        setattr(row, name, value)
        setattr(person, name, value)
    if changed:
        row.save(update_fields=changed)
    return bool(changed)
