"""What roadmaps bring to the start page of the admin: drafts, plans, publications."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from roadmaps.models import Plan, PlanState, Publication
from roadmaps.previewing import preview_url
from roadmaps.unpublished import unpublished
from roles.models import Role
from roles.start.concerns import Asked, Concern, Item, Urgency, concern, moment
from roles.start.shelves import Link, counted, list_address, of_roles, theme

_ITEMS = 4
_PUBLISH = "roadmaps.add_publication"


@concern(permission=_PUBLISH)
def stopped(asked: Asked) -> Concern:
    """Publications that were planned and did not go out, as long as their draft still waits."""
    waiting = {each.role for each in unpublished(asked.version)}
    newest = Plan.objects.filter(role=OuterRef("role")).order_by("-planned_at", "-pk").values("pk")[:1]
    out = Publication.objects.filter(role=OuterRef("role")).order_by("-published_at").values("published_at")[:1]
    rows = Plan.objects.filter(pk=Subquery(newest), state=PlanState.STOPPED, role__in=waiting)
    rows = rows.annotate(out=Subquery(out)).filter(Q(out=None) | Q(out__lt=F("ended_at")))
    plans = list(rows.select_related("role").defer("role__blueprint"))
    items = tuple(
        Item(each.role.name, _publishing(each.role_id), f"Planned for {moment(each.at)}. {each.why}")
        for each in plans[:_ITEMS]
    )
    words = "Every planned publication went out." if not plans else "It was planned, and did not go out by itself."
    if len(plans) > 1:
        words = "They were planned, and did not go out by themselves."
    return Concern(
        "stopped", "Stopped publications", len(plans), words, Urgency.FAILED, _desk(), "Roadmaps to publish", items
    )


@concern(permission=_PUBLISH)
def drafts(asked: Asked) -> Concern:
    found = unpublished(asked.version)
    items = tuple(
        Item(
            each.name,
            _publishing(each.role),
            f"{_changes(each.changes)}: {each.words}" if each.changes else " ".join((each.words, *each.gaps[:2])),
        )
        for each in found[:_ITEMS]
    )
    words = "Learners do not see yet what their drafts say." if found else "What every draft says is out."
    return Concern(
        "drafts", "Unpublished drafts", len(found), words, Urgency.OPEN, _desk(), "Roadmaps to publish", items
    )


@concern(permission=_PUBLISH)
def planned(asked: Asked) -> Concern:
    plans = Plan.objects.waiting().order_by("at").select_related("role", "planned_by").defer("role__blueprint")
    rows = list(plans)
    items = tuple(
        Item(each.role.name, _publishing(each.role_id), f"{moment(each.at)}, by {_who(each)}") for each in rows[:_ITEMS]
    )
    words = "Each goes out by itself, if its draft is still the one that was seen." if rows else "Nothing is planned."
    return Concern(
        "planned", "Planned publications", len(rows), words, Urgency.NEWS, _desk(), "Roadmaps to publish", items
    )


@of_roles
def links_of_roles(asked: Asked) -> Mapping[int, list[Link]]:
    """The way to what is out, and to what would be."""
    if not asked.user.has_perm(_PUBLISH):
        return {}
    waiting = {each.role: each for each in unpublished(asked.version)}
    rows = Role.objects.with_draft().order_by().annotate(out=counted(Publication.objects.standing(), "role"))
    found = {}
    for role in rows.only("slug", "short_name"):
        state, name = waiting.get(role.pk), role.short_name
        label = f"Publish {_changes(state.changes)}" if state and state.changes else "Compare and publish"
        found[role.pk] = [
            Link(label, _publishing(role.pk), of=name),
            Link("Publications", list_address(Publication, role__id__exact=role.pk), role.out, of=name),  # type: ignore[attr-defined]
        ]
        if state is None or not state.gaps:
            found[role.pk].append(Link("Preview", preview_url(role, now=asked.now), of=name))
    return found


theme("Roadmaps", Publication)


def _publishing(role: int) -> str:
    return reverse("admin:roadmaps_publication_publish", args=[role])


def _desk() -> str:
    return reverse("admin:roadmaps_publication_desk")


def _who(plan: Plan) -> str:
    return plan.planned_by.name if plan.planned_by else "somebody who has left"


def _changes(count: int) -> str:
    return "1 change" if count == 1 else f"{count} changes"
