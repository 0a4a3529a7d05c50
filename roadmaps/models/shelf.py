"""Which publications there are, in this process's memory: every page of a learner's asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from roadmaps.models.publication import Publication, PublicationKind


@dataclass(frozen=True, slots=True)
class Shelf:
    """All publications that were not taken back, without their snapshots and each with its role.

    Threads share it: nothing on it is changed.
    """

    publications: dict[int, Publication]
    newest: dict[int, int]  # by role
    newest_of_edition: dict[tuple[int, int], int]  # by role and edition

    def minor_since(self, since: datetime, *, role: int, edition: int) -> list[Publication]:
        """What learners of an edition moved along to by themselves since then, oldest first."""
        return [
            each
            for each in self.publications.values()
            if each.published_at >= since
            and (each.role_id, each.edition, each.kind) == (role, edition, PublicationKind.MINOR)
        ]


@lru_cache(maxsize=2)
def shelf_at(catalog: str | None, published: int) -> Shelf:
    """The shelf as it is with this version of the catalog and this many acts of publishing and of taking back.

    The version alone would do, since it moves with every publication and every edit of a role. But it names a
    transaction, and a test that publishes twice is one."""
    shelf = Shelf({}, {}, {})
    for each in (
        Publication.objects.standing().without_snapshots().defer("snapshot", "role__blueprint").order_by("number")
    ):
        shelf.publications[each.pk] = each
        shelf.newest[each.role_id] = each.pk
        shelf.newest_of_edition[each.role_id, each.edition] = each.pk
    return shelf
