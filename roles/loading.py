"""Loading the catalog from fixtures: any number of times, without touching what staff or learners wrote.

A fixture row is compared with the row in the database and with what the last load left there (`LoadedRow`). Only a row
that nobody edited since is changed; the others are left alone and named. Everything happens in one transaction.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import Error as DatabaseError
from django.db import connection, models, transaction

from roles.fixtures import (
    BrokenFixtureError,
    FixtureRow,
    Reference,
    digest,
    is_required,
    name_of,
    naming,
    read_folder,
    references_of,
    rows_by_key,
    target_of,
    values_of,
)
from roles.history.acting import acting
from roles.models import CatalogModel, LoadedRow


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
    rows = read_folder(folder)
    with acting(doing="Load of the catalog"), transaction.atomic():
        return _Load(rows, overwrite=overwrite).run()


class _Load:
    """One load: what is there, what was loaded last, and what is done about it."""

    def __init__(self, rows: list[FixtureRow], *, overwrite: bool) -> None:
        self.rows = rows
        self.overwrite = overwrite
        self.report = Report()
        self.last = {(each.model, tuple(each.key)): each for each in LoadedRow.objects.all()}
        self.new: list[LoadedRow] = []
        self.there = {model: rows_by_key(model) for model in {row.model: None for row in rows}}

    def run(self) -> Report:
        self._settle_all()
        LoadedRow.objects.bulk_create(self.new)
        self._remove_dropped()
        _check_deferred_constraints()
        return self.report

    def _settle_all(self) -> None:
        """In the order of the files, but what a row refers to comes before it, wherever it stands."""
        coming: set[Reference] = {(row.model, row.key) for row in self.rows if row.key not in self.there[row.model]}
        waiting, in_circles = self.rows, []
        while waiting:
            later = []
            for row in waiting:
                if coming.isdisjoint(reference for _, reference in references_of(row)):
                    self._settle_named(row)
                    coming.discard((row.model, row.key))
                else:
                    later.append(row)
            if len(later) == len(waiting):
                row = _first_that_can_wait_for_a_part(later, coming)
                if self._settle_named(row, without={name for name, each in references_of(row) if each in coming}):
                    in_circles.append(row)
                coming.discard((row.model, row.key))
                later.remove(row)
            waiting = later
        for row in in_circles:
            self._complete(row)

    def _settle_named(self, row: FixtureRow, *, without: Container[str] = ()) -> bool:
        with naming(row.file, row.number):
            return self._settle(row, without=without)

    def _complete(self, row: FixtureRow) -> None:
        """A row of a circle was written without what leads on; everything is there now."""
        with naming(row.file, row.number):
            self._write(row, self.there[row.model][row.key])

    def _settle(self, row: FixtureRow, *, without: Container[str]) -> bool:
        """Whether anything was written. `without` are fields that have to wait for rows that are not there yet."""
        existing = self.there[row.model].get(row.key)
        last = self.last.get((row.model._meta.label_lower, row.key))
        if existing is None:
            return self._create(row, last, without=without)
        current = values_of(existing, row.values)
        if current == row.values:
            self.report.unchanged += 1
            self._remember(row, last)
            return False
        if not self.overwrite and (last is None or not is_untouched(existing, last)):
            self.report.left_alone.append(row.name)
            return False
        self._write(row, existing, without=without)
        self.report.updated.append(row.name)
        self._remember(row, last)
        return True

    def _create(self, row: FixtureRow, last: LoadedRow | None, *, without: Container[str]) -> bool:
        if last is not None and not self.overwrite:
            self.report.left_alone.append(f"{row.name} (deleted)")
            return False
        created = row.model()
        self._write(row, created, without=without)
        self.there[row.model][row.key] = created
        self.report.created.append(row.name)
        self._remember(row, last)
        return True

    def _write(self, row: FixtureRow, instance: CatalogModel, *, without: Container[str] = ()) -> None:
        """Put the fixture's values into the row; fields that the fixture does not name stay as they are."""
        new = instance._state.adding
        one: dict[str, CatalogModel] = {}
        many: dict[str, list[CatalogModel]] = {}
        for name, value in row.fields.items():
            described = row.model._meta.get_field(name)
            if name in without:
                continue
            if isinstance(described, models.ManyToManyField):
                many[name] = [self._found(row.model, name, key) for key in value]
            elif isinstance(described, models.ForeignKey) and value is not None:
                one[name] = self._found(row.model, name, value)
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

    def _found(self, model: type[CatalogModel], relation: str, key: Iterable[Any]) -> CatalogModel:
        """What a fixture names by its natural key: from memory, since asking for each took most of a load's time."""
        target = target_of(model, relation)
        if target not in self.there:
            self.there[target] = rows_by_key(target)
        parts = tuple(str(part) for part in key)
        if parts not in self.there[target]:
            raise target.DoesNotExist(f"{name_of(target, parts)} does not exist.")
        return self.there[target][parts]

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
        name = name_of(model, tuple(last.key))
        existing = rows_by_key(model).get(tuple(last.key))
        if existing is None:
            last.delete()
            return
        if not is_untouched(existing, last) and not self.overwrite:
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


def _first_that_can_wait_for_a_part(rows: list[FixtureRow], coming: Container[Reference]) -> FixtureRow:
    """A row of a circle of references that can be saved at once: what it cannot do without is there already."""
    for row in rows:
        if not any(target in coming and is_required(row.model, name) for name, target in references_of(row)):
            return row
    row = rows[0]
    raise BrokenFixtureError(f"{row.file}, row {row.number}: {row.name} cannot be saved before itself.")


def is_untouched(row: CatalogModel, last: LoadedRow) -> bool:
    return digest(values_of(row, last.fields)) == last.digest


def _check_deferred_constraints() -> None:
    """Places in a list may be exchanged row by row; now each must be taken once."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        raise BrokenFixtureError(f"All files together: {str(error).strip()}") from error
