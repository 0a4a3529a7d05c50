"""The catalog in Django admin: editing without surprises."""

from __future__ import annotations

import itertools
import threading

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.careful import CarefulAdmin
from config.editors import GROUP
from interviews.models import Question
from roles.admin.places import PlacedInlineFormSet
from roles.loading import load
from roles.models import (
    AccreditationStep,
    Accreditor,
    AdmissionCriterion,
    CareerLevel,
    CatalogModel,
    Certification,
    Challenge,
    Company,
    Correction,
    CostItem,
    CourseworkArea,
    DegreeOption,
    EntryPath,
    Goal,
    Guide,
    LevelDuty,
    MarketDriver,
    Milestone,
    Phase,
    ProgramCheck,
    Resource,
    Role,
    RoleMetric,
    Skill,
    SkillArea,
    Source,
    Statistic,
    Tool,
    UseCase,
)
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.forms import Fields, fields_of
from tests.queries import queries_of
from tests.roadmaps.drafts import add_goal, first_goal

# Queries of a change list and of a change page, session, account and permissions (four) included.
PAGES = {
    Role: (7, 29),
    CareerLevel: (9, 9),
    Phase: (8, 16),
    Goal: (10, 13),
    Milestone: (8, 8),
    Skill: (7, 9),
    Tool: (7, 9),
    Resource: (7, 10),
    Source: (9, 5),
    Correction: (9, 11),
    Question: (10, 13),
    Statistic: (8, 6),
    Company: (8, 9),
    UseCase: (7, 22),
    EntryPath: (7, 11),
    SkillArea: (7, 11),
    Challenge: (7, 8),
    MarketDriver: (7, 7),
    Guide: (7, 14),
    DegreeOption: (7, 6),
    AdmissionCriterion: (7, 6),
    Accreditor: (7, 6),
    AccreditationStep: (7, 6),
    CourseworkArea: (7, 11),
    CostItem: (7, 6),
    Certification: (7, 10),
    ProgramCheck: (7, 6),
}
MODELS = pytest.mark.parametrize("model", PAGES, ids=lambda model: model._meta.model_name)


