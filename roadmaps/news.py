"""What happened on a learner's roadmaps while they were away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from roadmaps.diffs import Change, summary
from roadmaps.models import Publication
from roadmaps.standing import Standing


@dataclass(frozen=True, slots=True)
class News:
    """One roadmap's news: what was published, and what the learner closed, since the last visit."""

    standing: Standing
    reworded: list[tuple[Publication, str]]  # minor publications that the learner moved along to, with their summary
    closed: int  # goals finished at or after that visit

    def __bool__(self) -> bool:
        return bool(self.reworded or self.closed or self.standing.offer)


def news_since(standings: Iterable[Standing], since: datetime | None) -> list[News]:
    """News of each roadmap; on a first visit only the offers that wait. No query."""
    news = (News(each, _reworded(each, since), each.closed_since(since) if since else 0) for each in standings)
    return [each for each in news if each]


def _reworded(standing: Standing, since: datetime | None) -> list[tuple[Publication, str]]:
    minor = standing.enrolment.minor_since(since) if since else []
    return [(each, summary(Change.from_json(change) for change in each.changes)) for each in minor]
