"""Degree programs side by side: by the address for everybody, kept for those who sign in."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from roles.models import Program, ProgramCheck
from tests.forms import fields_of
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roadmaps.test_races import at_once

pytestmark = pytest.mark.django_db

ADDRESS = "?p1=State&c1={0},{1}&p2=Hopkins&c2={2}"


@pytest.fixture
def url():
    return reverse("program_list")


@pytest.fixture
def slugs():
    return list(ProgramCheck.objects.values_list("slug", flat=True))


@pytest.fixture
def address(url, slugs):
    return url + ADDRESS.format(*slugs)


def post(client, name, data, *args):
    return client.post(reverse(name, args=args), data)


def test_the_page_is_sound_empty_and_filled(client, as_learner, url, address):
    for browser in (client, as_learner):
        for where in (url, address, f"{url}?p1=&c2=alchemy&p9=x"):
            assert flaws(Page(browser.get(where))) == []


def test_the_address_holds_names_and_ticks(client, address, slugs):
    found = Page(client.get(address))
    assert f"State 2 of {len(slugs)} checks" in found.text
    assert f"Hopkins 1 of {len(slugs)} checks" in found.text
    ticked = [of["value"] for tag, of in found.attributes if of.get("type") == "checkbox" and "checked" in of]
    assert sorted(ticked) == sorted(slugs[:3])


def test_an_unknown_check_is_said_and_the_rest_counts(client, url, slugs):
    found = Page(client.get(f"{url}?p1=State&c1=alchemy&c1={slugs[0]}"))
    assert "We know no check called “alchemy”" in found.text
    assert f"State 1 of {len(slugs)} checks" in found.text


def test_visitors_pages_are_kept_and_carry_nothing_personal(settings, client, as_learner, learner, url):
    settings.KEEP_VISITOR_PAGES = True
    Program.objects.create(learner=learner, place=1, name="State of Mine")
    assert "State of Mine" in Page(as_learner.get(url)).text
    found = Page(client.get(url))
    assert "State of Mine" not in found.text
    assert "csrfmiddlewaretoken" not in found.html
    caches["local"].clear()


def test_a_learner_keeps_programs_and_sees_them_again(as_learner, learner, url, slugs):
    data = {"p1": "State", "c1": [slugs[0], slugs[1]], "n1": "Ask in May", "p2": "", "n2": ""}
    assert post(as_learner, "program_save", data).url == url
    found = Page(as_learner.get(url))
    assert f"State 2 of {len(slugs)} checks" in found.text
    assert "Ask in May" in found.html
    row = Program.objects.of(learner).get()
    assert (row.place, row.name, row.checked, row.note) == (1, "State", slugs[:2], "Ask in May")


def test_sending_the_pages_own_form_back_changes_nothing(as_learner, learner, url, slugs):
    Program.objects.create(learner=learner, place=2, name="State", checked=slugs[:3], note="Two\nlines")
    before = Program.objects.values().get()
    post(as_learner, "program_save", fields_of(as_learner.get(url), "programs"))
    assert Program.objects.values().get() == before


def test_a_missing_name_is_said_and_nothing_typed_is_lost(as_learner, url, slugs):
    answer = post(as_learner, "program_save", {"p1": "", "c1": slugs[0], "n1": "A long thought", "p2": "State"})
    assert answer.status_code == 422
    found = Page(answer)
    assert flaws(found) == []
    assert "Give the program a name." in found.text
    assert "A long thought" in found.html
    assert f'value="{slugs[0]}"' in found.html
    assert not Program.objects.exists()


def test_a_saved_program_is_not_emptied_by_a_cleared_name(as_learner, learner):
    Program.objects.create(learner=learner, place=1, name="State")
    answer = post(as_learner, "program_save", {"p1": "", "n1": ""})
    assert answer.status_code == 422
    assert "or remove it" in Page(answer).text
    assert Program.objects.get().name == "State"


def test_an_unknown_check_is_said_after_saving_too(as_learner, url):
    post(as_learner, "program_save", {"p1": "State", "c1": "alchemy"})
    assert "We know no check called “alchemy”" in Page(as_learner.get(url)).text
    assert Program.objects.get().checked == []


def test_a_check_that_staff_removed_does_not_break_the_page(as_learner, learner, url, slugs):
    Program.objects.create(learner=learner, place=1, name="State", checked=[slugs[0], "removed-by-staff"])
    found = Page(as_learner.get(url))
    assert f"State 1 of {len(slugs)} checks" in found.text
    assert "removed-by-staff" not in found.html


def test_whoever_arrives_with_an_address_is_offered_to_keep_it(as_learner, learner, address, url):
    Program.objects.create(learner=learner, place=1, name="Davis")
    found = Page(as_learner.get(address))
    assert found.forms("program-keep")
    assert not found.forms("program-save")
    fields = {of["name"]: of["value"] for tag, of in found.attributes if tag == "input" and of.get("type") == "hidden"}
    assert post(as_learner, "program_keep", fields).url == url
    assert [(row.place, row.name) for row in Program.objects.of(learner)] == [
        (1, "Davis"),
        (2, "State"),
        (3, "Hopkins"),
    ]


def test_visitors_are_not_offered_to_keep(client, address):
    assert not Page(client.get(address)).forms("program-keep")


def test_what_has_no_room_stays_in_the_address(as_learner, learner, slugs):
    Program.objects.bulk_create(Program(learner=learner, place=place, name=f"No. {place}") for place in range(1, 5))
    answer = post(as_learner, "program_keep", {"p1": "State", "c1": slugs[0]})
    assert "p1=State" in answer.url
    assert "There is room for 4" in Page(as_learner.get(answer.url)).text
    assert Program.objects.count() == 4


def test_keeping_without_a_name_asks_for_one(as_learner, slugs):
    answer = post(as_learner, "program_keep", {"c1": slugs[0]})
    assert "Give every program a name" in Page(as_learner.get(answer.url)).text
    assert not Program.objects.exists()


def test_removing_can_be_undone(as_learner, learner, url, slugs):
    row = Program.objects.create(learner=learner, place=3, name="State", checked=slugs[:2], note="Two\nlines")
    assert post(as_learner, "program_remove", {}, row.pk).url == url
    found = Page(as_learner.get(url))
    assert "Removed: State." in found.text
    assert not Program.objects.exists()
    (undo,) = found.forms("undo")
    hidden = [of for tag, of in found.attributes if tag == "input" and of.get("type") == "hidden"]
    fields = {of["name"]: of["value"] for of in hidden if of["name"] != "csrfmiddlewaretoken"}
    as_learner.post(undo["action"], fields)
    back = Program.objects.of(learner).get()
    assert (back.place, back.name, back.checked, back.note) == (3, "State", slugs[:2], "Two\nlines")


def test_somebody_elses_program_cannot_be_found(learner, other_learner):
    row = Program.objects.create(learner=learner, place=1, name="State")
    client = Client()
    client.force_login(other_learner)
    assert post(client, "program_remove", {}, row.pk).status_code == 404
    assert Program.objects.filter(pk=row.pk).exists()


def test_removing_twice_is_not_found_and_harmless(as_learner, learner):
    row = Program.objects.create(learner=learner, place=1, name="State")
    assert post(as_learner, "program_remove", {}, row.pk).status_code == 302
    assert post(as_learner, "program_remove", {}, row.pk).status_code == 404


def test_without_checks_the_page_stands_and_says_so(client, as_learner, url):
    ProgramCheck.objects.all().delete()
    for browser in (client, as_learner):
        found = Page(browser.get(url))
        assert "No check is written yet" in found.text
        assert flaws(found) == []


def test_queries(client, as_learner, learner, url, address):
    Program.objects.create(learner=learner, place=1, name="State")
    assert queries_of(client, url) == 2
    assert queries_of(as_learner, url) == 5
    assert queries_of(as_learner, address) == 4


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_save_at_once_make_one_program_a_place(learner):
    def tab(name):
        client = Client(raise_request_exception=False)
        client.force_login(learner)
        return lambda: post(client, "program_save", {"p1": name}).status_code

    for _ in range(5):
        assert at_once(*(tab(name) for name in ("State", "Hopkins", "State", "Davis"))) == [302] * 4
        assert Program.objects.of(learner).get().name in ("State", "Hopkins", "Davis")
