import pytest
from django.urls import reverse

from tests.conftest import ANALYTICS, COORDINATION
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roles.many import empty_the_catalog, ten_times_the_catalog
from tests.roles.short_roles import short_role, titled_role

EVERYTHING = "background=care&coding=rather-not&months=8&hours=6&remote=yes&like=care&like=rules"


def page(client, query=""):
    return Page(client.get(reverse("roles:role_find") + (f"?{query}" if query else "")))


@pytest.mark.parametrize(
    "query",
    [
        "",
        EVERYTHING,
        "hours=5",
        "remote=no",
        "like=text",
        "background=x&coding=y&months=z&like=%00&remote=%27--",
    ],
)
def test_any_address_is_answered_with_a_sound_page(client, db, query):
    found = page(client, query)
    assert found.status == 200
    assert flaws(found) == []


def test_without_answers_it_shows_the_questions_and_what_will_come(client, db):
    found = page(client)
    assert "What you will see" in found.text
    names = {each.get("name") for tag, each in found.attributes if tag in ("select", "input")}
    assert {"background", "coding", "months", "hours", "remote", "like"} <= names
    assert "Speaks for it" not in found.text


def test_roles_come_with_reasons_for_and_against(client, db):
    found = page(client, "coding=rather-not&months=8")
    assert "You would rather not code; it asks for code." in found.text
    assert "You have 8 months; this one states about 8." in found.text
    assert "You have 8 months; this one states about 9." in found.text
    assert found.html.index(f"/roles/{COORDINATION}/") < found.html.index(f"/roles/{ANALYTICS}/")


def test_no_percentage_pretends_to_a_match(client, db):
    assert "%" not in page(client, EVERYTHING).text


def test_the_order_is_explained(client, db):
    assert "What nobody states counts neither up nor down" in page(client, "months=8").text


def test_hours_are_said_to_change_nothing(client, db):
    found = page(client, "months=8&hours=6")
    assert "You have 6 hours a week. No source says how many hours" in found.text
    assert "add up to 24 weeks, which is 5.5 months" in found.text


def test_hours_alone_ask_for_another_answer(client, db):
    assert "hours alone put no role before another" in page(client, "hours=6").text


def test_unknowns_are_said_with_how_many_answers_could_be_judged(client, db):
    short_role()
    titled_role()
    found = page(client, "months=8&remote=yes")
    assert "Nobody states how many months it takes." in found.text
    assert "0 for, 0 against. None of your answers could be judged." in found.text
    assert "Both answers could be judged." in found.text


def test_the_first_ones_say_whom_they_suit(client, db):
    found = page(client, "months=12&remote=yes&coding=want")
    assert found.text.count("Whom it suits") == 3
    assert found.text.count("Look elsewhere if") == 3


def test_the_first_ones_can_be_compared(client, db):
    found = page(client, "months=12&remote=yes&coding=want")
    compare = [link for link in found.links if link.startswith(reverse("roles:role_compare"))]
    assert [link.count("role=") for link in compare] == [3]


def test_each_role_names_who_states_it(client, db):
    assert f"{reverse('sources')}#source-002" in page(client, "months=8").links


def test_answers_stay_in_the_form(client, db):
    found = page(client, EVERYTHING)
    ticked = {each["value"] for _, each in found.attributes if each.get("type") == "checkbox" and "checked" in each}
    assert ticked == {"care", "rules"}
    assert any(each.get("name") == "months" and each.get("value") == "8" for _, each in found.attributes)


def test_nonsense_is_said_and_the_rest_still_counts(client, db):
    found = page(client, "months=soon&coding=want&like=juggling")
    assert "Part of the address could not be used." in found.text
    assert "We know no liking called “juggling”" in found.text
    assert "You want to write code; it asks for code." in found.text


def test_an_empty_catalog_is_a_page_too(client, db):
    empty_the_catalog()
    found = page(client, EVERYTHING)
    assert flaws(found) == []
    assert "No role is described yet" in found.text


@pytest.mark.slow
def test_it_reads_as_many_queries_with_ten_times_the_rows(client, as_learner, db):
    url = reverse("roles:role_find") + f"?{EVERYTHING}"
    assert queries_of(client, url) == 4
    assert queries_of(as_learner, url) == 6
    ten_times_the_catalog()
    assert queries_of(client, url) == 4


def test_a_visitor_gets_no_token(client, db):
    response = client.get(reverse("roles:role_find"), {"months": "8"})
    assert "csrf" not in response.content.decode()
    assert not response.cookies
