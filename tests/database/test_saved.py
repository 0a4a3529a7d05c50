"""After a test that commits, the database is as it was before it, whatever the test did."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, transaction

from accounts.models import User
from roles.models import CatalogVersion, Skill
from tests.factories import UserFactory
from tests.sampling import sampled

pytestmark = pytest.mark.django_db(transaction=True)


def everything() -> dict[str, list[str]]:
    """Every row of every table, but for the number that says which state of the catalog this is, and but for `keys`: a
    search entry computes them, in any order."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT (to_jsonb(each) - 'keys')::text FROM {table} each ORDER BY 1")
            found[table] = [text for (text,) in cursor.fetchall()]
    del found["roles_catalogversion"]
    return found


def sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def elsewhere(act) -> None:
    """On another connection, as a worker or a site in a thread does."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def insert() -> None:
    UserFactory()


def insert_and_delete() -> None:
    UserFactory()
    User.objects.all().delete()


def update() -> None:
    sql("UPDATE roles_source SET title = title || '!'")


def update_to_the_same() -> None:
    sql("UPDATE roles_source SET title = title")


def update_and_back() -> None:
    sql("UPDATE auth_group SET name = name || '!'")
    sql("UPDATE auth_group SET name = rtrim(name, '!')")


def update_the_catalog_and_back() -> None:
    """Its history tells of both."""
    sql("UPDATE roles_source SET title = title || '!'")
    sql("UPDATE roles_source SET title = rtrim(title, '!')")


def delete() -> None:
    sql("DELETE FROM roles_leveltitle WHERE id = (SELECT max(id) FROM roles_leveltitle)")


def put_a_row_in_place_of_another() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM roles_leveltitle WHERE id = (SELECT max(id) FROM roles_leveltitle) RETURNING *")
        row = cursor.fetchone()
        cursor.execute(f"INSERT INTO roles_leveltitle VALUES ({', '.join(['%s'] * len(row))})", [row[0] + 1, *row[1:]])


def truncate() -> None:
    sql("TRUNCATE roles_skill CASCADE")


def change_permissions() -> None:
    Group.objects.all().delete()
    Permission.objects.first().delete()
    ContentType.objects.create(app_label="gone", model="gone")


def count_a_try() -> None:
    sql("INSERT INTO cache_entry VALUES ('key', 'value', now())")


def in_a_savepoint() -> None:
    with transaction.atomic():
        UserFactory()
        with transaction.atomic():
            UserFactory()


ACTS = [
    insert, insert_and_delete, update, update_to_the_same, update_and_back,
    update_the_catalog_and_back, delete, put_a_row_in_place_of_another,
    truncate, change_permissions, count_a_try, in_a_savepoint,
]  # fmt: skip


LEAVE_NOTHING = [insert_and_delete, update_to_the_same, update_and_back]


@pytest.mark.parametrize("act", sampled(ACTS, every=3))
@pytest.mark.parametrize(
    "where", [elsewhere, pytest.param(lambda act: act(), marks=pytest.mark.slow)], ids=["elsewhere", "here"]
)
def test_whatever_was_committed_is_taken_back(django_db_setup, act, where):
    before = everything()
    where(act)
    assert (everything() != before) == (act not in LEAVE_NOTHING)
    django_db_setup.put_back()
    assert everything() == before
    assert django_db_setup.put_back() == []


def test_only_changed_tables_are_filled_again(django_db_setup):
    update()
    told = {"roles_catalogversion", "roles_changeset", "roles_rowchange"}
    assert set(django_db_setup.put_back()) == {"roles_source", "roles_searchentry"} | told
    assert django_db_setup.put_back() == []


def test_what_is_rolled_back_changes_nothing(django_db_setup):
    with transaction.atomic():
        truncate()
        transaction.set_rollback(True)
    assert django_db_setup.put_back() == []


def test_it_waits_for_whoever_still_writes(django_db_setup):
    wrote, commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            UserFactory()
            wrote.set()
            commit.wait(5)

    writer = threading.Thread(target=elsewhere, args=[write_slowly])
    writer.start()
    wrote.wait(5)
    threading.Timer(0.05, commit.set).start()
    django_db_setup.put_back()
    writer.join()
    assert not User.objects.exists()


def test_keys_count_on(django_db_setup):
    """As after Django's own flush: a key that a test saw is not another row's in the next one."""
    first = UserFactory().pk
    django_db_setup.put_back()
    assert UserFactory().pk > first


def test_a_catalog_that_was_put_back_is_another_state_of_it(django_db_setup):
    """Whatever a process keeps of the changed one is not taken for it."""
    states = [CatalogVersion.objects.get().changed_in]
    update()
    states.append(CatalogVersion.objects.get().changed_in)
    django_db_setup.put_back()
    states.append(CatalogVersion.objects.get().changed_in)
    assert len(set(states)) == 3


def test_content_types_are_found_again(django_db_setup):
    before = ContentType.objects.get_for_model(User).pk
    ContentType.objects.filter(pk=before).update(model="gone")
    ContentType.objects.clear_cache()
    django_db_setup.put_back()
    assert ContentType.objects.get_for_model(User).pk == before


@pytest.mark.parametrize("part", ["leave", "find nothing of the other"])
def test_tests_that_commit(part):
    """Twice the same: whichever comes second would find what the first one left."""
    assert not User.objects.exists()
    assert Group.objects.filter(name="Editors", permissions__isnull=False).exists()
    UserFactory()
    truncate()
    change_permissions()


@pytest.mark.django_db(transaction=False)
def test_tests_that_do_not_commit_find_the_catalog_too():
    assert Skill.objects.exists()
    assert not User.objects.exists()
