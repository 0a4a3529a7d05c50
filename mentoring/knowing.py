"""What mentors keep on a learner: private notes and shared agreements. The only writer of `Note` and `Agreement`.

A note is for the mentors of the learner, whoever they are at the time. It is on no public page; the learner gets it
when they ask for everything that is held on them. An agreement is seen by both sides, and either may settle it.
Nothing is overwritten: a correction is the next version, and what is taken away can be brought back.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.notifying import Kind, notify
from mentoring.acquaintance import agreements_concerning, knows
from mentoring.models import Agreement, Note


class NotKeptError(Exception):
    """It cannot be written; `reason` is one sentence for the person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def add_note(*, learner: User, text: str, by: User, key: UUID, now: datetime) -> Note:
    """Write a note. A second post of the same form returns what the first one made.

    Raises User.DoesNotExist where the mentor does not know the learner.
    """
    _demand_known(learner.pk, by, now)
    return _write_note(learner.pk, text, by=by, key=key, now=now, replaces=None)


@transaction.atomic
def correct_note(*, note: Note, text: str, by: User, key: UUID, now: datetime) -> Note:
    """The next version of one's own note. Raises Note.DoesNotExist for others', NotKeptError where it is gone."""
    old = _locked_note(note, by, now)
    made = Note.objects.filter(author=by, key=key).first()
    if made is not None:
        return made
    if old.removed_at is not None or Note.objects.filter(replaces=old).exists():
        raise NotKeptError("This note was corrected or taken away meanwhile. Look at what is there now.")
    if old.text == text:
        return old
    return _write_note(old.learner_id, text, by=by, key=key, now=now, replaces=old)


@transaction.atomic
def take_away_note(*, note: Note, by: User, now: datetime) -> Note:
    """Take one's own note away. Doing it again changes nothing."""
    row = _locked_note(note, by, now)
    if Note.objects.filter(replaces=row).exists():
        raise NotKeptError("This note was corrected meanwhile. Look at what is there now.")
    if row.removed_at is None:
        row.removed_at = now
        row.save(update_fields=["removed_at"])
    return row


@transaction.atomic
def bring_back_note(*, note: Note, by: User, now: datetime) -> Note:
    """Undo of `take_away_note`."""
    row = _locked_note(note, by, now)
    if row.removed_at is not None:
        row.removed_at = None
        row.save(update_fields=["removed_at"])
    return row


@transaction.atomic
def agree(*, learner: User, text: str, due_on: date | None, by: User, key: UUID, now: datetime) -> Agreement:
    """Write down what a mentor and a learner agreed on, and tell the learner. A repeated post changes nothing.

    Raises User.DoesNotExist where the mentor does not know the learner.
    """
    _demand_known(learner.pk, by, now)
    row = Agreement(
        learner_id=learner.pk, mentor=by, mentor_name=by.name, text=text, due_on=due_on, key=key, created_at=now
    )
    made = _written_once(Agreement, row, {"mentor": by, "key": key})
    if made.learner_id != learner.pk:
        raise NotKeptError("This form was sent for somebody else. Load the page again.")
    notify(
        person=learner,
        kind=Kind.AGREEMENT,
        title=f"{by.name} wrote down what you agreed on",
        text=text,
        url=reverse("agreement_list"),
        key=f"agreement:{made.pk}",
        now=now,
    )
    return made


@transaction.atomic
def settle(*, agreement: Agreement, by: User, now: datetime) -> Agreement:
    """Say that it is done: the learner, or a mentor who knows them. The other side is told. Again changes nothing.

    Raises Agreement.DoesNotExist for whom it does not concern.
    """
    row = _locked_agreement(agreement, by, now)
    if row.settled_at is None:
        row.settled_at, row.settled_by = now, by
        row.save(update_fields=["settled_at", "settled_by"])
        _tell_settled(row, by, now)
    return row


@transaction.atomic
def resume(*, agreement: Agreement, by: User, now: datetime) -> Agreement:
    """Undo of `settle`, by either side."""
    row = _locked_agreement(agreement, by, now)
    if row.settled_at is not None:
        row.settled_at = row.settled_by = None
        row.save(update_fields=["settled_at", "settled_by"])
    return row


def _demand_known(learner: int, by: User, now: datetime) -> None:
    if not knows(by, learner, now):
        raise User.DoesNotExist


def _write_note(learner: int, text: str, *, by: User, key: UUID, now: datetime, replaces: Note | None) -> Note:
    row = Note(
        learner_id=learner, author=by, author_name=by.name, text=text, key=key, created_at=now, replaces=replaces
    )
    made = _written_once(Note, row, {"author": by, "key": key})
    if made.learner_id != learner:
        raise NotKeptError("This form was sent for somebody else. Load the page again.")
    return made


def _written_once[M: (Note, Agreement)](model: type[M], row: M, once: dict[str, User | UUID]) -> M:
    """The row, or the one that the same form made before. Two posts at once: the second waits, then finds the first."""
    model.objects.bulk_create([row], ignore_conflicts=True)
    return model.objects.get(**once)


def _locked_note(note: Note, by: User, now: datetime) -> Note:
    """One's own note on a learner whom one still knows."""
    own = Note.objects.select_for_update(no_key=True, of=("self",)).filter(author=by)
    row = own.get(pk=note.pk)
    if not knows(by, row.learner_id, now):
        raise Note.DoesNotExist
    return row


def _locked_agreement(agreement: Agreement, by: User, now: datetime) -> Agreement:
    # Lock first, read then: what was read before the lock could be gone by the time one has it.
    Agreement.objects.select_for_update(no_key=True).only("pk").get(pk=agreement.pk)
    return agreements_concerning(by, now).select_related("mentor", "learner").get(pk=agreement.pk)


def _tell_settled(row: Agreement, by: User, now: datetime) -> None:
    """The learner hears it from a mentor; a mentor from the learner, while they still know each other."""
    if by.pk != row.learner_id:
        other, url = row.learner, reverse("agreement_list")
    elif row.mentor is not None and knows(row.mentor, row.learner_id, now):
        other, url = row.mentor, f"{reverse('learner_card', args=[row.learner_id])}#agreements"
    else:
        return
    notify(
        person=other,
        kind=Kind.AGREEMENT,
        title=f"{by.name} settled what you agreed on",
        text=row.text,
        url=url,
        key=f"agreement-settled:{row.pk}:{now.isoformat()}",
        now=now,
    )
