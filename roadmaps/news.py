"""What happened on a learner's roadmaps while they were away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from roadmaps.diffs import Change, summary
from roadmaps.models import Publication
from roadmaps.models.publication import published
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
    """News of each roadmap; on a first visit only the offers that wait. A query only if there was a publication."""
    standings = list(standings)
    minor = _minor_since(standings, since) if since else {}
    news = (
        News(
            each,
            minor.get((each.enrolment.role_id, each.enrolment.publication.edition), []),
            each.closed_since(since) if since else 0,
        )
        for each in standings
    )
    return [each for each in news if each]


def _minor_since(standings: list[Standing], since: datetime) -> dict[tuple[int, int], list[tuple[Publication, str]]]:
    found: dict[tuple[int, int], list[tuple[Publication, str]]] = {}
    moved = [each.enrolment.role_id for each in standings if published(each.enrolment.follows).published_at >= since]
    if not moved:
        return found
    for publication in Publication.objects.minor_since(since, roles=moved):
        line = summary(Change.from_json(change) for change in publication.changes)
        found.setdefault((publication.role_id, publication.edition), []).append((publication, line))
    return found
