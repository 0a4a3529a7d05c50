"""The catalog in Django admin: editing without surprises."""

from __future__ import annotations

import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.careful import CarefulAdmin
from interviews.models import Question
from roles.admin.places import PlacedInlineFormSet
from roles.models import (
    CareerLevel,
    Goal,
    LevelDuty,
    Phase,
    RoleMetric,
    Tool,
)
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.forms import fields_of
from tests.roadmaps.drafts import add_goal
from tests.roles.editing import form, page, places, said, save

# ---------------------------------------------------------------- places


def test_two_rows_change_places(desk, phase):
    first, second, *others = places(phase)
    assert save(desk, phase, goals__0__order="2", goals__1__order="1").status_code == 302
    assert places(phase) == [second, first, *others]


def test_a_place_that_is_taken_twice_is_said_beside_the_field_that_moved(desk, phase):
    before = places(phase)
    response = save(desk, phase, goals__0__order="2", goals__0__text="Half a thought")
    assert "Another goal of the phase has that place." in said(response)
    goals = next(each.formset for each in response.context["inline_admin_formsets"] if each.formset.prefix == "goals")
    assert [list(errors) for errors in goals.errors[:2]] == [["order"], []]
    assert "Half a thought" in said(response)
    assert places(phase) == before


def test_a_new_row_without_a_place_comes_last(desk, phase):
    total = phase.goals.count()
    added = {f"goals__{total}__text": "Something new", f"goals__{total}__order": "", "goals__TOTAL_FORMS": total + 1}
    assert save(desk, phase, **added).status_code == 302
    assert places(phase)[-1] == "Something new"


def test_a_new_goal_on_its_own_page_without_a_place_comes_last(desk, phase):
    response = desk.post(page(Goal, "add"), {"phase": phase.pk, "order": "", "text": "On its own"})
    assert response.status_code == 302
    assert places(phase)[-1] == "On its own"


def test_a_taken_place_on_a_page_of_its_own_is_said_beside_the_field(desk, phase):
    response = desk.post(page(Goal, "add"), {"phase": phase.pk, "order": "1", "text": "Pushing in"})
    assert response.context["adminform"].form.errors == {"order": ["Another goal of the phase has that place."]}


def test_a_row_takes_the_place_of_one_that_is_deleted_with_it(desk, analytics):
    level = analytics.levels.first()
    gone, stays = level.duties.all()[:2]
    response = save(desk, level, duties__0__DELETE="on", duties__1__order=str(gone.order))
    assert response.status_code == 302
    assert LevelDuty.objects.get(pk=stays.pk).order == gone.order


def test_a_row_that_somebody_else_has_just_added_counts(desk, phase):
    data = form(desk, phase)
    add_goal(phase.role, text="Theirs")
    total = len(places(phase)) - 1
    data |= {
        f"goals-{total}-text": ["Mine"],
        f"goals-{total}-order": [str(total + 1)],
        "goals-TOTAL_FORMS": [total + 1],
    }
    response = desk.post(page(Phase, "change", phase.pk), {**data, "_save": "1"})
    assert "Another goal of the phase has that place." in said(response)
    assert "Mine" in said(response)


def test_phases_change_places_in_the_list(desk, analytics):
    response = desk.get(page(Phase), {"role__id__exact": analytics.pk})
    data = fields_of(response, "changelist-form")
    rows = list(analytics.phases.order_by("order"))
    swapped = data | {"form-0-order": ["2"], "form-1-order": ["1"], "_save": ["1"]}
    url = f"{page(Phase)}?role__id__exact={analytics.pk}"
    assert desk.post(url, swapped).status_code == 302
    assert list(analytics.phases.order_by("order"))[:2] == [rows[1], rows[0]]
    again = fields_of(desk.get(url), "changelist-form") | {"form-0-order": ["3"], "_save": ["1"]}
    assert "Another phase has that place." in said(desk.post(url, again))
    assert list(analytics.phases.order_by("order"))[:2] == [rows[1], rows[0]]


# ---------------------------------------------------------------- refusals


def test_what_only_the_database_notices_comes_back_as_a_message(desk, phase, monkeypatch):
    """As when two editors save at the same moment, each with a form that was right when it was checked."""
    monkeypatch.setattr(PlacedInlineFormSet, "_settle", lambda *args: None)
    monkeypatch.setattr(PlacedInlineFormSet, "validate_unique", lambda *args: None)
    response = save(desk, phase, goals__0__order="2", summary="What I had typed")
    assert "Another goal of the phase has that place." in said(response)
    assert "What I had typed" in said(response)
    assert "was changed successfully" not in said(response)
    assert not LogEntry.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_editors_who_want_the_same_place_at_once_both_get_an_answer(monkeypatch):
    """Both forms are found right before either is saved: the database ends one of the two as a deadlock."""
    phase = Phase.objects.get(role__slug=ANALYTICS, order=1)
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
    together = threading.Barrier(2)
    waited: set[int] = set()
    answers = []
    save_model = CarefulAdmin.save_model

    def save_together(*args, **kwargs) -> None:
        if threading.get_ident() not in waited:
            waited.add(threading.get_ident())
            together.wait(timeout=20)
        save_model(*args, **kwargs)

    monkeypatch.setattr(CarefulAdmin, "save_model", save_together)

    def press(client: Client) -> None:
        answers.append(client.post(page(Goal, "add"), {"phase": phase.pk, "order": "50", "text": "The last one"}))
        connections.close_all()

    threads = [threading.Thread(target=press, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused, saved = sorted(answers, key=lambda response: response.status_code)
    assert saved.status_code == 302
    assert "Another goal of the phase has that place." in said(refused)
    assert "The last one" in said(refused)
    assert phase.goals.filter(order=50).count() == 1


def test_in_a_list_too(desk, analytics, monkeypatch):
    monkeypatch.setattr("roles.admin.places._JudgesPlaces._settle", lambda *args: None)
    monkeypatch.setattr("accounts.careful.CarefulListFormSet.validate_unique", lambda *args: None)
    url = f"{page(Phase)}?role__id__exact={analytics.pk}"
    data = fields_of(desk.get(url), "changelist-form") | {"form-0-order": ["2"], "_save": ["1"]}
    response = desk.post(url, data)
    assert "Another phase has that place." in said(response)
    assert "changed successfully" not in said(response)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        (
            {"salary_min": "90000", "salary_max": "80000"},
            "salary_max",
            "The upper pay figure must lie above the lower one.",
        ),
        ({"years_min": "5", "years_max": "5"}, "years_max", "The last year must lie after the first."),
        ({"order": "2"}, "order", "The ladder has this rung already."),
        ({"order": "9"}, "order", "A ladder has rungs 1 to 5."),
        ({"salary_min": "-1"}, "salary_min", "Ensure this value is greater than or equal to 0."),
    ],
)
def test_a_broken_rule_is_said_beside_its_field(desk, analytics, changes, field, message):
    level = analytics.levels.get(order=1)
    response = save(desk, level, **changes)
    assert message in response.context["adminform"].form.errors[field]
    assert all(value in said(response) for value in changes.values())
    assert CareerLevel.objects.get(pk=level.pk).salary_max == level.salary_max


