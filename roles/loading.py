"""Loading the catalog from fixtures: any number of times, without touching what staff or learners wrote.

A fixture row is compared with the row in the database and with what the last load left there (`LoadedRow`). Only a row
that nobody edited since is changed; the others are left alone and named. Everything happens in one transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.exceptions import (
    FieldDoesNotExist,
    ObjectDoesNotExist,
    ValidationError,
)
from django.db import Error as DatabaseError
from django.db import connection, models, transaction

from roles.models import CatalogModel, LoadedRow

type Key = tuple[str, ...]
type Values = dict[str, Any]  # field name → value in a spelling in which equal means equal


class BrokenFixtureError(Exception):
    """A fixture that cannot be loaded: the message names file, row and reason. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class FixtureRow:
    """One entry of a fixture file."""

    file: str
    number: int  # from 1, within the file
    model: type[CatalogModel]
    fields: dict[str, Any]
    key: Key
    values: Values

    @property
    def name(self) -> str:
        return f"{self.model._meta.label_lower} {' / '.join(self.key)}"


@dataclass
class Report:
    """What a load did, by names of rows."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)  # edited, made or deleted by staff
    unchanged: int = 0


def load(folder: Path, *, overwrite: bool = False) -> Report:
    """Load every fixture of a folder, in the order of their names.

    With `overwrite`, rows that staff edited are put back to what the fixtures say. Raises BrokenFixtureError.
    """
    rows = [row for path in sorted(folder.glob("*.json")) for row in read(path)]
    _refuse_duplicates(rows)
    with transaction.atomic():
        return _Load(rows, overwrite=overwrite).run()


def read(path: Path) -> Iterator[FixtureRow]:
    """The rows of one fixture file. Raises BrokenFixtureError."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenFixtureError(f"{path.name}: not readable as JSON: {error}") from error
    if not isinstance(entries, list):
        raise BrokenFixtureError(f"{path.name}: a fixture is a list of rows.")
    for number, entry in enumerate(entries, start=1):
        with _naming(path.name, number):
            yield _fixture_row(path.name, number, entry)


class _naming:
    """Turn whatever goes wrong with a row into a BrokenFixtureError that names it."""

    def __init__(self, file: str, number: int) -> None:
        self.place = f"{file}, row {number}"

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, ValidationError):
            reasons = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in _reasons(error))
            raise BrokenFixtureError(f"{self.place}: {reasons}") from error
        broken = (
            KeyError, TypeError, ValueError, LookupError, AttributeError, ObjectDoesNotExist, FieldDoesNotExist,
            DatabaseError,
        )  # fmt: skip
        if isinstance(error, broken):
            raise BrokenFixtureError(f"{self.place}: {type(error).__name__}: {str(error).strip()}") from error


def _reasons(error: ValidationError) -> Iterable[tuple[str, list[str]]]:
    return error.message_dict.items() if hasattr(error, "error_dict") else [("row", error.messages)]


def _fixture_row(file: str, number: int, entry: Any) -> FixtureRow:
    if not isinstance(entry, dict) or set(entry) != {"model", "fields"}:
        raise ValueError("a row has “model” and “fields” and nothing else (no pk: rows are found by natural key)")
    model = apps.get_model(entry["model"])
    if not issubclass(model, CatalogModel):
        raise TypeError(f"{entry['model']} is not part of the catalog")
    fields: dict[str, Any] = entry["fields"]
    values = {name: _spelled(model, name, value) for name, value in fields.items()}
    key = tuple(_looked_up(model, values, lookup) for lookup in model.natural)
    return FixtureRow(file, number, model, fields, key, values)


