import pytest
from django.urls import reverse

from roles.models import Correction, Role, Source
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roles.many import empty_the_catalog, ten_times_the_catalog

PAGES = {"sources": 2, "corrections": 4, "method": 7, "accessibility": 0, "privacy": 0}


@pytest.fixture
def sources(client, db):
    return Page(client.get(reverse("sources")))


@pytest.fixture
def corrections(client, db):
    return Page(client.get(reverse("corrections")))


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_sound_and_carries_no_token(client, db, name):
    found = Page(client.get(reverse(name)))
    assert flaws(found) == []
    assert "csrfmiddlewaretoken" not in found.html


def test_every_source_says_what_it_is_good_for_and_when_it_was_written(sources):
    for source in Source.objects.all():
        assert f"source-{source.code}" in sources.ids
        assert source.good_for in sources.text
    assert "Undated." in sources.text
    addressless = Source.objects.filter(url="").exclude(kind="editor")
    assert sources.text.count("No address given.") == addressless.count() > 0


def test_every_correction_stands_once_under_its_kind(corrections):
    for correction in Correction.objects.all():
        assert corrections.ids.count(f"correction-{correction.slug}") == 1
        assert correction.stated in corrections.text
        assert correction.found in corrections.text
    for kind in Correction.objects.values_list("kind", flat=True).distinct():
        assert kind in corrections.ids


def test_corrections_lead_to_the_pages_they_changed(corrections):
    correction = Correction.objects.get(slug="gatortron-authors")
    for row in [*correction.roles.all(), *correction.resources.all()]:
        assert row.get_absolute_url() in corrections.links


def test_the_page_on_pay_names_each_role_with_what_is_stated_and_by_whom(client, db):
    found = Page(client.get(reverse("method")))
    for role in Role.objects.all():
        assert role.name in found.text
    assert "$70,000 to $350,000+ 5 levels, a range for each" in found.text
    assert "$180,000 to $280,000 No level given" in found.text
    assert "Not stated Nobody None" in found.text
    assert "9.2 of 10 Higher is better. Could not be checked." in found.text


@pytest.mark.parametrize("name", ["sources", "corrections", "method"])
def test_an_empty_catalog_is_a_page_too(client, db, name):
    empty_the_catalog()
    found = Page(client.get(reverse(name)))
    assert found.status == 200
    assert flaws(found) == []


def test_without_sources_the_method_still_stands(client, db):
    empty_the_catalog()
    found = Page(client.get(reverse("sources")))
    assert "How figures are shown" in found.text
    assert "No source is listed yet" in found.text
    assert flaws(found) == []


def test_every_cookie_that_we_set_is_named(client, as_learner, db, settings):
    text = Page(client.get(reverse("privacy"))).text
    for cookie in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "theme", "messages"):
        assert cookie in text


def test_providers_are_named_only_where_they_are_switched_on(client, db, settings):
    assert "sign in with" not in Page(client.get(reverse("privacy"))).text
    settings.SOCIALACCOUNT_PROVIDERS = {"github": {"APPS": [{"client_id": "x", "secret": "y"}]}, "google": {"APPS": []}}
    assert "If you choose to sign in with GitHub, they learn" in Page(client.get(reverse("privacy"))).text


@pytest.mark.slow
@pytest.mark.parametrize(("name", "queries"), PAGES.items())
def test_queries_stay_the_same_with_ten_times_the_rows(client, as_learner, db, name, queries):
    assert queries_of(client, reverse(name)) == queries
    assert queries_of(as_learner, reverse(name)) == queries + 2
    ten_times_the_catalog()
    assert queries_of(client, reverse(name)) == queries
    assert queries_of(as_learner, reverse(name)) == queries + 2
