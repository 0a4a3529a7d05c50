"""The format of the catalog's fixtures: read, written, and compared with rows of the database.

A file is a list of rows, each with its model and fields, found by natural key and without pks. `roles.loading` brings
them into the database, `roles.dumping` brings the database back into them; what a row is, and when two are equal, is
said here alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db import Error as DatabaseError
from django.db import models

from roles.models import CatalogModel

type Key = tuple[str, ...]
type Values = dict[str, Any]  # field name → value in a spelling in which equal means equal
type Reference = tuple[type[CatalogModel], Key]


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
        return name_of(self.model, self.key)

    @property
    def entry(self) -> dict[str, Any]:
        """The row as it stands in its file."""
        return {"model": self.model._meta.label_lower, "fields": self.fields}


def name_of(model: type[CatalogModel], key: Key) -> str:
    return f"{model._meta.label_lower} {' / '.join(key)}"


def read_folder(folder: Path) -> list[FixtureRow]:
    """The rows of every fixture of a folder, in the order of the files' names. Raises BrokenFixtureError."""
    rows = [row for path in sorted(folder.glob("*.json")) for row in read(path)]
    _refuse_duplicates(rows)
    return rows


def read(path: Path) -> Iterator[FixtureRow]:
    """The rows of one fixture file. Raises BrokenFixtureError."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenFixtureError(f"{path.name}: not readable as JSON: {error}") from error
    if not isinstance(entries, list):
        raise BrokenFixtureError(f"{path.name}: a fixture is a list of rows.")
    for number, entry in enumerate(entries, start=1):
        with naming(path.name, number):
            yield _fixture_row(path.name, number, entry)


def written(entries: Iterable[dict[str, Any]]) -> str:
    """The text of a fixture file."""
    return json.dumps(list(entries), indent=2, ensure_ascii=False) + "\n"


class naming:
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


def _refuse_duplicates(rows: Iterable[FixtureRow]) -> None:
    seen: dict[Reference, FixtureRow] = {}
    for row in rows:
        first = seen.setdefault((row.model, row.key), row)
        if first is not row:
            where = f"{row.file}, row {row.number}"
            raise BrokenFixtureError(f"{where}: {row.name} stands in {first.file}, row {first.number} already.")


def _spelled(model: type[CatalogModel], name: str, value: Any) -> Any:
    """A fixture's value in the spelling of `values_of`."""
    described = model._meta.get_field(name)
    if isinstance(described, models.ManyToManyField):
        return sorted([str(part) for part in key] for key in value)
    if isinstance(described, models.ForeignKey):
        return None if value is None else [str(part) for part in value]
    assert isinstance(described, models.Field)
    return plain(described.to_python(value))


