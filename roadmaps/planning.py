"""Publishing at a moment that an editor chose. The only writer of `Plan`.

The plan's row is the lock: whoever carries it out or cancels it locks it first, so that it happens once. What goes out
is the draft that the editor saw; where somebody edited it since, nothing goes out, and the plan says why.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction

from accounts.models import User
from roadmaps.models import Plan, PlanState, Publication
from roadmaps.publishing import DraftMovedError, NotPublishableError, publish_as_seen
from roles.models import Role


class NotPlannableError(Exception):
    """It cannot be planned; `reason` is one sentence for the editor."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def plan(*, role: Role, at: datetime, seen: str, note: str, by: User, now: datetime) -> Plan:
    """Let the draft that was seen go out at that moment. Raises NotPlannableError."""
    Role.objects.select_for_update(no_key=True).get(pk=role.pk)
    if at <= now:
        raise NotPlannableError("Choose a moment that is still to come.")
    if Plan.objects.of(role).waiting().exists():
        raise NotPlannableError("A publication of this roadmap is planned already. Cancel it first.")
    return Plan.objects.create(role=role, at=at, seen=seen, note=note, planned_by=by, planned_at=now)


@transaction.atomic
def cancel(*, plan: Plan, now: datetime) -> Plan:
    """Let it not go out. What is over already stays as it is."""
    row = Plan.objects.select_for_update(no_key=True, of=("self",)).get(pk=plan.pk)
    if row.state == PlanState.WAITING:
        _end(row, PlanState.CANCELLED, now)
    return row


def carry_out_due(*, now: datetime) -> list[Plan]:
    """Publish whatever is due and nobody else is publishing at this moment; each in a transaction of its own."""
    done: list[Plan] = []
    while (row := _carry_out_next(now, {each.pk for each in done})) is not None:
        done.append(row)
    return done


@transaction.atomic
def _carry_out_next(now: datetime, done: set[int]) -> Plan | None:
    rows = Plan.objects.due(now).exclude(pk__in=done).select_related("role").order_by("at", "pk")
    row = rows.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
    if row is None:
        return None
    try:
        publication = _published(row)
    except DraftMovedError:
        _end(row, PlanState.STOPPED, now, why="The draft was edited after this was planned.")
    except NotPublishableError as error:
        _end(row, PlanState.STOPPED, now, why=f"The draft has gaps. {error}"[:500])
    else:
        if publication is None:
            _end(row, PlanState.STOPPED, now, why="What the draft says was out already.")
        else:
            row.publication = publication
            _end(row, PlanState.DONE, now)
    return row


@transaction.atomic
def _published(row: Plan) -> Publication | None:
    publication = publish_as_seen(row.role, by=row.planned_by, note=row.note, seen=row.seen)
    if publication is not None and row.planned_by is not None:
        said = f"Published the roadmap as planned: {publication.label}."
        LogEntry.objects.log_actions(row.planned_by.pk, [row.role], CHANGE, said)
    return publication


def _end(row: Plan, state: PlanState, now: datetime, *, why: str = "") -> None:
    row.state, row.ended_at, row.why = state, now, why
    row.save(update_fields=["state", "ended_at", "why", "publication"])
