"""Where the data lives: the server named by DATABASE_URL, or the embedded one."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from config.postgres.machine import PORT, USER
from config.postgres.server import DATABASE


def databases(
    *, url: str | None, replica_url: str | None, var: Path, conn_max_age: int = 60, pgbouncer: bool = False
) -> dict[str, dict[str, Any]]:
    """The setting DATABASES.

    Processes keep their connections (`conn_max_age`, in seconds; 0 closes them after each request) and test them
    before they use them again, so that a restarted server costs nobody an error page. Kept connections rather than
    psycopg's pool: our server runs few threads, each with one request at a time, so a pool would hand every thread
    the same connection by way of a lock and threads of its own, which must not exist before a preloaded server forks.

    `pgbouncer`: behind PgBouncer in transaction mode a cursor of the server's does not survive its transaction.
    Prepared statements need no switch: Django leaves psycopg's off.
    """
    if not url:
        return {"default": _embedded(var, conn_max_age)}
    options = {"conn_max_age": conn_max_age, "conn_health_checks": True, "disable_server_side_cursors": pgbouncer}
    found = {"default": _parse(url, **options)}
    if replica_url:
        found["replica"] = _parse(replica_url, **options) | {"TEST": {"MIRROR": "default"}}
    return found


def _parse(url: str, **options: Any) -> dict[str, Any]:
    try:
        parsed: dict[str, Any] = {**dj_database_url.parse(url, **options)}
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL is no address of a database: {error}") from error
    if parsed["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must be the address of a PostgreSQL: postgres://…")
    parsed.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    return parsed


def _embedded(var: Path, conn_max_age: int) -> dict[str, Any]:
    # Tests get a server of their own: it is away from people's data, so it may forget what it wrote in a crash.
    testing = "PYTEST_VERSION" in os.environ
    return {
        "ENGINE": "config.postgres",
        "FOLDER": var / ("test-postgres" if testing else "postgres"),
        "DURABLE": not testing,
        "NAME": DATABASE,
        "USER": USER,
        "PORT": PORT,
        "CONN_MAX_AGE": conn_max_age,
        "CONN_HEALTH_CHECKS": True,
    }
