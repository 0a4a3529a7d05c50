"""Coming onto a roadmap, leaving it, and moving to a later edition of it. The only writer of `Enrolment`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from roadmaps.lineage import Inherited, inherited
from roadmaps.models import Enrolment, GoalState, Publication, State
from roles.blueprint import Roadmap
from roles.models import Role


class NoRoadmapError(Exception):
    """The role has no published roadmap."""


@transaction.atomic
def enrol(*, learner: User, role: Role) -> Enrolment:
    """Put the learner on the role's newest publication. Doing it again changes nothing; after leaving it resumes."""
    newest = Publication.objects.held(role)
    if newest is None:
        raise NoRoadmapError
    enrolment, created = Enrolment.objects.select_for_update(no_key=True).get_or_create(
        learner=learner, role=role, defaults={"publication": newest}
    )
    if not created and enrolment.left_at is not None:
        enrolment.left_at = None
        enrolment.save(update_fields=["left_at"])
    return enrolment


@transaction.atomic
def leave(*, learner: User, role: Role, now: datetime) -> Enrolment:
    """Take the learner off the roadmap. Progress stays for the day they come back."""
    enrolment = Enrolment.objects.of(learner).select_for_update(no_key=True).get(role=role)
    if enrolment.left_at is None:
        enrolment.left_at = now
        enrolment.save(update_fields=["left_at"])
    return enrolment


@transaction.atomic
def accept_newest(*, learner: User, role: Role, offered: int, now: datetime) -> Enrolment | None:
    """Move the learner to the publication they were shown, and carry credit over to what replaces finished goals.

    `offered` is the number of the publication whose diff was on the page. Returns None, and changes nothing, if a
    newer one came out meanwhile: nobody accepts what they have not seen. Accepting twice changes nothing.
    """
    enrolment = _locked(learner, role)
    newest = Publication.objects.held(role)
    if newest is None or newest.number != offered:
        return None
    if enrolment.publication_id != newest.pk:
        _carry_over(enrolment, newest.roadmap, now)
        enrolment.publication = newest
        enrolment.declined = None
        enrolment.accepted_at = now
        enrolment.save(update_fields=["publication", "declined", "accepted_at"])
    return enrolment


@transaction.atomic
def put_aside(*, learner: User, role: Role) -> Enrolment:
    """Stay on the edition that one has. The offer is shown small from now on, until there is a newer one."""
    enrolment = _locked(learner, role)
    enrolment.declined = Publication.objects.latest_of(role)
    enrolment.save(update_fields=["declined"])
    return enrolment


def _locked(learner: User, role: Role) -> Enrolment:
    return Enrolment.objects.of(learner).current().select_for_update(no_key=True).get(role=role)


def _carry_over(enrolment: Enrolment, roadmap: Roadmap, now: datetime) -> None:
    """Write what `roadmaps.lineage` says that the learner has on the roadmap."""
    rows = {str(row.goal_id): row for row in enrolment.goal_states.all()}
    states = {key: State(row.state) for key, row in rows.items()}
    carried = [
        _carried(enrolment, key, found, rows, now)
        for key, found in inherited(states, enrolment.publication.roadmap, roadmap).items()
    ]
    GoalState.objects.bulk_create(
        carried,
        update_conflicts=True,
        unique_fields=["enrolment", "goal"],
        update_fields=["state", "changed_at", "done_at", "credited_from"],
    )


def _carried(
    enrolment: Enrolment, key: str, found: Inherited, rows: Mapping[str, GoalState], now: datetime
) -> GoalState:
    row = GoalState(enrolment=enrolment, goal_id=key, state=found.state, changed_at=now)
    if found.state == State.DONE:
        # Done when the last of its parts was.
        last = max((rows[part] for part in found.parts), key=lambda part: part.done_at or now)
        row.done_at, row.credited_from_id = last.done_at, last.goal_id
    return row
