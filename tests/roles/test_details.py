import pytest
from django.urls import reverse

from interviews.models import Question
from roles.models import DaySlot, Resource, Role, Skill, Tool
from roles.teaching import Teaching
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roles.many import ten_times_the_catalog

# A visitor's queries; two more for session and account.
SIGNED_IN = 2


def page(client, row):
    return Page(client.get(row.get_absolute_url()))


def skill(slug):
    return Skill.objects.get(slug=slug)


def tool(slug):
    return Tool.objects.get(slug=slug)


def resource(slug):
    return Resource.objects.get(slug=slug)


@pytest.mark.slow
@pytest.mark.parametrize("model", [Skill, Tool, Resource])
def test_every_page_is_sound_and_no_link_to_it_is_dead(client, db, model):
    for row in model.objects.all():
        found = page(client, row)
        assert found.status == 200, row
        assert flaws(found) == [], row
        assert "csrf" not in found.html, row


@pytest.mark.parametrize("name", ["skill_detail", "roles:tool_detail", "roles:resource_detail"])
def test_what_is_not_there_is_404(client, db, name):
    assert client.get(reverse(name, args=["unheard-of"])).status_code == 404


def test_a_skill_names_every_phase_and_goal_that_teaches_it(client, db):
    found = page(client, skill("hl7-fhir"))
    for lesson in Teaching(Role.objects.with_roadmap()).skills["hl7-fhir"]:
        assert f"/roadmaps/{lesson.role.slug}/#phase-{lesson.phase.number}" in found.links
        for goal in lesson.goals:
            assert goal.text in found.text


@pytest.mark.slow
def test_every_phase_that_a_skill_links_to_is_on_its_roadmap(client, db):
    ids = {slug: Page(client.get(reverse("roadmaps:roadmap_detail", args=[slug]))).ids for slug in
           (ANALYTICS, COORDINATION, CHRONIC)}  # fmt: skip
    for each in Skill.objects.all():
        for link in page(client, each).links:
            if link.startswith("/roadmaps/") and "#" in link:
                path, anchor = link.split("#")
                assert anchor in ids[path.split("/")[2]]


def test_a_skill_says_why_it_matters_and_leads_to_roles_tools_and_resources(client, db):
    found = page(client, skill("hl7-fhir"))
    assert skill("hl7-fhir").why_in_care[:60] in found.text
    assert f"/roles/{CHRONIC}/" in found.links
    assert resource("hl7-fhir-specification").get_absolute_url() in found.links
    assert tool("hapi-fhir").get_absolute_url() in found.links
    assert skill("smart-on-fhir").get_absolute_url() in found.links


def test_a_skill_is_taught_with_an_exercise_pitfalls_and_what_the_text_rests_on(client, db):
    found = page(client, skill("sql-for-health-data"))
    headings = [text for _, text in found.headings]
    assert headings[1:5] == [
        "How it works", "Why it matters in care", "A first exercise", "Where people go wrong"
    ]  # fmt: skip
    assert "LEFT JOIN" in found.text
    for source in skill("sql-for-health-data").sources.all():
        assert f"{reverse('sources')}#source-{source.code}" in found.links


def test_a_skill_leads_to_what_it_builds_on_and_what_builds_on_it(client, db):
    for each in skill("omop-cdm").builds_on.all():
        assert each.get_absolute_url() in page(client, skill("omop-cdm")).links
        assert skill("omop-cdm").get_absolute_url() in page(client, each).links


def test_a_skill_names_the_roles_that_only_ask_for_it(client, db):
    row = skill("product-management")
    for role in row.named_by.all():
        assert role.get_absolute_url() in page(client, row).links
    assert row.named_by.exists()


def test_a_skill_leads_to_the_questions_that_ask_for_it(client, db):
    question = Question.objects.get(slug="omop-common-data-model")
    for each in question.skills.all():
        assert question.get_absolute_url() in page(client, each).links


def test_a_question_that_is_no_preview_is_on_no_page(client, db):
    question = Question.objects.get(slug="omop-common-data-model")
    Question.objects.update(preview=False)
    assert question.get_absolute_url() not in page(client, question.skills.first()).links
    assert client.get(question.get_absolute_url()).status_code == 404


def test_a_question_keeps_its_answer_folded_and_leads_on(client, db):
    question = Question.objects.get(slug="omop-common-data-model")
    found = page(client, question)
    assert flaws(found) == []
    assert [attributes for tag, attributes in found.attributes if tag == "details" and "open" in attributes] == []
    assert all(point in found.text for point in question.key_points)
    for row in (*question.skills.all(), question.roles.get()):
        assert any(link.startswith(row.get_absolute_url()) for link in found.links)


@pytest.mark.parametrize(
    ("query", "made"), [("count=1", 0), ("made=1&made=3", 2), ("made=2&made=2&made=99&made=x&made=%00", 1)]
)
def test_the_points_that_one_made_are_counted_from_the_address(client, db, query, made):
    question = Question.objects.get(slug="omop-common-data-model")
    found = Page(client.get(f"{question.get_absolute_url()}?{query}"))
    assert f"You made {made} of {len(question.key_points)}." in found.text
    assert sum("checked" in attributes for tag, attributes in found.attributes if tag == "input") == made


