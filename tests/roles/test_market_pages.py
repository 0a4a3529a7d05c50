import pytest
from django.urls import reverse

from roles.models import Company, Skill, Source, Statistic, UseCase, UseCaseCompany
from roles.models.companies import CompanyListing
from tests.pages import Page, flaws
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

COMPANIES, CASES, FIGURES = (reverse(f"roles:{name}_list") for name in ("company", "use_case", "figure"))


def page(client, url):
    return Page(client.get(url))


def paths(found, below):
    return {link.split("#")[0] for link in found.links if link.startswith(below) and link != below}


def test_every_company_stands_in_the_list_and_has_a_sound_page(client):
    listed = page(client, COMPANIES)
    for company in Company.objects.all():
        assert company.get_absolute_url() in listed.links
        found = page(client, company.get_absolute_url())
        assert found.status == 200
        assert flaws(found) == [], company


def test_companies_stand_under_the_categories_of_the_source(client):
    found = page(client, f"{COMPANIES}?category=pharma_biotech")
    named = {listing.company.get_absolute_url() for listing in CompanyListing.objects.filter(category="pharma_biotech")}
    assert paths(found, COMPANIES) == named
    assert len(named) == 3


def test_a_company_that_closed_is_marked_and_said_to_hire_nobody(client):
    found = page(client, Company.objects.get(slug="olive").get_absolute_url())
    assert "Closed" in found.text
    assert "It hires nobody any more" in found.text
    assert "2023" in found.text


def test_an_acquired_company_leads_to_its_parent_and_back(client):
    paige = Company.objects.get(slug="paige")
    found = page(client, paige.get_absolute_url())
    assert "Acquired" in found.text
    assert paige.parent.get_absolute_url() in found.links
    assert paige.get_absolute_url() in page(client, paige.parent.get_absolute_url()).links


def test_from_a_company_to_its_use_case_and_back(client):
    for link in UseCaseCompany.objects.select_related("company", "use_case"):
        assert link.use_case.get_absolute_url() in page(client, link.company.get_absolute_url()).links
        assert link.company.get_absolute_url() in page(client, link.use_case.get_absolute_url()).links


def test_from_a_skill_to_the_work_that_asks_for_it_and_back(client):
    skill = Skill.objects.get(slug="speech-recognition")
    case = skill.use_cases.get()
    assert case.get_absolute_url() in page(client, skill.get_absolute_url()).links
    assert skill.get_absolute_url() in page(client, case.get_absolute_url()).links


def test_a_use_case_shows_problem_solutions_companies_and_skills(client):
    listed = page(client, CASES)
    for case in UseCase.objects.all():
        found = page(client, case.get_absolute_url())
        assert flaws(found) == [], case
        assert case.name in listed.text
        for solution in case.solutions.all():
            assert solution.name in found.text
        for figure in case.statistics.all():
            assert figure.shown in found.text


def test_every_figure_names_who_states_it(client):
    found = page(client, FIGURES)
    for figure in Statistic.objects.select_related("source"):
        assert f"figure-{figure.slug}" in found.ids
        assert f"{reverse('sources')}#source-{figure.source.code}" in found.links
        assert figure.shown in found.text


def test_figures_that_disagree_stand_side_by_side_with_their_scopes(client):
    found = page(client, f"{FIGURES}?topic=pay")
    assert "about $110,000" in found.text
    assert "$145,000 to $165,000" in found.text
    assert "$112,590" in found.text
    assert found.text.count("Not checked: no basis found") >= 2


def test_a_contradicted_figure_is_marked_and_the_better_one_stands_beside_it(client):
    figure = Statistic.objects.filter(verification="contradicted", better_value__isnull=False).first()
    found = page(client, f"{FIGURES}?topic={figure.topic}")
    assert "Better sources differ" in found.text
    assert f"Beside it: {figure.better_value.shown}" in found.text


@pytest.mark.parametrize("url", [COMPANIES, FIGURES])
def test_a_filter_that_makes_no_sense_is_said_and_ignored(client, url):
    found = page(client, f"{url}?category=x&topic=x&status=%00&verification=9&use_case=none")
    assert found.status == 200
    assert "Part of the address made no sense, so it was left out." in found.text
    assert len(paths(found, "/companies/" if url == COMPANIES else "/sources/")) >= 1


@pytest.mark.parametrize("url", [COMPANIES, FIGURES])
def test_what_fits_nothing_says_so(client, url):
    assert "fits all of that" in page(client, f"{url}?q=nothing+is+called+so").text


def test_htmx_gets_the_results_alone(client):
    found = client.get(f"{COMPANIES}?q=radiology", headers={"HX-Request": "true"})
    assert b"<main" not in found.content
    assert "HX-Request" in found.headers["Vary"]


def test_what_is_not_there_is_404(client):
    for name in ("company_detail", "use_case_detail"):
        assert client.get(reverse(f"roles:{name}", args=["unheard-of"])).status_code == 404


def test_pages_stand_without_rows(client, db):
    UseCase.objects.all().delete()
    Company.objects.all().delete()
    Statistic.objects.all().delete()
    for url in (COMPANIES, CASES, FIGURES):
        found = page(client, url)
        assert found.status == 200
        assert "once the catalog is loaded" in found.text


def test_pages_ask_as_many_queries_for_ten_times_the_rows(client):
    abridge = Company.objects.get(slug="abridge")
    case = UseCase.objects.get(slug="clinical-documentation")
    urls = [COMPANIES, abridge.get_absolute_url(), CASES, case.get_absolute_url(), FIGURES]
    before = [queries_of(client, url) for url in urls]
    source = Source.objects.get(code="001")
    for number in range(30):
        company = Company.objects.create(slug=f"c{number}", name=f"C {number}", status="active", source=source)
        CompanyListing.objects.create(company=company, category="startup", order=100 + number, focus="x", source=source)
        UseCaseCompany.objects.create(use_case=case, company=company, order=100 + number)
        Statistic.objects.create(
            slug=f"s{number}", topic="pay", subject=f"Pay {number}", value_low=1, unit="usd", source=source,
            better_value=Statistic.objects.first(),
        ).use_cases.add(case)  # fmt: skip
    assert [queries_of(client, url) for url in urls] == before == [4, 7, 5, 7, 1]
