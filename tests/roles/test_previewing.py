"""Previews: the real page with what was typed, and nothing left behind."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client

from interviews.models import Question
from roles import visitor_pages
from roles.admin.previewing import address_of, has_page
from roles.models import (
    CatalogModel,
    Company,
    Goal,
    Guide,
    Milestone,
    Phase,
    Resource,
    Role,
    Skill,
    Source,
    Tool,
    UseCase,
)
from tests.factories import UserFactory
from tests.pages import Page
from tests.roadmaps.drafts import first_goal
from tests.roles.editing import form, page

SAID = "Preview, not saved."


def tables() -> dict[str, tuple[int, int | None]]:
    """Of every table: how many rows it has, and what they come to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE schemaname = current_schema()")
        names = sorted(name for (name,) in cursor.fetchall())
        found = {}
        for name in names:
            cursor.execute(f'SELECT count(*), sum(hashtext(t::text)::bigint) FROM "{name}" t')
            found[name] = cursor.fetchone()
    return found


def preview(desk: Client, row: CatalogModel, **changes: object):
    """Post the row's page for a preview, with some fields typed over."""
    data = form(desk, row) | {name.replace("__", "-"): value for name, value in changes.items()}
    return desk.post(page(type(row), "change", row.pk), {**data, "_preview": "Preview"})


def html(response) -> str:
    return " ".join(response.content.decode().split())


CASES = [
    (Role, "summary", "roles_role"),
    (Skill, "summary", "skill"),
    (Tool, "summary", "tool"),
    (Resource, "title", "resource"),
    (Company, "name", "company"),
    (UseCase, "summary", "use case"),
    (Guide, "title", "guide"),
    (Question, "model_answer", "question"),
    (Goal, "text", "goal"),
    (Phase, "title", "phase"),
    (Milestone, "text", "milestone"),
]


@pytest.mark.parametrize(("model", "field"), [case[:2] for case in CASES], ids=[case[2] for case in CASES])
def test_it_is_the_page_of_the_row_with_what_was_typed_and_nothing_is_left(desk, model, field):
    row = model.objects.order_by("pk").first()
    typed = form(desk, row)
    before = tables()
    data = {**typed, field: "Said quite otherwise", "_preview": "Preview"}
    response = desk.post(page(model, "change", row.pk), data)
    assert response.status_code == 200
    assert SAID in html(response)
    assert "Said quite otherwise" in html(response)
    assert tables() == before
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_it_is_shown_as_a_visitor_sees_it_and_a_question_as_a_learner(desk):
    assert "Sign in" in html(preview(desk, Skill.objects.first()))
    question = Question.objects.filter(preview=False).first()
    shown = preview(desk, question, model_answer="Because nobody else looks.")
    assert "Because nobody else looks." in html(shown)
    assert "Sign in" not in html(shown)
    assert "Answer it now" in html(shown)


def test_rows_on_the_same_page_are_part_of_it(desk, analytics):
    fit = analytics.fits.first()
    shown = preview(desk, analytics, fits__0__text="You like to be asked why.")
    assert "You like to be asked why." in html(shown)
    fit.refresh_from_db()
    assert fit.text != "You like to be asked why."


def test_a_row_that_is_not_there_yet_has_one_too(desk):
    data = {"slug": "listening", "name": "Listening", "category": "domain", "summary": "Hear what is meant."}
    data |= {"what": "To hear.", "verification": "unverified", "_preview": "Preview"}
    desk.get(page(Skill, "add"))
    before = tables()
    response = desk.post(page(Skill, "add"), data)
    assert "Hear what is meant." in html(response)
    assert tables() == before
    assert not Skill.objects.filter(slug="listening").exists()


def test_what_is_wrong_is_said_as_in_a_save(desk):
    skill = Skill.objects.first()
    response = preview(desk, skill, name="")
    assert response.context["adminform"].form.errors["name"] == ["This field is required."]
    assert SAID not in html(response)


def test_a_rule_that_waits_for_the_end_is_asked(desk, analytics):
    old = first_goal(analytics)
    Goal.objects.filter(pk=old.pk).update(retired=True)
    new = Goal.objects.filter(phase=old.phase, retired=False).first()
    new.replaces.add(old)
    response = preview(desk, old, retired="")
    assert SAID not in html(response)
    assert "takes its place" in html(response)


