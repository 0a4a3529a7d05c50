"""Two editors meet in lists too; and how it is told what a page had seen, when both save at the same moment."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from roles.history.meeting import is_snapshot, snapshot_now, theirs_since
from roles.models import Goal, Phase, Skill, Tool
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.forms import fields_of
from tests.races import at_once
from tests.roadmaps.drafts import first_goal
from tests.roles.meeting import change, conflicts, opened, save

# Real transactions: whether something was seen is told by them. What a test commits is taken back after it.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mine(desk) -> Client:
    return desk


@pytest.fixture
def jonas(colleague):
    return colleague


# ---------------------------------------------------------------- lists


def test_lists_say_what_they_made_of_it_and_save_at_the_second_try(mine, jonas, phase):
    url = f"{reverse('admin:roles_phase_changelist')}?role__id__exact={phase.role_id}"
    form = fields_of(mine.get(url), "changelist-form")
    change(jonas, phase, order=50)
    response = mine.post(url, {**form, "form-0-order": "40", "_save": "1"})
    assert "Jonas Weber made it “50” meanwhile. Save again to write yours over it." in response.content.decode()
    assert Phase.objects.get(pk=phase.pk).order == 50
    response = mine.post(url, {**fields_of(response, "changelist-form"), "_save": "1"})
    assert response.status_code == 302
    assert Phase.objects.get(pk=phase.pk).order == 40


def test_in_a_list_what_only_they_changed_stays(mine, jonas, phase):
    other = Phase.objects.get(role=phase.role, order=2)
    url = f"{reverse('admin:roles_phase_changelist')}?role__id__exact={phase.role_id}"
    form = fields_of(mine.get(url), "changelist-form")
    change(jonas, phase, order=50)
    assert mine.post(url, {**form, "form-1-order": "60", "_save": "1"}).status_code == 302
    assert (Phase.objects.get(pk=phase.pk).order, Phase.objects.get(pk=other.pk).order) == (50, 60)


# ---------------------------------------------------------------- versions


@pytest.mark.parametrize(
    "seen", [None, "", "x", "1:2", "9:1:", "1:9:99", "1:9:5,5", "1" * 30 + ":1:", "1:9:" + "5," * 3000]
)
def test_a_post_that_does_not_say_what_it_saw_is_not_saved(mine, skill, seen):
    form = opened(mine, skill)
    del form["_seen"]
    response = save(mine, skill, form, summary="Mine.", **({} if seen is None else {"_seen": seen}))
    assert "does not say which version it shows" in response.content.decode()
    assert "Mine." in response.content.decode()
    assert Skill.objects.get(pk=skill.pk).summary != "Mine."
    url = reverse("admin:roles_phase_changelist")
    fields = fields_of(mine.get(url), "changelist-form")
    fields |= {"_seen": [seen or ""], "form-0-order": ["40"], "_save": ["1"]}
    assert "does not say which version it shows" in mine.post(url, fields).content.decode()


def test_a_transaction_that_ends_late_is_news_whatever_its_number(skill):
    """It began before the page was made, so its changes have lower numbers than those that the page shows."""
    begun, read = threading.Event(), threading.Event()
    found: list[str] = []

    def late() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE roles_skill SET summary = 'Late' WHERE id = %s", [skill.pk])
            begun.set()
            read.wait(10)
            cursor.execute("COMMIT")

    def reading() -> None:
        begun.wait(10)
        UserFactory()  # a later transaction, and it ends first
        found.append(snapshot_now())
        read.set()

    at_once(late, reading)
    assert is_snapshot(found[0])
    ((key, theirs),) = theirs_since(found[0], [(Skill, skill.pk), (Tool, Tool.objects.first().pk)]).items()
    assert key == (Skill, skill.pk)
    assert theirs.fields.keys() == {"summary"}


def test_of_two_who_save_at_the_same_moment_one_is_asked(mine, jonas, analytics):
    """Two real connections; whoever comes second waits at the row, and then sees what the first one did."""
    goal = first_goal(analytics)
    other = Client()
    other.force_login(jonas)
    forms = [opened(client, goal) for client in (mine, other)]
    answers = at_once(
        lambda: save(mine, goal, forms[0], text="Mine."),
        lambda: save(other, goal, forms[1], text="Theirs."),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    (asked,) = (answer for answer in answers if answer.status_code == 200)
    ((theirs, own),) = conflicts(asked).values()
    assert {theirs, own} == {"Mine.", "Theirs."}
    assert Goal.objects.get(pk=goal.pk).text == theirs


@pytest.mark.slow
def test_two_pages_that_show_the_same_row_meet_there(mine, jonas, phase):
    """One on the page of the phase, the other on the goal's own."""
    goal = phase.goals.order_by("order").first()
    other = Client()
    other.force_login(jonas)
    forms = [opened(mine, phase), opened(other, goal)]
    answers = at_once(
        lambda: save(mine, phase, forms[0], goals__0__text="Mine."),
        lambda: save(other, goal, forms[1], text="Theirs."),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert phase.role.slug == ANALYTICS
