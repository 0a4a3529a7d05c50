"""From what a learner fills in to a piece of evidence: files are stored first, and kept only if the row is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files import File

from accounts.models import User
from mentoring import gathering
from mentoring.files.inspecting import Inspected
from mentoring.files.keeping import discard, storing
from mentoring.gathering import Piece, StoredFile
from mentoring.models import Evidence, EvidenceKind, Thread


def add(*, thread: Thread, given: Mapping[str, Any], by: User, key: UUID, now: datetime) -> Evidence:
    """Add what a valid form holds. Raises NotGatheredError where it is not the learner's turn, or no room is left."""
    with ExitStack() as stack:
        piece = _piece(given, stack)
        made = gathering.add(thread=thread, piece=piece, by=by, key=key, now=now)
    return _without_spare(made, piece)


def change(*, evidence: Evidence, given: Mapping[str, Any], by: User, key: UUID, now: datetime) -> Evidence:
    """The next version of a piece; its file stays where no other was chosen. Raises NotGatheredError as `add` does."""
    with ExitStack() as stack:
        piece = _piece(given, stack)
        if evidence.kind == EvidenceKind.FILE and piece.file is None:
            piece = replace(piece, file=_kept_file(evidence))
        made = gathering.change(evidence=evidence, piece=piece, by=by, key=key, now=now)
    return _without_spare(made, piece)


def _piece(given: Mapping[str, Any], stack: ExitStack) -> Piece:
    upload: File[bytes] | None = given.get("file")
    file = None
    if upload is not None:
        found: Inspected = given["inspected"]
        stored = stack.enter_context(storing(upload))
        file = StoredFile(found.kind, stored, found.name, found.size, found.sha256)
    return Piece(given["title"], given["criteria"], given.get("url", ""), given.get("text", ""), file)


def _without_spare(made: Evidence, piece: Piece) -> Evidence:
    """A second post of the same form stored its file once more, and got what the first one made."""
    if piece.file is not None and piece.file.stored != made.stored:
        discard(piece.file.stored)
    return made


def _kept_file(evidence: Evidence) -> StoredFile:
    return StoredFile(evidence.file_kind, evidence.stored, evidence.file_name, evidence.size, evidence.sha256)
