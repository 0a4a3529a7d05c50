"""From draft rows to an immutable publication. The only writer of `Publication` and of `Role.blueprint`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from accounts.models import User
from roadmaps.diffs import Change, Thing, diff, is_major, summary
from roadmaps.models import Enrolment, GoalState, Publication, PublicationKind, State
from roadmaps.models.publication import digest_of
from roles import blueprint
from roles.blueprint import Roadmap
from roles.models import Criterion, Goal, Milestone, Phase, PhaseResource, Role


class NotPublishableError(Exception):
    """The draft cannot be published; `reasons` says why, each in one sentence."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class DraftMovedError(Exception):
    """The draft is no longer the one that the editor has seen."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many learners one change touches."""

    change: Change
    learners: int  # on the roadmap now
    with_progress: int  # of them, how many have started or finished the goals that it concerns


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing would do, shown to the editor before it is done."""

    kind: PublicationKind
    changes: list[Change]
    reach: list[Reach]
    learners: int
    digest: str  # of the draft that it shows

    @property
    def summary(self) -> str:
        return summary(self.changes)


def preview(role: Role) -> Preview | None:
    """What publishing the draft would change and whom it reaches, or None if nothing changed.

    Raises NotPublishableError where the draft has gaps.
    """
    latest = Publication.objects.latest_of(role)
    draft = draft_of(role, latest)
    digest = digest_of(draft.to_json())
    if latest is None:
        return Preview(PublicationKind.FIRST, [], [], 0, digest)
    if digest == latest.digest:
        return None
    changes = diff(latest.roadmap, draft)
    learners = Enrolment.objects.current().filter(role=role).count()
    return Preview(_kind(changes), changes, _reach(role, changes, learners), learners, digest)


@transaction.atomic
def publish(role: Role, *, by: User | None, note: str = "") -> Publication | None:
    """Publish the role's draft as the next publication; None if nothing changed since the last one.

    Raises NotPublishableError where the draft has gaps.
    """
    role = Role.objects.select_for_update().get(pk=role.pk)
    latest = Publication.objects.latest_of(role)
    draft = draft_of(role, latest)
    snapshot = draft.to_json()
    if latest is not None and digest_of(snapshot) == latest.digest:
        return None
    changes = diff(latest.roadmap, draft) if latest else []
    kind = _kind(changes) if latest else PublicationKind.FIRST
    publication = Publication.objects.create(
        role=role,
        number=_next_number(role),
        edition=_edition(latest, kind),
        kind=kind,
        snapshot=snapshot,
        digest=digest_of(snapshot),
        changes=[change.to_json() for change in changes],
        note=note,
        published_by=by,
    )
    _mark_published(draft)
    role.blueprint = snapshot
    role.save(update_fields=["blueprint"])
    return publication


class NotWithdrawableError(Exception):
    """The publication cannot be taken back; `reason` is one sentence for the editor."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def withdraw(publication: Publication, *, by: User, now: datetime) -> Publication:
    """Take back the newest publication of a role while nobody follows it: newcomers get the one before.

    The draft stays as it is. Doing it again changes nothing. Raises NotWithdrawableError.
    """
    # Not the key: whoever enrols meanwhile holds the publication, and wants no more of the role than that it is there.
    role = Role.objects.select_for_update(no_key=True).get(pk=publication.role_id)
    row = Publication.objects.select_for_update(no_key=True).get(pk=publication.pk)
    if row.withdrawn_at is not None:
        return row
    if reason := obstacle_to_withdrawing(row):
        raise NotWithdrawableError(reason)
    row.withdrawn_at, row.withdrawn_by = now, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    before = Publication.objects.latest_of(role)
    assert before is not None, "the first one stays"
    role.blueprint = before.snapshot
    role.save(update_fields=["blueprint"])
    return row


def obstacle_to_withdrawing(publication: Publication) -> str:
    """Why it cannot be taken back; empty where it can."""
    if publication.withdrawn_at is not None:
        return "It was taken back already."
    if publication.kind == PublicationKind.FIRST:
        return "The first publication of a roadmap stays."
    latest = Publication.objects.latest_of(publication.role)
    if latest is None or latest.pk != publication.pk:
        return "Only the newest publication can be taken back. Publish a correction instead."
    followers = Enrolment.objects.filter(role=publication.role_id, publication__edition=publication.edition).count()
    if followers:
        who = "One learner follows" if followers == 1 else f"{followers:,} learners follow"
        return f"{who} it already. Publish a correction instead."
    return ""


@transaction.atomic
def publish_as_seen(role: Role, *, by: User | None, note: str, seen: str) -> Publication | None:
    """Publish the draft if it is the one whose digest was seen; None if it is out already.

    Raises DraftMovedError where somebody edited it since, and NotPublishableError where it has gaps.
    """
    publication = publish(role, by=by, note=note)
    if publication is not None and publication.digest != seen:
        raise DraftMovedError
    return publication


def draft_of(role: Role, latest: Publication | None = None) -> Roadmap:
    """The roadmap as editors have it now. Raises NotPublishableError where it has gaps.

    Retired goals are part of it once they were published, so that whoever did them still sees them.
    """
    return draft_from(role, list(draft_phases().filter(role=role)), latest)


