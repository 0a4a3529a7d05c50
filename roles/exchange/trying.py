"""What the worker does with an import: trying it, and writing it.

A try writes everything and takes it back, so what it says is what the database says. Writing does the same once more,
in one transaction: only if it comes to exactly what the try came to, nothing changed in between, and it stays. A worker
that dies meanwhile leaves what was there before, and whoever comes next begins anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import batched

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from accounts.careful import outlasting_deadlocks
from roles.exchange import applying
from roles.exchange.columns import columns_of, content_models
from roles.exchange.keys import Keys
from roles.exchange.planning import Planned, digest, plan
from roles.exchange.reading import Row, UnreadableError, read
from roles.history.acting import acting
from roles.how_far import Told, one_at_a_time, telling
from roles.models import Import, ImportFile, ImportRow, ImportState, Outcome

KEPT_FOR = timedelta(days=7)

_AT_ONCE = 1000


def try_out(number: int) -> None:
    """Say row by row what the import would change. Changes nothing."""
    with transaction.atomic():
        found = locked(number)
        if found.state not in (ImportState.WAITING, ImportState.TRYING):
            return
        found.state = ImportState.TRYING
        found.tries += 1
        found.done = 0
        found.alive_at = timezone.now()
        found.save()
    try:
        format, rows = read(bytes(ImportFile.objects.get(of=found).content))
        with telling(found, total=len(rows), tries=found.tries) as told, _tried(found, rows, told) as planned:
            transaction.set_rollback(True)
    except UnreadableError as error:
        with transaction.atomic():
            if current := _same_try(found):
                current.refusal, current.state = str(error), ImportState.UNREADABLE
                current.save()
        return
    with transaction.atomic():
        if current := _same_try(found):
            current.format = format
            _note(current, planned)


def write_out(number: int) -> None:
    """Write a confirmed import: all of it, or nothing."""
    outlasting_deadlocks(lambda: _write_out(number))


def _write_out(number: int) -> None:
    one_at_a_time()
    found = Import.objects.select_related("confirmed_by").get(pk=number)
    if found.state != ImportState.CONFIRMED:
        return
    applying.lock(columns_of(content_models()[found.model]))
    _, rows = read(bytes(ImportFile.objects.get(of=found).content))
    doing = f"Import of {found.name}"[:200]
    with (
        acting(by=found.confirmed_by, doing=doing),
        telling(found, total=len(rows), tries=found.tries) as told,
        _tried(found, rows, told) as planned,
    ):
        as_confirmed = digest(planned) == found.digest
        if not as_confirmed:
            transaction.set_rollback(True)
    # Only now, since progress is told through another connection, which would wait for this row.
    found = locked(number)
    if as_confirmed:
        found.state, found.written_at = ImportState.WRITTEN, timezone.now()
        found.done = found.total
        found.save()
        _log(found, planned)
    else:
        found.tried_again = True
        found.confirmed_by = None
        _note(found, planned)


@contextmanager
def _tried(found: Import, rows: list[Row], told: Told) -> Iterator[list[Planned]]:
    """Everything is written, inside of a savepoint that the caller may take back."""
    columns, keys = columns_of(content_models()[found.model]), Keys()
    planned = plan(columns, rows, keys, told=told)
    with transaction.atomic():
        applying.apply(columns, planned, keys, told=lambda done: told(len(rows) + done))
        yield planned


def _note(found: Import, planned: list[Planned]) -> None:
    """Keep what the try came to."""
    counted = Counter(each.outcome for each in planned)
    found.total = len(planned)
    found.done = 2 * len(planned)
    found.new, found.changed = counted[Outcome.NEW], counted[Outcome.CHANGED]
    found.unchanged, found.faulty = counted[Outcome.UNCHANGED], counted[Outcome.FAULTY]
    found.digest = digest(planned)
    found.state = ImportState.FAULTY if found.faulty else ImportState.READY
    found.alive_at = timezone.now()
    found.save()
    found.rows.all().delete()
    for some in batched(planned, _AT_ONCE):
        ImportRow.objects.bulk_create(
            ImportRow(
                of=found,
                number=each.number,
                key=each.key[:250],
                outcome=each.outcome,
                changes=each.changes if each.outcome != Outcome.FAULTY else {},
                faults=[(fault.column, fault.reason) for fault in each.faults],
            )
            for each in some
        )


def _log(found: Import, planned: list[Planned]) -> None:
    """The history of each row says from which file it was written, and at whose word."""
    about = ContentType.objects.get_for_model(content_models()[found.model])
    written = [each for each in planned if each.outcome in (Outcome.NEW, Outcome.CHANGED)]
    for some in batched(written, _AT_ONCE):
        LogEntry.objects.bulk_create(
            LogEntry(
                user=found.confirmed_by,
                content_type=about,
                object_id=str(each.pk),
                object_repr=(each.key or f"Row {each.number}")[:200],
                action_flag=ADDITION if each.outcome == Outcome.NEW else CHANGE,
                change_message=f"Imported from {found.name}: {', '.join(each.values)}.",
            )
            for each in some
        )


def locked(number: int) -> Import:
    return Import.objects.select_for_update(of=("self",)).get(pk=number)


def _same_try(found: Import) -> Import | None:
    """The import, locked, unless somebody dropped it or began another try meanwhile."""
    current = locked(found.pk)
    return current if (current.state, current.tries) == (ImportState.TRYING, found.tries) else None


def drop_old(*, now: datetime) -> int:
    """Files of a week ago go, with what was found in them; that they were imported, and by whom, stays known."""
    old = Import.objects.at_rest().filter(at__lt=now - KEPT_FOR)
    old.filter(state__in=[ImportState.FAULTY, ImportState.READY, ImportState.UNREADABLE]).update(
        state=ImportState.DROPPED, refusal=""
    )
    ImportRow.objects.filter(of__in=old).delete()
    gone, _ = ImportFile.objects.filter(of__in=old).delete()
    return gone
