"""Guides: what stands in the catalog is on the page, what the address chooses counts, nonsense is said."""

import pytest
from django.urls import reverse

from interviews.models import Question
from roles import visitor_pages
from roles.guides.page import guide_page_of
from roles.models import (
    AccreditationStep,
    Accreditor,
    AdmissionCriterion,
    Certification,
    Challenge,
    Company,
    CostItem,
    CourseworkArea,
    DegreeOption,
    EntryPath,
    Guide,
    GuideSection,
    MarketDriver,
    ProgramCheck,
    Role,
    SkillArea,
    SkillAreaPoint,
    Source,
    Statistic,
    UseCase,
)
from roles.models.guides import SectionShows
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.sampling import sampled

pytestmark = pytest.mark.django_db

MARKET, WAYS_IN, DEGREE = "healthcare-ai-market", "ways-in", "masters-degree"
ALL = (MARKET, WAYS_IN, DEGREE)
ENOUGH = "tuition=48k&aid=10000&months=42&now=82,000&after=110000"


def url(slug, query=""):
    return reverse("guide_detail", args=[slug]) + (f"?{query}" if query else "")


def page(client, slug, query=""):
    return Page(client.get(url(slug, query)))


def part(client, slug, query, target):
    return Page(client.get(url(slug, query), headers={"HX-Request": "true", "HX-Target": target}))


@pytest.fixture
def market(client):
    return page(client, MARKET)


@pytest.fixture
def degree(client):
    return page(client, DEGREE)


def test_the_list_leads_to_every_guide_and_section(client):
    found = Page(client.get(reverse("guide_list")))
    assert flaws(found) == []
    for guide in Guide.objects.all():
        assert guide.get_absolute_url() in found.links
        assert guide.lead in found.text
    for section in GuideSection.objects.select_related("guide"):
        assert section.get_absolute_url() in found.links


@pytest.mark.parametrize("slug", ALL)
def test_a_guide_is_sound_for_visitors_and_learners(client, as_learner, slug):
    for browser in (client, as_learner):
        assert flaws(page(browser, slug)) == []


def test_an_unknown_guide_is_not_found(client):
    assert client.get(url("alchemy")).status_code == 404


@pytest.mark.parametrize("slug", ALL)
def test_contents_lead_to_every_section_in_order(client, slug):
    found = page(client, slug)
    sections = list(GuideSection.objects.filter(guide__slug=slug).order_by("order"))
    linked = [link[1:] for link in found.links if link.startswith("#")]
    assert [each for each in linked if each in {section.slug for section in sections}] == [
        section.slug for section in sections
    ]
    for section in sections:
        assert (2, section.title) in found.headings


@pytest.mark.parametrize("slug", ALL)
def test_every_figure_of_a_section_stands_once_with_its_source(client, slug):
    found = page(client, slug)
    for figure in Statistic.objects.filter(sections__guide__slug=slug).select_related("source").distinct():
        assert found.ids.count(f"figure-{figure.slug}") == 1
        assert figure.subject in found.text
        assert figure.shown in found.text
        assert figure.source.title in found.text


def test_a_figure_of_two_sections_stands_in_the_first_and_is_linked_from_the_second(client, degree):
    twice = Statistic.objects.get(slug="masters-specialists-growth")
    assert twice.sections.count() == 2
    assert f"#figure-{twice.slug}" in degree.links


@pytest.mark.parametrize("slug", ALL)
def test_references_name_every_source(client, slug):
    found = page(client, slug)
    references = found.text[found.text.index("References, with what we could locate") :]
    guide = Guide.objects.get(slug=slug)
    sources = {guide.source, *guide.sources.all()}
    sources |= {each.source for each in Statistic.objects.filter(sections__guide=guide).select_related("source")}
    for source in sources:
        assert source.title in references
        assert (not source.url) or source.url in found.links


def test_references_say_what_could_not_be_located(degree):
    references = degree.text[degree.text.index("References, with what we could locate") :]
    for name in ("AI Education Curriculum Review 2024", "QS Graduate Employability Rankings 2024"):
        assert name in references
    count = Source.objects.get(code="004").corrections.count()
    assert f"{count} things that we corrected or could not locate" in references


