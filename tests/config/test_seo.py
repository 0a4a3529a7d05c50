import xml.etree.ElementTree as ET

import pytest
from django.urls import reverse

from config.seo import FIXED, PRIVATE
from roles.models import Company, Guide, Resource, Role, Skill, Tool, UseCase
from tests.pages import Page
from tests.queries import queries_of
from tests.roles.many import empty_the_catalog, ten_times_the_catalog

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture
def addresses(client, db, settings):
    settings.SITE_URL = "https://rounds.example"
    response = client.get(reverse("sitemap"))
    assert response.headers["Content-Type"].startswith("application/xml")
    return [loc.text for loc in ET.fromstring(response.content).iter(LOC)]


def test_the_sitemap_has_every_page_of_the_catalog_once(addresses):
    shown = (Role, Skill, Tool, Resource, Company, UseCase, Guide)
    rows = [row for model in shown for row in model.objects.all()]
    expected = [row.get_absolute_url() for row in rows]
    expected += [reverse("roadmaps:roadmap_detail", args=[role.slug]) for role in Role.objects.with_roadmap()]
    expected += [reverse(name) for name in FIXED]
    assert sorted(addresses) == sorted(f"https://rounds.example{path}" for path in expected)


@pytest.mark.slow
def test_every_address_in_the_sitemap_answers_and_is_canonical(client, addresses):
    for address in addresses:
        response = client.get(address.removeprefix("https://rounds.example"))
        assert response.status_code == 200, address
        assert f'<link rel="canonical" href="{address}">' in response.content.decode()


def test_an_empty_catalog_has_a_sitemap_too(client, db):
    empty_the_catalog()
    response = client.get(reverse("sitemap"))
    assert len(list(ET.fromstring(response.content).iter(LOC))) == len(FIXED)


def test_robots_are_kept_from_personal_pages_and_told_of_the_sitemap(client, db, settings):
    settings.SITE_URL = "https://rounds.example"
    response = client.get(reverse("robots"))
    lines = response.content.decode().splitlines()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Sitemap: https://rounds.example/sitemap.xml" in lines
    for path in PRIVATE:
        assert f"Disallow: {path}" in lines
    assert "Disallow: /" not in lines


@pytest.mark.slow
def test_every_page_has_a_title_and_description_of_its_own(client, addresses):
    titles, descriptions = [], []
    for address in addresses:
        found = Page(client.get(address.removeprefix("https://rounds.example")))
        titles.append(found.meta("og:title"))
        descriptions.append(found.meta("description"))
    assert all(titles)
    assert all(20 <= len(each) <= 300 for each in descriptions)
    assert len(set(descriptions)) == len(descriptions)


@pytest.mark.slow
def test_the_sitemap_takes_as_many_queries_whatever_the_rows(client, as_learner, db):
    assert queries_of(client, reverse("sitemap")) == 8
    assert queries_of(as_learner, reverse("sitemap")) == 10
    ten_times_the_catalog()
    assert queries_of(client, reverse("sitemap")) == 8
