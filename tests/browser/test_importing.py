"""A file goes in by keyboard alone, and without JavaScript; each page on the way is looked at in both themes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from config.editors import GROUP
from interviews.models import Question
from roles.exchange import trying
from roles.models import Import, Skill
from tests.browser.cases import SCREENS, faults_at
from tests.browser.keyboard import Keyboard
from tests.factories import UserFactory
from tests.roles.exchange.importing import entries, question, tried

SUMMARY = "A law of 1996, and what it asks of data."


@pytest.fixture
def mei(site) -> User:
    user = UserFactory(email="mei@example.org", is_staff=True, display_name="Mei-Ling Zhao")
    user.groups.add(Group.objects.get(name=GROUP))
    return user


@pytest.fixture
def file(tmp_path) -> Path:
    made = tmp_path / "skills.csv"
    made.write_text(f'slug,summary\nhipaa,"{SUMMARY}"\n', encoding="utf-8")
    return made


def follow(page: Page, name: str, *, role: str = "button") -> None:
    keys = Keyboard(page)
    keys.tab_to(page.get_by_role(role, name=name, exact=True))
    keys.press("Enter")


def faultless(page: Page) -> None:
    SCREENS[0].put_before(page)
    assert faults_at(page, SCREENS[0]) == []


def test_a_file_goes_in_by_keyboard(new_context, sign_in, mei, file):
    context = new_context()
    sign_in(context, mei)
    page = context.new_page()
    page.goto(reverse("admin:roles_skill_changelist"))
    follow(page, "Import", role="link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Import skills")
    faultless(page)
    Keyboard(page).tab_to(page.get_by_label("File"))
    page.get_by_label("File").set_input_files(file)  # the dialog of the system is no part of the page
    follow(page, "See what it would change")
    expect(page.get_by_role("status")).to_contain_text("It waits for the worker.")
    faultless(page)
    trying.try_out(Import.objects.get().pk)
    expect(page.get_by_role("heading", level=2)).to_have_text("This is what would change")  # by itself
    expect(page.locator("ins").first).to_be_visible()
    faultless(page)
    follow(page, "Import all of it")
    expect(page.get_by_role("status")).to_be_visible()
    trying.write_out(Import.objects.get().pk)
    expect(page.get_by_role("heading", level=2)).to_contain_text("Written on")
    faultless(page)
    assert Skill.objects.get(slug="hipaa").summary == SUMMARY


def test_a_file_goes_in_without_javascript(new_context, sign_in, mei, file):
    context = new_context(java_script_enabled=False)
    sign_in(context, mei)
    page = context.new_page()
    page.goto(reverse("admin:exchange_list"))
    page.get_by_role("link", name="Import skills", exact=True).click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="See what it would change").click()
    expect(page.locator("#content")).to_contain_text("It waits for the worker.")
    trying.try_out(Import.objects.get().pk)
    expect(page.get_by_role("heading", level=2)).to_have_text("This is what would change")  # by itself
    page.get_by_role("button", name="Import all of it").click()
    trying.write_out(Import.objects.get().pk)
    page.get_by_role("link", name="See how far it is").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("Written on")
    assert Skill.objects.get(slug="hipaa").summary == SUMMARY


def test_faults_new_rows_and_the_list_are_faultless(new_context, sign_in, mei):
    faulty = tried(Question, entries(question("one"), question("two", level=9)), mei, "bank.json")
    new = tried(Question, entries(*(question(f"q-{each}") for each in range(30))), mei, "bank.json")
    context = new_context()
    sign_in(context, mei)
    page = context.new_page()
    page.goto(reverse("admin:import_detail", args=[faulty.pk]))
    expect(page.get_by_role("region", name="Faults").get_by_role("row").nth(1)).to_contain_text(
        "Levels go from 1 to 5."
    )
    faultless(page)
    page.goto(reverse("admin:import_detail", args=[new.pk]))
    page.get_by_text("What it says").first.click()
    expect(page.get_by_text("What about q-0?")).to_be_visible()
    faultless(page)
    page.goto(reverse("admin:exchange_list"))
    faultless(page)


def test_what_a_list_shows_is_taken_out(new_context, sign_in, mei):
    context = new_context()
    sign_in(context, mei)
    page = context.new_page()
    page.goto(reverse("admin:roles_skill_changelist") + "?coding__exact=1")
    follow(page, "Export", role="link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Export skills")
    faultless(page)
    expect(page.get_by_label(re.compile("that the list shows"))).to_be_checked()
    keys = Keyboard(page)
    keys.tab_to(page.get_by_label("CSV"))
    keys.press("ArrowDown", "ArrowDown")
    with page.expect_download() as download:
        follow(page, "Export")
    assert download.value.suggested_filename == "skills.json"
    rows = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert {row["slug"] for row in rows} == set(Skill.objects.filter(coding=True).values_list("slug", flat=True))
