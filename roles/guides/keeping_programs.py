"""Keeping a learner's degree programs. The only writer of `Program`.

The learner's own row is the lock: what they do in two tabs happens one after the other, and each decision is made on
what is really there.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from roles.guides.programs import Draft, same_name
from roles.models import Program
from roles.models.programs import MOST_PROGRAMS


class NoRoomError(Exception):
    """All places are taken."""


@transaction.atomic
def save(*, learner: User, drafts: Iterable[Draft]) -> list[Program]:
    """Write each program to its place. Empty places are left as they are, and saving again changes nothing."""
    rows = _locked(learner)
    return [
        _put(rows.get(draft.place) or Program(learner=learner, place=draft.place), draft, note=draft.note)
        for draft in drafts
        if not draft.is_empty
    ]


@transaction.atomic
def add(*, learner: User, drafts: Iterable[Draft]) -> list[Program]:
    """Put programs beside those that are there, at their own place where it is free.

    One of the same name takes over the ticks, and the note where there is one, so that adding again changes nothing.
    Raises NoRoomError, and changes nothing, if they do not all fit.
    """
    rows = _locked(learner)
    added = []
    for draft in drafts:
        place = _place_for(draft, rows)
        row = rows.get(place) or Program(learner=learner, place=place)
        rows[place] = _put(row, draft, note=draft.note or row.note)
        added.append(rows[place])
    return added


@transaction.atomic
def remove(*, learner: User, program: int) -> Program:
    """Take a program away; the answer is what it was. Raises Program.DoesNotExist for one that is not the learner's."""
    row = next((row for row in _locked(learner).values() if row.pk == program), None)
    if row is None:
        raise Program.DoesNotExist
    Program.objects.of(learner).filter(pk=row.pk).delete()
    return row


def _locked(learner: User) -> dict[int, Program]:
    # Lock first, read then: what was read before the lock could be gone by the time one has it.
    User.objects.select_for_update(no_key=True).only("pk").get(pk=learner.pk)
    return {program.place: program for program in Program.objects.of(learner)}


def _put(row: Program, draft: Draft, *, note: str) -> Program:
    wanted = {"name": draft.name, "checked": list(draft.checked), "note": note}
    if row._state.adding or any(getattr(row, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save()
    return row


def _place_for(draft: Draft, rows: dict[int, Program]) -> int:
    for place, row in rows.items():
        if same_name(row.name, draft.name):
            return place
    free = [place for place in range(1, MOST_PROGRAMS + 1) if place not in rows]
    if not free:
        raise NoRoomError
    return draft.place if draft.place in free else free[0]
