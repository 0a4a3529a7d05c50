"""The catalog in Django admin: what was published stays."""

from __future__ import annotations

import pytest

from roles.models import (
    Goal,
    Milestone,
    Phase,
)
from tests.roadmaps.drafts import add_goal, first_goal
from tests.roles.editing import page, places, said, save


@pytest.mark.parametrize("model", [Goal, Milestone])
def test_a_published_row_is_retired_not_deleted(desk, model):
    row = model.objects.filter(published=True).first()
    shown = desk.get(page(model, "change", row.pk)).content.decode()
    assert "it cannot be deleted. Retire it instead" in shown
    assert "deletelink" not in shown
    response = desk.post(page(model, "delete", row.pk), {"post": "yes"}, follow=True)
    assert "it cannot be deleted. Retire it instead" in response.content.decode()
    assert model.objects.filter(pk=row.pk).exists()


def test_nor_among_others_in_a_list(desk, analytics):
    stays, goes = first_goal(analytics), add_goal(analytics)
    chosen = {"action": "delete_selected", "_selected_action": [stays.pk, goes.pk], "index": "0"}
    assert "it cannot be deleted. Retire it instead" in said(desk.post(page(Goal), chosen))
    desk.post(page(Goal), {**chosen, "post": "yes"})
    assert Goal.objects.filter(pk__in=[stays.pk, goes.pk]).count() == 2
    desk.post(page(Goal), {**chosen, "_selected_action": [goes.pk], "post": "yes"})
    assert not Goal.objects.filter(pk=goes.pk).exists()


def test_nor_on_the_page_of_its_phase(desk, phase):
    assert "Published: stays" in desk.get(page(Phase, "change", phase.pk)).content.decode()
    before = places(phase)
    save(desk, phase, goals__0__DELETE="on", milestone__0__DELETE="on")
    assert places(phase) == before
    assert Milestone.objects.filter(phase=phase).exists()


def test_a_draft_goal_can_be_deleted_there(desk, phase):
    goal = add_goal(phase.role)
    index = phase.goals.count() - 1
    assert save(desk, phase, **{f"goals__{index}__DELETE": "on"}).status_code == 302
    assert not Goal.objects.filter(pk=goal.pk).exists()


def test_a_goal_that_is_published_while_somebody_deletes_it_stays(desk, analytics, monkeypatch):
    goal = add_goal(analytics)
    # The page was checked before; the database sees the other's publication first.
    monkeypatch.setattr(
        "roles.admin.curriculum.KeyedAdmin.log_deletions",
        lambda *args: Goal.objects.filter(pk=goal.pk).update(published=True),
    )
    response = desk.post(page(Goal, "delete", goal.pk), {"post": "yes"}, follow=True)
    assert "Nothing was changed." in response.content.decode()
    assert Goal.objects.filter(pk=goal.pk).exists()


def test_a_phase_with_goals_says_what_stands_in_the_way_of_deleting_it(desk, phase):
    shown = said(desk.post(page(Phase, "delete", phase.pk), {"post": "yes"}))
    assert "Cannot delete phase" in shown
    assert phase.goals.first().text in shown


def test_credit_stays_on_its_roadmap(desk, analytics, coordination):
    here, there = first_goal(analytics), first_goal(coordination)
    moved = save(desk, here, phase=there.phase_id)
    assert "another phase of its own roadmap only" in moved.context["adminform"].form.errors["phase"][0]
    foreign = save(desk, here, replaces=[there.pk])
    assert "belongs to another roadmap" in foreign.context["adminform"].form.errors["replaces"][0]
    itself = save(desk, here, replaces=[here.pk])
    assert itself.context["adminform"].form.errors["replaces"] == ["A goal cannot replace itself."]
    assert save(desk, here, phase=Phase.objects.get(role=analytics, order=2).pk, order="").status_code == 302
