"""The search page as people read it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.urls import reverse

from roles import frames, searching
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roles.many import empty_the_catalog, ten_times_the_catalog

pytestmark = pytest.mark.django_db


def page(client, **query):
    return Page(client.get(reverse("search"), query))


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "hipaa"},
        {"q": "survial analysis"},
        {"q": "data", "page": "3"},
        {"q": "data", "kind": "skill"},
        {"q": "qqxxz"},
    ],
    ids=["empty", "found", "corrected", "third page", "one kind", "nothing"],
)
def test_the_page_is_sound(client, query):
    found = page(client, **query)
    assert found.status == 200
    assert flaws(found) == []


def test_results_lead_to_pages_with_matches_marked(client):
    found = page(client, q="hipaa")
    assert "/skills/hipaa/" in found.links
    assert "<strong><mark>HIPAA</mark></strong>" in found.html


def test_a_correction_offers_what_was_typed(client):
    found = page(client, q="survial analysis")
    assert "Showing results for survival analysis" in found.text
    assert "?q=survial+analysis&as=written" in found.links
    written = page(client, q="survial analysis", **{"as": "written"})
    assert "Nothing on Rounds has “survial”" in written.text


def test_kinds_and_pages_are_links_that_keep_the_question(client):
    found = page(client, q="data", kind="skill")
    assert "?q=data" in found.links
    assert "?q=data&kind=tool" in found.links
    assert "?q=data&kind=skill&page=2" in found.links
    assert ("input", {"type": "hidden", "name": "kind", "value": "skill"}) in found.attributes


def test_an_empty_page_and_an_empty_result_offer_examples(client):
    for found in (page(client), page(client, q="qqxxz")):
        assert f"{reverse('search')}?q=510%28k%29" in found.links
    assert "Nothing was found" in found.text


def test_nothing_of_one_kind_leads_back_to_every_kind(client):
    found = page(client, q="hipaa", kind="title")
    assert "Nothing was found" in found.text
    assert "?q=hipaa" in found.links


def test_examples_find_something(client):
    for link in page(client).links:
        if link.startswith(f"{reverse('search')}?q="):
            assert "Nothing was found" not in Page(client.get(link)).text, link


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=" + "x" * 3000, "longer than 200 characters"),
        ("q=data&kind=%3Cb%3E", "We know no kind “&lt;b&gt;”"),
        ("q=data&page=x", "There is no page “x”"),
        ("q=%00", ""),
        ("q=%FF%FE", ""),
        ("q=%F0%9F%A9%BA", "Nothing was found"),
        ("q=%27%22%3C%3E&as=written", "Nothing was found"),
        ("q=a&q=b&kind=&kind=skill", ""),
    ],
)
def test_hostile_addresses_get_a_page(client, query, said):
    response = client.get(f"{reverse('search')}?{query}")
    assert response.status_code == 200
    assert said in response.content.decode()
    assert flaws(Page(response)) == []


def test_a_page_takes_one_query_of_a_visitor(client, as_learner):
    url = reverse("search") + "?q=data"
    assert queries_of(client, url) == 1
    assert queries_of(as_learner, url) == 3


@pytest.mark.slow
def test_a_page_takes_as_many_queries_whatever_the_rows(client):
    url = reverse("search") + "?q=data"
    assert queries_of(client, url) == 1
    ten_times_the_catalog(searchable=True)
    assert queries_of(client, url) == 1
    assert queries_of(client, reverse("search")) == 0


def test_an_empty_catalog_has_a_search_too(client):
    empty_the_catalog()
    assert "Nothing was found" in page(client, q="hipaa").text


def test_search_engines_are_asked_to_keep_out(client):
    assert page(client, q="hipaa").meta("robots") == "noindex"


def test_a_visitor_gets_no_token(client):
    response = client.get(reverse("search"), {"q": "hipaa"})
    assert "csrf" not in response.content.decode()
    assert not response.cookies


def test_suggestions_are_options_of_a_list(client):
    response = client.get(reverse("search_suggest"), {"q": "surv"})
    found = Page(response)
    assert "<html" not in found.html
    options = [attributes for tag, attributes in found.attributes if attributes.get("role") == "option"]
    assert 1 <= len(options) <= 8
    assert options[0]["href"] == "/skills/survival-analysis/"


@pytest.mark.parametrize("text", ["", "\0", "%", "'", "x" * 3000])
def test_suggestions_for_nothing_are_none(client, text):
    response = client.get(reverse("search_suggest"), {"q": text})
    assert response.status_code == 200
    assert "option" not in Page(response).html


@pytest.mark.parametrize("name", ["home", "roles:role_list", "sources"])
def test_every_page_leads_to_the_search(client, as_learner, name):
    for browser in (client, as_learner):
        found = Page(browser.get(reverse(name)))
        assert reverse("search") in found.links
        assert ("form", {"class": "find push", "action": reverse("search"), "role": "search"}) in found.attributes


def test_browsers_can_add_the_search(client, settings):
    settings.SITE_URL = "https://rounds.example"
    response = client.get(reverse("search_description"))
    assert response.headers["Content-Type"] == "application/opensearchdescription+xml"
    (url,) = ET.fromstring(response.content).iter("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url.get("template") == "https://rounds.example/search/?q={searchTerms}"
    links = [found for tag, found in page(client).attributes if tag == "link" and found.get("rel") == "search"]
    assert [link["href"] for link in links] == [reverse("search_description")]


def test_a_dead_connection_is_replaced_and_the_question_asked_again(client, monkeypatch):
    asked = []

    def dying(sql, text):
        asked.append(text)
        if len(asked) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return '{"rows": null, "kinds": null, "more": false, "meant": "", "unknown": [], "some": false, "forms": []}'

    monkeypatch.setattr(searching, "_answer", dying)
    connection = SimpleNamespace(in_atomic_block=False, close=lambda: asked.append("closed"))
    monkeypatch.setattr(searching, "connection", connection)
    assert page(client, q="hipaa").status == 200
    assert asked == ["hipaa", "closed", "hipaa"]


def test_answers_are_kept_apart_from_pages(client, settings):
    settings.KEEP_VISITOR_PAGES = True
    caches["local"].clear()
    assert page(client, q="hipaa").html == page(client, q="hipaa").html
    assert len(caches["answers"]._cache) == 1
    assert len(caches["local"]._cache) == 0


def test_a_page_from_frames_is_the_page(client, settings):
    """Whatever the question holds: what is kept of the page has nothing of who asked before."""
    for text in ("hipaa", "<b>%s</b> & 'x' \" 100%", "survial analysis", "data", "qqxxz"):
        settings.KEEP_VISITOR_PAGES = False
        frames.forget()
        plain = page(client, q=text).html
        settings.KEEP_VISITOR_PAGES = True
        page(client, q="another question")
        caches["answers"].clear()
        assert page(client, q=text).html == plain
    frames.forget()


def test_a_signed_in_person_finds_their_way_back(as_learner):
    found = Page(as_learner.get(reverse("search"), {"q": "<hipaa>"}))
    assert "Ines Okonjo" in found.text
    assert ("input", {"type": "hidden", "name": "next", "value": "/search/?q=%3Chipaa%3E"}) in found.attributes
