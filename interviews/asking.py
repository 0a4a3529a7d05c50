"""What a mentor is asked to score, as reviews freeze it, and what they gave. Pure.

The rubric is that of practice: four criteria by four anchored levels. Substance is the gate: without it nothing is
approved, while the other three never stand in the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

from django.utils.text import Truncator

from interviews import rubric
from interviews.models import Mock, MockQuestion, Question
from interviews.rubric import Scores
from mentoring.asked import Asked, Criterion

# The keys of the rubric's criteria are made from this and their names.
_RUBRIC = UUID("b6a1c7de-90c5-4e55-8f6f-0a1d9b1f27c4")
_GATE = "substance"
_LONGEST_TITLE = 120

KEYS: Mapping[str, str] = {each.name: str(uuid5(_RUBRIC, each.name)) for each in rubric.CRITERIA}


def asked_of_answer(question: Question) -> Asked:
    """An answer to one question, beside its key points and a good answer."""
    return Asked(
        title=Truncator(question.prompt).chars(_LONGEST_TITLE),
        place="Interview answer",
        text=question.prompt,
        brief=_what_is_good(question),
        criteria=_criteria(rubric.LOOKS_AT[question.category]),
    )


def asked_of_mock(mock: Mock, slots: Iterable[MockQuestion]) -> Asked:
    """All answers of a mock interview, scored as one."""
    on = mock.started_at
    return Asked(
        title=f"{on:%B} {on.day}, level {mock.level}, {mock.count} questions in {mock.minutes} minutes",
        place="Mock interview",
        text=f"{mock.role.name}: {mock.count} questions in {mock.minutes} minutes. Score the interview as a whole.",
        brief="\n\n".join(
            f"**{slot.place}. {slot.question.prompt}**\n\n{_what_is_good(slot.question)}" for slot in slots
        ),
        criteria=_criteria({}),
    )


def scores_from(given: Mapping[str, int]) -> Scores | None:
    """Scores by the criteria's keys, as the rubric has them; None where one of the four is missing."""
    found = {name: given.get(key) for name, key in KEYS.items()}
    return Scores(**{name: score for name, score in found.items() if score}) if all(found.values()) else None


def _criteria(looks_at: Mapping[str, str]) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            KEYS[each.name],
            f"{each.title}: {looks_at[each.name]}" if each.name in looks_at else each.title,
            required=each.name == _GATE,
            scale=each.anchors,
        )
        for each in rubric.CRITERIA
    )


def _what_is_good(question: Question) -> str:
    points = "\n".join(f"* {point}" for point in question.key_points)
    return f"**Key points**\n\n{points}\n\n**One good answer**\n\n{question.model_answer}"
