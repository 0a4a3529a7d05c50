"""How far long work is, told to everybody while it is done in a transaction that nobody looks into."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import Model

# Takes how many steps are done.
type Told = Callable[[int], None]

_SAID_EVERY = 0.5  # seconds
# The number is ours, and means nothing.
_ONE_AT_A_TIME = 7_166_010_001


def nobody(_done: int) -> None:
    """For whoever does it without telling."""


@contextmanager
def telling(row: Model, *, total: int, **only: object) -> Iterator[Told]:
    """Gives what writes into the columns `total`, `done` and `alive_at` of a row, by a connection of its own, where the
    row still says `only` that. The work must not lock the row meanwhile."""
    own = connection.copy()
    last = 0.0
    conditions: Mapping[str, Any] = {"id": row.pk, **only}
    sql = (
        f"UPDATE {row._meta.db_table} SET total = %s, done = %s, alive_at = now()"  # noqa: S608  (our names)
        f" WHERE {' AND '.join(f'{column} = %s' for column in conditions)}"
    )

    def told(done: int) -> None:
        nonlocal last
        if monotonic() - last < _SAID_EVERY:
            return
        last = monotonic()
        with own.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            cursor.execute(sql, [total, done, *conditions.values()])

    try:
        told(0)
        yield told
    finally:
        own.close()


def one_at_a_time() -> None:
    """Whoever writes thousands of rows in this transaction does it alone; others wait here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
