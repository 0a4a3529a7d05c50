"""History in words: what rows and fields are called, what values say, who acted, what two states differ in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import ForeignKey

from roles.differences import Change, Line, difference
from roles.history.past import Key, Model, Past, State, pasts_of
from roles.history.tables import kept_fields, linked_fields, target_of
from roles.models import CatalogModel, ChangeSet

NOTHING = "–"
# A paragraph of a guide is marked word by word; a text of a book's length is not.
_MOST_TOKENS = 900


def row_of(model: Model, pk: int, state: State) -> CatalogModel:
    """The row as it was in a state, not saved."""
    fields = kept_fields(model)
    row = model()
    row.pk = pk
    for column, value in state.columns.items():
        setattr(row, fields[column].attname, value_of(fields[column], value))
    return row


def value_of(described: models.Field[Any, Any], value: Any) -> Any:
    """A value of JSON in the field's own type."""
    if isinstance(described, ForeignKey):
        return described.target_field.to_python(value)
    return described.to_python(value)


def label_of(described: models.Field[Any, Any]) -> str:
    name = str(described.verbose_name)
    return name[:1].upper() + name[1:]


def kind_of(model: Model) -> str:
    name = str(model._meta.verbose_name)
    return name[:1].upper() + name[1:]


def who(changeset: ChangeSet) -> str:
    """Who acted, as other staff may know it: nobody is named who is not staff."""
    if changeset.by is not None:
        return changeset.by.name if changeset.by.is_staff else "Somebody who was staff"
    if changeset.database_role:
        return f"SQL, as {changeset.database_role}"
    return changeset.doing or "Somebody whose account is gone"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that differs between two states, as lines with what was changed marked."""

    name: str
    label: str
    before: tuple[Line, ...]
    after: tuple[Line, ...]


@dataclass
class Words:
    """Names of rows, looked up once for a page."""

    known: dict[Key, str] = field(default_factory=dict)

    def learn(self, pasts: Iterable[Past]) -> None:
        """The names of rows whose pasts are known."""
        for past in pasts:
            self.known[past.model, past.pk] = _name_in(past)

    def name(self, model: Model, pk: int) -> str:
        if (model, pk) not in self.known:
            self._look_up(model, [pk])
        return self.known[model, pk]

    def names(self, model: Model, pks: Iterable[int]) -> list[str]:
        """In the order of the names."""
        wanted = list(pks)
        self._look_up(model, [pk for pk in wanted if (model, pk) not in self.known])
        return sorted((self.known[model, pk] for pk in wanted), key=str.lower)

    def _look_up(self, model: Model, pks: list[int]) -> None:
        rows = model._base_manager.defer(*model.written_by_system).in_bulk(pks) if pks else {}
        self.known |= {(model, pk): str(row) for pk, row in rows.items()}
        gone = [(model, pk) for pk in pks if pk not in rows]
        self.learn(pasts_of(gone).values())

    def value(self, described: models.Field[Any, Any], value: Any) -> str:
        if value is None or value == "" or value == []:
            return NOTHING
        if isinstance(described, ForeignKey):
            return self.name(target_of(described), int(value))
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if described.flatchoices:
            return str(dict(described.flatchoices).get(value, value))
        if isinstance(value, list):
            return "\n".join(map(str, value))
        return str(value)

    def differences(self, model: Model, before: State | None, after: State | None) -> Iterator[FieldDifference]:
        """Field by field, in the order of the model, links last. Of a state that is none, every field is empty."""
        old, new = before or State({}), after or State({})
        for column, described in kept_fields(model).items():
            was, now = old.columns.get(column), new.columns.get(column)
            if was != now and not (before is None and self.value(described, now) == NOTHING):
                yield _difference(described, self.value(described, was), self.value(described, now))
        for each in linked_fields(model):
            gone, came = old.links.get(each.name, frozenset()), new.links.get(each.name, frozenset())
            if gone != came:
                target = target_of(each)
                yield _difference(each, self.names(target, gone) or NOTHING, self.names(target, came) or NOTHING)


def _difference(described: Any, before: str | list[str], after: str | list[str]) -> FieldDifference:
    found = difference(before, after, most_tokens=_MOST_TOKENS).lines
    return FieldDifference(
        described.name,
        label_of(described),
        before=tuple(line for line in found if line.change is not Change.ADDED),
        after=tuple(line for line in found if line.change is not Change.REMOVED),
    )


def changed_labels(model: Model, before: State | None, after: State | None) -> list[str]:
    """The names of the fields in which two states differ."""
    if before is None or after is None:
        return []
    old, new = before, after
    columns = [each for name, each in kept_fields(model).items() if old.columns.get(name) != new.columns.get(name)]
    none = frozenset[int]()
    links = [each for each in linked_fields(model) if old.links.get(each.name, none) != new.links.get(each.name, none)]
    return [label_of(each) for each in (*columns, *links)]


def _name_in(past: Past) -> str:
    """The row's name, from its last state: what it refers to may be gone with it."""
    state = past.last_state
    if state is None:
        return f"{kind_of(past.model)} {past.pk}"
    try:
        return str(row_of(past.model, past.pk, state)) or f"{kind_of(past.model)} {past.pk}"
    except ObjectDoesNotExist:
        return f"{kind_of(past.model)} {past.pk}"
