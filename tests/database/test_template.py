"""The copied database is always what would be made anew: its name changes with all that it is made from."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.database import template

NEEDED = (
    "accounts/migrations/0001_initial.py",
    "accounts/models/people.py",
    "config/editors.py",
    "config/management/commands/load_catalog.py",
    "config/management/commands/migrate.py",
    "config/settings.py",
    "fixtures/catalog/40_roles.json",
    "mentoring/sql/desk_of.sql",
    "roadmaps/publishing.py",
    "roles/blueprint.py",
    "roles/fixtures.py",
    "roles/history/keeping.py",
    "roles/loading.py",
    "roles/sql/history.sql",
    "roles/sql/search.sql",
    "tests/database/saved.py",
    "tests/database/template.py",
)


def test_everything_that_decides_is_part_of_the_name():
    found = {str(path.relative_to(settings.BASE_DIR)) for path in template.ingredients()}
    assert set(NEEDED) <= found
    assert {path for path in found if path.startswith("templates/") or path.endswith("views.py")} == set()


def test_the_name_changes_with_each_part(settings, monkeypatch, tmp_path):
    names = [template.fingerprint(server="180000"), template.fingerprint(server="150000")]
    settings.TIME_ZONE = "Europe/Lisbon"
    names.append(template.fingerprint(server="180000"))
    monkeypatch.setattr(template.importlib.metadata, "distributions", list)
    names.append(template.fingerprint(server="180000"))
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(template, "ingredients", lambda: {tmp_path / "0001.sql"})
    for text in ("SELECT 1", "SELECT 2"):
        (tmp_path / "0001.sql").write_text(text)
        names.append(template.fingerprint(server="180000"))
    assert len(set(names)) == len(names)


@pytest.fixture
def names(django_db_blocker, monkeypatch):
    """Templates of another name than those of this run, in the same server; they are dropped in the end."""
    monkeypatch.setattr(template, "_prefix", lambda: "template_of_a_test_")
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        yield cursor
        for name in template._databases(cursor):
            cursor.execute(f"DROP DATABASE {name}")


@pytest.mark.django_db
def test_half_a_template_and_older_ones_are_dropped(names):
    made = [f"template_of_a_test_{each}" for each in ("a", "b", "c", "d", f"e{template.UNFINISHED}")]
    for name in made:
        names.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    template._drop_others(names, made[1])
    assert set(template._databases(names)) == {made[1], made[3], made[2]}


@pytest.mark.django_db
def test_whoever_may_not_make_databases_uses_none(names, monkeypatch):
    monkeypatch.setitem(connection.settings_dict["TEST"], "TEMPLATE", None)
    names.execute("CREATE ROLE of_a_test")
    try:
        connection.cursor().execute("SET ROLE of_a_test")
        monkeypatch.setattr(connection, "_nodb_cursor", connection.cursor)
        template.use()
    finally:
        connection.cursor().execute("RESET ROLE")
        names.execute("DROP ROLE of_a_test")
    assert connection.settings_dict["TEST"]["TEMPLATE"] is None


@pytest.mark.django_db
def test_a_copy_is_migrated_and_loaded(capsys):
    call_command("migrate", "--check")
    call_command("load_catalog")
    said = capsys.readouterr().out
    assert said.startswith("Catalog: 0 new, 0 updated, 0 removed, ")
    assert "left alone" not in said
    assert "Published" not in said
    assert "not published" not in said
