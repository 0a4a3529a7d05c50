"""Every page of the catalog in Django admin opens, at a known price, whatever is asked of it."""

from __future__ import annotations

import itertools

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin

from interviews.models import Question
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
    MarketDriver,
    Milestone,
    Phase,
    ProgramCheck,
    Resource,
    Role,
    Skill,
    SkillArea,
    Source,
    Statistic,
    Tool,
    UseCase,
)
from tests.forms import Fields
from tests.queries import queries_of
from tests.roadmaps.drafts import add_goal, first_goal, retire
from tests.roles.editing import form, page, said, save

# Queries of a change list and of a change page, session, account and permissions (four) included, and on pages that are
# saved, which version they show.
PAGES = {
    Role: (8, 23),
    CareerLevel: (9, 10),
    Phase: (9, 17),
    Goal: (10, 14),
    Milestone: (8, 9),
    Skill: (8, 10),
    Tool: (7, 10),
    Resource: (8, 11),
    Source: (9, 6),
    Correction: (10, 12),
    Question: (11, 13),
    Statistic: (9, 7),
    Company: (8, 8),
    UseCase: (8, 23),
    EntryPath: (8, 12),
    SkillArea: (8, 11),
    Challenge: (8, 9),
    MarketDriver: (8, 8),
    Guide: (8, 14),
    DegreeOption: (8, 7),
    AdmissionCriterion: (8, 7),
    Accreditor: (8, 7),
    AccreditationStep: (8, 7),
    CourseworkArea: (8, 12),
    CostItem: (8, 7),
    Certification: (8, 11),
    ProgramCheck: (8, 7),
}
# Rows of a list, a page with many choices, and texts of many lines: what is special about the others is slow.
QUICK = (Goal, Question, Source)
MODELS = pytest.mark.parametrize(
    "model",
    [pytest.param(each, marks=() if each in QUICK else pytest.mark.slow, id=each._meta.model_name) for each in PAGES],
)


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


@pytest.mark.slow
def test_more_rows_need_no_more_queries(desk, analytics):
    urls = [
        page(Goal),
        page(Phase),
        page(Role, "change", analytics.pk),
        page(Phase, "change", first_goal(analytics).phase_id),
    ]
    old = add_goal(analytics)
    retire(old)
    add_goal(analytics).replaces.add(old)
    before = [queries_of(desk, url) for url in urls]
    for number in range(12):
        goal = add_goal(analytics, text=f"Goal {number}", replaces=(old,))
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
