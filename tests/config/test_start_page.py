"""The start page of the admin: what needs care, most urgent first, and the way to all content in two steps."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from config.editors import GROUP
from interviews.models import Question
from roadmaps.models import Plan, Publication
from roadmaps.planning import carry_out_due, plan
from roadmaps.publishing import preview, publish
from roles import tasks
from roles.checking import lately
from roles.checking.known import set_aside
from roles.checking.lately import check_and_keep, last_check
from roles.exchange.importing import send
from roles.exchange.trying import try_out
from roles.history.acting import acting
from roles.links.rounds import record
from roles.links.used import used
from roles.links.visiting import Verdict
from roles.models import Import, LastCheck, LinkCheck, LinkState, Phase, Role, Skill
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.queries import queries_of
from tests.roadmaps.drafts import add_goal
from tests.roles.many import ten_times_the_catalog

pytestmark = pytest.mark.django_db

INDEX = "admin:index"


@pytest.fixture
def editor() -> User:
    person = UserFactory(is_staff=True, display_name="Mei-Ling Zhao")
    person.groups.add(Group.objects.get(name=GROUP))
    return person


@pytest.fixture
def desk(editor) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def concern(desk: Client, name: str):
    caches["local"].clear()  # all of a test is one transaction, so the catalog's version stays
    context = desk.get(reverse(INDEX)).context
    return next(each for kind in ("care", "well", "news") for each in context[kind] if each.name == name)


def allowed(*codenames: str) -> Client:
    person = UserFactory(is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(person)
    return client


class TestContentCheck:
    def test_its_numbers_are_those_of_the_check_with_the_day_on_which_it_was_made(self, desk):
        found = check_and_keep(now=timezone.now())
        shown = concern(desk, "findings")
        assert shown.count == sum(len(each.open) for each in found if each.rule.name != "link-dead")
        assert shown.words.endswith(f"Made {LastCheck.objects.get().made_at:%B %-d, %Y, %H:%M}.")
        assert {each.text: each.count for each in shown.items} == {
            each.rule.title: len(each.open) for each in found if each.open
        }

    def test_it_is_not_made_again_while_the_catalog_is_the_same(self, desk, monkeypatch):
        check_and_keep(now=timezone.now())
        monkeypatch.setattr(lately, "check", None)
        assert concern(desk, "findings").count

    def test_a_quick_check_is_made_again_where_anything_changed(self, desk):
        check_and_keep(now=timezone.now())
        LastCheck.objects.update(milliseconds=1)
        before = concern(desk, "findings").count
        Skill.objects.get(slug="hipaa").sources.clear()
        assert concern(desk, "findings").count == before + 1

    def test_setting_a_finding_aside_counts_as_a_change(self, editor):
        now = timezone.now()
        part = next(each for each in check_and_keep(now=now) if each.open)
        LastCheck.objects.update(milliseconds=1)
        set_aside(rule=part.rule.name, findings=part.open[:1], reason="Known.", by=editor, now=now)
        last, is_current = last_check(now=now)
        assert is_current
        assert last.counts.get(part.rule.name, 0) == len(part.open) - 1

    def test_figures_age_overnight(self):
        now = timezone.now()
        check_and_keep(now=now)
        LastCheck.objects.update(milliseconds=1)
        tomorrow = now + timedelta(days=1)
        last, _ = last_check(now=tomorrow)
        assert last.made_at == tomorrow

    def test_a_slow_one_is_left_to_the_worker_and_the_page_says_so(self, desk, monkeypatch):
        asked, real = [], tasks.check_content
        monkeypatch.setattr(tasks, "check_content", SimpleNamespace(enqueue=lambda: asked.append(1)))
        check_and_keep(now=timezone.now())
        LastCheck.objects.update(milliseconds=20_000)
        Skill.objects.get(slug="hipaa").sources.clear()
        shown = concern(desk, "findings")
        assert "before the last change; a new one is being made" in shown.words
        concern(desk, "findings")
        assert len(asked) == 1
        real.func()
        assert concern(desk, "findings").count == shown.count + 1

    def test_one_that_turns_out_slow_is_given_up(self, desk, monkeypatch):
        check_and_keep(now=timezone.now())
        LastCheck.objects.update(milliseconds=1)
        Skill.objects.get(slug="hipaa").sources.clear()
        monkeypatch.setattr(lately, "_WAITED_FOR", 5)
        monkeypatch.setattr(lately, "check", lambda **_: connection.cursor().execute("SELECT pg_sleep(1)"))
        assert "before the last change" in concern(desk, "findings").words

    def test_where_none_was_made_yet_the_page_does_not_wait_for_it(self, desk):
        LastCheck.objects.all().delete()
        shown = concern(desk, "findings")
        assert (shown.count, shown.words.split(",")[0]) == (0, "It was not made yet")

    def test_opening_the_page_of_findings_makes_it(self, desk):
        desk.get(reverse("admin:roles_knownfinding_changelist"))
        assert last_check(now=timezone.now())[1]


class TestRoadmaps:
    def test_an_unpublished_draft_says_how_much_is_waiting(self, desk, analytics):
        assert concern(desk, "drafts").count == 0
        add_goal(analytics)
        shown = concern(desk, "drafts")
        assert shown.count == 1
        assert shown.items[0].note == "1 change: 1 new."
        assert shown.items[0].address == reverse("admin:roadmaps_publication_publish", args=[analytics.pk])
        publish(analytics, by=None)
        assert concern(desk, "drafts").count == 0

    def test_a_draft_with_gaps_says_which(self, desk, analytics):
        phase = Phase.objects.filter(role=analytics).first()
        phase.goals.update(retired=True)
        assert "has no goal" in concern(desk, "drafts").items[0].note

    def test_a_planned_publication_is_news_until_it_stops(self, desk, editor, analytics):
        add_goal(analytics)
        now = timezone.now()
        plan(role=analytics, at=now + timedelta(hours=1), seen=preview(analytics).digest, note="", by=editor, now=now)
        assert concern(desk, "planned").count == 1
        assert concern(desk, "stopped").count == 0
        add_goal(analytics, text="One more")
        carry_out_due(now=now + timedelta(hours=2))
        first = desk.get(reverse(INDEX)).context["care"][0]
        assert first.name == "stopped"
        assert "The draft was edited after this was planned." in first.items[0].note

    def test_a_stopped_one_needs_nobody_once_its_draft_is_out(self, desk, editor, analytics):
        add_goal(analytics)
        now = timezone.now()
        plan(role=analytics, at=now + timedelta(hours=1), seen="x", note="", by=editor, now=now)
        carry_out_due(now=now + timedelta(hours=2))
        assert Plan.objects.get().state == "stopped"
        assert concern(desk, "stopped").count == 1
        publish(analytics, by=editor)
        assert concern(desk, "stopped").count == 0


class TestLinksImportsAndChanges:
    def test_dead_links_lead_to_the_row_in_which_they_stand(self, desk):
        url, (place, *_) = next(iter(used().items()))
        record(LinkCheck(url=url), Verdict(LinkState.DEAD, "It answers 404.", 404), now=timezone.now())
        shown = concern(desk, "links")
        assert shown.count == 1
        assert shown.items[0].text == place.shown

    def test_a_check_that_is_off_says_so(self, desk, settings):
        settings.LINK_CHECK = False
        assert "not switched the check on" in concern(desk, "links").words
        settings.LINK_CHECK = True
        assert "not switched" not in concern(desk, "links").words

    def test_imports_that_wait_for_a_word_or_for_mending(self, desk, editor):
        sent = send(model=Skill, name="skills.json", content=b"[]", by=editor, now=timezone.now())
        assert concern(desk, "imports").count == 0
        Import.objects.filter(pk=sent.pk).update(alive_at=timezone.now() - timedelta(hours=1))
        assert "No worker takes it up" in concern(desk, "imports").items[0].note
        broken = send(model=Skill, name="broken.json", content=b"{", by=editor, now=timezone.now())
        try_out(broken.pk)
        assert {each.text for each in concern(desk, "imports").items} == {
            "skills.json into skills",
            "broken.json into skills",
        }

    def test_the_last_changes_name_who_made_them(self, desk, editor):
        with acting(by=editor):
            Skill.objects.filter(slug="hipaa").update(summary="Said better.")
        newest = concern(desk, "changes").items[0]
        assert newest.text == "Skill"
        assert newest.note.startswith("Mei-Ling Zhao, ")


class TestShelves:
    def test_everything_of_a_role_is_two_steps_away(self, desk, analytics):
        shelves = desk.get(reverse(INDEX)).context["role_shelves"]
        shelf = next(each for each in shelves if each.role == analytics)
        links = {each.label: each for each in shelf.links}
        assert {
            *("Role page", "Phases", "Goals", "Milestones", "Career ladder", "Ways in", "Corrections"),
            *("Compare and publish", "Publications", "Preview", "Interview questions"),
        } <= links.keys()
        for link in links.values():
            response = desk.get(link.address)
            assert response.status_code == 200, link
            if link.count is not None:
                assert response.context["cl"].result_count == link.count, link

    def test_every_kind_of_content_has_a_link(self, desk):
        themes = desk.get(reverse(INDEX)).context["themes"]
        shown = {link.address for _, links in themes for link in links}
        content = [
            model
            for model in admin.site._registry
            if model._meta.app_label == "roles" or model in (Question, Publication)
        ]
        assert {
            reverse(f"admin:{each._meta.app_label}_{each._meta.model_name}_changelist") for each in content
        } == shown

    def test_an_editor_meets_no_table_besides(self, desk):
        assert desk.get(reverse(INDEX)).context["rest"] == []

    def test_staff_find_people_and_reviews_below(self, client):
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
        shown = {model["model"] for app in client.get(reverse(INDEX)).context["rest"] for model in app["models"]}
        assert User in shown
        assert Skill not in shown


class TestRights:
    def test_whoever_may_see_sources_alone_sees_nothing_else(self):
        response = allowed("view_source").get(reverse(INDEX))
        assert [*response.context["care"], *response.context["well"], *response.context["news"]] == []
        assert response.context["role_shelves"] == []
        assert [links[0].label for _, links in response.context["themes"]] == ["Sources"]

    def test_a_role_leads_only_to_what_one_may_see(self):
        response = allowed("view_role", "view_phase").get(reverse(INDEX))
        assert {link.label for each in response.context["role_shelves"] for link in each.links} == {
            "Role page",
            "Phases",
        }

    def test_without_any_right_the_page_says_so(self):
        assert "You may not see or edit anything here." in allowed().get(reverse(INDEX)).content.decode()

    def test_imports_of_what_one_may_not_import_are_not_shown(self, editor):
        broken = send(model=Skill, name="broken.json", content=b"{", by=editor, now=timezone.now())
        try_out(broken.pk)
        assert concern(allowed("view_skill"), "imports").count == 0
        assert concern(allowed("view_skill", "add_skill", "change_skill"), "imports").count == 1


def test_the_page_asks_the_same_whatever_the_number_of_roles(desk):
    now = timezone.now()
    LastCheck.objects.create(of=lately.state_of_catalog(now), made_at=now, milliseconds=1, counts={})
    few = queries_of(desk, reverse(INDEX))
    ten_times_the_catalog()
    assert queries_of(desk, reverse(INDEX)) == few == 18


def test_drafts_are_compared_in_as_many_queries_however_many_there_are(desk, django_assert_num_queries):
    from roadmaps.unpublished import unpublished

    first = Role.objects.get(slug=ANALYTICS)
    with django_assert_num_queries(10):
        unpublished("a")
    other = Role.objects.filter(phases=None).first()
    for phase in Phase.objects.filter(role=first):
        phase.pk, phase.role, phase.slug = None, other, f"{phase.slug}-too"
        phase.save()
    with django_assert_num_queries(10):
        assert [each.role for each in unpublished("b")] == [other.pk]
