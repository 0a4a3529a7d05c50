"""The states that rows had: from the one that they have, back through every change."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db import connection

from roles.history.tables import kept_fields, link_tables, linked_fields, rows_tables
from roles.models import CatalogModel, ChangeSet, RowChange
from roles.models.history import What

type Model = type[CatalogModel]
type Key = tuple[Model, int]


@dataclass(frozen=True, slots=True)
class State:
    """What a row said: values as JSON spells them, by column, and by field the rows that it was linked with."""

    columns: Mapping[str, Any]
    links: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Version:
    """What one changeset made of a row. The first one of a row that is older than its history has no changeset."""

    number: int  # from 1, the oldest
    changes: tuple[RowChange, ...]  # newest first
    before: State | None  # None where the row did not exist
    after: State | None

    @property
    def changeset(self) -> ChangeSet | None:
        return self.changes[0].changeset if self.changes else None

    @property
    def change(self) -> int:
        """The number of its last change, which names it; 0 of the state before all of them."""
        return self.changes[0].pk if self.changes else 0


@dataclass(frozen=True)
class Past:
    """One row, and all that happened to it."""

    model: Model
    pk: int
    now: State | None  # None where the row is gone
    changes: tuple[RowChange, ...]  # newest first

    @property
    def last_change(self) -> int:
        return self.changes[0].pk if self.changes else 0

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """Newest first. There is one at least of a row that exists."""
        found = list(self._found())
        return tuple(
            Version(len(found) - place, changes, before, after) for place, (changes, before, after) in enumerate(found)
        )

    def _found(self) -> Iterator[tuple[tuple[RowChange, ...], State | None, State | None]]:
        state = self.now
        for _, together in groupby(self.changes, key=lambda change: change.changeset_id):
            changes, after = tuple(together), state
            for change in changes:
                state = _back(self.model, state, change)
            yield changes, state, after
        if state is not None:
            yield (), None, state

    def before(self, change: int) -> State | None:
        """The state before a change of that number, and before every later one."""
        state = self.now
        for each in self.changes:
            if each.pk >= change:
                state = _back(self.model, state, each)
        return state

    def version(self, change: int) -> Version | None:
        return next((each for each in self.versions if each.change == change), None)

    @property
    def last_state(self) -> State | None:
        """What it says, or said before it was deleted."""
        gone = (each for each in self.changes if each.what == What.DELETE and each.other is None)
        return self.now or next((State(_known(self.model, each.replaced)) for each in gone), None)


def _back(model: Model, state: State | None, change: RowChange) -> State | None:
    """The state before a change."""
    if change.other is not None:
        name = link_tables()[change.table].field.name
        links = dict(state.links) if state else {}
        there = links.get(name, frozenset())
        links[name] = there - {change.other} if change.what == What.INSERT else there | {change.other}
        # Links go before the row that they belong to: until it is back, they wait without one.
        return State(state.columns if state else {}, links)
    if change.what == What.INSERT:
        return None
    known = _known(model, change.replaced)
    if change.what == What.DELETE:
        return State(known, state.links if state else {})
    return State({**state.columns, **known}, state.links) if state else State(known)


def past_of(model: Model, pk: int) -> Past:
    return pasts_of([(model, pk)])[model, pk]


def pasts_of(keys: Iterable[Key]) -> dict[Key, Past]:
    """The pasts of many rows, in three queries for each model and one for each of its relations."""
    wanted: dict[Model, list[int]] = defaultdict(list)
    for model, pk in dict.fromkeys(keys):
        wanted[model].append(pk)
    found: dict[Key, Past] = {}
    for model, pks in wanted.items():
        columns, links, changes = _columns(model, pks), _links(model, pks), _changes(model, pks)
        for pk in pks:
            now = State(columns[pk], links[pk]) if pk in columns else None
            found[model, pk] = Past(model, pk, now, tuple(changes[pk]))
    return found


def _columns(model: Model, pks: list[int]) -> dict[int, dict[str, Any]]:
    table, system = model._meta.db_table, list(model.written_by_system)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, (to_jsonb(this) - %s::text[])::text FROM {table} AS this WHERE id = ANY(%s)",  # noqa: S608
            [system, pks],
        )
        return {pk: _known(model, json.loads(text)) for pk, text in cursor.fetchall()}


def _known(model: Model, columns: Mapping[str, Any] | None) -> dict[str, Any]:
    """Without what is no content, or was a column once."""
    return {name: value for name, value in (columns or {}).items() if name in kept_fields(model)}


def _links(model: Model, pks: list[int]) -> dict[int, dict[str, frozenset[int]]]:
    found: dict[int, dict[str, frozenset[int]]] = {pk: {} for pk in pks}
    for each in linked_fields(model):
        here, there = each.m2m_column_name(), each.m2m_reverse_name()
        pairs: dict[int, set[int]] = defaultdict(set)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {here}, {there} FROM {each.m2m_db_table()} WHERE {here} = ANY(%s)",  # noqa: S608  (our names)
                [pks],
            )
            for pk, other in cursor.fetchall():
                pairs[pk].add(other)
        for pk in pks:
            found[pk][each.name] = frozenset(pairs[pk])
    return found


def _changes(model: Model, pks: list[int]) -> dict[int, list[RowChange]]:
    tables = [model._meta.db_table, *(each.m2m_db_table() for each in linked_fields(model))]
    changes = RowChange.objects.filter(table__in=tables, row__in=pks).select_related("changeset__by").order_by("-pk")
    found: dict[int, list[RowChange]] = defaultdict(list)
    for change in changes:
        found[change.row].append(change)
    return found


def touched(changes: Iterable[RowChange]) -> list[Key]:
    """The rows that changes are about, in their order. Tables that are no more are passed over."""
    rows, links = rows_tables(), link_tables()
    found = (
        (links[each.table].model if each.table in links else rows[each.table], each.row)
        for each in changes
        if each.table in links or each.table in rows
    )
    return list(dict.fromkeys(found))