def page(model, kind: str = "changelist", *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


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


def form(desk: Client, row) -> Fields:
    return fields_of(desk.get(page(type(row), "change", row.pk)), f"{row._meta.model_name}_form")


def save(desk: Client, row, **changes: object):
    """Post the row's page with some fields typed over. `goals__0__text` stands for `goals-0-text`."""
    data = form(desk, row) | {name.replace("__", "-"): value for name, value in changes.items()}
    return desk.post(page(type(row), "change", row.pk), {**data, "_continue": "1"})


def said(response) -> str:
    assert response.status_code == 200, "the page comes back with what was typed"
    return response.content.decode()


# ---------------------------------------------------------------- pages


@MODELS
def test_lists_and_pages_open_for_editors_with_as_many_queries_as_ever(desk, model):
    found = (
        queries_of(desk, page(model)),
        queries_of(desk, page(model, "change", model.objects.first().pk)),
    )
    assert found == PAGES[model]


@MODELS
def test_the_page_for_a_new_row_opens(desk, model):
    assert desk.get(page(model, "add")).status_code == 200


def test_more_rows_need_no_more_queries(desk, analytics):
    urls = [
        page(Goal),
        page(Phase),
        page(Role, "change", analytics.pk),
        page(Phase, "change", first_goal(analytics).phase_id),
    ]
    add_goal(analytics).replaces.add(first_goal(analytics))
    before = [queries_of(desk, url) for url in urls]
    for number in range(12):
        goal = add_goal(analytics, text=f"Goal {number}", replaces=(first_goal(analytics),))
        goal.skills.set(Skill.objects.all()[:4])
        goal.tools.set(Tool.objects.all()[:4])
        analytics.day.create(time=f"{number:02}:17", text="Work").skills.set(Skill.objects.all()[:3])
    assert [queries_of(desk, url) for url in urls] == before


ADDRESSES = ("q=health", "q=%00", "q='\"%25_\\", "p=x", "o=9.9.x", "id__exact=x", "nothing=1")


@MODELS
@pytest.mark.parametrize(
    "queries", [ADDRESSES[1:3], pytest.param(ADDRESSES, marks=pytest.mark.slow)], ids=["two", "all"]
)
def test_whatever_stands_in_the_address_is_no_error(desk, model, queries):
    for query in queries:
        assert desk.get(f"{page(model)}?{query}", follow=True).status_code == 200, query


@MODELS
def test_a_row_that_is_not_there_leads_back(desk, model):
    assert desk.get(page(model, "change", "none")).status_code == 302
    assert desk.get(page(model, "change", 10**20)).status_code == 302


def test_every_model_of_the_catalog_can_be_edited():
    written = {
        model
        for app in ("roles", "interviews")
        for model in apps.get_app_config(app).get_models()
        if issubclass(model, CatalogModel)
    }
    in_rows = {inline.model for each in admin.site._registry.values() for inline in each.inlines}
    assert written - set(PAGES) - in_rows == set()


@pytest.mark.parametrize("models", [[Goal, Source], pytest.param(PAGES, marks=pytest.mark.slow)], ids=["two", "all"])
def test_saving_untouched_pages_changes_nothing(desk, models):
    for model in models:
        for row in model.objects.all()[: 1 if model is Role else 2]:
            response = save(desk, row)
            assert response.status_code == 302, (row, response.context["errors"])
    assert load(settings.BASE_DIR / "fixtures" / "catalog").left_alone == []


# ---------------------------------------------------------------- places


@pytest.fixture
def phase(analytics) -> Phase:
    return Phase.objects.get(role=analytics, order=1)


def places(phase: Phase) -> list[str]:
    return list(phase.goals.order_by("order").values_list("text", flat=True))


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


HOSTILE = ("", "\0", "x" * 5_000, "-1", "9" * 20, "<script>alert(1)</script>", "'; DROP TABLE x --", "{0.__class__}")


@pytest.fixture(scope="module")
def forms_seen() -> dict[type, Fields]:
    """What the page of a model's first row shows: the same in each test, and long to render."""
    return {}


@MODELS
@pytest.mark.parametrize("first", [1, *(pytest.param(first, marks=pytest.mark.slow) for first in (4, 6))])
def test_hostile_input_gets_a_message_and_is_escaped(desk, forms_seen, model, first):
    """Every field gets another of the values; all of them over the runs."""
    row = model.objects.first()
    if model not in forms_seen:
        forms_seen[model] = form(desk, row)
    shown = forms_seen[model]
    values = itertools.islice(itertools.cycle(HOSTILE), first, None)
    kept = {name: shown[name] for name in shown if name.endswith(("_FORMS", "-id"))}
    typed = {name: next(values) for name in shown if name not in kept}
    response = desk.post(page(model, "change", row.pk), {**kept, **typed, "_save": "1"})
    assert response.context["errors"], "there is something to say"
    assert "<script>alert(1)</script>" not in said(response)


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
    (update,) = [each["sql"] for each in captured if each["sql"].startswith('UPDATE "roles_role"')]
    assert '"tagline"' in update
    assert '"blueprint"' not in update
    assert '"name"' not in update


def test_rows_of_a_page_that_were_left_alone_are_not_written(desk, phase):
    with CaptureQueriesContext(connection) as captured:
        save(desk, phase, goals__0__text="Said better")
    updates = [each["sql"] for each in captured if each["sql"].startswith('UPDATE "roles_')]
    assert len(updates) == 1
    assert '"published"' not in updates[0]


def test_addresses_and_keys_are_fixed_once_chosen(desk, phase):
    goal = phase.goals.first()
    save(desk, phase, slug="other", role="2")
    save(desk, goal, key="00000000-0000-0000-0000-000000000000", published="")
    phase.refresh_from_db()
    assert (phase.slug, phase.role.slug) == ("foundations-sql", "ai-healthcare-analytics-specialist")
    assert (Goal.objects.get(pk=goal.pk).key, Goal.objects.get(pk=goal.pk).published) == (goal.key, True)


# ---------------------------------------------------------------- what was published stays


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
