"""Taking changes back for somebody: what they may, judged by the admin's own forms, and in the admin's own log."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from accounts.models import User
from roles.admin.judging import faults_of
from roles.admin.telling import permission
from roles.history.acting import acting
from roles.history.carrying_out import MovedError, carry_out
from roles.history.past import Key
from roles.history.reverting import Plan, lock
from roles.how_far import Told, nobody
from roles.models.history import What

type Planning = Callable[[], Plan]

_AT_ONCE = 1000


def revert(*, keys: Collection[Key], planned: Planning, seen: str, by: User, doing: str, told: Told = nobody) -> UUID:
    """Plan behind locks, and do it if it is what was seen. Gives the changeset.

    Raises MovedError, and NotRevertedError with what stands in the way; then nothing was changed.
    """
    with acting(by=by, doing=doing) as number, transaction.atomic():
        lock(keys)
        plan = as_permitted(by, planned())
        if plan.seen != seen:
            raise MovedError(plan)
        carry_out(plan, judge=faults_of, told=told)
        _log(by, plan, doing)
    return number


def as_permitted(by: User, plan: Plan) -> Plan:
    """The plan, with what the person may not do as faults."""
    verbs = {What.INSERT: "add", What.UPDATE: "change", What.DELETE: "delete"}
    for step in plan.steps:
        if not by.has_perm(permission(step.model, verbs[step.what])):
            step.faults.append(f"You may not {verbs[step.what]} {step.model._meta.verbose_name_plural}.")
    return plan


def _log(by: User, plan: Plan, doing: str) -> None:
    """In the admin's own log, as of any other edit."""
    flags: dict[Any, int] = {What.INSERT: ADDITION, What.UPDATE: CHANGE, What.DELETE: DELETION}
    entries = [
        LogEntry(
            user=by,
            content_type=ContentType.objects.get_for_model(step.model),
            object_id=str(step.pk),
            object_repr=step.name[:200],
            action_flag=flags[step.what],
            change_message=doing,
        )
        for step in plan.steps
    ]
    LogEntry.objects.bulk_create(entries, batch_size=_AT_ONCE)
