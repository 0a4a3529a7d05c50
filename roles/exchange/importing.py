"""An import as people see it: sent, looked at, confirmed or dropped. What comes in between is `roles.exchange.trying`.

These two are the only writers of `Import`.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from accounts.models import User
from roles.exchange.reading import MOST_BYTES
from roles.exchange.trying import locked
from roles.models import CatalogModel, Import, ImportFile, ImportState
from roles.tasks import try_import, write_import


class NotNowError(Exception):
    """The import is past what was asked: the message says so, in one sentence."""


@transaction.atomic
def send(*, model: type[CatalogModel], name: str, content: bytes, by: User, now: datetime) -> Import:
    """Keep the file, and have it tried."""
    if len(content) > MOST_BYTES:
        raise ValueError("Forms refuse larger files.")
    sent = Import.objects.create(model=model._meta.label_lower, name=name[:200], by=by, at=now, alive_at=now)
    ImportFile.objects.create(of=sent, content=content)
    transaction.on_commit(partial(try_import.enqueue, sent.pk))
    return sent


@transaction.atomic
def confirm(*, number: int, seen: str, by: User, now: datetime) -> Import:
    """Have it written. `seen` is the digest of what the person looked at."""
    found = locked(number)
    if found.state != ImportState.READY or found.digest != seen:
        raise NotNowError("This is not what is to be written any more. Look at it again.")
    found.state = ImportState.CONFIRMED
    found.confirmed_by = by
    found.alive_at = now
    found.done = 0
    found.save()
    transaction.on_commit(partial(write_import.enqueue, found.pk))
    return found


@transaction.atomic
def drop(*, number: int) -> Import:
    found = locked(number)
    if not found.is_droppable:
        raise NotNowError("It cannot be dropped any more.")
    found.state = ImportState.DROPPED
    found.save(update_fields=["state"])
    return found


@transaction.atomic
def start_again(*, number: int, now: datetime) -> Import:
    """For what no worker is heard of any more, and for a file whose surroundings were mended."""
    found = locked(number)
    if (
        not (found.is_silent(now) or found.state in (ImportState.FAULTY, ImportState.READY))
        or not ImportFile.objects.filter(of=found).exists()
    ):
        raise NotNowError("It cannot be started again now.")
    found.alive_at = now
    found.done = 0
    if found.state == ImportState.CONFIRMED:
        transaction.on_commit(partial(write_import.enqueue, found.pk))
    else:
        found.state = ImportState.WAITING
        transaction.on_commit(partial(try_import.enqueue, found.pk))
    found.save()
    return found
