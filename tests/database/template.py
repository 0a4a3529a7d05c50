"""The database that tests begin with: migrated, with the catalog loaded and published.

It is made once and stays in the test server; every worker of every run begins with a copy, which takes a tenth of a
second instead of thirty. Its name is a hash of all that it is made from, so there is no old one to serve: where any of
that changes, another is made. It gets this name when it is complete, so there is no half of one either.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import importlib.metadata
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

from tests.database.saved import save

# Engineers go from branch to branch and back.
KEPT = 3
UNFINISHED = "_unfinished"
# What decides about the rows of a fresh database and may come from elsewhere than settings.py.
SETTINGS = ("AUTH_USER_MODEL", "CACHES", "INSTALLED_APPS", "LANGUAGE_CODE", "MIGRATION_MODULES", "TIME_ZONE", "USE_TZ")
IMPORT = re.compile(r"^[ \t]*(from [\w.]+ import (?:\([^)]*\)|[^(\n]+)|import [^\n]+)", re.MULTILINE)


def use() -> None:
    """Let Django make its test database as a copy; the plain way where we may not make databases."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            connection.settings_dict["TEST"]["TEMPLATE"] = _there(cursor)


def _there(cursor: CursorWrapper) -> str:
    """The name of the template. Made by whoever comes first, while the others wait; the server gives the lock back
    when this connection ends, however it does."""
    # Not of the whole name: whoever makes one drops others too.
    cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [_prefix()])
    cursor.execute("SHOW server_version_num")
    name = _prefix() + fingerprint(server=cursor.fetchone()[0])
    if name not in _databases(cursor):
        _make(cursor, name)
    _drop_others(cursor, name)
    return name


def _make(cursor: CursorWrapper, name: str) -> None:
    unfinished = name + UNFINISHED
    kept, kept_for_tests = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = unfinished
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        fill()
    finally:
        connection.close()
        connection.settings_dict["TEST"]["NAME"] = kept_for_tests
        connection.settings_dict["NAME"] = settings.DATABASES[connection.alias]["NAME"] = kept
    quote = connection.ops.quote_name
    cursor.execute(f"ALTER DATABASE {quote(unfinished)} WITH ALLOW_CONNECTIONS false")
    cursor.execute(f"ALTER DATABASE {quote(unfinished)} RENAME TO {quote(name)}")


def fill() -> None:
    """Bring the rows that every test finds into a migrated database."""
    call_command("load_catalog", stdout=StringIO())
    save()


def _drop_others(cursor: CursorWrapper, name: str) -> None:
    found = [each for each in _databases(cursor) if each != name]
    half = [each for each in found if each.endswith(UNFINISHED)]  # of a run that was killed: we hold the lock
    whole = [each for each in found if each not in half]
    for each in [*half, *whole[KEPT - 1 :]]:
        with contextlib.suppress(DatabaseError):  # somebody copies it right now
            cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(each)}")


def _databases(cursor: CursorWrapper) -> list[str]:
    """All templates of these tests, newest first."""
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC", [_prefix()])
    return [name for (name,) in cursor.fetchall()]


def _prefix() -> str:
    return f"template_{connection.settings_dict['NAME'][:25]}_"


# ---------------------------------------------------------------- what it is made from
def fingerprint(*, server: str) -> str:
    """A hash of everything that decides how a fresh database looks."""
    found = hashlib.sha256()
    for path in sorted(ingredients()):
        found.update(f"{path.relative_to(settings.BASE_DIR)} {path.stat().st_size}\n".encode())
        found.update(path.read_bytes())
    packages = sorted(f"{each.name} {each.version}" for each in importlib.metadata.distributions())
    chosen = [(name, getattr(settings, name)) for name in SETTINGS]
    found.update(repr((packages, chosen, connection.settings_dict["USER"], server)).encode())
    return found.hexdigest()[:16]


def ingredients() -> set[Path]:
    """Our migrations, models, SQL, fixtures, what loads and publishes them, and whatever of ours these import."""
    folders = [Path(config.path) for config in apps.get_app_configs() if _is_ours(Path(config.path))]
    data = {path for folder in folders for path in folder.rglob("*.sql")}
    data |= set((settings.BASE_DIR / "fixtures" / "catalog").iterdir())
    begin = {settings.BASE_DIR / f"config/management/commands/{name}.py" for name in ("load_catalog", "migrate")}
    begin |= {settings.BASE_DIR / "config/settings.py"}
    begin |= {path for folder in folders for part in ("migrations", "models") for path in (folder / part).glob("*.py")}
    begin |= {path for folder in folders for name in ("models", "apps") for path in folder.glob(f"{name}.py")}
    return data | _with_imports({*begin, Path(__file__)}, {folder.name for folder in folders} | {"tests"})


def _is_ours(folder: Path) -> bool:
    return folder.parent == settings.BASE_DIR


def _with_imports(paths: Iterable[Path], packages: set[str]) -> set[Path]:
    found, waiting = set[Path](), list(paths)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += (file for name in _imported(path) if name.split(".")[0] in packages for file in _files_of(name))
    return found


def _imported(path: Path) -> Iterator[str]:
    """The names that a file imports, inside functions too; whether the last part is a module is not known here."""
    for node in ast.walk(_imports_of(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _imports_of(text: str) -> ast.Module:
    """A file's imports alone, where they can be told by their lines: reading all of each took every run a second."""
    try:
        return ast.parse("\n".join(IMPORT.findall(text)))
    except SyntaxError:  # a sentence that begins like one, or a bracket in a comment
        return ast.parse(text)


def _files_of(name: str) -> list[Path]:
    path = settings.BASE_DIR.joinpath(*name.split("."))
    return [each for each in (path / "__init__.py", path.with_suffix(".py")) if each.is_file()]
