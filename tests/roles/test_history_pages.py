"""History in the admin: every version of a row, any two compared, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.urls import reverse

from config.editors import GROUP
from interviews.models import Question, SampleAnswer
from roles.history.acting import acting
from roles.history.past import past_of
from roles.models import ChangeSet, Goal, Milestone, Phase, Role, RoleFit, RowChange, Skill, Source, Tool
from tests.factories import UserFactory
from tests.forms import fields_of
from tests.queries import queries_of
from tests.roadmaps.drafts import add_goal, first_goal, retire

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(db):
    user = UserFactory(is_staff=True, display_name="Jonas Weber")
    user.groups.add(Group.objects.get(name=GROUP))
    return user


@pytest.fixture
def skill(db) -> Skill:
    return Skill.objects.get(slug="hipaa")


def change(by, row, *, session: str = "", **values: object) -> ChangeSet:
    """What somebody made of a row, as their save in the admin does it."""
    with acting(by=by, page=f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/", session=session):
        for name, value in values.items():
            if row._meta.get_field(name).many_to_many:
                getattr(row, name).set(value)
            else:
                setattr(row, name, value)
                row.save(update_fields=[name])
    return RowChange.objects.latest("pk").changeset


@contextmanager
def without_triggers() -> Iterator[None]:
    """As before there was a history, or where its rows could be changed."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def history(row) -> str:
    return reverse("admin:history_row", args=[row._meta.label_lower, row.pk])


