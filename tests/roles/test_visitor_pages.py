import gzip
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roles import visitor_pages
from roles.choosing.comparing import MOST_ROLES
from roles.models import CatalogModel, CatalogVersion, Goal, Role, Skill, Tool

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kept(settings, monkeypatch):
    """Pages are kept, and every request looks at the catalog's version."""
    settings.KEEP_VISITOR_PAGES = True
    monkeypatch.setattr(visitor_pages, "VERSION_TRUSTED", 0)


def page(client=None, url=None, **headers):
    return (client or Client()).get(url or reverse("skill_detail", args=["hipaa"]), headers=headers)


def queries(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_the_second_visitor_costs_one_query_for_the_version():
    page()
    assert queries(page) == 1


def test_the_kept_page_is_the_page():
    assert page().content == page().content


@pytest.mark.parametrize("change", ["save", "update", "delete", "links"])
def test_any_change_of_the_catalog_reaches_the_next_visitor(change):
    page()
    before = CatalogVersion.current()
    skill = Skill.objects.get(slug="hipaa")
    if change == "save":
        skill.summary = "Said anew by staff."
        skill.save()
        assert b"Said anew by staff." in page().content
    elif change == "update":
        Skill.objects.filter(slug="hipaa").update(summary="Said anew by a query.")
        assert b"Said anew by a query." in page().content
    elif change == "delete":
        Tool.objects.exclude(goals__isnull=False).filter(resources__isnull=True).first().delete()
    else:
        Goal.objects.filter(skills=skill).first().skills.remove(skill)
    assert CatalogVersion.current() != before


def test_a_signed_in_person_gets_a_page_of_their_own(learner):
    page()
    client = Client()
    client.force_login(learner)
    assert b"Ines Okonjo" in page(client).content
    assert b"Ines Okonjo" not in page().content


def test_the_theme_is_part_of_what_is_kept():
    client = Client()
    client.cookies["theme"] = "dark"
    assert b'data-theme="dark"' in page(client).content
    assert b'data-theme="dark"' not in page().content


def test_pages_are_kept_compressed_for_those_who_take_it():
    packed = page(**{"Accept-Encoding": "gzip"})
    packed = page(**{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == page().content


def test_caches_on_the_way_are_told_what_the_page_depends_on():
    page()
    assert {"Accept-Encoding", "Cookie"} <= {part.strip() for part in page().headers["Vary"].split(",")}


def test_what_is_not_found_is_not_kept():
    missing = reverse("skill_detail", args=["alchemy"])
    assert page(url=missing).status_code == 404
    Skill.objects.create(slug="alchemy", name="Alchemy", category="domain", summary="Gold from lead.")
    assert page(url=missing).status_code == 200


def test_visitors_pages_carry_no_token():
    for url in ("/", reverse("roles:role_list"), reverse("roadmaps:enrolment_list")):
        assert b"csrfmiddlewaretoken" not in page(url=url).content


def test_long_queries_are_served_and_not_kept():
    url = reverse("roles:role_list") + "?q=" + "x" * 300
    assert page(url=url).status_code == 200
    assert queries(lambda: page(url=url)) > 1


def test_a_comparison_of_as_many_roles_as_fit_is_kept():
    longest = sorted(Role.objects.values_list("slug", flat=True), key=len)[-MOST_ROLES:]
    url = reverse("roles:role_compare") + "?" + urlencode({"role": longest}, doseq=True)
    page(url=url)
    assert queries(lambda: page(url=url)) == 1


def test_every_table_of_the_catalog_tells_when_it_changes():
    """Link tables too: whoever adds one gives it the trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%bump_catalog_version%'")
        told = {table for (table,) in cursor.fetchall()}
    models = [model for model in apps.get_models() if issubclass(model, CatalogModel)]
    links = [field.m2m_db_table() for model in models for field in model._meta.local_many_to_many]
    assert {*(model._meta.db_table for model in models), *links} - told == set()
