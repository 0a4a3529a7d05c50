"""What happened to the catalog: every change of every row, by whatever road it came.

Triggers write these rows (`roles/sql/history.sql`); nothing of ours does, and nobody changes or deletes them. A change
keeps what it replaced. So the states that a row had are found by going back from the one that it has, what was never
changed takes no room, and rows that are older than this history have one too.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.constraints import one_of
from accounts.models import User

_NEVER = pgtrigger.Update | pgtrigger.Delete


class ChangeSet(models.Model):
    """Everything that one request, one load or one transaction changed."""

    id = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    doing = models.CharField(max_length=200, blank=True, help_text="What it was, where it was no page of the admin.")
    page = models.CharField(max_length=200, blank=True, help_text="The address that was posted to.")
    session = models.CharField(max_length=16, blank=True, help_text="The same for one sign-in; no key to it.")
    database_role = models.CharField(max_length=63, blank=True, help_text="Of SQL that said nothing of a person.")

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["at"], name="roles_changeset_at"),
            models.Index(fields=["session", "at"], name="roles_changeset_session", condition=~Q(session="")),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="forgets_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.by_id IS NOT NULL OR to_jsonb(NEW) - 'by_id' IS DISTINCT FROM to_jsonb(OLD) - 'by_id'"
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class _Visible(Func):
    """Whether what a transaction did is to be seen in a snapshot of the database."""

    template = "pg_visible_in_snapshot(%(expressions)s::pg_snapshot)"
    arg_joiner = "::text::xid8, "
    output_field = models.BooleanField()


class _OwnTransaction(Func):
    """Whether this transaction did it."""

    template = "coalesce(%(expressions)s = pg_current_xact_id_if_assigned()::text::bigint, false)"
    output_field = models.BooleanField()


class What(models.TextChoices):
    INSERT = "insert", "Added"
    UPDATE = "update", "Changed"
    DELETE = "delete", "Deleted"


class RowChangeQuerySet(models.QuerySet["RowChange"]):
    def of_row(self, table: str, row: int) -> Self:
        return self.filter(table=table, row=row)

    def unseen_by(self, snapshot: str) -> Self:
        """Those of others that were not committed when the snapshot was taken, however their numbers lie."""
        return self.exclude(_Visible(F("transaction"), Value(snapshot))).exclude(_OwnTransaction(F("transaction")))


class RowChange(models.Model):
    """One change of one row, or of one link between two."""

    What = What

    changeset = models.ForeignKey(ChangeSet, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    transaction = models.BigIntegerField(help_text="By its number in the database: what a page has seen is told by it.")
    table = models.CharField(max_length=63)
    row = models.BigIntegerField(help_text="Of a link, the row that it belongs to.")
    other = models.BigIntegerField(null=True, help_text="Of a link, the row at its other end.")
    what = models.CharField(max_length=6, choices=What)
    replaced: models.JSONField[dict[str, Any] | None] = models.JSONField(
        null=True, help_text="By column: what an update replaced, or the whole row that was deleted."
    )

    objects: ClassVar[models.Manager[RowChange]] = models.Manager.from_queryset(RowChangeQuerySet)()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["table", "row", "id"], name="roles_rowchange_of_row")]
        constraints = [one_of("what", What)]
        triggers = [pgtrigger.Protect(name="never_changed", operation=_NEVER)]

    def __str__(self) -> str:
        return f"{self.what} {self.table} {self.row}"
