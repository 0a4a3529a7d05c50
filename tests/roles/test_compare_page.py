import pytest
from django.urls import reverse

from tests.conftest import ANALYTICS, CHRONIC, COORDINATION
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roles.many import empty_the_catalog, ten_times_the_catalog
from tests.roles.short_roles import short_role, titled_role

SHORT, TITLED = "bedside-ai-engineer", "ward-data-scribe"


def url(*slugs):
    return reverse("roles:role_compare") + ("?" + "&".join(f"role={slug}" for slug in slugs) if slugs else "")


def page(client, *slugs):
    return Page(client.get(url(*slugs)))


@pytest.fixture
def short(db):
    short_role()
    titled_role()


@pytest.mark.parametrize(
    "slugs",
    [
        (),
        (ANALYTICS,),
        (ANALYTICS, COORDINATION),
        (ANALYTICS, COORDINATION, CHRONIC, SHORT),
        (ANALYTICS, COORDINATION, CHRONIC, SHORT, TITLED),
        (SHORT, TITLED),
        (ANALYTICS, ANALYTICS),
        ("no-such-role",),
        ("%00", "%27--", "%F0%9F%A9%BA" * 500, "<script>"),
    ],
)
def test_any_address_is_answered_with_a_sound_page(client, short, slugs):
    found = page(client, *slugs)
    assert found.status == 200
    assert flaws(found) == []


def test_roles_stand_side_by_side_in_the_order_of_the_address(client, db):
    found = page(client, COORDINATION, ANALYTICS)
    assert (1, "Two roles, side by side") in found.headings
    table = found.html[found.html.index("<thead") : found.html.index("</thead")]
    assert table.index(COORDINATION) < table.index(ANALYTICS)


def test_figures_name_who_states_them(client, db):
    found = page(client, ANALYTICS, COORDINATION)
    assert "9.2 of 10" in found.text
    assert "About 8 months" in found.text
    assert f"{reverse('sources')}#source-000" in found.links
    assert f"{reverse('sources')}#source-002" in found.links
    assert "undated" in found.text


def test_what_nobody_states_is_said(client, short):
    assert page(client, ANALYTICS, TITLED).text.count("Not stated") > 10


def test_each_column_can_be_taken_away(client, db):
    found = page(client, ANALYTICS, COORDINATION, CHRONIC)
    assert url(ANALYTICS, CHRONIC) in found.links
    assert "Remove Care Coordination" in found.text


def test_the_picker_holds_every_role_and_ticks_the_chosen_ones(client, short):
    found = page(client, ANALYTICS, SHORT)
    boxes = {found["value"]: "checked" in found for tag, found in found.attributes if found.get("type") == "checkbox"}
    assert {slug for slug, ticked in boxes.items() if ticked} == {ANALYTICS, SHORT}
    assert {COORDINATION, CHRONIC, TITLED} <= boxes.keys()


def test_one_role_asks_for_another(client, db):
    found = page(client, ANALYTICS)
    assert "Healthcare Analytics is chosen. Choose one more role" in found.text
    assert "<table" not in found.html


def test_a_fifth_role_is_named_and_left_out(client, short):
    found = page(client, ANALYTICS, COORDINATION, CHRONIC, SHORT, TITLED)
    assert "At most 4 roles can be chosen. Left out: Ward Data Scribe." in found.text
    assert (1, "Four roles, side by side") in found.headings
    assert "Change the roles" in found.text


def test_an_unknown_and_a_doubled_role_are_said(client, db):
    found = page(client, ANALYTICS, "no-such-role", ANALYTICS, COORDINATION)
    assert "We know no role called “no-such-role”, so it is left out." in found.text
    assert "shown once: Healthcare Analytics" in found.text
    assert (1, "Two roles, side by side") in found.headings


def test_pay_without_a_level_is_labeled_and_has_no_bar(client, short):
    found = page(client, ANALYTICS, SHORT)
    assert "Range as stated Level not given." in found.text
    assert "Pay without a level is not drawn" in found.text


def test_an_empty_catalog_is_a_page_too(client, db):
    empty_the_catalog()
    found = page(client)
    assert flaws(found) == []
    assert "There are no two roles to compare yet" in found.text


@pytest.mark.slow
def test_it_reads_as_many_queries_with_ten_times_the_rows(client, as_learner, short):
    address = url(ANALYTICS, COORDINATION, CHRONIC, SHORT)
    assert queries_of(client, address) == 2
    assert queries_of(as_learner, address) == 4
    ten_times_the_catalog()
    assert queries_of(client, address) == 2


def test_the_list_of_roles_offers_each_for_comparison(client, short):
    found = Page(client.get(reverse("roles:role_list")))
    offered = {each["value"] for _, each in found.attributes if each.get("form") == "compare"}
    assert {ANALYTICS, COORDINATION, CHRONIC, SHORT, TITLED} <= offered
    assert any(each.get("action") == reverse("roles:role_compare") for tag, each in found.attributes if tag == "form")


def test_a_role_is_compared_with_its_related_roles(client, db):
    found = Page(client.get(reverse("role_detail", args=[ANALYTICS])))
    assert url(ANALYTICS, COORDINATION) in found.links


def test_a_visitor_gets_no_token(client, db):
    response = client.get(url(ANALYTICS, COORDINATION))
    assert "csrf" not in response.content.decode()
    assert not response.cookies