def _spelled(model: type[CatalogModel], name: str, value: Any) -> Any:
    """A fixture's value in the spelling of `_values_of`."""
    described = model._meta.get_field(name)
    if isinstance(described, models.ManyToManyField):
        return sorted([str(part) for part in key] for key in value)
    if isinstance(described, models.ForeignKey):
        return None if value is None else [str(part) for part in value]
    assert isinstance(described, models.Field)
    return _plain(described.to_python(value))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _looked_up(model: type[CatalogModel], values: Mapping[str, Any], lookup: str) -> str:
    """The part of a natural key that a lookup such as `role__slug` names."""
    name, _, rest = lookup.partition("__")
    if not rest:
        return str(values[name])
    target = model._meta.get_field(name).related_model
    assert isinstance(target, type)
    assert issubclass(target, CatalogModel)
    return str(values[name][target.natural.index(rest)])


def _refuse_duplicates(rows: Iterable[FixtureRow]) -> None:
    seen: dict[tuple[type[CatalogModel], Key], FixtureRow] = {}
    for row in rows:
        first = seen.setdefault((row.model, row.key), row)
        if first is not row:
            where = f"{row.file}, row {row.number}"
            raise BrokenFixtureError(f"{where}: {row.name} stands in {first.file}, row {first.number} already.")


def digest(values: Values) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class _Load:
    """One load: what is there, what was loaded last, and what is done about it."""

    def __init__(self, rows: list[FixtureRow], *, overwrite: bool) -> None:
        self.rows = rows
        self.overwrite = overwrite
        self.report = Report()
        self.last = {(each.model, tuple(each.key)): each for each in LoadedRow.objects.all()}
        self.new: list[LoadedRow] = []
        self.there = {model: _rows_by_key(model) for model in {row.model: None for row in rows}}

    def run(self) -> Report:
        for row in self.rows:
            with _naming(row.file, row.number):
                self._settle(row)
        LoadedRow.objects.bulk_create(self.new)
        self._remove_dropped()
        _check_deferred_constraints()
        return self.report

    def _settle(self, row: FixtureRow) -> None:
        existing = self.there[row.model].get(row.key)
        last = self.last.get((row.model._meta.label_lower, row.key))
        if existing is None:
            self._create(row, deleted_by_staff=last is not None)
            return
        current = _values_of(existing, row.values)
        if current == row.values:
            self.report.unchanged += 1
            self._remember(row, last)
        elif self.overwrite or (last is not None and _is_untouched(existing, last)):
            self._write(row, existing)
            self.report.updated.append(row.name)
            self._remember(row, last)
        else:
            self.report.left_alone.append(row.name)

    def _create(self, row: FixtureRow, *, deleted_by_staff: bool) -> None:
        if deleted_by_staff and not self.overwrite:
            self.report.left_alone.append(f"{row.name} (deleted)")
            return
        created = row.model()
        self._write(row, created)
        self.there[row.model][row.key] = created
        self.report.created.append(row.name)
        self._remember(row, self.last.get((row.model._meta.label_lower, row.key)))

    def _write(self, row: FixtureRow, instance: CatalogModel) -> None:
        """Put the fixture's values into the row; fields that the fixture does not name stay as they are."""
        new = instance._state.adding
        one: dict[str, CatalogModel] = {}
        many: dict[str, list[CatalogModel]] = {}
        for name, value in row.fields.items():
            described = row.model._meta.get_field(name)
            if isinstance(described, models.ManyToManyField):
                many[name] = [self._found(described, key) for key in value]
            elif isinstance(described, models.ForeignKey) and value is not None:
                one[name] = self._found(described, value)
                setattr(instance, name, one[name])
            else:
                assert isinstance(described, models.Field)
                setattr(instance, described.attname, described.to_python(value))
        instance.clean_fields(exclude=one)  # it would ask again whether they are there
        instance.clean()
        instance.save()
        for name, targets in many.items():
            links = getattr(instance, name)
            if new:
                links.add(*targets)
            else:
                links.set(targets)

    def _found(self, relation: models.Field[Any, Any], key: Iterable[Any]) -> CatalogModel:
        """What a fixture names by its natural key: from memory, since asking for each took most of a load's time."""
        model = relation.related_model
        assert isinstance(model, type)
        assert issubclass(model, CatalogModel)
        if model not in self.there:
            self.there[model] = _rows_by_key(model)
        parts = tuple(str(part) for part in key)
        if parts not in self.there[model]:
            raise model.DoesNotExist(f"{model._meta.label_lower} {' / '.join(parts)} does not exist.")
        return self.there[model][parts]

    def _remember(self, row: FixtureRow, last: LoadedRow | None) -> None:
        found = digest(row.values)
        if last is None:
            last = LoadedRow(model=row.model._meta.label_lower, key=list(row.key))
            self.new.append(last)
        if last.digest != found:
            last.digest = found
            last.fields = sorted(row.values)
            if last.pk:
                last.save()

    def _remove_dropped(self) -> None:
        """What an earlier load brought and the fixtures no longer name goes, unless staff changed it since."""
        named = {(row.model._meta.label_lower, row.key) for row in self.rows}
        dropped = [last for key, last in self.last.items() if key not in named]
        for last in sorted(dropped, key=lambda each: each.pk, reverse=True):
            self._remove(last)

    def _remove(self, last: LoadedRow) -> None:
        model = apps.get_model(last.model)
        assert issubclass(model, CatalogModel)
        name = f"{last.model} {' / '.join(last.key)}"
        existing = _rows_by_key(model).get(tuple(last.key))
        if existing is None:
            last.delete()
            return
        if not _is_untouched(existing, last) and not self.overwrite:
            self.report.left_alone.append(f"{name} (no longer in the fixtures)")
            return
        try:
            with transaction.atomic():
                existing.delete()
        except (models.ProtectedError, DatabaseError):
            self.report.left_alone.append(f"{name} (no longer in the fixtures, still in use)")
            return
        last.delete()
        self.report.removed.append(name)


