"""Evidence as a learner gathers it, before it is handed in. The only writer of `Evidence`.

Nothing is changed in place: editing a piece makes the next version of it, and taking one away keeps it for undo.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from mentoring.models import Evidence, EvidenceKind, State, Thread
from mentoring.models.evidence import LARGEST_SUBMISSION, MOST_PIECES

# Whose turn it is: only then is there anything to gather.
LEARNERS_TURN = (State.DRAFT, State.RETURNED)


class NotGatheredError(Exception):
    """The piece cannot be added; `reason` is one sentence for the learner."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was inspected and stored."""

    kind: str  # a FileKind value
    stored: str  # its name in the storage
    name: str
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What the learner fills in: exactly one of url, text and file."""

    title: str
    criteria: Sequence[UUID] = ()
    url: str = ""
    text: str = ""
    file: StoredFile | None = None

    @property
    def kind(self) -> EvidenceKind:
        if self.file is not None:
            return EvidenceKind.FILE
        return EvidenceKind.LINK if self.url else EvidenceKind.NOTE


@transaction.atomic
def add(*, thread: Thread, piece: Piece, by: User, key: UUID, now: datetime) -> Evidence:
    """Add a piece to what is at hand. A second post with the same key returns what the first one made.

    Raises NotGatheredError where it is not the learner's turn or there is no room.
    """
    row = _locked(thread, by)
    made = Evidence.objects.filter(thread=row, key=key).first()
    if made is not None:
        return made
    _demand_turn(row)
    _demand_room(row, piece, instead_of=None)
    return _create(row, piece, key=key, now=now, replaces=None)


@transaction.atomic
def change(*, evidence: Evidence, piece: Piece, by: User, key: UUID, now: datetime) -> Evidence:
    """The next version of a piece, in its place. Raises NotGatheredError as `add` does, or if it is gone."""
    row = _locked(evidence.thread, by)
    made = Evidence.objects.filter(thread=row, key=key).first()
    if made is not None:
        return made
    _demand_turn(row)
    old = Evidence.objects.get(pk=evidence.pk, thread=row)
    if old.removed_at is not None:
        raise NotGatheredError("This was changed or taken away meanwhile. Look at what is there now.")
    _demand_room(row, piece, instead_of=old)
    _remove(old, now)
    return _create(row, piece, key=key, now=now, replaces=old)


@transaction.atomic
def take_away(*, evidence: Evidence, by: User, now: datetime) -> Evidence:
    """Leave a piece out of the next submission. Doing it again changes nothing."""
    row = _locked(evidence.thread, by)
    _demand_turn(row)
    piece = Evidence.objects.get(pk=evidence.pk, thread=row)
    if piece.removed_at is None:
        _remove(piece, now)
    return piece


@transaction.atomic
def bring_back(*, evidence: Evidence, by: User, now: datetime) -> Evidence:
    """Undo of `take_away`. What a later version took the place of stays away."""
    row = _locked(evidence.thread, by)
    _demand_turn(row)
    piece = Evidence.objects.get(pk=evidence.pk, thread=row)
    if piece.removed_at is None:
        return piece
    if Evidence.objects.filter(replaces=piece).exists():
        raise NotGatheredError("A later version took its place.")
    _demand_room(row, _as_piece(piece), instead_of=None)
    piece.removed_at = None
    piece.save(update_fields=["removed_at"])
    return piece


def named(names: Collection[str]) -> set[str]:
    """Those of some names of stored files that a piece of evidence has."""
    return set(Evidence.objects.filter(stored__in=names).values_list("stored", flat=True))


def _locked(thread: Thread, by: User) -> Thread:
    """Raises Thread.DoesNotExist for somebody else's."""
    return Thread.objects.of(by).select_for_update(no_key=True).get(pk=thread.pk)


def _demand_turn(row: Thread) -> None:
    if row.state not in LEARNERS_TURN:
        reason = "It is approved." if row.state == State.APPROVED else "It is with the mentors. Take it back first."
        raise NotGatheredError(reason)


def _demand_room(row: Thread, piece: Piece, *, instead_of: Evidence | None) -> None:
    at_hand = [each for each in Evidence.objects.filter(thread=row).at_hand() if each != instead_of]
    if len(at_hand) >= MOST_PIECES:
        raise NotGatheredError(f"A submission has at most {MOST_PIECES} pieces of evidence. Take one away first.")
    size = sum(each.size for each in at_hand) + (piece.file.size if piece.file else 0)
    if size > LARGEST_SUBMISSION:
        raise NotGatheredError("The files of a submission have at most 50 MB together. Take one away first.")


def _remove(piece: Evidence, now: datetime) -> None:
    piece.removed_at = now
    piece.save(update_fields=["removed_at"])


def _create(row: Thread, piece: Piece, *, key: UUID, now: datetime, replaces: Evidence | None) -> Evidence:
    file = piece.file
    return Evidence.objects.create(
        thread=row,
        kind=piece.kind,
        title=piece.title,
        url=piece.url,
        text=piece.text,
        file_kind=file.kind if file else "",
        stored=file.stored if file else "",
        file_name=file.name if file else "",
        size=file.size if file else 0,
        sha256=file.sha256 if file else "",
        criteria=list(piece.criteria),
        replaces=replaces,
        key=key,
        added_at=now,
    )


def _as_piece(evidence: Evidence) -> Piece:
    file = None
    if evidence.kind == EvidenceKind.FILE:
        file = StoredFile(evidence.file_kind, evidence.stored, evidence.file_name, evidence.size, evidence.sha256)
    return Piece(evidence.title, evidence.criteria, evidence.url, evidence.text, file)
