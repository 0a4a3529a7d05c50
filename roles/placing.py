"""Where a new row goes in the catalog's fixtures, so that a person finds it where they would have put it:

1. after the last row of its kind with the same owner: the role, phase or question that it cannot be without, the roles
   that it is for, or, where there is nothing else, the source that states it;
2. or else after its owner, if that stands in a file with rows of its kind;
3. or else after the last row of its kind whose owner is nearest: of another phase of the same role, for instance;
4. or else into a file named after its model.

A row is never put between another one and what belongs to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from roles.fixtures import Key, Reference, is_required, target_of
from roles.models import CatalogModel

_FILE = "90_{}.json"


@dataclass(frozen=True, slots=True)
class Owner:
    """What a row belongs to: a row, or several of which it needs none."""

    model: type[CatalogModel] | None
    key: Key

    def nearness(self, other: Owner) -> int:
        """How much of the two keys is the same."""
        if self.model is None:
            return len(set(self.key) & set(other.key))
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(self.key, other.key, strict=False)))


def owner_of(model: type[CatalogModel], values: Mapping[str, Any]) -> Owner:
    required = [each.name for each in model._meta.concrete_fields if is_required(model, each.name)]
    roles = [each.name for each in model._meta.many_to_many if each.name == "roles"]
    for name in (*(name for name in required if name != "source"), *roles, *required):
        if values.get(name):
            if name in roles:
                return Owner(None, tuple(part for key in values[name] for part in key))
            return Owner(target_of(model, name), tuple(values[name]))
    return Owner(None, ())


@dataclass(slots=True, eq=False)
class Line:
    """A row in a file."""

    model: type[CatalogModel]
    key: Key
    owner: Owner
    entry: dict[str, Any] = field(default_factory=dict)
    file: str = ""
    next: Line | None = None


class Files:
    """The rows of all files, in their order."""

    def __init__(self, names: Iterable[str]) -> None:
        self._first: dict[str, Line | None] = dict.fromkeys(names)
        self._last: dict[str, Line] = {}
        self._by_key: dict[Reference, Line] = {}
        # Of each kind, the last row of each owner; whatever came last stands last.
        self._kin: dict[type[CatalogModel], dict[Owner, Line]] = {}
        self._last_kin: dict[tuple[str, type[CatalogModel]], Line] = {}

    def all(self) -> Iterator[tuple[str, list[Line]]]:
        for name, first in sorted(self._first.items()):
            yield name, list(_from(first))

    def append(self, file: str, line: Line) -> None:
        last = self._last.get(file)
        line.file = file
        if last is None:
            self._first[file] = line
        else:
            last.next = line
        self._note(line)

    def insert(self, line: Line) -> None:
        """Put a row where it belongs."""
        same = self._of_same_owner(line)
        owner = self._owner_beside_kin(line)
        before = same or owner or self._last_of_nearest(line)
        if before is None:
            self.append(_FILE.format(line.model._meta.model_name), line)
            return
        if same or not owner:
            before = _end_of(before)
        line.file, line.next, before.next = before.file, before.next, line
        self._note(line)

    def like(self, line: Line) -> Line | None:
        """The row of its kind that a row takes after."""
        if same := self._of_same_owner(line):
            return same
        if owner := self._owner_beside_kin(line):
            return self._last_kin[owner.file, line.model]
        return self._last_of_nearest(line)

    def _note(self, line: Line) -> None:
        if line.next is None:
            self._last[line.file] = line
        self._by_key[line.model, line.key] = line
        kin = self._kin.setdefault(line.model, {})
        kin.pop(line.owner, None)
        kin[line.owner] = line
        self._last_kin[line.file, line.model] = line

    def _of_same_owner(self, line: Line) -> Line | None:
        return self._kin.get(line.model, {}).get(line.owner)

    def _owner_beside_kin(self, line: Line) -> Line | None:
        """The row that it belongs to, if that stands in a file with rows of its kind."""
        if line.owner.model is None:
            return None
        owner = self._by_key.get((line.owner.model, line.owner.key))
        return owner if owner and (owner.file, line.model) in self._last_kin else None

    def _last_of_nearest(self, line: Line) -> Line | None:
        kin = self._kin.get(line.model, {})
        nearest = max(reversed(kin), key=line.owner.nearness, default=None)
        return kin[nearest] if nearest is not None else None


def _end_of(line: Line) -> Line:
    """The last of the rows that follow a row because they belong to it."""
    belonging = {(line.model, line.key)}
    while line.next and (line.next.owner.model, line.next.owner.key) in belonging:
        line = line.next
        belonging.add((line.model, line.key))
    return line


def _from(line: Line | None) -> Iterator[Line]:
    while line:
        yield line
        line = line.next