def _is_untouched(row: CatalogModel, last: LoadedRow) -> bool:
    return digest(_values_of(row, last.fields)) == last.digest


def _check_deferred_constraints() -> None:
    """Places in a list may be exchanged row by row; now each must be taken once."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        raise BrokenFixtureError(f"All files together: {str(error).strip()}") from error


def _rows_by_key(model: type[CatalogModel]) -> dict[Key, CatalogModel]:
    """Every row of a model by natural key, with what its values need, in a handful of queries."""
    singles = [each for each in model._meta.concrete_fields if isinstance(each, models.ForeignKey)]
    follow = {path for each in singles for path in _paths(each)}
    rows = model._default_manager.select_related(*sorted(follow)) if follow else model._default_manager.all()
    rows = rows.prefetch_related(*(each.name for each in model._meta.many_to_many))
    return {_key_of(row): row for row in rows}


def _paths(foreign_key: models.ForeignKey[Any, Any]) -> Iterator[str]:
    """The relations that the natural key of a foreign key's target walks through."""
    yield foreign_key.name
    target = foreign_key.remote_field.model
    if issubclass(target, CatalogModel):
        for lookup in target.natural:
            path = lookup.rpartition("__")[0]
            if path:
                yield f"{foreign_key.name}__{path}"


def _key_of(row: CatalogModel) -> Key:
    return tuple(str(part) for part in row.natural_key())


def _values_of(row: CatalogModel, names: Iterable[str]) -> Values:
    """The row's values of these fields, in the spelling of `_spelled`."""
    return {name: _value_of(row, name) for name in names}


def _value_of(row: CatalogModel, name: str) -> Any:
    described = row._meta.get_field(name)
    if isinstance(described, models.ManyToManyField):
        return sorted(list(_key_of(each)) for each in getattr(row, name).all())
    if isinstance(described, models.ForeignKey):
        target = getattr(row, name)
        return None if target is None else list(_key_of(target))
    return _plain(getattr(row, name))
