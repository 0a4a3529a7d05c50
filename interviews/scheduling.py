"""When a question comes back. Pure: knows no database and no clock.

FSRS-6 by the library `fsrs`, with its default parameters, no learning steps and none of its random spread. The library
counts whole periods of 24 hours, so it is given study days and never moments: raw times make its predictions worse.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from fsrs import Card, Rating, Scheduler, State

# What is stored with every review, so that an old one can be told from a new one.
SCHEDULER = "fsrs 6.3.2, defaults, retention 0.9"

# As in the library; SQL that counts recall uses the same two: power(1 + FACTOR * days / stability, DECAY).
DECAY = -0.1542
FACTOR = 0.9 ** (1 / DECAY) - 1

# Days between reviews that are spread, and by what share at most.
SPREAD_FROM, SPREAD = 5, 0.05


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of one question. `stability`: days until recall falls to 0.9; `difficulty`: 1 to 10."""

    stability: float
    difficulty: float
    due_day: date
    last_day: date


def schedule(*, memory: Memory | None, rating: int, study_day: date) -> Memory:
    """The memory after a review on a study day. `memory` is None for a question that is new to the learner.

    `rating`: 1 Again, 2 Hard, 3 Good, 4 Easy. Raises ValueError for another rating, or for a day before the last one.
    """
    if memory is not None and study_day < memory.last_day:
        raise ValueError("A review is not before the last one.")
    reviewed, _ = _scheduler().review_card(_card(memory), Rating(rating), _noon(study_day))
    assert reviewed.stability is not None, "a reviewed card has one"
    assert reviewed.difficulty is not None, "a reviewed card has one"
    return Memory(reviewed.stability, reviewed.difficulty, reviewed.due.date(), study_day)


def recall(*, memory: Memory, on: date) -> float:
    """The chance of recalling it on a day, from 0 to 1. Before the last review it is 1."""
    days = max((on - memory.last_day).days, 0)
    return float((1 + FACTOR * days / memory.stability) ** DECAY)


def spread(memory: Memory, *, card: int, reps: int) -> Memory:
    """The same memory, due a little sooner or later, so that what was learned together does not come back together.

    Seeded by the card and its count of reviews: replaying a log gives the same days.
    """
    days = (memory.due_day - memory.last_day).days
    if days < SPREAD_FROM:
        return memory
    reach = max(1, round(days * SPREAD))
    drawn = int.from_bytes(hashlib.sha256(f"{card}:{reps}".encode()).digest()[:4])
    moved = days + drawn % (2 * reach + 1) - reach
    return Memory(memory.stability, memory.difficulty, memory.last_day + timedelta(days=moved), memory.last_day)


@cache
def _scheduler() -> Scheduler:
    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def _card(memory: Memory | None) -> Card:
    # With a number: without one the library waits a millisecond to make one.
    if memory is None:
        return Card(card_id=1)
    return Card(
        card_id=1,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_noon(memory.due_day),
        last_review=_noon(memory.last_day),
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)
