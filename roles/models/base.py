from __future__ import annotations

from functools import reduce
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import migrations, models

# Pages for visitors are kept rendered until the catalog changes. The database itself notes every change, so that no
# road into these tables (admin, loader, `queryset.update()`, psql) can leave a stale page behind.
BUMP_CATALOG_VERSION = """
    INSERT INTO roles_catalogversion (id, changed_in) VALUES (1, pg_current_xact_id()::text)
    ON CONFLICT (id) DO UPDATE SET changed_in = EXCLUDED.changed_in
    WHERE roles_catalogversion.changed_in <> EXCLUDED.changed_in;
    RETURN NULL;
"""


def bumps_catalog_version() -> list[pgtrigger.Trigger]:
    """The trigger of a table whose rows are shown to visitors."""
    return [
        pgtrigger.Trigger(
            name="bump_catalog_version",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func=BUMP_CATALOG_VERSION,
        )
    ]


def bumps_catalog_version_from(*tables: str) -> migrations.RunSQL:
    """The same for link tables, which have no model to declare a trigger on: an operation for a migration."""
    return migrations.RunSQL(
        [
            "CREATE OR REPLACE FUNCTION roles_bump_catalog_version() RETURNS trigger AS $$"
            f" BEGIN {BUMP_CATALOG_VERSION} END $$ LANGUAGE plpgsql",
            *(
                f"CREATE TRIGGER bump_catalog_version AFTER INSERT OR UPDATE OR DELETE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION roles_bump_catalog_version()"
                for table in tables
            ),
        ],
        [f"DROP TRIGGER bump_catalog_version ON {table}" for table in tables],
    )


def keeps_what_was_published() -> list[pgtrigger.Trigger]:
    """The triggers of a row whose key progress hangs on: it is never deleted once published, its key never changes."""
    return [
        pgtrigger.Protect(
            name="published_stays",
            operation=pgtrigger.Delete,
            condition=pgtrigger.Q(old__published=True),
        ),
        pgtrigger.Protect(
            name="key_is_permanent",
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(old__key__df=pgtrigger.F("new__key")),
        ),
    ]


class CatalogManager[M: "CatalogModel"](models.Manager[M]):
    def get_by_natural_key(self, *key: Any) -> M:
        return self.get(**dict(zip(self.model.natural, key, strict=True)))


class CatalogModel(models.Model):
    """A row that fixtures load: found again by its natural key, never by a number."""

    natural: ClassVar[tuple[str, ...]] = ("slug",)  # lookups that identify a row, such as ("role__slug", "order")
    # What the system writes into the row: no content of its own, and not part of its history.
    written_by_system: ClassVar[tuple[str, ...]] = ()

    objects: ClassVar[CatalogManager[Self]] = CatalogManager()

    class Meta:
        abstract = True
        triggers = bumps_catalog_version()

    def natural_key(self) -> tuple[Any, ...]:
        return tuple(reduce(getattr, lookup.split("__"), self) for lookup in self.natural)


class CatalogVersion(models.Model):
    """One row: the transaction that last changed anything in the catalog. Written by triggers only."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    changed_in = models.CharField(max_length=20)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="roles_catalogversion_one_row")]

    def __str__(self) -> str:
        return self.changed_in

    @classmethod
    def current(cls) -> str:
        """Empty before anything was ever loaded."""
        return cls.objects.values_list("changed_in", flat=True).first() or ""


class LoadedRow(models.Model):
    """What `load_catalog` last wrote for one fixture row.

    A row whose content no longer has this digest was edited by staff: the next load leaves it alone and names it.
    """

    model = models.CharField(max_length=60)
    key = models.JSONField()
    fields = models.JSONField(help_text="Names of the fields that the fixture gave.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of their values.")
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "key"], name="roles_loadedrow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"


class DumpedRow(models.Model):
    """What `dump_catalog` last wrote for a row, where that is not what was loaded last.

    A fixture row with this digest came from here: the next dump may write over it.
    """

    model = models.CharField(max_length=60)
    key = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the values of its fields.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "key"], name="roles_dumpedrow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
