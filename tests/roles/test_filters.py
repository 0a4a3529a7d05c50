import pytest
from django.http import QueryDict

from roles.filters import ResourceFilter, RoleFilter, SkillFilter
from roles.models import Resource, Role, Skill
from roles.teaching import Teaching
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION

FULL = {ANALYTICS, COORDINATION, CHRONIC}
SHORT = {
    *("clinical-ai-engineer", "medical-ai-research-scientist"),
    *("healthcare-nlp-engineer", "ai-product-manager-healthcare"),
}
TITLES = {
    *("healthcare-ai-specialist", "clinical-data-scientist"),
    *("medical-imaging-analyst", "ai-drug-discovery-scientist"),
}
ALL = FULL | SHORT | TITLES


def found(query):
    return {role.slug for role in RoleFilter(QueryDict(query)).narrow(Role.objects.all())}


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ALL),
        ("difficulty=advanced", {ANALYTICS, CHRONIC}),
        ("difficulty=intermediate", {COORDINATION}),
        ("coding=yes", FULL),
        ("coding=no", set()),
        ("remote=yes", FULL),
        ("months=8", {COORDINATION}),
        ("months=9", {ANALYTICS, COORDINATION}),
        ("months=7", set()),
        ("pay=62000", FULL),
        ("pay=62001", {ANALYTICS, CHRONIC}),
        ("pay=70001", set()),
        ("pay=0", FULL),
        ("profile=full", FULL),
        ("profile=short", SHORT),
        ("profile=title", TITLES),
        ("q=chronic", {CHRONIC}),
        ("q=genomics", {"medical-ai-research-scientist", "ai-drug-discovery-scientist"}),  # a skill that they name
        ("q=CLINICAL+DATA+SCIENCE", {ANALYTICS, "clinical-data-scientist"}),  # a title on the ladder
        ("q=SMART+on+FHIR", {ANALYTICS, "clinical-ai-engineer"}),  # a skill
        ("q=XGBoost", {CHRONIC}),  # a tool
        ("q=100%25", set()),
        ("months=9&pay=70000", {ANALYTICS}),
        ("utm_source=elsewhere", ALL),
    ],
)
def test_each_filter_narrows_and_together_they_narrow_more(db, query, slugs):
    assert found(query) == slugs


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("months=soon", "months"),
        ("months=-1", "months"),
        ("months=61", "months"),
        ("months=8.5", "months"),
        ("months=" + "9" * 5000, "months"),
        ("pay=lots", "pay"),
        ("pay=1000001", "pay"),
        ("difficulty=nurse", "difficulty"),
        ("coding=maybe", "coding"),
        ("sort=salary%20DESC", "sort"),
        ("profile=%00", "profile"),
        ("q=" + "x" * 81, "q"),
        ("q=%00", "q"),
    ],
)
def test_what_makes_no_sense_is_said_and_left_out(db, query, field):
    form = RoleFilter(QueryDict(query))
    assert list(form.errors) == [field]
    assert form.problems[0].message
    assert {role.slug for role in form.narrow(Role.objects.all())} == ALL


def test_the_rest_of_an_address_still_counts(db):
    form = RoleFilter(QueryDict("months=soon&difficulty=intermediate"))
    assert form.chosen == {"difficulty": "intermediate"}


def test_each_filter_in_use_can_be_taken_away(db):
    form = RoleFilter(QueryDict("difficulty=advanced&months=9&sort=pay"))
    assert [each.label for each in form.active] == ["Difficulty: Advanced", "Ready within 9 months"]
    assert form.active[0].without == "months=9&sort=pay"


def test_the_order_is_no_filter(db):
    assert RoleFilter(QueryDict("sort=pay")).active == []


def test_a_text_with_odd_signs_survives_the_way_out(db):
    form = RoleFilter(QueryDict("q=a%26b%3D%3Cc%3E&months=9"))
    assert form.query_without("months") == "q=a%26b%3D%3Cc%3E"


def test_choices_are_what_there_is_and_what_was_asked_for(db):
    form = RoleFilter(QueryDict("months=12"))
    form.offer(Role.objects.filter_choices())
    assert [value for value, _ in form.fields["months"].widget.choices] == ["", 8, 9, 10, 12]
    assert [label for _, label in form.fields["pay"].widget.choices] == ["Any", "$62,000", "$70,000"]


def test_without_any_role_there_is_nothing_to_offer(db):
    form = RoleFilter(QueryDict(""))
    form.offer([])
    assert form.fields["months"].widget.choices == [("", "Any time")]


def taught(form_class, rows, query):
    teaching = Teaching(Role.objects.with_roadmap())
    form = form_class(QueryDict(query), roles=teaching.roles)
    assert not form.errors
    return {row.slug for row in form.narrow(rows, teaching)}


def test_skills_are_found_by_other_names_category_and_role(db):
    assert taught(SkillFilter, Skill.objects.all(), "q=structured+query") == {"sql-for-health-data"}
    privacy = taught(SkillFilter, Skill.objects.all(), "category=privacy")
    assert "hipaa" in privacy
    assert "gdpr" not in taught(SkillFilter, Skill.objects.all(), f"category=privacy&role={ANALYTICS}")
    assert "hipaa" in taught(SkillFilter, Skill.objects.all(), f"category=privacy&role={ANALYTICS}")


def test_resources_are_found_by_the_names_that_sources_give_them(db):
    assert "gatortron-paper" in taught(ResourceFilter, Resource.objects.all(), "q=singhal")
    assert taught(ResourceFilter, Resource.objects.all(), "kind=paper&status=renamed") <= taught(
        ResourceFilter, Resource.objects.all(), "kind=paper"
    )
