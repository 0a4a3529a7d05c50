"""What holds between goals that take the place of others: in the database, whatever road a change comes by, and on the
pages where editors say so."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.careful import ask_deferred_constraints, reason_of
from roles.exchange.columns import columns_of
from roles.models import Goal, Phase
from tests.races import at_once
from tests.roadmaps.drafts import add_goal, first_goal, goals_of, replace, retire
from tests.roles.editing import page, said, save

LIVING = "A goal that was replaced is retired."
CIRCLE = "A goal cannot replace itself, nor a goal that came of it."
FOREIGN = "A goal takes the place of goals of its own roadmap only."


def refusal(*acts) -> str:
    """What the database says at the end of a transaction with these acts; empty where it agrees."""
    try:
        with transaction.atomic():
            for act in acts:
                act()
            ask_deferred_constraints()
    except IntegrityError as error:
        return reason_of(error)
    return ""


def test_what_is_replaced_is_retired_in_whatever_order(analytics):
    old, new = goals_of(analytics)[:2]
    assert refusal(lambda: new.replaces.add(old)) == LIVING
    assert refusal(lambda: new.replaces.add(old), lambda: retire(old)) == ""
    assert refusal(lambda: Goal.objects.filter(pk=old.pk).update(retired=False)) == LIVING
    assert refusal(lambda: Goal.objects.filter(pk=old.pk).update(retired=False), lambda: new.replaces.clear()) == ""


def test_no_goal_replaces_itself_on_whatever_way_round(analytics):
    a, b, c = goals_of(analytics)[:3]
    for goal in (a, b, c):
        retire(goal)
    assert refusal(lambda: a.replaces.add(a)) == CIRCLE
    assert refusal(lambda: b.replaces.add(a), lambda: c.replaces.add(b)) == ""
    assert refusal(lambda: a.replaces.add(c)) == CIRCLE


def test_credit_stays_on_its_roadmap(analytics, coordination):
    here, there = first_goal(analytics), first_goal(coordination)
    retire(there)
    assert refusal(lambda: here.replaces.add(there)) == FOREIGN
    old, heir = add_goal(analytics), add_goal(analytics)
    retire(old)
    heir.replaces.add(old)
    assert refusal(lambda: Goal.objects.filter(pk=old.pk).update(phase=there.phase)) == FOREIGN
    phase = Phase.objects.get(role=analytics, order=6)
    (half,) = replace(phase.goals.order_by("order")[0])
    Goal.objects.filter(pk=half.pk).update(phase=heir.phase, order=70)
    ask_deferred_constraints()
    assert (
        refusal(lambda: Phase.objects.filter(pk=phase.pk).update(role=coordination, order=70, slug="moved")) == FOREIGN
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_who_close_a_circle_at_once_one_is_refused(analytics):
    a, b, c, d = goals_of(analytics)[:4]
    Goal.objects.filter(pk__in=[goal.pk for goal in (a, b, c, d)]).update(retired=True)
    b.replaces.add(a)
    d.replaces.add(c)
    results = at_once(lambda: c.replaces.add(b), lambda: a.replaces.add(d))
    assert sorted(type(each).__name__ for each in results) == ["IntegrityError", "NoneType"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_goal_that_comes_back_while_another_takes_its_place_does_one_of_the_two(analytics):
    old, new = goals_of(analytics)[:2]
    for _ in range(5):
        retire(old)
        new.replaces.clear()
        back = Goal.objects.filter(pk=old.pk)
        results = at_once(lambda: back.update(retired=False), lambda: new.replaces.add(old))  # noqa: B023
        assert sum(isinstance(each, IntegrityError) for each in results) == 1, results
        old.refresh_from_db()


def test_the_page_of_a_goal_says_what_is_in_the_way(desk, analytics):
    old, new = goals_of(analytics)[:2]
    errors = save(desk, new, replaces=[old.pk]).context["adminform"].form.errors
    assert errors["replaces"] == [f"“{old}” is not retired. Choose “Replace” on its page, or retire it first."]
    retire(old)
    assert save(desk, new, replaces=[old.pk]).status_code == 302
    errors = save(desk, old, retired="").context["adminform"].form.errors
    assert errors["retired"] == [f"“{new}” takes its place. Take that back first."]
    retire(new)
    errors = save(desk, old, replaces=[new.pk]).context["adminform"].form.errors
    assert errors["replaces"] == ["A goal cannot replace one that came of it."]


def test_on_the_page_of_a_phase_one_is_retired_and_replaced_in_one_save(desk, analytics):
    old, new = goals_of(analytics)[:2]
    refused = save(desk, old.phase, goals__1__replaces=[old.pk])
    assert "is not retired" in said(refused)
    assert save(desk, old.phase, goals__0__retired="on", goals__1__replaces=[old.pk]).status_code == 302
    assert list(new.replaces.all()) == [old]
    back = save(desk, old.phase, goals__0__retired="")
    assert "is not retired" in said(back)
    assert save(desk, old.phase, goals__0__retired="", goals__1__replaces=[]).status_code == 302
    assert not Goal.objects.get(pk=old.pk).retired


def test_a_phase_says_so_of_what_is_replaced_in_another(desk, analytics):
    old = first_goal(analytics)
    retire(old)
    heir = add_goal(analytics, phase=2, replaces=(old,))
    assert f"“{heir}” takes its place." in said(save(desk, old.phase, goals__0__retired=""))


def test_functions_raise_in_words_that_people_read(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE '%%judge_lineage%%'")
        assert cursor.fetchone() == (3,)


def test_files_carry_it(desk):
    assert "replaces" in columns_of(Goal).many
    assert desk.get(page(Goal)).status_code == 200
