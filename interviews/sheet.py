"""What an answer is scored by, as pages show it: key points to tick, and criteria with anchors to choose from. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from interviews.models import Question
from interviews.rubric import CRITERIA, LOOKS_AT, Criterion


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of the rubric."""

    criterion: Criterion
    field: str  # under this name the score is sent
    looks_at: str
    anchors: list[tuple[int, str, bool]]  # the score, its sentence, whether it is chosen
    fault: str = ""


def lines(
    category: str, *, chosen: Mapping[str, int | None], faults: Mapping[str, str], prefix: str = ""
) -> list[Line]:
    """The criteria for a question of a category. `prefix` sets the fields of several answers on a page apart."""
    return [
        Line(
            each,
            f"{prefix}-{each.name}" if prefix else each.name,
            LOOKS_AT[category].get(each.name, each.asks),
            [(value, text, chosen.get(each.name) == value) for value, text in enumerate(each.anchors, 1)],
            faults.get(each.name, ""),
        )
        for each in CRITERIA
    ]


def points(question: Question, *, made: Collection[int]) -> list[tuple[int, str, bool]]:
    """The key points of a question: number, text, whether it is ticked."""
    return [(number, text, number in made) for number, text in enumerate(question.key_points, 1)]


def missing(criterion: Criterion) -> str:
    """What is said where a score was not chosen."""
    return f"Score {criterion.title.lower()} first."
