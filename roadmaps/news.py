"""What happened on a learner's roadmaps while they were away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from roadmaps.diffs import Change, summary
from roadmaps.models import GoalState, Publication
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
    """News of each roadmap; on a first visit only the offers that wait. Two queries, none on a first visit."""
    standings = list(standings)
    minor = _minor_since(standings, since) if since else {}
    closed = _closed_since(standings, since) if since else {}
    news = (
        News(
            each,
            minor.get((each.enrolment.role_id, each.enrolment.publication.edition), []),
            closed.get(each.enrolment.pk, 0),
        )
        for each in standings
    )
    return [each for each in news if each]


def _minor_since(standings: list[Standing], since: datetime) -> dict[tuple[int, int], list[tuple[Publication, str]]]:
    found: dict[tuple[int, int], list[tuple[Publication, str]]] = {}
    roles = [each.enrolment.role_id for each in standings]
    for publication in Publication.objects.minor_since(since, roles=roles):
        line = summary(Change.from_json(change) for change in publication.changes)
        found.setdefault((publication.role_id, publication.edition), []).append((publication, line))
    return found


def _closed_since(standings: list[Standing], since: datetime) -> dict[int, int]:
    return GoalState.objects.closed_since(since, enrolments=[each.enrolment.pk for each in standings])