def plain(value: Any) -> Any:
    """A value as JSON has it, the same for all that counts as equal."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _looked_up(model: type[CatalogModel], values: Mapping[str, Any], lookup: str) -> str:
    """The part of a natural key that a lookup such as `role__slug` names."""
    name, _, rest = lookup.partition("__")
    if not rest:
        return str(values[name])
    return str(values[name][target_of(model, name).natural.index(rest)])


def target_of(model: type[CatalogModel], name: str) -> type[CatalogModel]:
    """The model that a relation leads to."""
    target = model._meta.get_field(name).related_model
    assert isinstance(target, type)
    assert issubclass(target, CatalogModel)
    return target


def references_of(row: FixtureRow) -> Iterator[tuple[str, Reference]]:
    """Each row that a row refers to, with the name of the field that does."""
    for name, value in row.values.items():
        described = row.model._meta.get_field(name)
        if isinstance(described, models.ManyToManyField):
            target = target_of(row.model, name)
            yield from ((name, (target, tuple(key))) for key in value)
        elif isinstance(described, models.ForeignKey) and value is not None:
            yield name, (target_of(row.model, name), tuple(value))


def is_required(model: type[CatalogModel], name: str) -> bool:
    """Whether a row cannot be saved before the row that this relation leads to."""
    described = model._meta.get_field(name)
    return isinstance(described, models.ForeignKey) and not described.null


def digest(values: Values) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def catalog_models() -> list[type[CatalogModel]]:
    """All models of the catalog, in the order in which the apps declare them."""
    return [model for model in apps.get_models() if issubclass(model, CatalogModel)]


def fields_of(model: type[CatalogModel]) -> list[str]:
    """What a fixture can say of a row: all but numbers of rows and what the system writes, such as a blueprint."""
    own = {lookup.partition("__")[0] for lookup in model.natural}
    single = [each for each in model._meta.concrete_fields if not each.primary_key]
    many = [each for each in model._meta.many_to_many if _is_plain_link(each)]
    return [each.name for each in (*single, *many) if each.editable or each.name in own]


def _is_plain_link(field: models.ManyToManyField[Any, Any]) -> bool:
    """Whether a link says nothing but that it is there; others are rows of their own."""
    through = field.remote_field.through
    return through is not None and bool(through._meta.auto_created)


def default_of(model: type[CatalogModel], name: str) -> Any:
    """What a row has that says nothing, in the spelling of `values_of`."""
    described = model._meta.get_field(name)
    if isinstance(described, models.ManyToManyField):
        return []
    assert isinstance(described, models.Field)
    return plain(described.get_default())


def rows_by_key(model: type[CatalogModel]) -> dict[Key, CatalogModel]:
    """Every row of a model by natural key, with what its values need, in a handful of queries."""
    singles = [each for each in model._meta.concrete_fields if isinstance(each, models.ForeignKey)]
    follow = {path for each in singles for path in _paths(each)}
    rows = model._default_manager.select_related(*sorted(follow)) if follow else model._default_manager.all()
    rows = rows.defer(*(name for path in follow for name in _heavy(model, path)))
    rows = rows.prefetch_related(*(each.name for each in model._meta.many_to_many))
    return {key_of(row): row for row in rows}


def _heavy(model: type[models.Model], path: str) -> Iterator[str]:
    """What no fixture says of the row that a path leads to: a blueprint was parsed again for each row of its role."""
    for name in path.split("__"):
        model = cast(type[models.Model], model._meta.get_field(name).related_model)
    heavy = (each for each in model._meta.concrete_fields if isinstance(each, models.JSONField) and not each.editable)
    yield from (f"{path}__{each.name}" for each in heavy)


def _paths(foreign_key: models.ForeignKey[Any, Any]) -> Iterator[str]:
    """The relations that the natural key of a foreign key's target walks through."""
    yield foreign_key.name
    target = foreign_key.remote_field.model
    if issubclass(target, CatalogModel):
        for lookup in target.natural:
            path = lookup.rpartition("__")[0]
            if path:
                yield f"{foreign_key.name}__{path}"


def key_of(row: CatalogModel) -> Key:
    return tuple(str(part) for part in row.natural_key())


def values_of(row: CatalogModel, names: Iterable[str]) -> Values:
    """The row's values of these fields, in the spelling of `_spelled`."""
    return {name: _value_of(row, name) for name in names}


def _value_of(row: CatalogModel, name: str) -> Any:
    described = row._meta.get_field(name)
    if isinstance(described, models.ManyToManyField):
        return sorted(list(key_of(each)) for each in getattr(row, name).all())
    if isinstance(described, models.ForeignKey):
        target = getattr(row, name)
        return None if target is None else list(key_of(target))
    return plain(getattr(row, name))


def raw_of(row: CatalogModel, name: str) -> Any:
    """The row's value of a field as a fixture spells it."""
    described = row._meta.get_field(name)
    if isinstance(described, models.ManyToManyField):
        return [_raw_key(each) for each in sorted(getattr(row, name).all(), key=key_of)]
    if isinstance(described, models.ForeignKey):
        target = getattr(row, name)
        return None if target is None else _raw_key(target)
    return plain(getattr(row, name))


def _raw_key(row: CatalogModel) -> list[Any]:
    return [plain(part) for part in row.natural_key()]
