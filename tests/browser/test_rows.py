"""Pages of the admin with many rows: folded, jumped to, moved by drag and by keys; saved only by saving."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from roles.models import Goal, GuideSection, Milestone, Phase, Skill
from tests.browser.cases import SCREENS, Screen, faults_at
from tests.conftest import ANALYTICS
from tests.factories import UserFactory

TABLET = Screen(820, 1180, phone=True, near=768)


def editor() -> User:
    return UserFactory(email="staff@example.org", display_name="Priya Raman", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(new_context, sign_in, db) -> Page:
    page = new_context().new_page()
    sign_in(page.context, editor())
    return page


def big_phase() -> Phase:
    """Sixty goals, three skills each."""
    phase = Phase.objects.filter(role__slug=ANALYTICS).first()
    skills = list(Skill.objects.all()[:20])
    for number in range(phase.goals.count() + 1, 61):
        goal = Goal.objects.create(phase=phase, order=number, text=f"Goal number {number} of a long list")
        goal.skills.set(skills[number % 17 : number % 17 + 3])
    return phase


def change(row) -> str:
    return reverse(f"admin:roles_{row._meta.model_name}_change", args=[row.pk])


def handle(page: Page, name: str):
    return page.get_by_role("button", name=f"Move {name}")


@pytest.mark.parametrize("screen", [*SCREENS, TABLET], ids=lambda screen: str(screen.width))
def test_a_phase_with_sixty_goals_is_faultless(desk, watch, screen):
    screen.put_before(desk)
    desk.goto(change(big_phase()))
    assert faults_at(desk, screen) == []


def test_sixty_goals_fold_to_lines_and_the_way_to_saving_stays_in_sight(desk):
    desk.goto(change(big_phase()))
    rows = desk.locator("#goals-group .inline-related:not(.empty-form)")
    assert rows.count() == 60
    assert max(row["height"] for row in (each.bounding_box() for each in rows.all()[:10])) < 40
    expect(desk.get_by_role("button", name="Save", exact=True).last).to_be_in_viewport()
    desk.locator(".jump summary").click()
    desk.get_by_role("link", name="Resources").last.click()
    expect(desk.locator("#resource_links-heading")).to_be_in_viewport()
    assert not desk.locator(".jump").evaluate("(each) => each.open")


def test_a_folded_goal_can_be_edited_and_searched_for_once_it_is_open(desk):
    phase = big_phase()
    desk.goto(change(phase))
    row = desk.locator("#goals-40")
    assert row.locator(".select2-container").count() == 0
    row.locator("summary").first.click()
    expect(row.locator(".select2-container").first).to_be_visible()
    row.locator("textarea").first.fill("Said better")
    desk.get_by_role("button", name="Save and continue editing").last.click()
    expect(desk.locator(".messagelist")).to_contain_text("changed successfully")
    assert phase.goals.get(order=41).text == "Said better"
    assert phase.goals.get(order=41).skills.count() == 3


def test_all_rows_unfold_at_once(desk):
    desk.goto(change(big_phase()))
    desk.locator("#goals-group").get_by_role("button", name="Unfold all").click()
    expect(desk.locator("#goals-group .inline-related:not(.empty-form) > details[open]")).to_have_count(60)
    desk.locator("#goals-group").get_by_role("button", name="Fold all").click()
    expect(desk.locator("#goals-group .inline-related:not(.empty-form) > details[open]")).to_have_count(0)


def test_a_goal_moves_by_keys_and_is_announced(desk):
    phase = big_phase()
    third = phase.goals.get(order=3)
    desk.goto(change(phase))
    handle(desk, third.text[:40]).first.focus()
    desk.keyboard.press("ArrowUp")
    expect(desk.locator("#rows-said")).to_contain_text("place 2 of 60. Not saved yet.")
    desk.keyboard.press("Alt+ArrowUp")
    expect(desk.locator("#rows-said")).to_contain_text("place 1 of 60")
    assert desk.evaluate("() => document.activeElement.className") == "handle"
    third.refresh_from_db()
    assert third.order == 3
    desk.get_by_role("button", name="Save and continue editing").last.click()
    expect(desk.locator(".messagelist")).to_contain_text("changed successfully")
    third.refresh_from_db()
    assert third.order == 1
    assert sorted(phase.goals.values_list("order", flat=True)) == list(range(1, 61))


def test_a_goal_moves_by_drag(desk):
    phase = big_phase()
    first = phase.goals.get(order=1)
    desk.goto(change(phase))
    rows = desk.locator("#goals-group .inline-related:not(.empty-form)")
    rows.nth(0).scroll_into_view_if_needed()
    grip, target = rows.nth(0).locator(".handle").bounding_box(), rows.nth(4).bounding_box()
    desk.mouse.move(grip["x"] + 8, grip["y"] + 8)
    desk.mouse.down()
    desk.mouse.move(target["x"] + 20, target["y"] + target["height"] - 3, steps=8)
    desk.mouse.up()
    expect(desk.locator("#rows-said")).to_contain_text("place 5 of 60")
    desk.get_by_role("button", name="Save and continue editing").last.click()
    expect(desk.locator(".messagelist")).to_contain_text("changed successfully")
    first.refresh_from_db()
    assert first.order == 5


def test_a_drag_is_given_up_by_escape(desk):
    desk.goto(change(big_phase()))
    rows = desk.locator("#goals-group .inline-related:not(.empty-form)")
    rows.nth(0).scroll_into_view_if_needed()
    grip, target = rows.nth(0).locator(".handle").bounding_box(), rows.nth(4).bounding_box()
    desk.mouse.move(grip["x"] + 8, grip["y"] + 8)
    desk.mouse.down()
    desk.mouse.move(target["x"] + 20, target["y"] + 10, steps=4)
    desk.keyboard.press("Escape")
    desk.mouse.up()
    assert rows.nth(0).get_attribute("id") == "goals-0"


def test_a_new_row_that_was_moved_up_and_others_taken_out_again_is_saved_as_one(desk):
    """Django counts rows anew where one is removed; stored rows must stay the first for it."""
    milestone = Milestone.objects.filter(phase__role__slug=ANALYTICS).first()
    before = list(milestone.criteria.values_list("text", flat=True))
    desk.goto(change(milestone))
    add = desk.get_by_role("button", name="Add another Criterion")
    for text in ("First of all", "Never mind"):
        add.click()
        desk.locator("#criteria-group tr.form-row:not(.empty-form) .field-text textarea").last.fill(text)
    new = desk.locator("#criteria-group tr.form-row:not(.empty-form)").nth(len(before))
    new.locator(".handle").focus()
    desk.keyboard.press("Home")
    desk.locator("#criteria-group .inline-deletelink").last.click()
    desk.get_by_role("button", name="Save and continue editing").last.click()
    expect(desk.locator(".messagelist")).to_contain_text("changed successfully")
    assert list(milestone.criteria.order_by("order").values_list("text", flat=True)) == ["First of all", *before]


def test_a_list_moves_rows_within_their_own_parent_alone(desk):
    phases = list(Phase.objects.filter(role__slug=ANALYTICS).order_by("order"))
    desk.goto(reverse("admin:roles_phase_changelist"))
    handle(desk, phases[-1].title).focus()
    desk.keyboard.press("End")
    expect(desk.locator("#rows-said")).to_contain_text(f"place {len(phases)} of {len(phases)}")
    desk.keyboard.press("ArrowUp")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("2 phases were changed")
    assert list(Phase.objects.filter(role__slug=ANALYTICS).order_by("order"))[-2] == phases[-1]


def test_a_list_that_is_sorted_otherwise_has_no_handles(desk):
    desk.goto(reverse("admin:roles_guide_changelist"))
    assert desk.locator(".handle").count()
    desk.goto(reverse("admin:roles_guide_changelist") + "?o=-3")
    assert desk.locator(".handle").count() == 0


def test_without_javascript_rows_fold_and_are_ordered_by_number(new_context, sign_in, db):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page.context, editor())
    guide = GuideSection.objects.first().guide
    sections = list(guide.sections.order_by("order"))
    page.goto(change(guide))
    for place, number in ((0, sections[1].order), (1, sections[0].order)):
        row = page.locator(f"#sections-{place}")
        row.locator("summary").first.click()
        row.locator(".field-order input").fill(str(number))
    page.get_by_role("button", name="Save and continue editing").last.click()
    assert "changed successfully" in page.locator(".messagelist").inner_text()
    assert [each.pk for each in guide.sections.order_by("order")[:2]] == [sections[1].pk, sections[0].pk]


@pytest.mark.parametrize("screen", [*SCREENS, TABLET], ids=lambda screen: str(screen.width))
@pytest.mark.parametrize("name", ["index", "roles_guide_changelist", "roles_phase_changelist"])
def test_desk_and_lists_are_faultless(desk, watch, screen, name):
    big_phase()
    screen.put_before(desk)
    desk.goto(reverse(f"admin:{name}"))
    assert faults_at(desk, screen) == []
