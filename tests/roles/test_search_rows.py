"""What can be found is what the catalog holds, by whatever road it came there."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from interviews.models import Question as InterviewQuestion
from roles.loading import load
from roles.models import (
    Accreditor,
    CareerLevel,
    Company,
    Guide,
    GuideAnswer,
    GuideSection,
    LevelTitle,
    Role,
    RolePoint,
    SearchEntry,
    SearchKind,
    SearchWord,
    Skill,
    Source,
    UseCase,
)
from roles.searching import Question, find
from tests.conftest import ANALYTICS

pytestmark = pytest.mark.django_db


def urls(text):
    """What is found for these very words."""
    return [hit.url for hit in find(Question.read({"q": text, "as": "written"})).hits]


def entry(row, kind):
    return SearchEntry.objects.get(kind=kind, about=row.pk)


def execute(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def guide():
    source = Source.objects.first()
    guide = Guide.objects.create(slug="zebras", order=901, title="Zebras in care", lead="Ride one.", source=source)
    GuideSection.objects.create(
        guide=guide, slug="grooming", order=1, title="Grooming", short_title="Care", body="Brush."
    )
    GuideAnswer.objects.create(
        guide=guide, slug="cost", order=1, question="What does one cost?", answer="Hay.", source=source
    )
    return guide


@pytest.mark.parametrize("road", ["save", "update", "psql", "bulk_create", "bulk_update"])
def test_a_change_by_any_road_is_found(road):
    skill = Skill.objects.get(slug="hipaa")
    if road == "save":
        skill.name = "Quagga privacy"
        skill.save()
    elif road == "update":
        Skill.objects.filter(pk=skill.pk).update(name="Quagga privacy")
    elif road == "psql":
        execute("UPDATE roles_skill SET name = 'Quagga privacy' WHERE slug = 'hipaa'")
    elif road == "bulk_create":
        Skill.objects.bulk_create([Skill(slug="hipaa-2", name="Quagga privacy", category="privacy", summary="New.")])
    else:
        skill.name = "Quagga privacy"
        Skill.objects.bulk_update([skill], ["name"])
    assert urls("quagga") == ["/skills/hipaa-2/" if road == "bulk_create" else "/skills/hipaa/"]


def test_a_change_by_the_loader_is_found(tmp_path):
    for path in (settings.BASE_DIR / "fixtures" / "catalog").glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "99.json").write_text(
        '[{"model": "roles.skill", "fields":'
        ' {"slug": "quagga", "name": "Quagga keeping", "category": "domain", "summary": "Stripes."}}]'
    )
    load(tmp_path)
    assert urls("quagga") == ["/skills/quagga/"]


@pytest.mark.parametrize("road", ["delete", "queryset", "psql"])
def test_what_is_gone_is_not_found(road):
    Skill.objects.create(slug="quagga", name="Quagga keeping", category="domain", summary="Stripes.")
    assert urls("quagga")
    if road == "delete":
        Skill.objects.get(slug="quagga").delete()
    elif road == "queryset":
        Skill.objects.filter(slug="quagga").delete()
    else:
        execute("DELETE FROM roles_skill WHERE slug = 'quagga'")
    assert urls("quagga") == []


def test_a_word_that_nothing_has_any_more_corrects_nothing():
    skill = Skill.objects.create(slug="quagga", name="Quagga keeping", category="domain", summary="Stripes.")
    assert find(Question.read({"q": "quagha"})).meant == "quagga"
    skill.name = "Zebra keeping"
    skill.save()
    assert not SearchWord.objects.filter(word="quagga").exists()
    assert find(Question.read({"q": "quagha"})).meant != "quagga"


def test_a_word_that_others_still_have_stays():
    Skill.objects.create(slug="quagga", name="Survival in Quagga", category="domain", summary="Stripes.").delete()
    assert SearchWord.objects.filter(word="survival", named=True).exists()


def test_a_renamed_role_is_renamed_with_its_ladder():
    role = Role.objects.get(slug=ANALYTICS)
    title = LevelTitle.objects.filter(level__role=role).first()
    Role.objects.filter(pk=role.pk).update(name="Quagga analyst", slug="quagga-analyst")
    assert entry(role, SearchKind.ROLE).title == "Quagga analyst"
    found = entry(title, SearchKind.TITLE)
    assert found.parent == "quagga-analyst"
    assert found.subtitle.endswith("of the role Quagga analyst")


def test_a_level_that_moves_takes_its_titles_along():
    level = CareerLevel.objects.filter(role__slug=ANALYTICS).order_by("-order").first()
    CareerLevel.objects.filter(pk=level.pk).delete()
    other = CareerLevel.objects.filter(role__slug=ANALYTICS).order_by("-order").first()
    title = other.titles.first()
    CareerLevel.objects.filter(pk=other.pk).update(order=level.order)
    assert entry(title, SearchKind.TITLE).subtitle.startswith(f"Level {level.order} ")


def test_a_renamed_guide_is_renamed_with_its_sections_and_answers(guide):
    Guide.objects.filter(pk=guide.pk).update(title="Quaggas in care", slug="quaggas")
    section = entry(guide.sections.get(), SearchKind.SECTION)
    assert (section.parent, section.subtitle) == ("quaggas", "In the guide “Quaggas in care”")
    assert entry(guide.answers.get(), SearchKind.ANSWER).parent == "quaggas"


def test_a_deleted_guide_takes_its_sections_and_answers_along(guide):
    guide.delete()
    assert not SearchEntry.objects.filter(parent="zebras").exists()


def test_what_a_section_shows_is_found_in_the_section(guide):
    source = Source.objects.first()
    GuideSection.objects.create(
        guide=guide,
        slug="who-checks",
        order=2,
        title="Who checks",
        short_title="Checks",
        body="They.",
        shows="accreditation",
    )
    Accreditor.objects.create(
        slug="quagga-board",
        order=900,
        name="Quagga Board",
        level="program",
        applies_to="All.",
        text="It looks.",
        source=source,
    )
    assert "/guides/zebras/#who-checks" in urls("quagga board")
    Accreditor.objects.filter(slug="quagga-board").delete()
    assert urls("quagga") == []


def test_parts_of_a_row_are_found_with_it():
    role = Role.objects.get(slug=ANALYTICS)
    point = RolePoint.objects.create(
        role=role, kind="work", order=900, text="Rides a quagga.", source=Source.objects.first()
    )
    assert urls("quagga") == [f"/roles/{ANALYTICS}/"]
    point.delete()
    assert urls("quagga") == []


def test_a_company_is_found_by_what_it_is_listed_for():
    company = Company.objects.create(slug="striped", name="Striped", status="active", source=Source.objects.first())
    company.listings.create(category="startup", order=900, focus="Quagga imaging", source=Source.objects.first())
    assert urls("quagga imaging") == ["/companies/striped/"]
    assert entry(company, SearchKind.COMPANY).subtitle == "Quagga imaging"
    company.listings.all().delete()
    assert urls("quagga") == []


def test_a_use_case_is_found_by_its_solutions():
    case = UseCase.objects.first()
    case.solutions.create(order=900, name="Quagga triage")
    assert urls("quagga") == [case.get_absolute_url()]


def test_only_questions_that_anybody_may_read_are_found():
    question = InterviewQuestion.objects.previews().first()
    InterviewQuestion.objects.filter(pk=question.pk).update(prompt="How do you groom a quagga?")
    assert urls("quagga") == [f"/interviews/questions/{question.slug}/"]
    InterviewQuestion.objects.filter(pk=question.pk).update(preview=False)
    assert urls("quagga") == []


def test_nothing_is_written_where_nothing_changed():
    before = _places()
    execute("UPDATE roles_skill SET slug = slug")
    assert _places() == before


def _places():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ctid::text FROM roles_searchentry")
        return dict(cursor.fetchall())


KINDS = {
    "role": "roles.Role", "title": "roles.LevelTitle", "skill": "roles.Skill", "tool": "roles.Tool",
    "resource": "roles.Resource", "use_case": "roles.UseCase", "company": "roles.Company", "guide": "roles.Guide",
    "section": "roles.GuideSection", "answer": "roles.GuideAnswer", "question": "interviews.Question",
    "certification": "roles.Certification", "figure": "roles.Statistic", "source": "roles.Source",
    "correction": "roles.Correction",
}  # fmt: skip


@pytest.mark.parametrize("kind", SearchKind.values)
def test_every_row_of_a_searchable_table_has_its_entry(kind):
    rows = apps.get_model(KINDS[kind]).objects.all()
    if kind == "question":
        rows = rows.filter(preview=True)
    assert set(SearchEntry.objects.filter(kind=kind).values_list("about", flat=True)) == set(
        rows.values_list("pk", flat=True)
    )


def test_every_address_leads_to_a_place_that_exists(client):
    """On a page of its own, or at a place with that id on another's page."""
    from roles.searching import _address

    pages, missing = {}, []
    for kind in SearchKind.values:
        for each in SearchEntry.objects.filter(kind=kind)[:4]:
            path, _, place = _address(each.kind, each.slug, each.parent).partition("#")
            if path not in pages:
                response = client.get(path)
                pages[path] = response.content.decode() if response.status_code == 200 else ""
            if not pages[path] or (place and f'id="{place}"' not in pages[path]):
                missing.append(f"{path}#{place}")
    assert missing == []


def test_editors_have_no_permission_on_what_triggers_write(db):
    from django.contrib.auth.models import Group

    from config.editors import GROUP

    models = set(Group.objects.get(name=GROUP).permissions.values_list("content_type__model", flat=True))
    assert not models & {"searchentry", "searchword"}
