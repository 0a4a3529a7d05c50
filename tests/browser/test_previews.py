"""Previews of what is typed in the admin: a tab of its own, by keyboard, with and without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from interviews.models import Question
from roles.models import Goal, Skill
from tests.browser.cases import SCREENS, faults_at
from tests.factories import UserFactory

SAID = "Preview, not saved."


def editor() -> User:
    return UserFactory(email="staff@example.org", display_name="Priya Raman", is_staff=True, is_superuser=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_editor_looks_at_what_is_typed_and_goes_on_typing(new_context, sign_in, scripts):
    skill = Skill.objects.get(slug="hipaa")
    context = new_context(java_script_enabled=scripts)
    sign_in(context, editor())
    page = context.new_page()
    page.goto(reverse("admin:roles_skill_change", args=[skill.pk]))
    box = page.get_by_label("Summary:")
    box.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("What nobody may read of you.")
    page.get_by_role("button", name="Preview in a new tab").last.focus()
    with context.expect_page() as opened:
        page.keyboard.press("Enter")
    tab = opened.value
    expect(tab.get_by_role("complementary", name="Preview")).to_contain_text(SAID)
    expect(tab.locator("main")).to_contain_text("What nobody may read of you.")
    expect(tab.get_by_role("link", name="Sign in")).to_be_visible()
    tab.close()

    expect(box).to_have_value("What nobody may read of you.")
    assert Skill.objects.get(pk=skill.pk).summary == skill.summary
    page.get_by_role("button", name="Save", exact=True).last.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    assert Skill.objects.get(pk=skill.pk).summary == "What nobody may read of you."


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: str(screen.width))
@pytest.mark.parametrize("model", [Skill, Question, Goal], ids=lambda model: model.__name__)
def test_previews_are_faultless(new_context, sign_in, watch, screen, model):
    context = new_context()
    sign_in(context, editor())
    page = context.new_page()
    screen.put_before(page)
    page.goto(
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[model.objects.first().pk])
    )
    with context.expect_page() as opened:
        page.get_by_role("button", name="Preview in a new tab").last.click()
    tab = opened.value
    screen.put_before(tab)
    expect(tab.get_by_text(SAID)).to_be_visible()
    if model is Question:
        expect(tab.get_by_role("heading", name="One good answer")).to_be_visible()
    assert faults_at(tab, screen) == []
