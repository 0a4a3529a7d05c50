"""What the database keeps of every change of the catalog, by whatever road it comes."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.erasing import erase
from config.editors import GROUP
from interviews.models import Question
from roles.history.acting import acting
from roles.history.keeping import calls, keep_history
from roles.history.tables import catalog_models
from roles.loading import load
from roles.models import ChangeSet, Goal, Role, RoleFit, RowChange, Skill
from tests.factories import UserFactory
from tests.forms import fields_of
from tests.roadmaps.drafts import add_goal, first_goal
from tests.roadmaps.times import NOW

pytestmark = pytest.mark.django_db

CATALOG = settings.BASE_DIR / "fixtures" / "catalog"


@pytest.fixture
def before(db) -> int:
    """The number of the last change that tests begin with: those of loading the catalog."""
    return RowChange.objects.latest("pk").pk


@pytest.fixture
def news(before):
    """What came since, as (what, table, replaced)."""

    def found() -> list[tuple[str, str, dict | None]]:
        changes = RowChange.objects.filter(pk__gt=before).order_by("pk")
        return [(each.what, each.table, each.replaced) for each in changes]

    return found


@pytest.fixture
def skill(db) -> Skill:
    return Skill.objects.get(slug="hipaa")


@pytest.fixture
def editor(db):
    user = UserFactory(is_staff=True, display_name="Mei-Ling Zhao")
    user.groups.add(Group.objects.get(name=GROUP))
    return user


@pytest.fixture
def desk(editor) -> Client:
    client = Client()
    client.force_login(editor)
    return client


# ---------------------------------------------------------------- every road


def test_a_save_keeps_what_it_replaced(skill, news):
    before = skill.summary
    skill.summary = "Said better."
    skill.save()
    assert news() == [("update", "roles_skill", {"summary": before})]


def test_a_bulk_update_keeps_it_for_each_row(news):
    total = Skill.objects.exclude(summary="The same").update(summary="The same")
    assert len(news()) == total > 50
    assert len({each.changeset_id for each in RowChange.objects.order_by("-pk")[:total]}) == 1


def test_so_does_sql(skill, news):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE roles_skill SET name = 'Renamed' WHERE id = %s", [skill.pk])
    assert news() == [("update", "roles_skill", {"name": skill.name})]
    changeset = RowChange.objects.latest("pk").changeset
    assert (changeset.by, changeset.page, changeset.doing) == (None, "", "")
    assert changeset.database_role


def test_what_is_written_as_it_is_counts_for_nothing(skill, news):
    skill.save()
    Skill.objects.update(name=F("name"))
    assert news() == []


def test_a_deleted_row_is_kept_whole(analytics, news):
    fit = analytics.fits.create(polarity="fit", order=90, text="Whoever likes lists")
    fit.delete()
    added, deleted = news()
    assert added == ("insert", "roles_rolefit", None)
    assert deleted[:2] == ("delete", "roles_rolefit")
    assert deleted[2]["text"] == "Whoever likes lists"
    assert deleted[2].keys() == {field.column for field in RoleFit._meta.concrete_fields}


def test_links_belong_to_the_row_whose_field_they_are(analytics, skill, news):
    goal = first_goal(analytics)
    goal.skills.set([skill])
    goal.skills.clear()
    added, deleted = reversed(RowChange.objects.order_by("-pk")[:2])
    assert (added.what, added.row, added.other) == ("insert", goal.pk, skill.pk)
    assert (deleted.what, deleted.row, deleted.other) == ("delete", goal.pk, skill.pk)


def test_a_link_that_sql_bends_is_one_gone_and_one_added(analytics, skill, before):
    goal = first_goal(analytics)
    goal.skills.set([skill])
    other = Skill.objects.exclude(pk=skill.pk).first()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE roles_goal_skills SET skill_id = %s WHERE goal_id = %s", [other.pk, goal.pk])
    gone, added = reversed(RowChange.objects.order_by("-pk")[:2])
    assert [(each.what, each.other) for each in (gone, added)] == [("delete", skill.pk), ("insert", other.pk)]


def test_what_the_system_writes_into_a_row_is_no_change_of_it(analytics, news):
    Role.objects.filter(pk=analytics.pk).update(blueprint=None)
    Goal.objects.filter(phase__role=analytics).update(published=True)
    assert news() == []


def test_a_goal_keeps_its_key_beyond_its_end(analytics):
    goal = add_goal(analytics)
    goal.delete()
    assert RowChange.objects.latest("pk").replaced["key"] == str(goal.key)


def test_every_table_of_the_catalog_has_the_trigger():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'keep_history'")
        found = {table for (table,) in cursor.fetchall()}
    assert found == set(calls())
    assert {"roles_goal_skills", "interviews_question_roles", "interviews_sampleanswer"} <= found


def test_triggers_that_are_missing_or_wrong_come_back(django_assert_num_queries):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER keep_history ON roles_skill")
        cursor.execute(
            "CREATE OR REPLACE TRIGGER keep_history AFTER INSERT OR UPDATE OR DELETE ON roles_role"
            " FOR EACH ROW EXECUTE FUNCTION roles_keep_row_change('{}')"
        )
    with django_assert_num_queries(4):
        keep_history()
    with django_assert_num_queries(2):
        keep_history()


def test_rows_come_after_those_that_they_refer_to():
    order = catalog_models()
    for model in order:
        for field in model._meta.concrete_fields:
            if field.related_model in order and field.related_model is not model:
                assert order.index(field.related_model) < order.index(model)


# ---------------------------------------------------------------- who


def test_a_page_of_the_admin_tells_who_from_where_and_in_which_session(desk, editor, skill, before):
    page = reverse("admin:roles_skill_change", args=[skill.pk])
    form = fields_of(desk.get(page), "skill_form")
    desk.post(page, {**form, "summary": "Said better."})
    change = RowChange.objects.get(pk__gt=before)
    changeset = change.changeset
    assert (changeset.by, changeset.page, changeset.doing) == (editor, page, "")
    assert changeset.database_role == ""
    assert len(changeset.session) == 16
    assert changeset.session not in desk.session.session_key


def test_one_save_is_one_changeset(desk, analytics, before):
    phase = first_goal(analytics).phase
    page = reverse("admin:roles_phase_change", args=[phase.pk])
    form = fields_of(desk.get(page), "phase_form")
    desk.post(page, {**form, "weeks": "5", "goals-0-text": "Other words", "goals-1-text": "Others still"})
    changes = RowChange.objects.filter(pk__gt=before)
    assert sorted(each.table for each in changes) == ["roles_goal", "roles_goal", "roles_phase"]
    assert len({each.changeset_id for each in changes}) == 1


def test_reading_and_saving_what_is_unchanged_leave_nothing(desk, skill, before):
    total = ChangeSet.objects.count()
    page = reverse("admin:roles_skill_change", args=[skill.pk])
    desk.post(page, fields_of(desk.get(page), "skill_form"))
    assert ChangeSet.objects.count() == total


def test_what_comes_later_in_the_transaction_is_nobodys(editor, skill, before):
    with acting(by=editor, doing="Something"):
        Skill.objects.filter(pk=skill.pk).update(summary="One")
    Skill.objects.filter(pk=skill.pk).update(summary="Two")
    first, second = RowChange.objects.filter(pk__gt=before).order_by("pk")
    assert (first.changeset.by, first.changeset.doing) == (editor, "Something")
    assert second.changeset.by is None
    assert second.changeset_id != first.changeset_id


def test_inside_of_another_it_is_part_of_it(editor, skill, before):
    with acting(by=editor, page="/admin/x/") as outer, acting(doing="A revert") as inner:
        Skill.objects.filter(pk=skill.pk).update(summary="One")
    changeset = RowChange.objects.get(pk__gt=before).changeset
    assert inner == outer == changeset.pk
    assert (changeset.by, changeset.page, changeset.doing) == (editor, "/admin/x/", "A revert")


def test_a_failure_inside_is_no_trouble_afterwards(editor, skill, before):
    with suppress(ZeroDivisionError), transaction.atomic(), acting(by=editor):
        Skill.objects.filter(pk=skill.pk).update(summary="One")
        raise ZeroDivisionError
    with pytest.raises(DatabaseError), transaction.atomic(), acting(by=editor):
        connection.cursor().execute("SELECT 1 / 0")
    Skill.objects.filter(pk=skill.pk).update(summary="Two")
    assert RowChange.objects.get(pk__gt=before).changeset.by is None


# ---------------------------------------------------------------- the loader


def test_the_loader_names_itself(before):
    Skill.objects.filter(slug="hipaa").update(summary="Staff know better.")
    load(CATALOG, overwrite=True)
    change = RowChange.objects.latest("pk")
    assert change.changeset.doing == "Load of the catalog"
    assert change.replaced == {"summary": "Staff know better."}


def test_loading_an_unchanged_catalog_leaves_nothing(news):
    load(CATALOG)
    assert news() == []


def test_the_first_load_is_there_and_takes_little_room():
    loaded = RowChange.objects.filter(changeset__doing="Load of the catalog", what="insert")
    assert loaded.count() > 1_700
    assert not loaded.filter(replaced__isnull=False).exists()


# ---------------------------------------------------------------- kept for good


@pytest.mark.parametrize("model", [ChangeSet, RowChange])
def test_nobody_deletes_history(skill, model):
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        model.objects.filter(pk=model.objects.first().pk)._raw_delete("default")


def test_nobody_changes_it(editor, skill):
    with acting(by=editor):
        Skill.objects.filter(pk=skill.pk).update(summary="One")
    for rows, values in (
        (RowChange.objects.all(), {"replaced": None}),
        (ChangeSet.objects.all(), {"by": UserFactory()}),
        (ChangeSet.objects.all(), {"by": None, "page": "/elsewhere/"}),
    ):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            rows.update(**values)


def test_a_person_who_is_erased_is_forgotten_and_the_rest_stays(editor, skill, before):
    with acting(by=editor, page="/admin/roles/skill/1/change/"):
        Skill.objects.filter(pk=skill.pk).update(summary="One")
    editor.is_staff = False
    editor.save()
    erase(person=editor, by=None, now=NOW)
    changeset = RowChange.objects.get(pk__gt=before).changeset
    assert (changeset.by, changeset.page) == (None, "/admin/roles/skill/1/change/")


def test_questions_of_the_bank_have_a_history_too(news):
    question = Question.objects.first()
    question.key_points = ["One point"]
    question.save()
    ((_, table, replaced),) = news()
    assert table == "interviews_question"
    assert replaced.keys() == {"key_points"}


def test_editors_may_read_history_and_nothing_else_of_it(editor):
    assert editor.has_perms(["roles.view_changeset", "roles.view_rowchange"])
    for model in ("changeset", "rowchange"):
        assert not any(editor.has_perm(f"roles.{act}_{model}") for act in ("add", "change", "delete"))
