"""Which drafts say something else than what is out: of all roles at once, kept until the catalog changes.

Publishing and taking back write into the role, so they change the catalog too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.core.cache import caches

from roadmaps.diffs import diff, summary
from roadmaps.models import Publication
from roadmaps.models.publication import digest_of
from roadmaps.publishing import NotPublishableError, draft_from, draft_phases
from roles.models import Phase, Role


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A draft that is not out as it is."""

    role: int
    name: str
    changes: int  # 0 where nothing of the roadmap is out yet, or where gaps keep it from being compared
    words: str
    gaps: tuple[str, ...] = ()


def unpublished(version: str) -> list[Unpublished]:
    """In the order of the roles; `version` is the catalog's."""
    key = f"unpublished:{version}"
    kept: list[Unpublished] | None = caches["local"].get(key)
    if kept is None:
        kept = _compared()
        caches["local"].set(key, kept, timeout=3600)
    return kept


def _compared() -> list[Unpublished]:
    phases: dict[int, list[Phase]] = defaultdict(list)
    for phase in draft_phases():
        phases[phase.role_id].append(phase)
    newest = Publication.objects.standing().order_by("role_id", "-number").distinct("role_id")
    latest = {each.role_id: each for each in newest.defer("changes")}
    roles = Role.objects.with_draft().defer("blueprint").order_by("profile", "order", "name")
    found = [_compare(role, phases[role.pk], latest.get(role.pk)) for role in roles]
    return [each for each in found if each]


def _compare(role: Role, phases: list[Phase], latest: Publication | None) -> Unpublished | None:
    try:
        draft = draft_from(role, phases, latest)
    except NotPublishableError as error:
        return Unpublished(role.pk, role.name, 0, "It has gaps, and cannot be published.", tuple(error.reasons))
    if latest is None:
        return Unpublished(role.pk, role.name, 0, "Nothing of it is out yet.")
    if digest_of(draft.to_json()) == latest.digest:
        return None
    changes = diff(latest.roadmap, draft)
    return Unpublished(role.pk, role.name, len(changes), f"{summary(changes)}.")