def test_a_rule_about_many_fields_is_said_above_them(desk, analytics):
    response = save(desk, analytics, months_to_ready="", difficulty="")
    errors = response.context["adminform"].form.non_field_errors()
    assert errors == ["A full profile states difficulty, barrier, coding, remote work and months."]


def test_a_value_above_its_scale_is_said_in_its_row(desk, analytics):
    index = list(analytics.metrics.all()).index(analytics.metrics.get(metric=RoleMetric.Metric.DEMAND))
    response = save(desk, analytics, **{f"metrics__{index}__value": "11"})
    assert "The value lies above the end of its scale." in said(response)


def test_an_unknown_placeholder_in_an_answer_is_said(desk, analytics):
    response = save(desk, analytics, faqs__0__answer="About {salary}")
    assert "Only these may stand in braces" in said(response)


def test_a_form_with_fields_missing_or_made_up_is_no_error_page(desk, phase):
    url = page(Phase, "change", phase.pk)
    assert desk.post(url, {"title": "x"}).status_code == 200
    assert desk.post(url, {**form(desk, phase), "goals-TOTAL_FORMS": "x"}).status_code == 200
    assert desk.post(url, {**form(desk, phase), "goals-0-id": "999999"}).status_code == 200
    assert (
        desk.post(page(Phase), {"action": "none", "index": "0", "_selected_action": "x"}, follow=True).status_code
        == 200
    )


# ---------------------------------------------------------------- what others write meanwhile


def test_only_what_was_changed_is_written(desk, analytics):
    with CaptureQueriesContext(connection) as captured:
        save(desk, analytics, tagline="Turns records into answers.")
    (update,) = [each["sql"] for each in captured if 'UPDATE "roles_role"' in each["sql"]]
    assert '"tagline"' in update
    assert '"blueprint"' not in update
    assert '"name"' not in update


def test_rows_of_a_page_that_were_left_alone_are_not_written(desk, phase):
    with CaptureQueriesContext(connection) as captured:
        save(desk, phase, goals__0__text="Said better")
    updates = [each["sql"] for each in captured if 'UPDATE "roles_' in each["sql"]]
    assert len(updates) == 1
    assert '"published"' not in updates[0]


def test_addresses_and_keys_are_fixed_once_chosen(desk, phase):
    goal = phase.goals.first()
    save(desk, phase, slug="other", role="2")
    save(desk, goal, key="00000000-0000-0000-0000-000000000000", published="")
    phase.refresh_from_db()
    assert (phase.slug, phase.role.slug) == ("foundations-sql", "ai-healthcare-analytics-specialist")
    assert (Goal.objects.get(pk=goal.pk).key, Goal.objects.get(pk=goal.pk).published) == (goal.key, True)


# ---------------------------------------------------------------- boxes


def test_lists_of_texts_are_written_one_a_line(desk):
    tool = Tool.objects.first()
    assert save(desk, tool, aliases=" One \r\n\r\nTwo").status_code == 302
    assert Tool.objects.get(pk=tool.pk).aliases == ["One", "Two"]
    response = save(desk, tool, aliases="Fine\n" + "x" * 81)
    assert "Line 2:" in response.context["adminform"].form.errors["aliases"][0]
    assert "Fine" in said(response)


def test_a_question_needs_a_key_point(desk):
    question = Question.objects.first()
    assert "key_points" in save(desk, question, key_points=" \n ").context["adminform"].form.errors


def test_line_breaks_in_a_line_become_spaces(desk, phase):
    save(desk, phase, summary="One\r\nline")
    phase.refresh_from_db()
    assert phase.summary == "One line"


def test_pages_lead_to_the_site_and_to_publishing(desk, analytics, phase):
    for row in (analytics, phase, phase.goals.first(), phase.milestone):
        shown = desk.get(page(type(row), "change", row.pk)).content.decode()
        assert reverse("admin:roadmaps_publication_publish", args=[analytics.pk]) in shown
        assert "View on site" in shown


def test_who_did_what_is_kept(desk, editor, phase):
    save(desk, phase, weeks="5")
    (entry,) = LogEntry.objects.all()
    assert (entry.user, entry.object_id, entry.get_change_message()) == (editor, str(phase.pk), "Changed Weeks.")