def test_orientation_and_reading_time_are_given(client):
    for guide in Guide.objects.all():
        found = page(client, guide.slug)
        assert guide.orientation in found.text
        assert f"About {guide_page_of(guide.slug).minutes} minute" in found.text


def test_structured_data_describe_article_trail_and_answers(degree, settings):
    kinds = {each["@type"]: each for each in degree.data_block["@graph"]}
    guide = Guide.objects.get(slug=DEGREE)
    assert kinds["Article"]["headline"] == guide.title
    assert kinds["Article"]["url"] == f"{settings.SITE_URL}{guide.get_absolute_url()}"
    assert [each["name"] for each in kinds["BreadcrumbList"]["itemListElement"]] == ["Home", "Guides", guide.title]
    answers = kinds["FAQPage"]["mainEntity"]
    assert [each["name"] for each in answers] == [answer.question for answer in guide.answers.all()]
    assert "**" not in str(answers)
    assert "&" not in answers[0]["acceptedAnswer"]["text"]


def test_a_guide_without_answers_claims_no_questions(client):
    found = page(client, WAYS_IN)
    assert {each["@type"] for each in found.data_block["@graph"]} == {"Article", "BreadcrumbList"}
    assert "Questions people ask" not in found.text


def test_every_part_of_the_market_is_shown(market):
    rows = [*MarketDriver.objects.all(), *SkillArea.objects.all(), *UseCase.objects.all(), *Challenge.objects.all()]
    for row in rows:
        assert row.name in market.text
    for point in SkillAreaPoint.objects.all():
        assert point.text in market.text
    for role in Role.objects.filter(source__code="001"):
        assert role.get_absolute_url() in market.links
        assert role.pay.get().shown in market.text
    for area in SkillArea.objects.all():
        assert {skill.get_absolute_url() for skill in area.skills.all()} <= set(market.links)


def test_companies_stand_by_category_and_closed_ones_are_marked(market):
    for company in Company.objects.filter(listings__isnull=False):
        assert company.get_absolute_url() in market.links
    assert "no sign of an open position" in market.text
    closed = Company.objects.filter(status="closed").first()
    assert market.text.index(closed.name) < market.text.index("Closed", market.text.index(closed.name))


def test_every_part_of_the_degree_is_shown(degree):
    rows = [*AdmissionCriterion.objects.all(), *DegreeOption.objects.all(), *CostItem.objects.all()]
    rows += [*CourseworkArea.objects.all(), *Certification.objects.all()]
    for row in rows:
        assert row.name in degree.text
    for accreditor in Accreditor.objects.all():
        assert accreditor.text in degree.text
        assert not accreditor.url or accreditor.url in degree.links
    for step in AccreditationStep.objects.all():
        assert step.title in degree.text
        assert step.where in degree.text


def test_both_ranges_of_tuition_and_of_months_stand_side_by_side(degree):
    for stated in ("$35,000 to $50,000", "$45,000 to $65,000", "18 to 24 months", "about 36 to 48 months", "22%"):
        assert stated in degree.text
    assert "Not the total cost." in degree.text


def test_shares_of_programs_are_attributed(degree):
    for share in ("98%", "42%"):
        assert f"Stated: {share}" in degree.text
    assert "citing AI Education Curriculum Review 2024" in degree.text


def test_the_strictness_of_admission_is_the_sources(degree):
    for criterion in AdmissionCriterion.objects.all():
        assert f"{criterion.name} {criterion.get_strength_display()}" in degree.text


def test_the_checklist_of_programs_is_announced_with_its_count(degree):
    assert f"{ProgramCheck.objects.count()} questions to put to each program" in degree.text
    assert reverse("program_list") in degree.links


