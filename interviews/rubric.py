"""How an answer is graded: four criteria by four anchored levels, and what grade follows. Pure.

Anchors make raters agree more and favor less; four of them leave no lazy middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

# Stored with every score: whoever changes an anchor or a limit raises it.
VERSION = 1


class Grade(IntEnum):
    """How well it was recalled. Hard is a pass: the answer came, with effort."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4

    @property
    def label(self) -> str:
        return self.name.capitalize()

    @property
    def means(self) -> str:
        return _MEANS[self]


_MEANS = {
    Grade.AGAIN: "I could not have given this answer",
    Grade.HARD: "A pass, with effort",
    Grade.GOOD: "A pass",
    Grade.EASY: "A pass without effort, in time",
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the four things that an answer is graded by."""

    name: str
    title: str
    asks: str
    anchors: tuple[str, str, str, str]  # for 1 to 4


CRITERIA = (
    Criterion(
        "substance",
        "Substance",
        "Is it right?",
        (
            "Wrong or unsafe",
            "Right fragments, a key point missing",
            "All key points right",
            "All of that, plus limits and edge cases",
        ),
    ),
    Criterion(
        "reasoning",
        "Reasoning",
        "Why this and not something else?",
        (
            "Bare assertion",
            "One reason, no alternative",
            "Compares options and justifies the choice",
            "Says what would change the decision",
        ),
    ),
    Criterion(
        "grounding",
        "Grounding in care",
        "Whom does it reach?",
        (
            "No patient, data or rule named",
            "A generic mention",
            "Names the patient, data or rule that matters",
            "Traces it to a concrete safeguard or metric",
        ),
    ),
    Criterion(
        "delivery",
        "Delivery",
        "Can one follow it?",
        (
            "Cannot be followed",
            "Needs rescuing questions",
            "Ordered, answers what was asked",
            "Concise, leads with the answer, in time",
        ),
    ),
)
NAMES = tuple(each.name for each in CRITERIA)

# What each criterion looks at, by the category of the question. Delivery is the same for all.
LOOKS_AT = {
    "technical": {
        "substance": "the method is correct",
        "reasoning": "trade-offs, failure modes",
        "grounding": "leakage, shift, error in subgroups",
    },
    "domain": {
        "substance": "the fact or rule is current",
        "reasoning": "why it exists",
        "grounding": "its effect on workflow or patient",
    },
    "scenario": {
        "substance": "a safe first action",
        "reasoning": "priorities, escalation",
        "grounding": "who is harmed, who decides",
    },
    "behavioral": {
        "substance": "a real situation, your own action",
        "reasoning": "why you chose it, what you learned",
        "grounding": "a measurable result",
    },
}


@dataclass(frozen=True, slots=True)
class Scores:
    """1 to 4 on each criterion."""

    substance: int
    reasoning: int
    grounding: int
    delivery: int

    def __post_init__(self) -> None:
        if not all(1 <= getattr(self, name) <= 4 for name in NAMES):
            raise ValueError("Each criterion is scored 1 to 4.")

    @property
    def by_name(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in NAMES}

    @property
    def total(self) -> int:
        """4 to 16."""
        return self.substance + self.reasoning + self.grounding + self.delivery


def proposed(scores: Scores, *, in_time: bool) -> Grade:
    """The grade that follows from scores. Substance is a gate: what is wrong or unsafe comes back, well said or not."""
    if scores.substance == 1 or scores.total <= 8:
        return Grade.AGAIN
    if scores.total <= 11:
        return Grade.HARD
    return Grade.EASY if scores.total >= 15 and in_time else Grade.GOOD
