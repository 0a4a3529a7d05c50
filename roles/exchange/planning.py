"""What an import would change, row by row. Writes nothing.

A row is found by its natural key; what its columns say is compared with what stands there. A column that the file does
not have stays as it is, a row that the file does not have too: an import adds and changes, and never deletes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.db import models

from roles.exchange.columns import READ_ONLY, Columns
from roles.exchange.keys import Keys
from roles.exchange.reading import Row, UnreadableError
from roles.exchange.values import EMPTY
from roles.how_far import Told
from roles.models.imports import Outcome

_AT_ONCE = 500
_NOTHING: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be imported. The column is empty where the row as a whole is meant."""

    column: str
    reason: str


@dataclass(slots=True)
class Planned:
    """What becomes of one row of the file."""

    number: int
    key: str = ""
    pk: int | None = None
    outcome: Outcome = Outcome.UNCHANGED
    # By column: what stands there, and what would. Of a new row only what says something.
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # What is to be written, by column.
    values: dict[str, Any] = field(default_factory=dict)

    def refuse(self, column: str, reason: str) -> None:
        self.outcome = Outcome.FAULTY
        self.faults.append(Fault(column, reason))


def plan(columns: Columns, rows: list[Row], keys: Keys, *, told: Told) -> list[Planned]:
    """`told` hears now and then how many rows are done. Raises UnreadableError where the columns are not ours."""
    _check_columns(columns, rows)
    read = [_read(columns, row) for row in rows]
    _refuse_repeated(columns, read)
    coming = {each.key for each in read if each.key}
    done = 0
    for some in batched(read, _AT_ONCE):
        stands = _standing(columns, some, keys)
        for each in some:
            _compare(columns, each, stands.get(each.key), keys, coming)
        done += len(some)
        told(done)
    return read


def digest(planned: Iterable[Planned]) -> str:
    """The same for two plans that do the same to the same rows in the same states.

    Keys that were made for new rows differ each time, and do not count.
    """
    seen = hashlib.sha256()
    for each in planned:
        key = each.key if each.outcome != Outcome.NEW else ""
        facts = (each.number, key, each.outcome, each.changes, [(fault.column, fault.reason) for fault in each.faults])
        seen.update(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())
    return seen.hexdigest()


def _check_columns(columns: Columns, rows: list[Row]) -> None:
    named = dict.fromkeys(name for row in rows for name in row.cells)
    if "" in named:
        number = next(row.number for row in rows if "" in row.cells)
        raise UnreadableError(f"Row {number} has more cells than there are columns.")
    if unknown := [name for name in named if name not in columns.fields]:
        raise UnreadableError(
            f"There is no column {', '.join(f'“{name}”' for name in unknown)} here."
            f" The columns are: {', '.join(columns.fields)}."
        )
    for name in columns.keyed:
        if name not in named and not columns.named(name).has_default():
            raise UnreadableError(f"The column “{name}” is missing: rows are found by it.")


def _read(columns: Columns, row: Row) -> Planned:
    """What the cells say, and the key in it."""
    planned = Planned(row.number)
    for name in row.cells:
        try:
            planned.values[name] = columns.fields[name].clean(row.cells)
        except ValueError as error:
            planned.refuse(name, str(error))
    parts = [planned.values.get(name, EMPTY) for name in columns.keyed]
    if EMPTY not in parts:
        planned.key = columns.key_of(planned.values)
    return planned


def _refuse_repeated(columns: Columns, read: list[Planned]) -> None:
    first: dict[str, int] = {}
    for each in read:
        if each.key and first.setdefault(each.key, each.number) != each.number:
            each.refuse(columns.keyed[-1], f"Row {first[each.key]} is about the same: “{each.key}”.")


def _standing(columns: Columns, some: Iterable[Planned], keys: Keys) -> dict[str, dict[str, Any]]:
    """What the rows that exist say, by key."""
    for each in some:
        each.pk = keys.number(columns.model, each.key) if each.key else None
    there = columns.model._base_manager.filter(pk__in=[each.pk for each in some if each.pk])
    return {keys.of(columns.model, row.pk): columns.state_of(row, keys) for row in columns.fetched(there)}


def _compare(columns: Columns, planned: Planned, stands: dict[str, Any] | None, keys: Keys, coming: set[str]) -> None:
    for name, value in list(planned.values.items()):
        if value is EMPTY:
            _settle_empty(columns, planned, name, is_new=stands is None)
        elif name in READ_ONLY:
            if value != (stands[name] if stands else columns.named(name).get_default()):
                planned.refuse(name, "Only publishing changes this.")
            del planned.values[name]
        else:
            _look_up(columns, planned, name, keys, coming)
    if stands is None:
        _require(columns, planned)
        planned.changes = {name: (None, value) for name, value in planned.values.items() if value not in _NOTHING}
    else:
        planned.values = {name: value for name, value in planned.values.items() if stands[name] != value}
        planned.changes = {name: (stands[name], value) for name, value in planned.values.items()}
    if planned.faults:
        planned.outcome = Outcome.FAULTY
    elif stands is None:
        planned.outcome = Outcome.NEW
    else:
        planned.outcome = Outcome.CHANGED if planned.changes else Outcome.UNCHANGED


def _settle_empty(columns: Columns, planned: Planned, name: str, *, is_new: bool) -> None:
    described = columns.named(name)
    if described.null:
        planned.values[name] = None
        return
    del planned.values[name]
    if not (is_new and described.has_default()):
        planned.refuse(name, "This may not be empty.")


def _look_up(columns: Columns, planned: Planned, name: str, keys: Keys, coming: set[str]) -> None:
    """Whether the rows exist that a relation leads to, or come with the same file."""
    described, value = columns.named(name), planned.values[name]
    if not described.is_relation:
        return
    target: Any = described.related_model
    wanted = value if described.many_to_many else [value]
    missing = [
        key for key in wanted if keys.number(target, key) is None and not (target is columns.model and key in coming)
    ]
    if missing:
        planned.refuse(name, f"There is no {target._meta.verbose_name} {', '.join(f'“{key}”' for key in missing)}.")
    elif not wanted and not described.blank:
        planned.refuse(name, "Name at least one.")


def _require(columns: Columns, planned: Planned) -> None:
    """What a new row has to say and does not."""
    refused = {fault.column for fault in planned.faults}
    for name in columns.fields:
        described = columns.named(name)
        if name in planned.values or name in refused or described.null or described.has_default():
            continue
        if described.blank and (described.many_to_many or isinstance(described, models.CharField | models.TextField)):
            continue
        planned.refuse(name, "A new row needs this.")