@pytest.mark.parametrize("slug", [WAYS_IN, MARKET])
def test_a_background_opens_its_four_steps_with_skills_and_roles(client, slug):
    for path in EntryPath.objects.all():
        found = page(client, slug, f"background={path.slug}")
        assert path.summary in found.text
        for step in path.steps.all():
            assert step.text in found.text
            assert {skill.get_absolute_url() for skill in step.skills.all()} <= set(found.links)
        assert {role.get_absolute_url() for role in path.roles.all()} <= set(found.links)
        assert f"{reverse('roles:role_list')}?{path.query}" in found.links
        for other in EntryPath.objects.exclude(pk=path.pk):
            assert other.summary not in found.text


def test_every_background_leads_to_roles(client):
    for path in EntryPath.objects.all():
        found = Page(client.get(f"{reverse('roles:role_list')}?{path.query}"))
        assert "No role fits" not in found.text
        assert "made no sense" not in found.text


def test_without_a_background_all_ways_stand_folded(client):
    found = page(client, WAYS_IN)
    ways = [of for tag, of in found.attributes if tag == "details" and str(of.get("id")).startswith("way-")]
    assert len(ways) == 3
    assert not any("open" in of for of in ways)


@pytest.mark.parametrize(
    ("slug", "name"), [(WAYS_IN, "background"), (MARKET, "category"), (DEGREE, "aim"), (MARKET, "background")]
)
def test_a_choice_that_makes_no_sense_is_said_and_left_out(client, slug, name):
    found = page(client, slug, f"{name}=alchemy&{name}=%00")
    assert f"We know no {name} called “alchemy”" in found.text
    assert flaws(found) == []


def test_an_aim_shows_the_credentials_that_serve_it(client):
    for aim, label in Certification.Aim.choices:
        found = part(client, DEGREE, f"aim={aim}", "credentials")
        for row in Certification.objects.all():
            assert (f"certification-{row.slug}" in found.ids) == (aim in row.aims)
        assert label in found.text


def test_each_credential_says_whether_it_exists_and_what_to_take_instead(client):
    found = part(client, DEGREE, "", "credentials")
    for row in Certification.objects.all():
        assert f"{row} {row.get_standing_display()}" in found.text
        for other in row.alternatives.all():
            assert str(other) in found.text
    assert "Instead:" in found.text


def test_questions_are_narrowed_by_category_and_counted(client, market):
    questions = Question.objects.filter(guide__slug=MARKET)
    found = page(client, MARKET, "category=domain")
    domain = questions.filter(category="domain")
    assert f"{len(domain)} of {len(questions)} questions" in found.text
    for question in questions:
        assert (question.prompt in found.text) == (question.category == "domain")
    assert domain[0].key_points[0] in found.text


def test_the_calculator_has_no_defaults(degree):
    inputs = [of for tag, of in degree.attributes if tag == "input" and str(of.get("id")).startswith("return-")]
    assert len(inputs) == 10
    assert not any(of.get("value") for of in inputs)
    assert "It has paid off" not in degree.text


def test_the_calculator_works_by_its_address(client):
    found = page(client, DEGREE, ENOUGH)
    assert "It has paid off 4 years and 11 months after you begin, 1 year and 5 months after you finish." in found.text
    assert "It costs you $38,000 after aid." in found.text
    assert "10 $144,000" in found.text
    assert flaws(found) == []


def test_never_is_said_as_never(client):
    assert "Never, at these figures" in page(client, DEGREE, ENOUGH.replace("110000", "82000")).text


@pytest.mark.parametrize(
    "query",
    [
        "tuition=-5&months=NaN&now=1e9&after=inf&rate=999&years=0&total=%F0%9F%98%80&aid=%00&lost=" + "9" * 500,
        "tuition=1&total=2",
        "tuition=48k",
        "tuition=&tuition=5&months[]=3",
        "total=10000000&months=120&lost=10000000&now=10000000&after=0&rate=40&years=40",
    ],
)
def test_no_figures_break_the_page(client, query):
    answer = client.get(url(DEGREE, query))
    assert answer.status_code == 200
    assert flaws(Page(answer)) == []


