"""The last check of the whole catalog, kept in numbers: what a check costs grows with the bank, and a start page that
editors open all day cannot wait for it. The only writer of `LastCheck`.
"""

from __future__ import annotations

import time
from datetime import datetime

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.db.models import Count, Max
from django.utils import timezone

from roles.checking.known import Found, check
from roles.models import CatalogVersion, KnownFinding, LastCheck

# A check that takes longer is left to the worker, or to whoever opens the page of findings.
_WAITED_FOR = 400  # milliseconds
_ASKED = "content-check-asked"
_ASKED_SECONDS = 120


def check_and_keep(*, now: datetime) -> list[Found]:
    """What every rule finds now; its numbers are kept."""
    of, began = state_of_catalog(now), time.monotonic()
    found = check(today=timezone.localdate(now))
    took = round((time.monotonic() - began) * 1000)
    counts = {each.rule.name: len(each.open) for each in found if each.open}
    LastCheck.objects.bulk_create(
        [LastCheck(of=of, made_at=now, milliseconds=took, counts=counts)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["of", "made_at", "milliseconds", "counts"],
    )
    return found


def last_check(*, now: datetime) -> tuple[LastCheck | None, bool]:
    """The last check, and whether it is of the catalog as it is now.

    Where it is not, a new one is made at once if that takes no time to speak of; otherwise the worker is asked for it.
    """
    last, state = LastCheck.objects.first(), state_of_catalog(now)
    if last is not None and last.of == state:
        return last, True
    if last is not None and last.milliseconds <= _WAITED_FOR and _made_at_once(now):
        return LastCheck.objects.first(), True
    if cache.add(_ASKED, "1", timeout=_ASKED_SECONDS):
        from roles.tasks import check_content  # which asks here in its turn

        check_content.enqueue()
    return last, False


def _made_at_once(now: datetime) -> bool:
    """Make it, unless a rule takes far longer than the last time: somebody may just have brought in many rows."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {_WAITED_FOR * 3}")
            check_and_keep(now=now)
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError:
        return False
    return True


def state_of_catalog(now: datetime) -> str:
    """The same as long as the check would find the same: rows, what is set aside, and the day, since figures age."""
    known = KnownFinding.objects.aggregate(total=Count("pk"), latest=Max("at"))
    latest = known["latest"].timestamp() if known["latest"] else ""
    return f"{CatalogVersion.current()} {known['total']} {latest} {timezone.localdate(now)}"
