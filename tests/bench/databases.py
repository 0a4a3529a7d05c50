"""The databases of the benchmark: in an embedded server of their own, away from people's data, as durable as theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.postgres.machine import PORT, USER
from config.postgres.server import ensure

FOLDER = "bench-postgres"
# Migrated, with the catalog and nobody in it: the others are copies of it.
CATALOG = "bench_catalog"


class Server:
    """The running server. It stops by itself when this process and the sites that it started have ended."""

    def __init__(self, folder: Path) -> None:
        self._sockets = ensure(folder, durable=True)

    def url(self, database: str) -> str:
        return f"postgres://{USER}@{quote(str(self._sockets), safe='')}:{PORT}/{database}"

    def connect(self, database: str, *, autocommit: bool = False) -> psycopg.Connection:
        return psycopg.connect(host=str(self._sockets), port=PORT, user=USER, dbname=database, autocommit=autocommit)

    def create(self, database: str, *, like: str = "template1") -> None:
        """Make a database anew, as a copy of another that nobody is connected to."""
        self.drop(database)
        self._execute("CREATE DATABASE {} TEMPLATE {}", database, like)

    def drop(self, database: str) -> None:
        """Drop a database if it is there, whoever is connected to it."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def _execute(self, statement: LiteralString, *names: str) -> None:
        with self.connect("postgres", autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def bulk_load(connection: psycopg.Connection, table: str, *, references: bool = True) -> Iterator[None]:
    """Take a table's indexes and constraints away while rows are poured in, and make them anew from all rows at once.

    Only the primary key stays. Foreign keys are checked when they come back, so wrong rows are found out; without
    `references` they stay as they are, for rows that point to what is not loaded."""
    name = sql.Identifier(table)
    constraints = connection.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass"
        " AND contype = ANY(%s) ORDER BY contype DESC",
        [table, ["u", "f"] if references else ["u"]],
    ).fetchall()
    for constraint, _ in constraints:
        connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(name, sql.Identifier(constraint)))
    indexes = connection.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid = %s::regclass AND NOT i.indisprimary",
        [table],
    ).fetchall()
    for index, _ in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(index)))
    yield
    for _, definition in indexes:
        connection.execute(definition)
    for constraint, definition in constraints:
        connection.execute(
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(name, sql.Identifier(constraint), sql.SQL(definition))
        )
