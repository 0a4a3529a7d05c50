"""What is achieved, in the words of whoever asks for a badge. Frozen into the credential, so that it stays readable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, Self
from uuid import UUID

from django.db import models

KINDS_OF_PHASES = range(1, 7)
_GAP = 0.012  # of the ring, open between two phases


class Kind(models.TextChoices):
    MILESTONE = "milestone", "Milestone"
    ROADMAP = "roadmap", "Roadmap"


class ExhibitKind(models.TextChoices):
    LINK = "link", "Link"
    NOTE = "note", "Note"
    FILE = "file", "File"


@dataclass(frozen=True, slots=True)
class Arc:
    """A phase on the ring, in shares of it from the top, clockwise."""

    kind: int  # 1 to 6; 0 for the whole ring where nothing is known of phases
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Achievement:
    """What a mentor approved."""

    kind: str  # a Kind
    key: UUID  # permanent: the same for everybody who achieves it, whatever its name becomes
    name: str
    description: str
    criteria: Sequence[str]
    role: str  # the role's name
    approved_by: str  # the mentor's name
    on: date
    ring: Sequence[tuple[int, int]] = ()  # kind (1 to 6) and weeks of each phase, for the picture

    def __post_init__(self) -> None:
        if self.kind not in Kind.values:
            raise ValueError(f"{self.kind!r} is no kind of achievement.")
        if not all((self.name, self.description, self.criteria, self.role, self.approved_by)):
            raise ValueError("An achievement has a name, a description, criteria, a role and a mentor.")
        if any(kind not in KINDS_OF_PHASES or weeks <= 0 for kind, weeks in self.ring or ()):
            raise ValueError("A ring is made of phases of kind 1 to 6 that last at least a week.")

    @property
    def arcs(self) -> tuple[Arc, ...]:
        """The ring as it is drawn: each phase as long as its weeks."""
        if not self.ring:
            return (Arc(0, 0.0, 1.0),)
        whole = sum(weeks for _, weeks in self.ring)
        gap = _GAP if len(self.ring) > 1 else 0.0
        ends = list(accumulate((weeks for _, weeks in self.ring), initial=0))
        return tuple(
            Arc(kind, round(end / whole, 4), round(max(weeks / whole - gap, gap), 4))
            for (kind, weeks), end in zip(self.ring, ends, strict=False)
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "key": str(self.key),
            "name": self.name,
            "description": self.description,
            "criteria": list(self.criteria),
            "role": self.role,
            "approved_by": self.approved_by,
            "on": self.on.isoformat(),
            "ring": [list(arc) for arc in self.ring or ()],
        }

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Self:
        return cls(
            kind=saved["kind"],
            key=UUID(saved["key"]),
            name=saved["name"],
            description=saved["description"],
            criteria=tuple(saved["criteria"]),
            role=saved["role"],
            approved_by=saved["approved_by"],
            on=date.fromisoformat(saved["on"]),
            ring=tuple((kind, weeks) for kind, weeks in saved["ring"]),
        )


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One piece of evidence, as it stood when it was approved. Shown to others only as far as the learner allows."""

    title: str
    kind: str = ExhibitKind.NOTE.value
    url: str = ""  # of a link
    sha256: str = ""  # of a file, hexadecimal

    def __post_init__(self) -> None:
        if self.kind not in ExhibitKind.values:
            raise ValueError(f"{self.kind!r} is no kind of evidence.")

    def to_json(self) -> dict[str, str]:
        return {"title": self.title, "kind": self.kind, "url": self.url, "sha256": self.sha256}

    @property
    def link(self) -> str:
        """The address where it is one that a page may lead to."""
        return self.url if self.url.startswith(("https://", "http://")) else ""

    @property
    def sha256_parts(self) -> list[str]:
        """In pieces, between which a line may end."""
        return [self.sha256[start : start + 8] for start in range(0, len(self.sha256), 8)]

    @property
    def kind_name(self) -> str:
        return str(ExhibitKind(self.kind).label)
