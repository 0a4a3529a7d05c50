import pytest
from django.urls import reverse

from roles.models import EntryPath, Guide, Resource, Role
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roles.many import empty_the_catalog, ten_times_the_catalog


@pytest.fixture
def home(client, db):
    return Page(client.get(reverse("home")))


def test_the_page_is_sound(home):
    assert flaws(home) == []
    assert "csrf" not in home.html


def test_every_role_with_a_roadmap_has_a_card(home):
    for slug in (ANALYTICS, COORDINATION, CHRONIC):
        assert f"/roles/{slug}/" in home.links
    assert "Three roles with a full roadmap" in home.text


def test_every_number_is_counted(home):
    roadmaps = [role.roadmap for role in Role.objects.with_roadmap()]
    used = {link.slug for roadmap in roadmaps for phase in roadmap.phases for link in phase.resources}
    assert f"Phases {sum(len(roadmap.phases) for roadmap in roadmaps)}" in home.text
    assert f"Goals {sum(len(roadmap.live_goals) for roadmap in roadmaps)}" in home.text
    assert f"Skills taught {len({slug for roadmap in roadmaps for slug in roadmap.skills})}" in home.text
    assert f"Resources {len(used)}" in home.text
    assert len(used) <= Resource.objects.count()
    assert "4 to 8 weeks, 3 to 4 goals" in home.text


def test_the_ring_shows_an_example_and_says_so(home):
    assert "In this example, somebody is 12 weeks into Healthcare Analytics." in home.text
    labels = [found.get("aria-label") for tag, found in home.attributes if tag == "svg"]
    assert "Example: 6 phases, 12 of 30 weeks done" in labels


def test_each_background_leads_to_its_way_in(home):
    paths = EntryPath.objects.all()
    assert len(paths) == 3
    for path in paths:
        assert path.get_absolute_url() in home.links
        assert path.title in home.text


def test_no_heading_stands_over_ways_that_nobody_wrote(client, db):
    EntryPath.objects.all().delete()
    assert "Where are you starting from?" not in Page(client.get(reverse("home"))).text


def test_no_way_leads_to_a_guide_that_is_gone(client, db):
    Guide.objects.filter(slug="ways-in").delete()
    assert "Where are you starting from?" not in Page(client.get(reverse("home"))).text


def test_no_market_figure_stands_here(home):
    for figure in ("15-25%", "15–25%", "$45", "billion"):
        assert figure not in home.text


def test_a_visitor_is_shown_the_roles_and_a_learner_goes_on(home, as_learner):
    assert "Find your role" in home.text
    assert reverse("dashboard") not in home.links
    found = Page(as_learner.get(reverse("home")))
    assert "Continue" in found.text
    assert reverse("dashboard") in found.links
    assert flaws(found) == []


def test_without_a_roadmap_the_page_stands_and_says_so(client, db):
    empty_the_catalog()
    found = Page(client.get(reverse("home")))
    assert "No roadmap is published yet" in found.text
    assert flaws(found) == []


@pytest.mark.slow
def test_queries_stay_the_same_with_ten_times_the_rows(client, as_learner, db):
    url = reverse("home")
    assert queries_of(client, url) == 7
    assert queries_of(as_learner, url) == 9
    ten_times_the_catalog()
    assert queries_of(client, url) == 7
    assert queries_of(as_learner, url) == 9
