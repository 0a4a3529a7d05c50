"""A whole save, or everything of one sitting, goes back at once or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from interviews.models import Question, SampleAnswer
from roles.history.acting import acting
from roles.models import ChangeSet, Goal, Milestone, Phase, RowChange, Skill, Tool
from tests.forms import fields_of
from tests.roadmaps.drafts import add_goal, first_goal
from tests.roles.past import change, faults, revert_changeset, text, without_triggers

pytestmark = pytest.mark.django_db


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
