"""What keeps the content true: the check and its findings, on a desktop and on a phone, by keyboard alone too."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from roles.checking.known import check, set_aside
from roles.links.rounds import record
from roles.links.used import used
from roles.links.visiting import Verdict
from roles.models import KnownFinding, LinkCheck, LinkState, Skill
from tests.browser.cases import SCREENS, faults_at
from tests.browser.keyboard import Keyboard
from tests.factories import UserFactory

CHECK = "admin:roles_knownfinding_changelist"


def editor() -> User:
    return UserFactory(email="staff@example.org", display_name="Priya Raman", is_staff=True, is_superuser=True)


def with_a_known_finding() -> str:
    """Some to look at, one that may stay."""
    Skill.objects.get(slug="hipaa").sources.clear()
    (part,) = check(today=timezone.localdate(), only="figure-stale")
    set_aside(rule="figure-stale", findings=part.open[:1], reason="No newer one yet.", by=editor(), now=timezone.now())
    return reverse(CHECK)


def with_links_to_mend() -> str:
    editor()
    urls = list(used())[:4]
    found = [
        Verdict(LinkState.DEAD, "It answers 404 (Not Found).", 404),
        Verdict(LinkState.MOVED, f"It has moved to {urls[1]}-and-a-long-way-from-there", 200, f"{urls[1]}-elsewhere"),
        Verdict(LinkState.REFUSED, "It carries a name or a password."),
        Verdict(LinkState.ALIVE, "", 200, seconds=0.3),
    ]
    for url, verdict in zip(urls, found, strict=True):
        record(LinkCheck(url=url), verdict, now=timezone.now())
    return reverse("admin:roles_linkcheck_changelist")


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: str(screen.width))
@pytest.mark.parametrize("name", ["dead", "all", "one", "source"])
def test_pages_about_links_are_faultless(new_context, sign_in, watch, screen, name):
    address = with_links_to_mend()
    if name == "all":
        address += "?state=all"
    if name == "one":
        address = reverse("admin:roles_linkcheck_change", args=[LinkCheck.objects.filter(state="moved").get().pk])
    if name == "source":
        address = reverse("admin:roles_source_changelist")
    page = new_context().new_page()
    sign_in(page.context, User.objects.get(email="staff@example.org"))
    screen.put_before(page)
    page.goto(address)
    assert faults_at(page, screen) == []


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: str(screen.width))
def test_the_page_is_faultless(new_context, sign_in, watch, screen):
    address = with_a_known_finding()
    page = new_context().new_page()
    sign_in(page.context, User.objects.get(email="staff@example.org"))
    screen.put_before(page)
    page.goto(address)
    page.locator("summary").filter(has_text="Known").click()
    assert faults_at(page, screen) == []


def test_a_finding_is_set_aside_and_looked_at_again_by_keyboard(new_context, sign_in):
    skill = Skill.objects.get(slug="hipaa")
    skill.sources.clear()
    page = new_context().new_page()
    sign_in(page.context, editor())
    page.goto(reverse(CHECK))
    page.get_by_role("checkbox", name=f"Set aside: {skill.name}").first.focus()
    page.keyboard.press("Space")
    section = page.locator("section", has=page.locator("#sources-missing"))
    section.get_by_role("textbox").focus()
    page.keyboard.type("It is the law.")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("1 set aside")
    assert KnownFinding.objects.get().reason == "It is the law."

    section.locator("summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name=f"Look again: {skill.name}").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")  # the row
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("1 open again")
    assert not KnownFinding.objects.exists()


def test_every_stop_of_the_focus_is_seen(new_context, sign_in):
    address = with_a_known_finding()
    page = new_context().new_page()
    sign_in(page.context, User.objects.get(email="staff@example.org"))
    page.goto(address)
    stops = Keyboard(page).stops()
    assert [stop.name for stop in stops if not (stop.ringed and stop.seen)] == []


def test_the_link_of_a_finding_leads_to_the_field(new_context, sign_in):
    skill = Skill.objects.get(slug="hipaa")
    Skill.objects.filter(pk=skill.pk).update(exercise="")
    page = new_context().new_page()
    sign_in(page.context, editor())
    page.goto(reverse(CHECK))
    page.get_by_role("link", name=skill.name, exact=True).click()
    expect(page.locator("#id_exercise")).to_be_in_viewport()