def test_what_cannot_be_read_stays_in_its_field_with_a_word_beside_it(client):
    found = page(client, DEGREE, "tuition=a+lot")
    (field,) = [of for _, of in found.attributes if of.get("id") == "return-tuition"]
    assert field["value"] == "a lot"
    assert field["aria-invalid"] == "true"
    assert "such as 35000, 35,000 or 35k" in found.text


def test_figures_of_sources_are_links_that_say_whose_they_are(degree):
    presets = [link for link in degree.links if link.endswith("#calculator") and "?" in link]
    assert any("tuition=35000" in link and "total" not in link for link in presets)
    assert any("total=40000" in link and "tuition" not in link for link in presets)
    assert not any("110000" in link for link in presets), "an unsourced figure is no ground to calculate on"
    assert "Takes the place of tuition and other costs." in degree.text


def test_a_preset_keeps_what_was_given_and_replaces_what_it_contains(client):
    found = page(client, DEGREE, "tuition=1&other=2&now=82000")
    (link,) = [link for link in found.links if "total=40000" in link]
    assert "now=82000" in link
    assert "tuition" not in link
    assert "other" not in link


def test_the_calculator_keeps_the_aim_and_the_aim_keeps_the_figures(client):
    found = page(client, DEGREE, ENOUGH + "&aim=policy")
    assert any(of.get("name") == "aim" and of.get("value") == "policy" for _, of in found.attributes)
    assert any("aim=technical" in link and "months=42" in link for link in found.links)


def test_htmx_gets_the_result_alone_with_the_words_of_every_field(client):
    found = part(client, DEGREE, ENOUGH + "&rate=x", "return")
    assert "<html" not in found.html
    assert found.ids[0] == "return"
    notes = [of for _, of in found.attributes if of.get("hx-swap-oob")]
    assert len(notes) == 10
    assert "Write a percentage" in found.text


def test_answers_differ_by_what_htmx_asks_for_and_say_so(client):
    assert {"HX-Request", "HX-Target"} <= set(client.get(url(DEGREE)).headers["Vary"].replace(" ", "").split(","))
    assert "<html" in part(client, DEGREE, "", "nothing-of-ours").html
    assert "<html" in part(client, WAYS_IN, "", "return").html
    restored = {"HX-Request": "true", "HX-Target": "return", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get(url(DEGREE), headers=restored).content.decode()


@pytest.mark.parametrize("shows", sampled([value for value in SectionShows.values if value], every=4))
def test_a_section_stands_where_its_part_is_empty(client, shows):
    guide = Guide.objects.create(
        slug="bare", order=99, title="Bare", lead="Nothing yet.", source=Source.objects.get(code="rounds-editors")
    )
    GuideSection.objects.create(guide=guide, slug="one", order=1, title="One", short_title="One", body="", shows=shows)
    for model in (MarketDriver, SkillArea, UseCase, Challenge, EntryPath, AdmissionCriterion, DegreeOption):
        model.objects.all().delete()
    for model in (Accreditor, AccreditationStep, CourseworkArea, CostItem, Certification, ProgramCheck, Company):
        model.objects.all().delete()
    found = page(client, "bare")
    assert flaws(found) == []
    assert (2, "One") in found.headings


@pytest.mark.parametrize(("slug", "visitor"), [(MARKET, 8), (WAYS_IN, 3), (DEGREE, 3)])
def test_queries(client, as_learner, slug, visitor):
    assert queries_of(client, url(slug)) == visitor
    assert queries_of(as_learner, url(slug)) == visitor + 2
    assert visitor + 2 <= 10


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_guide_is_read_once_until_the_catalog_changes(as_learner, settings, monkeypatch):
    settings.KEEP_VISITOR_PAGES = True
    monkeypatch.setattr(visitor_pages, "VERSION_TRUSTED", 0)
    assert queries_of(as_learner, url(DEGREE)) == 3  # session, person, version
    GuideSection.objects.filter(guide__slug=DEGREE, order=1).update(title="Said anew by staff")
    assert (2, "Said anew by staff") in page(as_learner, DEGREE).headings


def test_the_list_takes_two_queries(client):
    assert queries_of(client, reverse("guide_list")) == 2
