"""Two editors with one page: what others made of its rows since it was read.

A page carries the snapshot of the database that it was made from. What was not in that snapshot is news to it, in
whatever order transactions came to an end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q

from roles.history.past import Key, Past, State, pasts_of, touched
from roles.history.tables import kept_fields, linked_fields
from roles.models import RowChange
from roles.models.history import What

_SNAPSHOT = re.compile(r"(\d{1,19}):(\d{1,19}):(\d{1,19}(?:,\d{1,19})*)?", re.ASCII)
_LONGEST = 4000


def snapshot_now() -> str:
    """What is committed at this moment, as the database spells it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def is_snapshot(text: str) -> bool:
    """Whether the database would take it."""
    found = _SNAPSHOT.fullmatch(text) if len(text) <= _LONGEST else None
    if not found:
        return False
    first, end = int(found[1]), int(found[2])
    running = [int(each) for each in (found[3] or "").split(",") if each]
    return 0 < first <= end < 2**63 and running == sorted(set(running)) and all(first <= each < end for each in running)


@dataclass(frozen=True)
class Theirs:
    """What others made of one row since a snapshot."""

    past: Past
    base: State | None  # what the snapshot showed
    fields: dict[str, RowChange]  # those that differ, each with the last change of it
    deleted: RowChange | None


def theirs_since(snapshot: str, keys: Iterable[Key]) -> dict[Key, Theirs]:
    """Rows that are no longer as they were. What was changed and changed back is not news."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    rows: dict[frozenset[str], list[int]] = {}
    for model, pk in wanted:
        tables = frozenset([model._meta.db_table, *(each.m2m_db_table() for each in linked_fields(model))])
        rows.setdefault(tables, []).append(pk)
    of_them = reduce(or_, (Q(table__in=tables, row__in=pks) for tables, pks in rows.items()))
    unseen = list(RowChange.objects.unseen_by(snapshot).filter(of_them))
    numbers = {each.pk for each in unseen}
    pasts = pasts_of(touched(unseen)).values()
    found = ((past, _theirs(past, numbers)) for past in pasts)
    return {(past.model, past.pk): theirs for past, theirs in found if theirs.fields or theirs.deleted}


def _theirs(past: Past, unseen: set[int]) -> Theirs:
    base = past.before(min(each.pk for each in past.changes if each.pk in unseen))
    news = [each for each in past.changes if each.pk in unseen]
    if past.now is None or base is None:
        gone = next((each for each in news if each.what == What.DELETE and each.other is None), None)
        return Theirs(past, base, {}, gone if past.now is None and base is not None else None)
    fields: dict[str, RowChange] = {}
    for column, described in kept_fields(past.model).items():
        if base.columns.get(column) != past.now.columns.get(column):
            fields[described.name] = next((each for each in news if column in (each.replaced or {})), news[0])
    for each in linked_fields(past.model):
        if base.links.get(each.name, frozenset()) != past.now.links.get(each.name, frozenset()):
            table = each.m2m_db_table()
            fields[each.name] = next((change for change in news if change.table == table), news[0])
    return Theirs(past, base, fields, None)
