"""Writing what was planned, in few statements. What the database refuses is named row by row.

Call it inside of a transaction: it writes what it can, and whoever calls decides what stays. Only the database knows
whether all its constraints and triggers agree, so a try is the real thing, taken back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import batched
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Count, UniqueConstraint

from accounts.careful import ask_deferred_constraints, is_deadlock, is_refusal, reason_of
from roles.exchange.columns import Columns
from roles.exchange.keys import BETWEEN_PARTS, Keys
from roles.exchange.planning import Planned
from roles.how_far import Told
from roles.models.base import CatalogModel
from roles.models.imports import Outcome

# Beyond, what else is wrong is not looked for: each takes several statements.
MOST_REFUSED = 100
_AT_ONCE = 500
_ABOUT = re.compile(r'Key \("?(?P<columns>.+?)"?\)=')


def apply(columns: Columns, planned: list[Planned], keys: Keys, *, told: Told) -> None:
    """Write the rows that have no fault so far; what the database refuses gets its fault."""
    _Application(columns, planned, keys, told).run()


def lock(columns: Columns) -> None:
    """Nobody else writes these rows until the end of the transaction; reading goes on."""
    through = [columns.named(name).remote_field.through._meta.db_table for name in columns.many]
    tables = ", ".join(connection.ops.quote_name(name) for name in [columns.model._meta.db_table, *sorted(through)])
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")


class _Application:
    def __init__(self, columns: Columns, planned: list[Planned], keys: Keys, told: Told) -> None:
        self.columns = columns
        self.model = columns.model
        self.planned = planned
        self.keys = keys
        self.told = told
        self.refused = 0
        self.done = 0

    def run(self) -> None:
        self.done = sum(each.outcome not in (Outcome.NEW, Outcome.CHANGED) for each in self.planned)
        self._in_rounds([each for each in self.planned if each.outcome == Outcome.NEW])
        for some in batched([each for each in self.planned if each.outcome == Outcome.CHANGED], _AT_ONCE):
            self._write(self._with_rows(some), self._change)
            self._tell(len(some))
        for name in self.columns.many:
            self._link(name)
        self._judge_places()
        if not self.refused:
            ask_deferred_constraints()

    def _tell(self, more: int) -> None:
        self.done += more
        self.told(self.done)

    # ------------------------------------------------------------ rows

    def _in_rounds(self, new: list[Planned]) -> None:
        """New rows may refer to each other: those come first that need none that is still to come."""
        while new:
            coming = {each.key for each in new}
            ready = [each for each in new if not self._waits(each, coming)]
            if not ready:
                for each in new:
                    self._refuse(each, "", "It refers to new rows that refer back to it.")
                return
            for some in batched(ready, _AT_ONCE):
                self._write([(each, self._built(each, self.model())) for each in some], self._insert)
                self._tell(len(some))
            names = {each.number for each in ready}
            new = [each for each in new if each.number not in names]

    def _waits(self, planned: Planned, coming: set[str]) -> bool:
        return any(
            value in coming
            for name, value in planned.values.items()
            if self.columns.named(name).related_model is self.model and not self.columns.named(name).many_to_many
        )

    def _with_rows(self, some: Iterable[Planned]) -> list[tuple[Planned, CatalogModel]]:
        rows = self.model._base_manager.in_bulk([each.pk for each in some])
        return [(each, self._built(each, rows[each.pk])) for each in some]

    def _built(self, planned: Planned, row: CatalogModel) -> CatalogModel:
        """The row as the file has it; its links come later."""
        for name, value in planned.values.items():
            described: Any = self.columns.named(name)
            if described.many_to_many:
                continue
            if described.is_relation:
                found = None if value is None else self.keys.number(described.related_model, value)
                if value is not None and found is None:
                    self._refuse(planned, name, f"“{value}” was refused, and this row refers to it.")
                setattr(row, described.attname, found)
            else:
                setattr(row, name, described.to_python(value))
        if planned.outcome != Outcome.FAULTY:
            try:
                row.clean()
            except ValidationError as error:
                for column, reasons in _by_column(error):
                    self._refuse(planned, column, " ".join(reasons))
        return row

    def _write(
        self,
        rows: list[tuple[Planned, CatalogModel]],
        write: Callable[[list[tuple[Planned, CatalogModel]]], None],
    ) -> None:
        """All in one statement; where the database refuses one of them, halves of them, until that one is found."""
        rows = [(planned, row) for planned, row in rows if planned.outcome != Outcome.FAULTY]
        if not rows or self.refused >= MOST_REFUSED:
            return
        try:
            with transaction.atomic():
                write(rows)
        except DatabaseError as error:
            if is_deadlock(error) or not (is_refusal(error) or _is_about_data(error)):
                raise
            if len(rows) == 1:
                self._refuse(rows[0][0], *self._why(error))
                return
            middle = len(rows) // 2
            self._write(rows[:middle], write)
            self._write(rows[middle:], write)

    def _insert(self, rows: list[tuple[Planned, CatalogModel]]) -> None:
        self.model._base_manager.bulk_create([row for _, row in rows])
        for planned, row in rows:
            planned.pk = row.pk
            key = planned.key or BETWEEN_PARTS.join(str(part) for part in row.natural_key())
            self.keys.add(self.model, key, row.pk)

    def _change(self, rows: list[tuple[Planned, CatalogModel]]) -> None:
        """As one INSERT … ON CONFLICT: an UPDATE with a CASE for each row and column takes many times as long."""
        changed = {name for planned, _ in rows for name in planned.values if not self.columns.named(name).many_to_many}
        if changed:
            manager: Any = self.model._base_manager
            manager.bulk_create(
                [row for _, row in rows],
                update_conflicts=True,
                unique_fields=["pk"],
                update_fields=sorted(changed),
            )

    # ------------------------------------------------------------ links

    def _link(self, name: str) -> None:
        described: Any = self.columns.named(name)
        wanted = {
            each.pk: {number for key in each.values[name] if (number := self._number(each, name, key))}
            for each in self.planned
            if name in each.values and each.outcome in (Outcome.NEW, Outcome.CHANGED) and each.pk
        }
        if described.remote_field.symmetrical:
            for row in self.model._base_manager.filter(pk__in=wanted):
                getattr(row, name).set(wanted[row.pk])
            return
        through = described.remote_field.through
        one, other = f"{described.m2m_field_name()}_id", f"{described.m2m_reverse_field_name()}_id"
        for some in batched(wanted, _AT_ONCE):
            there: dict[int, dict[int, int]] = defaultdict(dict)
            for pk, source, target in through.objects.filter(**{f"{one}__in": some}).values_list("pk", one, other):
                there[source][target] = pk
            gone = [pk for row in some for target, pk in there[row].items() if target not in wanted[row]]
            through.objects.filter(pk__in=gone).delete()
            through.objects.bulk_create(
                through(**{one: row, other: target})
                for row in some
                for target in sorted(wanted[row] - there[row].keys())
            )

    def _number(self, planned: Planned, name: str, key: str) -> int | None:
        target: Any = self.columns.named(name).related_model
        number = self.keys.number(target, key)
        if number is None:
            self._refuse(planned, name, f"“{key}” was refused, and this row refers to it.")
        return number

    # ------------------------------------------------------------ what is refused

    def _judge_places(self) -> None:
        """Places in a list may be exchanged row by row, so the database judges them last. Then it names one alone."""
        by_pk = {each.pk: each for each in self.planned if each.pk and each.outcome in (Outcome.NEW, Outcome.CHANGED)}
        for constraint in self.model._meta.constraints:
            if not isinstance(constraint, UniqueConstraint) or not constraint.deferrable:
                continue
            rows = self.model._base_manager.order_by()
            taken = rows.values(*constraint.fields).annotate(times=Count("pk")).filter(times__gt=1)
            for place in taken:
                del place["times"]
                for pk in rows.filter(**place).values_list("pk", flat=True):
                    if pk in by_pk:
                        reason = str(constraint.get_violation_error_message())
                        self._refuse(by_pk[pk], constraint.fields[-1], reason)

    def _refuse(self, planned: Planned, column: str, reason: str) -> None:
        self.refused += 1
        planned.refuse(column, reason)

    def _why(self, error: DatabaseError) -> tuple[str, str]:
        """Column and reason of a refusal."""
        said = getattr(error.__cause__, "diag", None)
        name = getattr(said, "constraint_name", None)
        for constraint in self.model._meta.constraints:
            if constraint.name == name:
                return _column_of(constraint), reason_of(error)
        about = _ABOUT.search(getattr(said, "message_detail", None) or "")
        named = about["columns"] if about else getattr(said, "column_name", None)
        for column in self.columns.fields:
            described: Any = self.columns.named(column)
            if not described.many_to_many and described.column == named:
                return column, "Another row has this already." if about else "The database refuses this value."
        # A trigger says why in its own words.
        return "", str(getattr(said, "message_primary", None) or error).removeprefix("pgtrigger: ")


def _is_about_data(error: DatabaseError) -> bool:
    return str(getattr(error.__cause__, "sqlstate", None) or "").startswith("22")


def _column_of(constraint: models.BaseConstraint) -> str:
    """The column that a constraint is about, if it is about one."""
    if isinstance(constraint, UniqueConstraint):
        return constraint.fields[-1] if constraint.fields else ""
    if isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, models.Q):
        names = set(constraint.condition.referenced_base_fields)
        return names.pop() if len(names) == 1 else ""
    return ""


def _by_column(error: ValidationError) -> list[tuple[str, list[str]]]:
    return list(error.message_dict.items()) if hasattr(error, "error_dict") else [("", error.messages)]
