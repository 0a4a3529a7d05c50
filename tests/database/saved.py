"""What a test committed is taken back: rows that it wrote go, and rows that it changed or deleted come again.

They lie in a schema of their own in the test database, so putting them back is two statements for each changed table
and never leaves the server. Most tests change a few rows of a handful of 140 tables; flushing them all took 0.7
seconds, and filling the changed ones anew as long, where that was the history or what the search finds.
"""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

SCHEMA = "saved"
# Written by triggers whenever the catalog changes. Putting the catalog back is a change too.
VERSION = "roles_catalogversion"

type State = tuple[int, int]  # how many rows; the newest transaction that wrote one


def save() -> None:
    """Keep a copy of every row. Once for each database, before the first test."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for table, (rows, _) in _states(cursor, connection.introspection.table_names(cursor)).items():
            if rows:
                cursor.execute(f"CREATE TABLE {SCHEMA}.{table} AS TABLE {table}")


class SavedTables:
    """The state of all tables before the tests, and the way back to it."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            self._states = _states(cursor, connection.introspection.table_names(cursor))
            self._columns = _columns(cursor)
            self._keys = _keys(cursor)

    def put_back(self) -> list[str]:
        """Return the names of the tables that had changed.

        Nobody writes meanwhile: the locks wait for every transaction that wrote, a thread's of the test's too. So each
        row written since has a higher number than all that were there, and where none was written, fewer rows are left:
        number and count tell every change. Triggers and foreign keys are off, since all rows come back as they were.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"LOCK TABLE {', '.join(self._states)} IN SHARE MODE")
            found = _states(cursor, self._states)
            changed = [table for table, state in found.items() if state != self._states[table]]
            for table in changed:
                self._fill(cursor, table)
            self._states |= _states(cursor, changed)
        if "django_content_type" in changed:
            ContentType.objects.clear_cache()
        return changed

    def _fill(self, cursor: CursorWrapper, table: str) -> None:
        cursor.execute(f"DELETE FROM {table} WHERE xmin::text::bigint > %s", [self._states[table][1]])
        if columns := self._columns.get(table):
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {SCHEMA}.{table} "
                f"WHERE ({self._keys[table]}) NOT IN (SELECT {self._keys[table]} FROM {table})"
            )
        if table == VERSION:
            cursor.execute(f"UPDATE {VERSION} SET changed_in = pg_current_xact_id()::text")


def _states(cursor: CursorWrapper, tables: list[str] | dict[str, State]) -> dict[str, State]:
    one = "SELECT '{0}', count(*), coalesce(max(xmin::text::bigint), 0) FROM {0}"
    cursor.execute(" UNION ALL ".join(one.format(table) for table in tables) or "SELECT WHERE false")
    return {table: (rows, newest) for table, rows, newest in cursor.fetchall()}


def _columns(cursor: CursorWrapper) -> dict[str, str]:
    """The columns of each table with saved rows; computed ones compute themselves."""
    cursor.execute(
        "SELECT relname, string_agg(quote_ident(attname), ', ' ORDER BY attnum) "
        "FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
        "WHERE relnamespace = current_schema()::regnamespace AND to_regclass(%s || '.' || relname) IS NOT NULL "
        "AND relkind = 'r' AND attnum > 0 AND NOT attisdropped AND attgenerated = '' GROUP BY relname",
        [SCHEMA],
    )
    return dict(cursor.fetchall())


def _keys(cursor: CursorWrapper) -> dict[str, str]:
    """The columns of each table's primary key."""
    cursor.execute(
        "SELECT relname, string_agg(quote_ident(attname), ', ') FROM pg_index "
        "JOIN pg_class ON pg_class.oid = indrelid JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey) "
        "WHERE relnamespace = current_schema()::regnamespace AND indisprimary GROUP BY relname"
    )
    return dict(cursor.fetchall())
