"""What the content check finds, what may stay, and the page and command that say so."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.editors import GROUP
from interviews.models import Question
from roles.admin.checking import address_of
from roles.checking.findings import Finding, rules
from roles.checking.known import check, fingerprints, set_aside
from roles.checking.rules import headings_without_content
from roles.models import (
    Company,
    Correction,
    Goal,
    Guide,
    GuideSection,
    KnownFinding,
    LevelTitle,
    Milestone,
    Phase,
    Resource,
    Role,
    Skill,
    Source,
    Statistic,
    Tool,
)
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.queries import queries_of

TODAY = dt.date(2026, 3, 1)
PAGE = "admin:roles_knownfinding_changelist"

pytestmark = pytest.mark.django_db


def found(rule: str, *, today: dt.date = TODAY) -> list[Finding]:
    (part,) = check(today=today, only=rule)
    return part.open


def about(rule: str, row) -> list[tuple[str, str]]:
    """What a rule says of a row: field and words."""
    return [(each.field, each.words) for each in found(rule) if each.model is type(row) and each.row == row.pk]


def question(**changes: object) -> Question:
    row = Question.objects.get(slug="omop-common-data-model")
    Question.objects.filter(pk=row.pk).update(**changes)
    return row


class TestRules:
    def test_texts_without_sources(self):
        skill, tool, guide = Skill.objects.get(slug="hipaa"), Tool.objects.get(slug="pandas"), Guide.objects.first()
        correction = Correction.objects.first()
        for row in (skill, tool, guide, correction):
            assert about("sources-missing", row) == []
            row.sources.clear()
            ((field, _),) = about("sources-missing", row)
            assert field == "sources"

    def test_what_readers_cannot_open(self):
        source = Source.objects.exclude(url="").exclude(kind="editor").first()
        Source.objects.filter(pk=source.pk).update(url="")
        assert about("address-missing", source) == [("url", "Readers cannot open it.")]
        Source.objects.filter(pk=source.pk).update(kind="editor")
        assert about("address-missing", source) == []
        resource = Resource.objects.exclude(url="").filter(doi="").first()
        Resource.objects.filter(pk=resource.pk).update(url="")
        assert len(about("address-missing", resource)) == 1
        Resource.objects.filter(pk=resource.pk).update(doi="10.1/x")
        assert about("address-missing", resource) == []

    def test_empty_sections(self, analytics):
        analytics.faqs.all().delete()
        analytics.day.all().delete()
        phase = analytics.phases.first()
        phase.resource_links.all().delete()
        phase.goals.update(retired=True)
        level = analytics.levels.first()
        level.titles.all().delete()
        section = GuideSection.objects.filter(shows="", statistics=None).first()
        GuideSection.objects.filter(pk=section.pk).update(body=" \n ")
        skill = Skill.objects.get(slug="hipaa")
        Skill.objects.filter(pk=skill.pk).update(exercise="")
        assert {field for field, _ in about("empty-section", analytics)} == {"faqs", "day"}
        assert {field for field, _ in about("empty-section", phase)} == {"resource_links", "goals"}
        assert about("empty-section", level) == [("titles", "It has no level titles.")]
        assert about("empty-section", section) == [("body", "It has neither text nor figures.")]
        assert about("empty-section", skill) == [("exercise", "Its guide has no part “exercise”.")]
        Phase.objects.filter(pk=phase.pk).update(retired=True)
        assert about("empty-section", phase) == []

    def test_a_milestone_without_criteria(self, analytics):
        milestone = Milestone.objects.first()
        milestone.criteria.update(retired=True)
        assert [field for field, _ in about("empty-section", milestone)] == ["criteria"]

    def test_what_nothing_leads_to(self, analytics):
        assert found("unlinked") == []
        skill = Skill.objects.create(slug="alone", name="Alone", category="domain", summary="Alone")
        Skill.objects.get(slug="hipaa").builds_on.add(skill)
        company = Company.objects.create(slug="alone", name="Alone", status="active", source=analytics.source)
        goal, tool = Goal.objects.first(), Tool.objects.get(slug="pandas")
        goal.skills.clear()
        tool.skills.clear()
        assert len(about("unlinked", skill)) == len(about("unlinked", company)) == 1
        assert [field for field, _ in about("unlinked", goal) + about("unlinked", tool)] == ["skills", "skills"]
        tool.skills.add(skill)
        assert about("unlinked", skill) == []

    def test_figures_older_than_a_year(self):
        figure = Statistic.objects.first()
        for day, stale in ((TODAY - dt.timedelta(days=365), False), (TODAY - dt.timedelta(days=366), True)):
            Statistic.objects.filter(pk=figure.pk).update(as_of=day)
            assert about("figure-stale", figure) == ([("as_of", f"Stated for {day}.")] if stale else [])

    def test_resources_that_are_not_what_they_were(self, analytics):
        resource = analytics.phases.first().resource_links.first().resource
        Resource.objects.filter(pk=resource.pk).update(status="ok")
        assert about("resource-gone", resource) == []
        Resource.objects.filter(pk=resource.pk).update(status="retired")
        ((field, words),) = about("resource-gone", resource)
        assert field == "status"
        assert words.startswith("Retired; phases that use it: ")

    @pytest.mark.parametrize(
        ("text", "empty"),
        [
            ("# One\n\nText\n\n## Two\n\nText", []),
            ("# One\n\n## Part\n\nText", []),
            ("## One\n\n## Two\n\nText", ["One"]),
            ("### One\n\n## Two\n\nText", ["One"]),
            ("Text\n\n## Last\n  \n", ["Last"]),
            ("## One ##\n# Two", ["One", "Two"]),
            ("#hashtag\n\n- # no", []),
            ("", []),
        ],
    )
    def test_headings_without_content(self, text, empty):
        assert headings_without_content(text) == empty

    def test_a_heading_without_content_names_its_row_and_field(self):
        section = GuideSection.objects.first()
        GuideSection.objects.filter(pk=section.pk).update(body="Text\n\n## What follows\n")
        assert about("heading-empty", section) == [("body", "Nothing stands under “What follows”.")]

    def test_skills_in_a_circle(self):
        one, two, three = Skill.objects.filter(builds_on=None, leads_to=None)[:3] or Skill.objects.all()[:3]
        Skill.builds_on.through.objects.all().delete()
        one.builds_on.add(two)
        two.builds_on.add(three)
        assert found("skills-in-circle") == []
        three.builds_on.add(one)
        assert {each.row for each in found("skills-in-circle")} == {one.pk, two.pk, three.pk}


class TestBank:
    def test_questions_that_ask_for_the_same(self):
        before = found("question-twice")
        one = Question.objects.get(slug="omop-common-data-model")
        two = Question.objects.create(
            slug="again", category="domain", level=2, prompt=one.prompt.replace("?", ", please?"),
            model_answer="A", key_points=["P"],
        )  # fmt: skip
        (new,) = [each for each in found("question-twice") if each not in before]
        assert (new.row, new.other, new.field) == (one.pk, two.pk, "prompt")
        assert "alike" in new.words
        Question.objects.filter(pk=two.pk).update(retired=True)
        assert found("question-twice") == before

    def test_short_questions_and_the_very_same_ones(self):
        made = [
            Question.objects.create(
                slug=f"s{number}", category="domain", level=2, prompt=prompt, model_answer="A", key_points=["P"]
            )
            for number, prompt in enumerate(["Why zebrafish?", "why zebrafish?", "Is it?", "Is it?", "Or is it?"])
        ]
        pairs = {(each.row, each.other) for each in found("question-twice")}
        pks = [each.pk for each in made]
        assert {(pks[0], pks[1]), (pks[2], pks[3])} <= pairs

    @pytest.mark.parametrize(("words", "wrong"), [(119, True), (120, False), (250, False), (251, True)])
    def test_answers_of_the_wrong_length(self, words, wrong):
        row = question(model_answer="\n\n".join(["word " * (words - 1), "end"]))
        said = [("model_answer", f"{words} words; a good answer has 120 to 250.")]
        assert about("answer-length", row) == (said if wrong else [])

    def test_questions_that_say_too_little(self):
        row = question(key_points=["One", "Two"], follow_up="")
        row.skills.clear()
        row.roles.clear()
        assert [field for field, _ in about("question-thin", row)] == ["key_points", "skills", "roles", "follow_up"]


def test_every_rule_needs_one_query_and_all_together_fifteen_at_most(analytics):
    findings = found("figure-stale")
    set_aside(rule="figure-stale", findings=findings[:3], reason="Known", by=UserFactory(), now=timezone.now())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        check(today=TODAY)
    assert len(queries) == len(rules()) + 2 <= 15


def test_every_finding_leads_to_a_page_where_it_is_mended(client, analytics):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    level = analytics.levels.first()
    title = level.titles.first()
    parts = [
        Finding(Skill, Skill.objects.first().pk, "S", "W", "summary"),
        Finding(LevelTitle, title.pk, "T", "W", "title", part_of=(type(level), level.pk)),
        Finding(Role, analytics.pk, "R", "W", "faqs"),
    ]
    addresses = [address_of(each) for each in parts]
    assert addresses[0].endswith("/change/#id_summary")
    assert addresses[1] == reverse("admin:roles_careerlevel_change", args=[level.pk])
    assert "#" not in addresses[2]
    every = {address_of(each).partition("#")[0] for part in check(today=TODAY) for each in part.open}
    assert [client.get(address).status_code for address in [*addresses, *sorted(every)[:5]]].count(200) == len(
        [*addresses, *sorted(every)[:5]]
    )


class TestSettingAside:
    def aside(self, **changes: object) -> Skill:
        skill = Skill.objects.get(slug="hipaa")
        skill.sources.clear()
        (finding,) = [each for each in found("sources-missing") if each.row == skill.pk and each.model is Skill]
        editor = UserFactory(is_staff=True)
        set_aside(rule="sources-missing", findings=[finding], reason="Law", by=editor, now=timezone.now())
        assert about("sources-missing", skill) == []
        return skill

    def test_it_is_known_with_its_reason(self):
        skill = self.aside()
        (part,) = check(today=TODAY, only="sources-missing")
        ((finding, known),) = part.known
        assert (finding.row, known.reason, known.shown) == (skill.pk, "Law", skill.name)

    def test_it_falls_away_when_the_row_changes(self):
        skill = self.aside()
        Skill.objects.filter(pk=skill.pk).update(summary="Another")
        assert len(about("sources-missing", skill)) == 1

    def test_it_falls_away_when_a_link_of_the_row_changes(self):
        skill = self.aside()
        skill.builds_on.set(Skill.objects.exclude(pk=skill.pk)[:1])
        assert len(about("sources-missing", skill)) == 1

    def test_it_holds_when_other_rows_change(self):
        skill = self.aside()
        Skill.objects.exclude(pk=skill.pk).update(summary="Another")
        assert about("sources-missing", skill) == []

    def test_saying_it_again_has_the_last_word(self):
        skill = self.aside()
        Skill.objects.filter(pk=skill.pk).update(summary="Another")
        (finding,) = [each for each in found("sources-missing") if each.row == skill.pk and each.model is Skill]
        set_aside(rule="sources-missing", findings=[finding], reason="Still", by=UserFactory(), now=timezone.now())
        assert about("sources-missing", skill) == []
        assert KnownFinding.objects.get().reason == "Still"

    def test_either_of_two_questions_counts(self):
        one = Question.objects.get(slug="omop-common-data-model")
        two = Question.objects.create(
            slug="again", category="domain", level=2, prompt=one.prompt, model_answer="A", key_points=["P"]
        )
        (finding,) = [each for each in found("question-twice") if each.other == two.pk]
        set_aside(rule="question-twice", findings=[finding], reason="Both", by=UserFactory(), now=timezone.now())
        assert finding not in found("question-twice")
        Question.objects.filter(pk=two.pk).update(level=3)
        assert finding in found("question-twice")

    def test_publishing_is_no_change(self, analytics):
        before = fingerprints({Role: [analytics.pk]})
        Role.objects.filter(pk=analytics.pk).update(blueprint={"other": 1})
        assert fingerprints({Role: [analytics.pk]}) == before


@pytest.fixture
def desk(db) -> Client:
    editor = UserFactory(is_staff=True, display_name="Mei-Ling Zhao")
    editor.groups.add(Group.objects.get(name=GROUP))
    client = Client()
    client.force_login(editor)
    return client


class TestPage:
    def test_it_lists_findings_with_links_to_where_they_are_mended(self, desk):
        skill = Skill.objects.get(slug="hipaa")
        skill.sources.clear()
        response = desk.get(reverse(PAGE))
        assert reverse("admin:roles_skill_change", args=[skill.pk]) + "#id_sources" in response.content.decode()

    def test_queries(self, desk):
        # The rules and what is known of them; the catalog's state, its numbers kept; session, account, group, rights.
        assert queries_of(desk, reverse(PAGE)) == len(rules()) + 1 + 3 + 4

    def test_setting_aside_and_looking_again(self, desk):
        skill = Skill.objects.get(slug="hipaa")
        skill.sources.clear()
        (finding,) = [each for each in found("sources-missing") if each.row == skill.pk and each.model is Skill]
        sent = {"rule": "sources-missing", "finding": finding.token, "reason": "  It is\nthe law. "}
        response = desk.post(reverse(PAGE), sent, follow=True)
        assert "1 set aside" in response.content.decode()
        known = KnownFinding.objects.get()
        assert (known.reason, known.by.display_name) == ("It is the law.", "Mei-Ling Zhao")
        assert "It is the law." in response.content.decode()
        response = desk.post(reverse(PAGE), {"take-up": "1", "known": str(known.pk)}, follow=True)
        assert "1 open again" in response.content.decode()
        assert len(about("sources-missing", skill)) == 1

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"rule": "sources-missing", "reason": "Because"}, "Tick the findings"),
            ({"rule": "sources-missing", "finding": "roles.skill:0:sources:0", "reason": "B"}, "Tick the findings"),
            ({"rule": "no-such-rule", "finding": "x", "reason": "B"}, "Tick the findings"),
            ({"take-up": "1", "known": "x"}, "Tick what"),
        ],
    )
    def test_saying_too_little_changes_nothing(self, desk, sent, said):
        response = desk.post(reverse(PAGE), sent)
        assert said in response.content.decode()
        assert not KnownFinding.objects.exists()

    def test_without_a_reason_the_ticks_stay(self, desk):
        (finding, *_) = found("figure-stale", today=timezone.localdate())
        response = desk.post(reverse(PAGE), {"rule": "figure-stale", "finding": finding.token, "reason": " "})
        assert "Say in a sentence why" in response.content.decode()
        (line,) = [line for line in response.content.decode().splitlines() if f'value="{finding.token}"' in line]
        assert " checked" in line

    def test_many_findings_come_in_pages(self, desk):
        Skill.sources.through.objects.all().delete()
        Tool.sources.through.objects.all().delete()
        assert "?rule=sources-missing" in desk.get(reverse(PAGE)).content.decode()
        response = desk.get(reverse(PAGE, query={"rule": "sources-missing"}))
        assert response.content.decode().count('name="finding"') == len(found("sources-missing"))
        assert desk.get(reverse(PAGE, query={"rule": "what"})).status_code == 200

    def test_staff_without_rights_are_kept_out_and_may_not_post(self, client):
        client.force_login(UserFactory(is_staff=True))
        assert client.get(reverse(PAGE)).status_code == 403
        assert client.post(reverse(PAGE), {"rule": "figure-stale"}).status_code == 403


class TestCommand:
    def test_it_names_rows_words_and_addresses(self, capsys):
        skill = Skill.objects.get(slug="hipaa")
        skill.sources.clear()
        call_command("check_content")
        said = capsys.readouterr().out
        line = f"roles.skill “{skill.name}”: Its text names no source. /admin/roles/skill/{skill.pk}/change/#id_sources"
        assert line in said

    def test_it_fails_only_on_what_it_was_asked_to(self, capsys):
        call_command("check_content", "--rule", "figure-stale")
        call_command("check_content", "--fail-on", "unlinked")
        for asked in ("figure-stale", "any"):
            with pytest.raises(CommandError, match="figure-stale") as caught:
                call_command("check_content", "--fail-on", asked)
            assert caught.value.returncode == 1

    def test_what_is_known_fails_nothing(self, capsys):
        today = timezone.localdate()
        findings = found("figure-stale", today=today)
        set_aside(rule="figure-stale", findings=findings, reason="Known", by=UserFactory(), now=timezone.now())
        call_command("check_content", "--fail-on", "figure-stale")
        assert f"figure-stale: 0, {len(findings)} known" in capsys.readouterr().out


def test_the_names_of_rules_stay(analytics):
    assert analytics.slug == ANALYTICS
    assert {each.name for each in rules()} >= {
        "sources-missing", "address-missing", "empty-section", "unlinked", "figure-stale", "resource-gone",
        "heading-empty", "skills-in-circle", "question-twice", "answer-length", "question-thin",
    }  # fmt: skip