def draft_phases() -> QuerySet[Phase]:
    """Phases with all that a draft is made of, in their order."""
    return (
        Phase.objects.filter(retired=False)
        .select_related("milestone")
        .prefetch_related(
            "goals__skills",
            "goals__tools",
            "goals__replaces",
            "milestone__criteria",
            "resource_links__resource",
        )
        .order_by("order")
    )


def draft_from(role: Role, phases: list[Phase], latest: Publication | None) -> Roadmap:
    """The same, of phases that were read already."""
    if reasons := list(_gaps(phases)):
        raise NotPublishableError(reasons)
    published = set(latest.roadmap.goals) if latest else set()
    goals = {
        phase: [goal for goal in phase.goals.all() if not goal.retired or str(goal.key) in published]
        for phase in phases
    }
    shown = {str(goal.key) for found in goals.values() for goal in found}
    return Roadmap(
        role.slug,
        tuple(_phase(n, phase, goals[phase], shown) for n, phase in enumerate(phases, start=1)),
    )


def _gaps(phases: list[Phase]) -> Iterable[str]:
    if not phases:
        yield "The roadmap has no phase."
    for phase in phases:
        if not any(not goal.retired for goal in phase.goals.all()):
            yield f"Phase “{phase.title}” has no goal."
        milestone = getattr(phase, "milestone", None)
        if milestone is None:
            yield f"Phase “{phase.title}” has no milestone."
        elif not any(criterion.required and not criterion.retired for criterion in milestone.criteria.all()):
            yield f"The milestone of phase “{phase.title}” has no required criterion."


def _phase(number: int, phase: Phase, goals: list[Goal], shown: set[str]) -> blueprint.Phase:
    return blueprint.Phase(
        slug=phase.slug,
        number=number,
        title=phase.title,
        kind=phase.kind,
        weeks=phase.weeks,
        summary=phase.summary,
        milestone=_milestone(phase.milestone),
        goals=tuple(_goal(goal, shown) for goal in goals),
        resources=tuple(_resource(link) for link in phase.resource_links.all()),
    )


def _goal(goal: Goal, shown: set[str]) -> blueprint.Goal:
    return blueprint.Goal(
        key=str(goal.key),
        text=goal.text,
        skills=tuple(blueprint.Link(skill.slug, skill.name) for skill in goal.skills.all()),
        tools=tuple(blueprint.Link(tool.slug, tool.name) for tool in goal.tools.all()),
        retired=goal.retired,
        replaces=tuple(sorted(_replaced(goal, shown, {goal.pk}))),
    )


def _replaced(goal: Goal, shown: set[str], met: set[int]) -> Iterable[str]:
    """Keys of what a goal takes the place of. Behind what the roadmap no longer shows, or never showed, stands what
    that took the place of."""
    for old in goal.replaces.all():
        if old.pk not in met:
            met.add(old.pk)
            if old.published or str(old.key) in shown:
                yield str(old.key)
            if str(old.key) not in shown:
                yield from _replaced(old, shown, met)


def _milestone(milestone: Milestone) -> blueprint.Milestone:
    return blueprint.Milestone(
        key=str(milestone.key),
        text=milestone.text,
        brief=milestone.brief,
        criteria=tuple(
            blueprint.Criterion(str(criterion.key), criterion.text, criterion.required)
            for criterion in milestone.criteria.all()
            if not criterion.retired
        ),
    )


def _resource(link: PhaseResource) -> blueprint.ResourceLink:
    resource = link.resource
    return blueprint.ResourceLink(
        slug=resource.slug,
        title=resource.title,
        kind=resource.kind,
        kind_name=resource.get_kind_display(),
        provider=resource.provider or resource.authors,
        url=resource.url,
        cost=resource.get_cost_display(),
        access=resource.get_access_display(),
        status=resource.status,
        note=link.note,
    )


def _kind(changes: list[Change]) -> PublicationKind:
    return PublicationKind.MAJOR if is_major(changes) else PublicationKind.MINOR


def _next_number(role: Role) -> int:
    """Numbers of what was taken back are not given again."""
    last = Publication.objects.of(role).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _edition(latest: Publication | None, kind: PublicationKind) -> int:
    if latest is None:
        return 1
    return latest.edition + (kind == PublicationKind.MAJOR)


def _mark_published(roadmap: Roadmap) -> None:
    """From now on these rows can be retired, but not deleted."""
    milestones = [phase.milestone for phase in roadmap.phases]
    criteria = [criterion.key for milestone in milestones for criterion in milestone.criteria]
    Goal.objects.filter(key__in=roadmap.goals, published=False).update(published=True)
    Milestone.objects.filter(key__in=[each.key for each in milestones], published=False).update(published=True)
    Criterion.objects.filter(key__in=criteria, published=False).update(published=True)


def _reach(role: Role, changes: list[Change], learners: int) -> list[Reach]:
    keys = [key for change in changes if change.thing is Thing.GOAL for key in change.keys]
    started = Q(state__in=[State.DOING, State.DONE])
    here = Q(enrolment__role=role, enrolment__left_at__isnull=True)
    counts = {
        str(row["goal_id"]): row["learners"]
        for row in GoalState.objects.filter(started & here, goal_id__in=keys)
        .values("goal_id")
        .annotate(learners=Count("enrolment", distinct=True))
    }
    return [
        Reach(
            change,
            learners,
            max((counts.get(key, 0) for key in change.keys), default=0),
        )
        for change in changes
    ]