def text(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def versions(desk: Client, row) -> list[str]:
    """What the page says of each version, newest first."""
    return [each.what for each in desk.get(history(row)).context["versions"]]


def revert(desk: Client, row, number: int, *, follow: bool = True):
    """Go back to a version by its number, over the page that asks."""
    (version,) = [each for each in past_of(type(row), row.pk).versions if each.number == number]
    page = reverse("admin:history_row_revert", args=[row._meta.label_lower, row.pk, version.change])
    return desk.post(page, {"seen": desk.get(page).context["plan"].seen}, follow=follow)


def revert_changeset(desk: Client, changeset: ChangeSet, *, sitting: bool = False):
    page = reverse(f"admin:history_revert{'_sitting' if sitting else ''}", args=[changeset.pk])
    return desk.post(page, {"seen": desk.get(page).context["plan"].seen}, follow=True)


def faults(response) -> list[str]:
    plan = response.context["plan"]
    return [*plan.faults, *(fault for step in plan.steps for fault in step.faults)]


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


# ---------------------------------------------------------------- a whole save


def saved_phase(desk: Client, phase: Phase, **changes: object) -> ChangeSet:
    page = reverse("admin:roles_phase_change", args=[phase.pk])
    form = fields_of(desk.get(page), "phase_form") | {name.replace("__", "-"): value for name, value in changes.items()}
    assert desk.post(page, form).status_code == 302
    return RowChange.objects.latest("pk").changeset


def test_a_save_is_shown_row_by_row(desk, analytics):
    phase = first_goal(analytics).phase
    changeset = saved_phase(desk, phase, weeks=9, goals__0__text="Other words")
    rows = desk.get(reverse("admin:history_detail", args=[changeset.pk])).context["rows"]
    assert {row.kind: [each.label for each in row.differences] for row in rows} == {
        "Phase": ["Weeks"],
        "Goal": ["Text"],
    }


def test_a_whole_save_goes_back_rows_added_and_deleted_with_it(desk, analytics):
    phase = first_goal(analytics).phase
    draft = add_goal(analytics, text="A draft")
    phase = draft.phase
    total = phase.goals.count()
    place = list(phase.goals.order_by("order")).index(draft)
    before = [(goal.pk, goal.order, goal.text) for goal in phase.goals.order_by("pk")]
    changeset = saved_phase(
        desk, phase, weeks=9,
        **{f"goals__{place}__DELETE": "on", "goals__0__order": "2", "goals__1__order": "1"},
        **{f"goals__{total}__text": "Added", f"goals__{total}__order": "", "goals__TOTAL_FORMS": total + 1},
    )  # fmt: skip
    assert [(goal.pk, goal.order, goal.text) for goal in phase.goals.order_by("pk")] != before
    response = revert_changeset(desk, changeset)
    assert "Reverted everything of one save." in text(response)
    assert [(goal.pk, goal.order, goal.text) for goal in phase.goals.order_by("pk")] == before


def test_a_revert_can_be_reverted(desk, editor, skill):
    change(editor, skill, summary="One")
    changeset = change(editor, skill, summary="Two")
    revert_changeset(desk, changeset)
    assert Skill.objects.get(pk=skill.pk).summary == "One"
    revert_changeset(desk, RowChange.objects.latest("pk").changeset)
    assert Skill.objects.get(pk=skill.pk).summary == "Two"


def test_what_somebody_else_changed_since_stands_in_the_way_and_nothing_is_done(desk, editor, colleague, analytics):
    phase = first_goal(analytics).phase
    goal = phase.goals.first()
    before = goal.text
    changeset = saved_phase(desk, phase, weeks=9, goals__0__text="Mine")
    change(colleague, Goal.objects.get(pk=goal.pk), text="Theirs")
    response = revert_changeset(desk, changeset)
    assert faults(response) == ["“Text” was changed since, by Jonas Weber."]
    assert Phase.objects.get(pk=phase.pk).weeks == 9
    assert Goal.objects.get(pk=goal.pk).text == "Theirs" != before


def test_another_field_that_somebody_changed_since_stays(desk, colleague, analytics):
    phase = first_goal(analytics).phase
    weeks = phase.weeks
    changeset = saved_phase(desk, phase, weeks=9)
    change(colleague, Phase.objects.get(pk=phase.pk), summary="Theirs")
    revert_changeset(desk, changeset)
    phase.refresh_from_db()
    assert (phase.weeks, phase.summary) == (weeks, "Theirs")


def test_an_added_row_that_others_refer_to_by_now_stays(desk, editor, colleague, analytics):
    with acting(by=editor):
        skill = Skill.objects.create(slug="new", name="New", category="domain", summary="x")
    changeset = RowChange.objects.latest("pk").changeset
    goal = first_goal(analytics)
    with acting(by=colleague):
        goal.skills.add(skill)
    assert faults(revert_changeset(desk, changeset)) == [f"“{goal}” refers to it."]
    with acting(by=colleague):
        goal.skills.remove(skill)
    revert_changeset(desk, changeset)
    assert not Skill.objects.filter(slug="new").exists()


def test_an_added_row_that_was_published_since_is_retired(desk, editor, analytics):
    with acting(by=editor):
        goal = add_goal(analytics)
    changeset = RowChange.objects.latest("pk").changeset
    Goal.objects.filter(pk=goal.pk).update(published=True)
    page = reverse("admin:history_revert", args=[changeset.pk])
    assert "Is retired, since it is published" in text(desk.get(page))
    revert_changeset(desk, changeset)
    assert Goal.objects.get(pk=goal.pk).retired
    assert "Nothing to revert" in text(desk.get(page))


def test_where_nothing_can_be_retired_it_stays(desk, editor, analytics):
    milestone = Milestone.objects.filter(phase__role=analytics).first()
    changeset = change(editor, milestone, text="Else").pk
    with without_triggers():
        RowChange.objects.filter(changeset=changeset).update(what="insert", replaced=None)
    Milestone.objects.filter(pk=milestone.pk).update(published=True)
    response = desk.get(reverse("admin:history_revert", args=[changeset]))
    assert "It was published since, so it cannot be deleted." in faults(response)


def test_a_parent_comes_back_before_its_rows(desk, editor):
    question = Question.objects.filter(samples__isnull=False).exclude(roles=None).first()
    number, samples = question.pk, sorted(question.samples.values_list("pk", flat=True))
    roles, points = set(question.roles.all()), question.key_points
    with acting(by=editor):
        question.delete()
    revert_changeset(desk, RowChange.objects.latest("pk").changeset)
    question = Question.objects.get(pk=number)
    assert (set(question.roles.all()), question.key_points) == (roles, points)
    assert sorted(SampleAnswer.objects.filter(question=question).values_list("pk", flat=True)) == samples


def test_nothing_is_left_to_revert_twice(desk, editor, skill):
    changeset = change(editor, skill, summary="One")
    revert_changeset(desk, changeset)
    assert "Nothing to revert" in text(desk.get(reverse("admin:history_revert", args=[changeset.pk])))


# ---------------------------------------------------------------- a sitting


def test_a_sitting_is_every_save_up_to_a_longer_pause(desk, editor, colleague, skill):
    saves = [change(editor, skill, summary=f"{number}", session="aa") for number in range(4)]
    change(colleague, Tool.objects.first(), summary="Theirs", session="bb")
    with without_triggers():
        for save, hours in zip(saves, (0, 3, 4, 9), strict=True):
            ChangeSet.objects.filter(pk=save.pk).update(at=save.at + timedelta(hours=hours))
    for save in saves[1:3]:
        shown = desk.get(reverse("admin:history_sitting", args=[save.pk])).context["origins"]
        assert [each.changeset for each in shown] == saves[1:3]


def test_everything_of_a_sitting_goes_back(desk, editor, skill):
    tool = Tool.objects.first()
    before = (skill.summary, skill.name, tool.summary)
    change(editor, skill, summary="One", session="aa")
    change(editor, tool, summary="Two", session="aa")
    last = change(editor, skill, summary="Three", name="Four", session="aa")
    response = revert_changeset(desk, last, sitting=True)
    assert "Reverted everything of one sitting." in text(response)
    skill.refresh_from_db()
    tool.refresh_from_db()
    assert (skill.summary, skill.name, tool.summary) == before


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