def test_pages_about_rules_say_that_they_are_no_legal_advice(client, db):
    assert "this is no legal advice" in page(client, skill("hipaa")).text
    assert "legal advice" not in page(client, skill("python")).text


def test_a_tool_is_taught_with_first_steps_and_pitfalls(client, db):
    found = page(client, tool("pandas"))
    headings = [text for _, text in found.headings]
    assert headings[1:5] == ["What it is", "Where it touches care", "First steps", "Where people go wrong"]


def test_a_skill_shows_the_hours_of_the_day_in_which_it_is_used(client, db):
    slot = DaySlot.objects.filter(skills=skill("hl7-fhir")).first()
    found = page(client, skill("hl7-fhir"))
    assert slot.text in found.text
    assert "12:00 PM" in found.text


@pytest.mark.slow
def test_every_skill_page_has_resources_or_says_that_no_phase_teaches_it(client, db):
    for each in Skill.objects.all():
        found = page(client, each)
        has_resources = any(link.startswith("/resources/") and link != "/resources/" for link in found.links)
        assert has_resources or "No phase of a roadmap teaches this skill" in found.text, each


def test_a_skill_that_no_phase_teaches_says_so_and_leads_on(client, db):
    each = skill("speech-recognition")
    each.resources.clear()
    found = page(client, each)
    assert "No phase of a roadmap teaches this skill at present." in found.text
    assert "Resources for neighboring skills" in found.text
    assert any(
        link.startswith("/skills/") and link not in ("/skills/", each.get_absolute_url()) for link in found.links
    )


def test_a_skill_that_no_resource_is_about_shows_those_of_its_phases(client, db):
    each = skill("llm-safety")
    each.resources.clear()
    assert "Resources of the phases that teach it" in page(client, each).text


def test_coding_is_marked(client, db):
    assert "Done by writing code" in page(client, skill("python")).text
    assert "Done by writing code" not in page(client, skill("hipaa")).text


def test_a_tool_names_the_goals_that_use_it(client, db):
    found = page(client, tool("pandas"))
    for lesson in Teaching(Role.objects.with_roadmap()).tools["pandas"]:
        for goal in lesson.goals:
            assert goal.text in found.text
    assert "pandas.pydata.org" in found.text


def test_a_tool_that_only_a_resource_is_about_says_so(client, db):
    found = page(client, tool("lifelines"))
    assert "No goal of a roadmap names this tool. You meet it through a resource." in found.text
    assert f"/roles/{ANALYTICS}/" in found.links


def test_a_renamed_resource_shows_what_the_source_calls_it(client, db):
    found = page(client, resource("gatortron-paper"))
    assert "Listed by the source as “" in found.text
    assert "Plainly wrong" in found.text
    assert "Checked against a primary or good secondary source." in found.text
    assert "https://doi.org/10.1038/s41746-022-00742-2" in found.links


def test_a_resource_without_an_address_says_so(client, db):
    each = resource("healthcare-data-literacy")
    assert each.url == each.doi == ""
    assert "We have no address for it that we are sure of." in page(client, each).text


def test_a_resource_names_its_phases_with_their_notes(client, db):
    found = page(client, resource("hugging-face-llm-course"))
    assert "Used in 3 phases" in found.text
    assert f"/roadmaps/{COORDINATION}/#phase-3" in found.links


def test_a_resource_in_no_phase_says_so(client, db):
    each = Resource.objects.create(slug="new", title="New", kind="book", cost="free", access="open")
    assert "No phase of a published roadmap uses it at present." in page(client, each).text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "slug", "queries"),
    [
        (Skill, "hl7-fhir", 4),
        (Tool, "python", 5),
        (Tool, "lifelines", 5),
        (Resource, "gatortron-paper", 6),
    ],
)
def test_a_page_reads_as_many_queries_with_ten_times_the_rows(client, as_learner, db, model, slug, queries):
    row = model.objects.get(slug=slug)
    url = row.get_absolute_url()
    assert queries_of(client, url) == queries
    assert queries_of(as_learner, url) == queries + SIGNED_IN
    ten_times_the_catalog()
    for name in ("resources", "tools", "skills", "day_slots", "corrections", "sources", "builds_on", "leads_to"):
        if hasattr(row, name) and getattr(row, name).exists():
            getattr(row, name).set(getattr(row, name).model.objects.all())
    assert queries_of(client, url) == queries
    assert queries_of(as_learner, url) == queries + SIGNED_IN


@pytest.mark.slow
@pytest.mark.parametrize(("slug", "queries"), [("llm-safety", 5), ("speech-recognition", 6)])
def test_a_skill_without_resources_looks_next_door(client, db, slug, queries):
    row = skill(slug)
    row.resources.clear()
    assert queries_of(client, row.get_absolute_url()) == queries
    ten_times_the_catalog()
    assert queries_of(client, row.get_absolute_url()) == queries
