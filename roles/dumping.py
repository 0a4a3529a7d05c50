"""The catalog back into its fixtures, so that what editors changed can be read and kept as a diff.

A row stays where it stands in its file, with the fields and the spelling that it has there; only what differs is
written. A field that it does not name is added once it says something. Where new rows
go is said in `roles.placing`; they name the fields that the row of their kind before them names, and all of them where
there is none.

Several people may have changed a row: somebody in the admin, and somebody in the file. What the file says is replaced
only if this database knows it, having loaded or dumped it; otherwise the row is left alone and named. That holds for
rows that only one of the two has, too: a row that staff deleted leaves its file, one that was never loaded stays.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from roles.fixtures import (
    FixtureRow,
    Key,
    Reference,
    catalog_models,
    default_of,
    digest,
    fields_of,
    key_of,
    name_of,
    raw_of,
    read_folder,
    rows_by_key,
    values_of,
    written,
)
from roles.loading import is_untouched
from roles.models import CatalogModel, DumpedRow, LoadedRow
from roles.placing import Files, Line, owner_of


@dataclass
class Dump:
    """What the fixtures have to become, by names of rows."""

    added: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)  # with the names of the fields
    removed: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    unchanged: int = 0
    texts: dict[str, str] = field(default_factory=dict)  # of files that change
    digests: dict[tuple[str, Key], str] = field(default_factory=dict)

    @property
    def agrees(self) -> bool:
        """Whether the fixtures say what the database says."""
        return not (self.texts or self.left_alone)


def dumped(folder: Path, *, overwrite: bool = False) -> Dump:
    """What the fixtures of the folder have to become. Writes nothing. Raises BrokenFixtureError.

    With `overwrite`, or where the folder has no fixtures yet, the database has the last word on every row.
    """
    rows = read_folder(folder)
    with transaction.atomic():
        _see_one_moment()
        return _Dump(rows, folder, overwrite=overwrite or not rows).run()


def write(dump: Dump, folder: Path) -> None:
    """Bring a dump to the disk. Each file is whole at any time; what was written is remembered."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in dump.texts.items():
        half = folder / f".{name}.half"
        half.write_text(text, encoding="utf-8", newline="\n")
        os.replace(half, folder / name)
    loaded = {(each.model, tuple(each.key)): each.digest for each in LoadedRow.objects.all()}
    new = {key: found for key, found in dump.digests.items() if loaded.get(key) != found}
    with transaction.atomic():
        DumpedRow.objects.all().delete()
        DumpedRow.objects.bulk_create(
            DumpedRow(model=model, key=list(key), digest=found) for (model, key), found in new.items()
        )


def _see_one_moment() -> None:
    """Editors go on saving while all tables are read; what is read belongs together."""
    if not connection.savepoint_ids:  # else somebody else's transaction is around this one
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


