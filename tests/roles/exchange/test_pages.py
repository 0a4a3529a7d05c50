"""Importing and exporting in the admin: who may, what the pages say, and the way through them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.editors import GROUP
from interviews.models import Question
from roles.exchange import reading, trying
from roles.exchange.columns import content_models
from roles.exchange.reading import read
from roles.models import Import, Skill
from tests.factories import UserFactory
from tests.queries import queries_of
from tests.roles.exchange.importing import confirmed, entries, question, sent, tried, written

OTHERS = [model for model in apps.get_models() if model._meta.label_lower not in content_models()]
SKILL = ("roles.skill",)
FHIR = "hl7-fhir"


def url(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


@pytest.fixture
def mei(db):
    user = UserFactory(is_staff=True, display_name="Mei-Ling Zhao")
    user.groups.add(Group.objects.get(name=GROUP))
    return user


@pytest.fixture
def desk(mei) -> Client:
    client = Client()
    client.force_login(mei)
    return client


def upload(desk: Client, content: bytes, label: str = "roles.skill", name: str = "skills.csv"):
    return desk.post(url("exchange_send", label), {"file": SimpleUploadedFile(name, content)})


def text_of(response, status: int = 200) -> str:
    assert response.status_code == status
    return " ".join(response.content.decode().split())


# ---------------------------------------------------------------- rights


@pytest.mark.parametrize("label", content_models())
def test_editors_take_out_and_bring_in_all_content(desk, label):
    assert desk.get(url("exchange_export", label)).status_code == 200
    assert desk.get(url("exchange_send", label)).status_code == 200
    response = desk.get(url("exchange_file", label), {"format": "json", "rows": "all"})
    assert len(json.loads(response.content)) == content_models()[label].objects.count()


@pytest.mark.parametrize("model", OTHERS, ids=lambda model: model._meta.label_lower)
def test_nothing_but_content_has_an_address_here(desk, mei, model):
    mei.is_superuser = True  # not even for them: it is no content
    mei.save()
    label = model._meta.label_lower
    assert upload(desk, b"id\n1\n", label).status_code == 404
    for page in ("exchange_send", "exchange_export", "exchange_file"):
        assert desk.get(url(page, label), {"format": "csv", "rows": "all"}).status_code == 404


def test_an_import_of_something_else_that_stands_in_the_table_is_not_opened(desk, mei):
    found = sent(Skill, entries({"slug": "hipaa"}), mei)
    Import.objects.filter(pk=found.pk).update(model="accounts.user")
    assert desk.get(url("import_detail", found.pk)).status_code == 404
    assert desk.post(url("import_confirm", found.pk), {"seen": ""}).status_code == 404


def test_staff_without_the_rights_of_a_model_stay_out_of_it(mei, desk):
    found = tried(Skill, entries({"slug": "hipaa", "summary": "S"}), mei)
    mei.groups.clear()
    mei.user_permissions.set(Permission.objects.filter(codename="view_skill"))
    for page in ("exchange_list", "exchange_export"):
        assert desk.get(url(page, *(SKILL if page != "exchange_list" else ()))).status_code == 200
    assert upload(desk, b"slug\nhipaa\n").status_code == 403
    assert desk.get(url("import_detail", found.pk)).status_code == 403
    for act in ("confirm", "drop", "start_again"):
        assert desk.post(url(f"import_{act}", found.pk), {"seen": found.digest}).status_code == 403
    assert "skills.csv" not in text_of(desk.get(url("exchange_list")))
    mei.user_permissions.clear()
    for page in ("exchange_export", "exchange_file"):
        assert desk.get(url(page, *SKILL)).status_code == 403
    assert desk.get(url("exchange_list")).status_code == 403


def test_people_who_are_no_staff_are_sent_away(as_learner):
    for page in ("exchange_list", "exchange_export", "exchange_send", "exchange_file"):
        response = as_learner.get(url(page, *(SKILL if page != "exchange_list" else ())))
        assert response.status_code in (302, 403)


# ---------------------------------------------------------------- exports


def test_lists_lead_to_importing_and_exporting_what_they_list(desk):
    page = text_of(desk.get(url("roles_skill_changelist"), {"coding__exact": "1"}))
    assert f'href="{url("exchange_send", *SKILL)}"' in page
    assert f'href="{url("exchange_export", *SKILL)}?coding__exact=1"' in page
    assert url("exchange_send", "interviews.question") in text_of(desk.get(url("interviews_question_changelist")))


def test_what_a_list_shows_is_exported_on_all_its_pages(desk):
    query = {"category__exact": "behavioral", "p": "2"}
    shown = Question.objects.filter(category="behavioral")
    page = text_of(desk.get(url("exchange_export", "interviews.question"), query))
    assert f"The {shown.count()} that the list shows" in page
    assert "All 280" in page or f"All {Question.objects.count()}" in page
    response = desk.get(url("exchange_file", "interviews.question"), query | {"format": "json", "rows": "listed"})
    assert {row["slug"] for row in json.loads(response.content)} == set(shown.values_list("slug", flat=True))
    searched = desk.get(url("exchange_file", *SKILL), {"q": "hipaa", "format": "json", "rows": "listed"})
    assert 0 < len(json.loads(searched.content)) < Skill.objects.count()


def test_an_address_of_no_list_exports_nothing(desk):
    response = desk.get(url("exchange_file", *SKILL), {"nonsense": "1", "format": "json", "rows": "listed"})
    assert json.loads(response.content) == []
    assert desk.get(url("exchange_file", *SKILL), {"format": "pdf"}).status_code == 302


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
def test_ticked_rows_are_exported_by_an_action(desk, format):
    skills = Skill.objects.filter(slug__in=["hipaa", FHIR])
    data = {"action": f"export_{format}", "_selected_action": [skill.pk for skill in skills]}
    response = desk.post(url("roles_skill_changelist"), data)
    assert response["Content-Disposition"] == f'attachment; filename="skills.{format}"'
    found, rows = read(response.content)
    assert (found, {row.cells["slug"] for row in rows}) == (format, {"hipaa", FHIR})


def test_the_action_of_a_list_that_fetches_links_by_itself(desk):
    row = Question.objects.first()
    data = {"action": "export_json", "_selected_action": [row.pk]}
    assert json.loads(desk.post(url("interviews_question_changelist"), data).content)[0]["slug"] == row.slug


def test_what_xlsx_cannot_hold_is_said_on_the_page(desk):
    Skill.objects.filter(slug="hipaa").update(summary="bell \a")
    response = desk.get(url("exchange_file", *SKILL), {"format": "xlsx", "rows": "all"}, follow=True)
    assert "a character in it that XLSX cannot hold. Take CSV or JSON." in text_of(response)


# ---------------------------------------------------------------- the way through


def test_from_the_file_to_the_rows(desk, mei, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = upload(desk, b"slug,summary\nhipaa,A law of 1996\n")
    found = Import.objects.get()
    assert response.url == url("import_detail", found.pk)
    assert "It waits for the worker." in text_of(desk.get(response.url))
    trying.try_out(found.pk)
    page = text_of(desk.get(response.url))
    assert "0 new, 1 changed, 0 unchanged" in page
    assert "<ins>A law of 1996</ins>" in page or "<ins>" in page
    found.refresh_from_db()
    assert desk.post(url("import_confirm", found.pk), {"seen": found.digest}).url == response.url
    assert "Mei-Ling Zhao" in text_of(desk.get(response.url))
    trying.write_out(found.pk)
    assert "Written on" in text_of(desk.get(response.url))
    assert Skill.objects.get(slug="hipaa").summary == "A law of 1996"
    listed = text_of(desk.get(url("exchange_list")))
    assert "Written: 0 new, 1 changed" in listed
    assert "skills.csv" in listed


def test_faults_stand_with_row_column_and_reason_and_nothing_can_be_confirmed(desk, mei):
    rows = [question(f"q-{each}") for each in range(30)]
    rows[27]["level"] = 6
    found = tried(Question, entries(*rows), mei)
    page = text_of(desk.get(url("import_detail", found.pk)))
    assert "1 of 30 rows has a fault" in page
    assert '<th scope="row">28</th><td>q-27</td><td>level</td><td>Levels go from 1 to 5.</td>' in page
    assert "Import all of it" not in page
    answer = desk.post(url("import_confirm", found.pk), {"seen": found.digest}, follow=True)
    assert "Look at it again." in text_of(answer)


def test_rows_come_in_pages_and_by_outcome_with_as_many_queries(desk, mei, django_assert_num_queries):
    old = Question.objects.first()
    few = tried(Question, entries(question("one"), {"slug": old.slug, "follow_up": "Why?"}), mei)
    many = tried(Question, entries(*(question(f"q-{each}") for each in range(60))), mei)
    assert queries_of(desk, url("import_detail", few.pk)) == queries_of(desk, url("import_detail", many.pk))
    page = text_of(desk.get(url("import_detail", many.pk), {"page": 3}))
    assert "Page 3 of 3" in page
    assert "Row 51:" in page
    assert "Row 50:" not in page
    changed = text_of(desk.get(url("import_detail", few.pk), {"outcome": "changed"}))
    assert f"Row 2: {old.slug}" in changed
    assert "Row 1:" not in changed
    assert text_of(desk.get(url("import_detail", few.pk), {"outcome": "odd", "page": "x"}))


def test_texts_of_a_file_are_shown_as_text(desk, mei):
    found = tried(Skill, entries({"slug": "hipaa", "summary": "<script>alert(1)</script>"}), mei)
    page = text_of(desk.get(url("import_detail", found.pk)))
    assert "<script>alert" not in page


def test_the_page_tells_how_far_it_is_and_asks_again_by_itself(desk, mei):
    found = sent(Skill, entries({"slug": "hipaa"}), mei)
    Import.objects.filter(pk=found.pk).update(state="trying", total=10_000, done=1_500)
    page = text_of(desk.get(url("import_detail", found.pk)))
    assert "1,500 of 10,000 rows compared." in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert 'hx-trigger="every 2s"' in page
    Import.objects.filter(pk=found.pk).update(done=12_500)
    fragment = desk.get(url("import_detail", found.pk), headers={"HX-Request": "true"})
    assert "2,500 of 10,000 rows tried on the database." in text_of(fragment)
    assert "HX-Refresh" not in fragment.headers
    assert "<html" not in text_of(fragment)
    trying.try_out(found.pk)
    done = desk.get(url("import_detail", found.pk), headers={"HX-Request": "true"})
    assert done["HX-Refresh"] == "true"
    assert "refresh" not in text_of(desk.get(url("import_detail", found.pk)))


def test_an_interrupted_import_says_so_and_can_be_started_again(desk, mei):
    found = sent(Skill, entries({"slug": "hipaa"}), mei)
    assert "Start again" not in text_of(desk.get(url("import_detail", found.pk)))
    Import.objects.filter(pk=found.pk).update(state="trying", alive_at=timezone.now() - timedelta(minutes=3))
    page = text_of(desk.get(url("import_detail", found.pk)))
    assert "it was interrupted, and nothing was changed" in page
    assert "Start again" in page
    desk.post(url("import_start_again", found.pk))
    found.refresh_from_db()
    assert found.state == "waiting"


def test_an_import_can_be_dropped(desk, mei):
    found = tried(Skill, entries({"slug": "hipaa", "summary": "S"}), mei)
    assert "Dropped" in text_of(desk.post(url("import_drop", found.pk), follow=True))
    assert "cannot be dropped any more" in text_of(desk.post(url("import_drop", found.pk), follow=True))


def test_what_changed_meanwhile_is_said(desk, mei):
    found = confirmed(tried(Skill, entries({"slug": "hipaa", "summary": "Mine"}), mei), mei)
    Skill.objects.filter(slug="hipaa").update(summary="Theirs")
    trying.write_out(found.pk)
    page = text_of(desk.get(url("import_detail", found.pk)))
    assert "Content was changed since you last looked, so nothing was written." in page


def test_what_changes_nothing_has_nothing_to_confirm(desk, mei):
    found = tried(Skill, entries({"slug": "hipaa"}), mei)
    page = text_of(desk.get(url("import_detail", found.pk)))
    assert "0 new, 0 changed, 1 unchanged" in page
    assert "Import all of it" not in page


def test_a_form_without_a_good_file_comes_back(desk, monkeypatch):
    assert "This field is required." in text_of(desk.post(url("exchange_send", *SKILL)), 422)
    assert "The submitted file is empty." in text_of(upload(desk, b""), 422)
    monkeypatch.setattr("roles.admin.exchange.MOST_BYTES", 10)
    assert "The file is larger than" in text_of(upload(desk, b"slug\nhipaa\n"), 422)
    assert Import.objects.count() == 0


def test_acts_are_posted(desk, mei):
    found = written(Skill, entries({"slug": "hipaa", "summary": "S"}), mei)
    for act in ("confirm", "drop", "start_again"):
        assert desk.get(url(f"import_{act}", found.pk)).status_code == 405
    assert reading.MOST_BYTES == 10 * 1024**2
