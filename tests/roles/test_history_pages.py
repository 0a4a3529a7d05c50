"""History in the admin: every version of a row, any two compared, and the way back."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import reverse

from interviews.models import Question
from roles.history.acting import acting
from roles.history.past import past_of
from roles.models import Goal, Phase, Role, RoleFit, RowChange, Skill, Source, Tool
from tests.factories import UserFactory
from tests.queries import queries_of
from tests.roadmaps.drafts import add_goal, first_goal, retire
from tests.roles.past import change, faults, history, revert, revert_changeset, text, versions, without_triggers

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------- versions


def test_the_history_of_a_row_says_who_when_what_and_from_where(desk, editor, colleague, skill):
    change(editor, skill, summary="One")
    change(colleague, skill, name="Privacy rules", summary="Two")
    shown = text(desk.get(reverse("admin:roles_skill_history", args=[skill.pk])))
    assert versions(desk, skill) == ["Name, Summary", "Summary", *versions(desk, skill)[2:]]
    for said in ("Mei-Ling Zhao", "Jonas Weber", f"/admin/roles/skill/{skill.pk}/change/", "Load of the catalog"):
        assert said in shown


def test_two_saves_are_two_versions_and_two_changes_of_one_save_are_one(editor, skill):
    before = len(past_of(Skill, skill.pk).versions)
    change(editor, skill, summary="One", name="Two")
    assert len(past_of(Skill, skill.pk).versions) == before + 1


def test_a_row_that_is_older_than_its_history_has_a_first_version(desk, skill):
    with without_triggers():
        new = Skill.objects.create(slug="older", name="Older", category=skill.category, summary="First")
    Skill.objects.filter(pk=new.pk).update(summary="Second")
    second, first = past_of(Skill, new.pk).versions
    assert (first.number, first.changeset, first.after.columns["summary"]) == (1, None, "First")
    assert (second.number, second.after.columns["summary"]) == (2, "Second")
    assert versions(desk, new) == ["Summary", "As it was before its history began"]


def test_links_are_part_of_a_version(desk, editor, analytics):
    goal = first_goal(analytics)
    change(editor, goal, skills=[Skill.objects.get(slug="hipaa")])
    assert versions(desk, goal)[0] == "Skills"
    newest, older = past_of(Goal, goal.pk).versions[:2]
    assert newest.after.links["skills"] == {Skill.objects.get(slug="hipaa").pk}
    assert older.after.links["skills"] != newest.after.links["skills"]


@pytest.mark.parametrize("road", ["bulk", "sql"])
def test_what_came_by_no_page_is_there_and_is_reverted(desk, skill, road):
    before = skill.summary
    if road == "bulk":
        Skill.objects.update(summary="All the same")
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE roles_skill SET summary = 'All the same'")
    assert versions(desk, skill)[0] == "Summary"
    assert "SQL, as " in text(desk.get(history(skill)))
    response = revert_changeset(desk, RowChange.objects.latest("pk").changeset)
    assert "It is a new version" in text(response)
    assert Skill.objects.get(pk=skill.pk).summary == before
    assert not Skill.objects.filter(summary="All the same").exists()


def test_any_two_versions_are_compared_with_words_marked(desk, editor, skill):
    change(editor, skill, summary="Rules for the privacy of patients.")
    change(editor, skill, name="Something else")
    change(editor, skill, summary="Rules for the safety of patients.")
    newest, _, oldest = past_of(Skill, skill.pk).versions[:3]
    for old, new in ((oldest, newest), (newest, oldest)):
        response = desk.get(history(skill), {"old": old.change, "new": new.change})
        shown = text(response)
        assert "<del>privacy</del>" in shown
        assert "<ins>safety</ins>" in shown
        assert [each.label for each in response.context["differences"]] == ["Name", "Summary"]


def test_values_are_told_in_words(desk, editor, analytics):
    phase = first_goal(analytics).phase
    source = Source.objects.exclude(pk=phase.source_id).first()
    change(editor, phase, kind="language", source=source, retired=True)
    (newest, older) = past_of(Phase, phase.pk).versions[:2]
    response = desk.get(history(phase), {"old": older.change, "new": newest.change})
    told = {each.label: each.after[0].spans for each in response.context["differences"]}
    assert {label: "".join(span.text for span in spans) for label, spans in told.items()} == {
        "Source": str(source), "Kind": "Clinical language", "Retired": "Yes",
    }  # fmt: skip


def test_whatever_stands_in_the_address_is_no_error(desk, skill):
    for query in ("old=x&new=1", "old=0&new=0", "old=&new=", "new=99999999999999999999"):
        assert desk.get(f"{history(skill)}?{query}").status_code == 200
    for label, pk in (("roles.skill", 10**9), ("roles.skill", 10**30), ("accounts.user", 1), ("roles", 1), ("x.y", 1)):
        assert desk.get(reverse("admin:history_row", args=[label, pk])).status_code == 404
    assert desk.get("/admin/roles/skill/none/history/").status_code == 404
    assert desk.get(reverse("admin:history_list"), {"page": "x"}).status_code == 200


def test_rows_without_a_page_of_their_own_are_told_of_on_the_page_where_they_stand(desk, editor, analytics):
    fit = analytics.fits.first()
    change(editor, fit, text="Whoever likes lists")
    gone = analytics.fits.last()
    number, said = gone.pk, str(gone)
    with acting(by=editor):
        gone.delete()
    (deleted, changed) = desk.get(history(analytics)).context["on_page"][:2]
    assert (deleted.what, deleted.name) == ("Deleted", said)
    assert (changed.what, changed.kind) == ("Changed", "Role fit")
    for address in (changed.history, reverse("admin:history_row", args=["roles.rolefit", number])):
        assert "Mei-Ling Zhao" in text(desk.get(address))


def test_more_versions_need_no_more_queries(desk, editor, skill):
    before = queries_of(desk, history(skill))
    for number in range(5):
        change(editor, skill, summary=f"{number}", sources=Source.objects.all()[: number + 1])
    assert queries_of(desk, history(skill)) == before <= 14


# ---------------------------------------------------------------- one row back


def test_a_row_goes_back_to_a_version_as_a_new_one(desk, editor, colleague, analytics):
    goal = first_goal(analytics)
    text_before, skills = goal.text, set(goal.skills.all())
    change(colleague, goal, text="Other words", skills=[])
    total = len(past_of(Goal, goal.pk).versions)
    response = revert(desk, goal, total - 1)
    goal.refresh_from_db()
    assert (goal.text, set(goal.skills.all())) == (text_before, skills)
    newest = past_of(Goal, goal.pk).versions[0]
    assert newest.number == total + 1
    assert newest.changeset.by == editor
    assert newest.changeset.doing.startswith("Reverted to the version of ")
    assert "It is a new version" in text(response)
    (entry,) = LogEntry.objects.all()
    assert (entry.user, entry.object_id) == (editor, str(goal.pk))


def test_what_the_system_wrote_stays(desk, editor, analytics):
    goal = add_goal(analytics)
    change(editor, goal, text="Other words")
    Goal.objects.filter(pk=goal.pk).update(published=True)
    revert(desk, goal, 1)
    assert Goal.objects.get(pk=goal.pk).published


def test_it_asks_first_and_shows_what_will_change(desk, editor, skill):
    before = skill.summary
    change(editor, skill, summary="Other words")
    version = past_of(Skill, skill.pk).versions[1]
    response = desk.get(reverse("admin:history_row_revert", args=["roles.skill", skill.pk, version.change]))
    assert 'data-action="revert"' in text(response)
    assert Skill.objects.get(pk=skill.pk).summary == "Other words" != before


def test_a_change_made_while_one_looks_is_shown_before_anything_is_done(desk, editor, colleague, skill):
    change(editor, skill, summary="One")
    version = past_of(Skill, skill.pk).versions[1]
    page = reverse("admin:history_row_revert", args=["roles.skill", skill.pk, version.change])
    seen = desk.get(page).context["plan"].seen
    change(colleague, skill, summary="Two")
    response = desk.post(page, {"seen": seen})
    assert "Somebody changed these rows while you looked." in text(response)
    assert Skill.objects.get(pk=skill.pk).summary == "Two"


def test_a_deleted_row_comes_back_with_its_number_key_and_links(desk, editor, analytics):
    goal = add_goal(analytics)
    skill = Skill.objects.get(slug="hipaa")
    goal.skills.set([skill])
    number, key = goal.pk, goal.key
    with acting(by=editor):
        goal.delete()
    gone = Goal(pk=number)
    assert versions(desk, gone)[0] == "Deleted"
    revert(desk, gone, past_of(Goal, number).versions[1].number)
    goal = Goal.objects.get(pk=number)
    assert (goal.key, set(goal.skills.all())) == (key, {skill})


def test_what_it_referred_to_and_is_gone_is_said(desk, editor, analytics):
    goal, skill = (
        add_goal(analytics),
        Skill.objects.create(slug="brief", name="Brief", category="domain", summary="x"),
    )
    goal.skills.set([skill])
    change(editor, goal, skills=[])
    skill.delete()
    response = revert(desk, goal, past_of(Goal, goal.pk).versions[1].number)
    assert faults(response) == ["“Skills” was “Brief”, which is gone."]
    assert not goal.skills.exists()


def test_a_place_that_is_taken_meanwhile_is_said_beside_the_row(desk, editor, analytics):
    goal = add_goal(analytics)
    place = goal.order
    change(editor, goal, order=place + 5)
    taker = Goal.objects.create(phase=goal.phase, order=place, text="Here now")
    response = revert(desk, goal, 1)
    assert "Another goal of the phase has that place." in " ".join(faults(response))
    assert "Nothing was changed." in text(response)
    assert Goal.objects.get(pk=goal.pk).order == place + 5
    assert Goal.objects.get(pk=taker.pk).order == place


def test_what_the_form_would_refuse_is_refused(desk, editor, analytics, coordination):
    """Beside the row, whatever the database says of the whole: credit stays on its roadmap."""
    goal, foreign = add_goal(analytics), first_goal(coordination)
    retire(foreign)
    goal.replaces.set([foreign])  # as only SQL can, up to the end of a transaction
    change(editor, goal, replaces=[])
    response = revert(desk, goal, past_of(Goal, goal.pk).versions[1].number)
    assert faults(response)[-1] == f"Replaces: “{foreign}” belongs to another roadmap."
    assert not goal.replaces.exists()


def test_what_was_wrong_before_and_is_none_of_it_is_not_in_the_way(desk, editor):
    """As of a row that SQL made."""
    question = Question.objects.first()
    question.roles.clear()  # the form wants one
    change(editor, question, prompt="Other words")
    total = len(past_of(Question, question.pk).versions)
    revert(desk, question, total - 1)
    assert Question.objects.get(pk=question.pk).prompt != "Other words"


def test_a_rule_of_the_database_is_said_in_its_words(desk, editor, colleague, analytics):
    """Each change was right when it was made; to take only the first one back is not."""
    level = analytics.levels.get(order=1)
    with acting(by=editor):
        type(level).objects.filter(pk=level.pk).update(salary_max=level.salary_max + 50_000)
    first = RowChange.objects.latest("pk").changeset
    with acting(by=colleague):
        type(level).objects.filter(pk=level.pk).update(salary_min=level.salary_max + 10_000)
    response = revert_changeset(desk, first)
    assert faults(response) == ["The upper pay figure must lie above the lower one."]


def test_whoever_may_not_change_a_row_may_not_revert_it(editor, skill):
    change(editor, skill, summary="One")
    reader = UserFactory(is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__in=["view_skill", "view_rowchange"]))
    client = Client()
    client.force_login(reader)
    assert "Revert to version" not in text(client.get(history(skill)))
    response = revert(client, skill, past_of(Skill, skill.pk).versions[1].number)
    assert faults(response) == ["You may not change skills."]
    assert client.get(history(Tool.objects.first())).status_code == 403


# ---------------------------------------------------------------- last changes


def test_the_list_of_last_changes_says_what_each_was(desk, editor, skill):
    Skill.objects.update(summary="All the same")
    change(editor, skill, name="Other")
    shown = text(desk.get(reverse("admin:history_list")))
    assert "Mei-Ling Zhao" in shown
    assert f"Skill ({Skill.objects.count()})" in shown
    assert "Question (" in shown
    assert " more kinds" in shown
    before = queries_of(desk, reverse("admin:history_list"))
    for number in range(5):
        change(editor, Tool.objects.first(), summary=f"{number}")
    assert queries_of(desk, reverse("admin:history_list")) == before


def test_nobody_is_named_who_is_not_staff(desk, editor, skill):
    person = UserFactory(is_staff=True, display_name="Priya Raman")
    changeset = change(person, skill, summary="One")
    person.is_staff = False
    person.save()
    for page in (history(skill), reverse("admin:history_list"), reverse("admin:history_detail", args=[changeset.pk])):
        shown = text(desk.get(page))
        assert "Priya" not in shown
        assert "Somebody who was staff" in shown


def test_it_is_for_staff_who_may_read_history(learner, as_learner, skill):
    pages = [history(skill), reverse("admin:history_list")]
    assert [as_learner.get(page).status_code for page in pages] == [302, 302]
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    assert [client.get(page).status_code for page in pages] == [403, 403]


def test_roles_page_leads_to_its_history_and_blueprint_is_no_part_of_it(desk, editor, analytics):
    change(editor, analytics, tagline="Said better.")
    assert "blueprint" not in past_of(Role, analytics.pk).versions[0].after.columns
    assert RoleFit.objects.exists()
    shown = text(desk.get(reverse("admin:roles_role_change", args=[analytics.pk])))
    assert reverse("admin:roles_role_history", args=[analytics.pk]) in shown
