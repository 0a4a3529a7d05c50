import pytest
from django.urls import reverse

from roles.models import Resource, Skill, Tool
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roles.many import empty_the_catalog, ten_times_the_catalog

LISTS = ("role_list", "skill_list", "tool_list", "resource_list")
# Of the roles app: queries of a visitor. Whoever is signed in needs two more, for session and account.
QUERIES = {"role_list": 6, "skill_list": 2, "tool_list": 3, "resource_list": 2}
SIGNED_IN = 2


def url(name, query=""):
    return reverse(f"roles:{name}") + (f"?{query}" if query else "")


def page(client, name, query="", **kwargs):
    return Page(client.get(url(name, query), **kwargs))


def order(client, query):
    found = page(client, "role_list", query)
    places = {slug: found.html.index(f'href="/roles/{slug}/"') for slug in (ANALYTICS, COORDINATION, CHRONIC)}
    return sorted(places, key=places.get)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_sound(client, db, name):
    found = page(client, name)
    assert found.status == 200
    assert flaws(found) == []


@pytest.mark.parametrize("name", LISTS)
def test_a_visitor_gets_no_token(client, db, name):
    response = client.get(url(name))
    assert "csrf" not in response.content.decode()
    assert not response.cookies


@pytest.mark.parametrize("name", LISTS)
def test_htmx_gets_the_results_and_the_count(client, db, name):
    response = client.get(url(name), headers={"HX-Request": "true"})
    found = Page(response)
    assert "<html" not in found.html
    assert found.ids[0] == "results"
    assert found.html.count('id="count"') == 1
    assert 'hx-swap-oob="innerHTML"' in found.html
    assert "HX-Request" in response.headers["Vary"]


@pytest.mark.parametrize("name", LISTS)
def test_going_back_in_history_gets_the_whole_page(client, db, name):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in page(client, name, headers=headers).html


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", ["q=%00", "kind=x&cost=y&months=z&role=%27--", "q=" + "%F0%9F%A9%BA" * 500])
def test_nonsense_is_answered_with_a_page(client, db, name, query):
    assert page(client, name, query).status == 200


@pytest.mark.slow
@pytest.mark.parametrize("name", LISTS)
def test_a_list_reads_as_many_queries_with_ten_times_the_rows(client, as_learner, db, name):
    assert queries_of(client, url(name)) == QUERIES[name]
    assert queries_of(as_learner, url(name)) == QUERIES[name] + SIGNED_IN
    ten_times_the_catalog()
    assert queries_of(client, url(name)) == QUERIES[name]
    assert queries_of(as_learner, url(name)) == QUERIES[name] + SIGNED_IN


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_result_says_so_and_offers_a_way_out(client, db, name):
    found = page(client, name, "q=nothing+has+this+name")
    assert "fits all of that" in found.text
    assert found.links.count(url(name)) >= 2


def test_roles_carry_their_figures(client, db):
    found = page(client, "role_list")
    assert "11 roles" in found.text
    assert "$62,000 to $85,000" in found.text
    assert "about 9 months" in found.text
    assert "9.1 of 10" in found.text
    assert reverse("sources") in found.links


def test_the_count_says_how_many_of_all_fit(client, db):
    assert "1 of 11 roles fits" in page(client, "role_list", "difficulty=intermediate").text
    assert "2 of 11 roles fit" in page(client, "role_list", "difficulty=advanced").text


@pytest.mark.parametrize(
    ("by", "slugs"),
    [
        ("", [ANALYTICS, COORDINATION, CHRONIC]),
        ("sort=months", [COORDINATION, ANALYTICS, CHRONIC]),
        ("sort=weeks", [COORDINATION, ANALYTICS, CHRONIC]),
        ("sort=pay", [ANALYTICS, CHRONIC, COORDINATION]),
        ("sort=demand", [ANALYTICS, CHRONIC, COORDINATION]),
        ("sort=chance", [ANALYTICS, COORDINATION, CHRONIC]),
    ],
)
def test_roles_stand_in_the_order_asked_for(client, db, by, slugs):
    assert order(client, by) == slugs


def test_what_could_not_be_read_is_said_beside_its_field_and_above_the_results(client, db):
    found = page(client, "role_list", "months=soon")
    assert found.text.count("Give a whole number from 1 to 60") == 2
    assert "11 roles" in found.text


def test_a_hostile_value_is_shown_as_text(client, db):
    found = page(client, "role_list", "difficulty=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in found.html
    assert "“<script>alert(1)</script>”" in found.text


def test_roles_without_a_roadmap_are_listed_apart_with_pay_that_has_no_level(client, db):
    found = page(client, "role_list", "profile=short")
    assert "Described, without a roadmap of their own" in found.text
    assert "$180,000 to $280,000 a year, level not given" in found.text
    assert "4 of 11 roles fit" in found.text
    assert flaws(found) == []


def test_skills_stand_by_category_with_the_roles_that_teach_them(client, db):
    found = page(client, "skill_list")
    labels = [text.rsplit(" ", 1)[0] for level, text in found.headings if level == 2]
    assert labels == [label for value, label in Skill.Category.choices if Skill.objects.in_category(value).exists()]
    assert "Taught in 3 roles: Healthcare Analytics, Care Coordination and Chronic Disease Management" in found.text
    assert "No roadmap teaches it yet" in found.text
    assert f"{Skill.objects.count()} skills" in found.text


def test_every_tool_is_listed_by_kind(client, db):
    found = page(client, "tool_list")
    for tool in Tool.objects.all():
        assert tool.get_absolute_url() in found.links
    assert f"{Tool.objects.count()} tools" in found.text


def test_a_tool_that_only_a_resource_is_about_names_its_roles(client, db):
    assert "Healthcare Analytics" in page(client, "tool_list", "q=lifelines").text.split("tools")[-1]


def test_every_resource_is_listed_once(client, db):
    found = page(client, "resource_list")
    for resource in Resource.objects.all():
        assert found.links.count(resource.get_absolute_url()) == 1


def test_resources_stand_by_title_whatever_its_case(client, db):
    found = page(client, "resource_list")
    titles = [text for level, text in found.headings if level == 2]
    assert titles == sorted(titles, key=str.lower)


def test_a_shared_resource_names_every_phase_that_uses_it(client, db):
    found = page(client, "resource_list", "q=llm+course")
    assert f"/roadmaps/{ANALYTICS}/#phase-4" in found.links
    assert f"/roadmaps/{COORDINATION}/#phase-3" in found.links
    assert f"/roadmaps/{CHRONIC}/#phase-3" in found.links


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_catalog_is_a_page_too(client, db, name):
    empty_the_catalog()
    found = page(client, name)
    assert found.status == 200
    assert flaws(found) == []
    assert "yet" in found.text