def test_visitors_never_see_it(desk, client, settings):
    settings.KEEP_VISITOR_PAGES = True
    for memory in ("local", "answers"):
        caches[memory].clear()
    visitor_pages._version = ("", 0.0)
    skill = Skill.objects.get(slug="hipaa")
    guide = Guide.objects.first()
    for row, field in ((skill, "summary"), (guide, "title")):
        for _ in range(2):  # before and after the visitor's own page is kept
            assert "Said quite otherwise" in html(preview(desk, row, **{field: "Said quite otherwise"}))
            version = visitor_pages._version
            assert "apart" not in version[0]
            shown = client.get(row.get_absolute_url())
            assert "Said quite otherwise" not in html(shown)
            assert SAID not in html(shown)
    assert Skill.objects.get(pk=skill.pk).summary in html(client.get(skill.get_absolute_url()))


def test_nothing_of_it_takes_room_among_kept_pages(desk, settings, monkeypatch):
    settings.KEEP_VISITOR_PAGES = True
    kept = []
    monkeypatch.setattr(visitor_pages, "_kept", lambda *args: kept.append(args))
    assert SAID in html(preview(desk, Skill.objects.first()))
    assert kept == []


def test_what_waits_for_a_commit_is_not_done(desk, monkeypatch):
    done = []
    monkeypatch.setattr(
        "roles.admin.learning.SkillAdmin.save_related",
        lambda *args: transaction.on_commit(lambda: done.append("mail")),
    )
    with transaction.atomic():
        preview(desk, Skill.objects.first())
    assert done == []
    assert not [each for each in connection.run_on_commit if "mail" in repr(each)]


def test_messages_that_wait_for_the_editor_wait_on(desk):
    skill = Skill.objects.first()
    desk.post(page(Skill, "change", skill.pk), {**form(desk, skill), "_save": "Save"})
    question = Question.objects.first()
    data = {**form(desk, question), "_preview": "Preview"}
    desk.post(page(Skill, "change", skill.pk), {**form(desk, skill), "_save": "Save"})
    assert "changed successfully" not in html(desk.post(page(Question, "change", question.pk), data))
    assert "changed successfully" in html(desk.get(page(Skill)))


def test_what_is_not_out_has_no_page_and_that_is_said(desk, monkeypatch):
    monkeypatch.setattr(Skill, "get_absolute_url", lambda self: "/skills/not-there/")
    response = preview(desk, Skill.objects.first())
    assert "has no page for readers as it stands" in html(response)


def test_it_is_offered_where_there_is_a_page(desk):
    with_page = {model for model, site in admin.site._registry.items() if _is_ours(model) and has_page(site)}
    assert {Role, Skill, Tool, Resource, Question, Goal, Phase, Milestone, Company, Guide, UseCase} <= with_page
    assert Source not in with_page
    for model in (Skill, Source):
        for shown in (desk.get(page(model, "add")), desk.get(page(model, "change", model.objects.first().pk))):
            assert ('name="_preview" formtarget="_blank"' in html(shown)) is (model in with_page)
    assert "_preview" not in html(desk.get(page(Skill, "add") + "?_popup=1"))


def _is_ours(model) -> bool:
    return issubclass(model, CatalogModel)


def test_every_row_that_is_offered_one_has_an_address(db):
    for model, site in admin.site._registry.items():
        row = model._default_manager.first() if _is_ours(model) and has_page(site) else None
        if row is not None:
            assert address_of(site, row).startswith("/"), model


def test_it_is_for_those_who_may_save(as_learner, client):
    skill = Skill.objects.first()
    reader = UserFactory(is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_skill"))
    looking = Client()
    looking.force_login(reader)
    data = {"_preview": "Preview", "summary": "Said quite otherwise"}
    assert looking.post(page(Skill, "change", skill.pk), data).status_code == 403
    assert looking.post(page(Skill, "add"), data).status_code == 403
    assert "_preview" not in html(looking.get(page(Skill, "change", skill.pk)))
    for somebody in (as_learner, client):
        response = somebody.post(page(Skill, "change", skill.pk), data)
        assert response.status_code == 302
        assert "login" in response.headers["Location"] or "admin" in response.headers["Location"]


def test_the_way_back_leads_to_the_row(desk):
    skill = Skill.objects.first()
    assert page(Skill, "change", skill.pk) in Page(preview(desk, skill)).links
