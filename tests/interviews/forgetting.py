"""A log with known answers: learners whose memory follows the curve, and who practice at human times of day.

Each review is drawn from the true chance of recall on its study day. Times are raw moments in UTC, as a database holds
them: mornings, lunch breaks, late evenings and after midnight, in several time zones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from interviews.days import study_day
from interviews.scheduling import Memory, recall, schedule

ZONES = ["UTC", "Europe/Lisbon", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland"]
REVIEWS = 5_000
_REVIEWS_OF_A_CARD = 10
_FIRST = date(2025, 9, 1)


@dataclass(frozen=True, slots=True)
class Answered:
    """One review: what a replay may know, and the truth that it may not."""

    card: int
    at: datetime  # UTC
    zone: str
    rating: int
    truth: float | None  # the chance that it was recalled; none for the first of a card


def log(seed: int = 2026) -> list[Answered]:
    """5,000 reviews, card by card, each card's in order of time. The same for the same seed."""
    random = Random(seed)
    return [each for card in range(REVIEWS // _REVIEWS_OF_A_CARD) for each in _reviews(card, random)]


def _reviews(card: int, random: Random) -> Iterator[Answered]:
    zone = ZONES[card % len(ZONES)]
    memory: Memory | None = None
    day = _FIRST + timedelta(days=random.randrange(60))
    for _ in range(_REVIEWS_OF_A_CARD):
        at = _moment(day, ZoneInfo(zone), random)
        assert study_day(at, ZoneInfo(zone)) == day
        truth = recall(memory=memory, on=day) if memory else None
        recalled = random.random() < (0.5 if truth is None else truth)
        rating = random.choices((2, 3, 4), (3, 6, 1))[0] if recalled else 1
        yield Answered(card, at, zone, rating, truth)
        memory = schedule(memory=memory, rating=rating, study_day=day)
        # Some come on the day, many some days late.
        day = memory.due_day + timedelta(days=random.choice((0, 0, 0, 1, 1, 2, 4, 9)))


def _moment(day: date, zone: ZoneInfo, random: Random) -> datetime:
    """Some time of a study day, which ends at four the next morning."""
    hour = random.choice((6, 7, 8, 12, 13, 18, 20, 21, 22, 23, 24, 25))
    date_there = day + timedelta(days=hour // 24)
    there = datetime.combine(date_there, time(hour % 24, random.randrange(60), random.randrange(60)), tzinfo=zone)
    return there.astimezone(UTC)
