"""Reverts that no request waits for: asked for by people, done by the worker. The only writer of `Revert`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.careful import outlasting_deadlocks
from accounts.models import User
from roles.history.carrying_out import MovedError, NotRevertedError
from roles.history.reverting import Plan, plan_changesets, rows_of
from roles.history.wording import Words
from roles.how_far import one_at_a_time, telling
from roles.models import Revert, RevertState

MOST_FAULTS = 100

# Takes the plan, made behind locks, and does it for somebody; gives the changeset. Raises MovedError, NotRevertedError.
type Doing = Callable[..., UUID]


class NotSilentError(Exception):
    """A worker has it in hand, or it is over."""


def ask(*, changesets: Collection[UUID], doing: str, seen: str, by: User, now: datetime) -> Revert:
    """Have it done. Asked twice, it is the same one. Whoever calls enqueues it on commit."""
    about: dict[str, Any] = {"seen": seen[:32], "state": RevertState.WAITING}
    try:
        with transaction.atomic():
            return Revert.objects.create(
                **about, changesets=list(changesets), doing=doing[:200], by=by, at=now, alive_at=now
            )
    except IntegrityError:
        return Revert.objects.get(**about)


@transaction.atomic
def start_again(*, number: int, now: datetime) -> Revert:
    """For what no worker is heard of any more. Raises NotSilentError."""
    found = _locked(number)
    if not found.is_silent(now):
        raise NotSilentError
    found.alive_at, found.done = now, 0
    found.save(update_fields=["alive_at", "done"])
    return found


def do_asked(number: int, *, do: Doing) -> None:
    """Do it, if it is still what was seen; otherwise say why not. A worker that dies meanwhile has changed nothing."""
    outlasting_deadlocks(lambda: _do_asked(number, do))


def _do_asked(number: int, do: Doing) -> None:
    one_at_a_time()
    found = Revert.objects.with_people().get(pk=number)
    if found.state != RevertState.WAITING:
        return
    if found.by is None:
        _stop(found, "Whoever asked for it has no account any more.")
        return
    try:
        result = _done_for(found, found.by, do)
    except MovedError:
        _stop(found, "Somebody changed these rows since you looked. Look at it again.")
    except NotRevertedError as error:
        faults = list(_faults(error.plan))
        _stop(found, f"It cannot be reverted as a whole: {_things(len(faults))} in the way.", faults)
    else:
        _end(found, RevertState.DONE, result_id=result)


def _done_for(found: Revert, by: User, do: Doing) -> UUID:
    keys, words = rows_of(found.changesets), Words()

    def planned() -> Plan:
        return plan_changesets(found.changesets, words)

    with telling(found, total=2 * len(keys), state=RevertState.WAITING) as told:
        return do(keys=keys, planned=planned, seen=found.seen, by=by, doing=found.doing, told=told)


def _faults(plan: Plan) -> Iterable[tuple[str, str]]:
    yield from (("", fault) for fault in plan.faults)
    yield from ((step.name, fault) for step in plan.refused for fault in step.faults)


def _things(count: int) -> str:
    return f"{count} things stand" if count > 1 else "one thing stands"


def _stop(found: Revert, why: str, faults: Iterable[tuple[str, str]] = ()) -> None:
    _end(found, RevertState.STOPPED, why=why, faults=list(faults)[:MOST_FAULTS])


def _end(found: Revert, state: RevertState, **told: object) -> None:
    # Only now, since progress is told through another connection, which would wait for this row.
    row = _locked(found.pk)
    row.state, row.ended_at, row.done = state, timezone.now(), row.total
    for name, value in told.items():
        setattr(row, name, value)
    row.save()


def _locked(number: int) -> Revert:
    return Revert.objects.select_for_update(of=("self",)).get(pk=number)