class _Dump:
    def __init__(self, rows: list[FixtureRow], folder: Path, *, overwrite: bool) -> None:
        self.rows = rows
        self.folder = folder
        self.overwrite = overwrite
        self.report = Dump()
        self.loaded = {(each.model, tuple(each.key)): each for each in LoadedRow.objects.all()}
        self.known: dict[tuple[str, Key], set[str]] = defaultdict(set)
        for key, last in self.loaded.items():
            self.known[key].add(last.digest)
        for dumped_row in DumpedRow.objects.all():
            self.known[dumped_row.model, tuple(dumped_row.key)].add(dumped_row.digest)
        self.there = {model: rows_by_key(model) for model in catalog_models()}

    def run(self) -> Dump:
        files = Files(path.name for path in sorted(self.folder.glob("*.json")))
        for row in self.rows:
            entry = self._settled(row)
            if entry is not None:
                files.append(row.file, Line(row.model, row.key, owner_of(row.model, row.values), entry))
        for model, key in self._new():
            self._place(files, self.there[model][key])
        self._note_texts(files)
        return self.report

    def _settled(self, row: FixtureRow) -> dict[str, Any] | None:
        """What becomes of an entry; None where it goes."""
        existing = self.there[row.model].get(row.key)
        known = self.overwrite or digest(row.values) in self.known[_label(row)]
        if existing is None:
            return self._without(row, known=known)
        silent = [name for name in fields_of(row.model) if name not in row.fields]
        added = [name for name in silent if _says_something(existing, name)]
        found = values_of(existing, row.fields)
        changed = [name for name in row.fields if found[name] != row.values[name]]
        if not changed and not added:
            self.report.unchanged += 1
            self._remember(row.model, existing, row.fields)
            return row.entry
        if changed and not known:
            last = self.loaded.get(_label(row))
            behind = last is not None and is_untouched(existing, last)
            reason = "newer in the file: load it first" if behind else "changed in the file as well"
            self.report.left_alone.append(f"{row.name} ({reason})")
            return row.entry
        fields = {name: _respelled(existing, row, name) if name in changed else row.fields[name] for name in row.fields}
        fields |= {name: raw_of(existing, name) for name in added}
        self.report.changed[row.name] = [*changed, *added]
        self._remember(row.model, existing, fields)
        return {**row.entry, "fields": fields}

    def _without(self, row: FixtureRow, *, known: bool) -> dict[str, Any] | None:
        """An entry whose row the database does not have."""
        if known:
            self.report.removed.append(row.name)
            return None
        deleted = _label(row) in self.loaded
        reason = "deleted here, but changed in the file" if deleted else "not loaded yet"
        self.report.left_alone.append(f"{row.name} ({reason})")
        return row.entry

    def _new(self) -> list[Reference]:
        """Rows that no file has, in the order in which they are put into files."""
        standing = {(row.model, row.key) for row in self.rows}
        found = []
        for model, rows in self.there.items():
            new = [key for key in rows if (model, key) not in standing]
            if not self.overwrite:
                new = [key for key in new if self._is_ours(model, key)]
            found += [(model, key) for key in sorted(new, key=lambda key, rows=rows: _in_order(rows[key]))]  # type: ignore[misc]
        return found

    def _is_ours(self, model: type[CatalogModel], key: Key) -> bool:
        """Whether a row that no file has was made here. One that was loaded has been taken out of the files since."""
        if (model._meta.label_lower, key) not in self.loaded:
            return True
        self.report.left_alone.append(f"{name_of(model, key)} (no longer in the fixtures: load them first)")
        return False

    def _place(self, files: Files, row: CatalogModel) -> None:
        model, key = type(row), key_of(row)
        line = Line(model, key, owner_of(model, values_of(row, fields_of(model))))
        like = files.like(line)
        fields = list(like.entry["fields"]) if like else fields_of(model)
        fields += [name for name in fields_of(model) if name not in fields and _says_something(row, name)]
        line.entry = {"model": model._meta.label_lower, "fields": {name: raw_of(row, name) for name in fields}}
        files.insert(line)
        self.report.added.append(name_of(model, key))
        self._remember(model, row, fields)

    def _remember(self, model: type[CatalogModel], row: CatalogModel, names: Iterable[str]) -> None:
        self.report.digests[model._meta.label_lower, key_of(row)] = digest(values_of(row, names))

    def _note_texts(self, files: Files) -> None:
        for name, lines in files.all():
            text = written(line.entry for line in lines)
            path = self.folder / name
            if not path.exists() or path.read_bytes() != text.encode():
                self.report.texts[name] = text


def _label(row: FixtureRow) -> tuple[str, Key]:
    return row.model._meta.label_lower, row.key


def _says_something(row: CatalogModel, name: str) -> bool:
    return bool(values_of(row, [name])[name] != default_of(type(row), name))


def _respelled(existing: CatalogModel, row: FixtureRow, name: str) -> Any:
    """The new value; of links, those that stay keep their order, so that a diff shows what came and went."""
    new = raw_of(existing, name)
    if not isinstance(row.model._meta.get_field(name), models.ManyToManyField):
        return new
    spelled = {tuple(str(part) for part in key): key for key in new}
    staying = [key for key in (tuple(str(part) for part in old) for old in row.fields[name]) if key in spelled]
    return [spelled[key] for key in (*staying, *(key for key in spelled if key not in staying))]


def _in_order(row: CatalogModel) -> tuple[Any, ...]:
    """New rows of a model as a reader wants them: by owner, then by place, then by key; numbers as numbers."""
    owner = owner_of(type(row), values_of(row, fields_of(type(row))))
    parts = (*owner.key, str(getattr(row, "order", "")), *key_of(row))
    return tuple((len(part), part) if part.isdigit() else (0, part) for part in parts)
