"""The triggers that keep the history, on every table of the catalog and of its links."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from roles.history.tables import catalog_models, link_tables

TRIGGER = "keep_history"


def keep_history(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Put the triggers where they are missing or no longer right. Called after every migrate, so new models count too.

    While migrations are being taken back, their functions or some of the tables are gone: those are passed over.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regproc('roles_keep_row_change') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return
        cursor.execute(
            "SELECT relname, pg_get_triggerdef(pg_trigger.oid) FROM pg_class"
            " LEFT JOIN pg_trigger ON tgrelid = pg_class.oid AND tgname = %s"
            " WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(%s)",
            [TRIGGER, list(calls())],
        )
        there = dict(cursor.fetchall())
        for table, call in calls().items():
            if table in there and not (there[table] or "").endswith(call):
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {TRIGGER} AFTER INSERT OR UPDATE OR DELETE ON {table}"
                    f" FOR EACH ROW EXECUTE FUNCTION {call}"
                )


def calls() -> dict[str, str]:
    """By table: the call of its trigger, as the database spells it."""
    rows = {
        model._meta.db_table: f"roles_keep_row_change('{{{','.join(_left_out(model))}}}')" for model in catalog_models()
    }
    links = {table: "roles_keep_link_change('{}', '{}')".format(*link.ends) for table, link in link_tables().items()}
    return rows | links


def _left_out(model: Any) -> list[str]:
    return [model._meta.get_field(name).column for name in model.written_by_system]
