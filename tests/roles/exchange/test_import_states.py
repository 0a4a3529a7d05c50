"""An import goes from state to state one way only, whoever comes twice or dies on it; the database holds what it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from interviews.models import Question
from roles.exchange import importing, trying
from roles.exchange.importing import NotNowError
from roles.models import Import, ImportFile, ImportRow, Skill
from tests.roles.exchange.importing import confirmed, entries, question, sent, tried, written

HIPAA, SQL = "hipaa", "sql-for-health-data"


def test_an_import_is_confirmed_as_it_was_seen(mei):
    found = tried(Skill, entries({"slug": HIPAA, "summary": "S"}), mei)
    with pytest.raises(NotNowError, match="Look at it again"):
        importing.confirm(number=found.pk, seen="0" * 64, by=mei, now=timezone.now())
    confirmed(found, mei)
    with pytest.raises(NotNowError):
        confirmed(found, mei)


def test_writing_twice_writes_once(mei):
    found = written(Question, entries(question("brand-new")), mei)
    Question.objects.filter(slug="brand-new").delete()
    trying.write_out(found.pk)
    trying.try_out(found.pk)
    assert not Question.objects.filter(slug="brand-new").exists()


def test_what_was_dropped_is_not_tried(mei):
    found = sent(Skill, entries({"slug": HIPAA}), mei)
    importing.drop(number=found.pk)
    trying.try_out(found.pk)
    found.refresh_from_db()
    assert (found.state, found.rows.count()) == ("dropped", 0)
    with pytest.raises(NotNowError):
        importing.drop(number=found.pk)


def test_what_a_dead_worker_left_is_begun_anew(mei):
    found = sent(Skill, entries({"slug": HIPAA, "summary": "S"}), mei)
    now = timezone.now()
    Import.objects.filter(pk=found.pk).update(state="trying", tries=1, alive_at=now - timedelta(minutes=5))
    found.refresh_from_db()
    assert found.is_silent(now)
    again = importing.start_again(number=found.pk, now=now)
    assert (again.state, again.is_silent(now)) == ("waiting", False)
    with pytest.raises(NotNowError):
        importing.start_again(number=found.pk, now=now)
    trying.try_out(found.pk)
    found.refresh_from_db()
    assert (found.state, found.tries) == ("ready", 2)


def test_a_worker_that_was_overtaken_says_nothing_more(mei, monkeypatch):
    found = sent(Skill, entries({"slug": HIPAA, "summary": "S"}), mei)
    read = trying.read

    def overtaken(content: bytes):
        Import.objects.filter(pk=found.pk).update(tries=7)
        return read(content)

    monkeypatch.setattr(trying, "read", overtaken)
    trying.try_out(found.pk)
    found.refresh_from_db()
    assert (found.state, found.tries, found.rows.count()) == ("trying", 7, 0)


def test_files_go_after_a_week_and_the_log_stays(mei):
    old, waiting = written(Skill, entries({"slug": HIPAA, "summary": "S"}), mei), sent(Skill, b"[]", mei)
    ready, now = tried(Skill, entries({"slug": HIPAA, "summary": "T"}), mei), timezone.now()
    trying.drop_old(now=now + timedelta(days=6))
    assert ImportFile.objects.count() == 3
    trying.drop_old(now=now + timedelta(days=8))
    assert list(ImportFile.objects.all()) == [waiting.file]
    assert ImportRow.objects.count() == 0
    assert dict(Import.objects.values_list("pk", "state")) == {
        old.pk: "written", ready.pk: "dropped", waiting.pk: "waiting",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("roles_import_state_known", {"state": "lost"}),
        ("roles_import_done_of_all", {"done": 3}),
        ("roles_import_tried_first", {"state": "ready", "digest": "", "faulty": 0}),
        ("roles_import_tried_first", {"state": "ready", "faulty": 1}),
        ("roles_import_confirmed_by_somebody", {"state": "confirmed"}),
        ("roles_import_written_at", {"state": "written", "confirmed_by": "mei"}),
        ("roles_import_written_at", {"written_at": timezone.now()}),
        ("roles_import_refusal_of_unreadable", {"refusal": "Why"}),
    ],
)
def test_the_database_holds_what_an_import_is(constraint, values, mei):
    found = tried(Skill, entries({"slug": HIPAA, "summary": "S"}), mei)
    values = {name: mei if value == "mei" else value for name, value in values.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Import.objects.filter(pk=found.pk).update(**values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("roles_importrow_outcome_known", {"outcome": "odd"}),
        ("roles_importrow_once", {"number": 2}),
        ("roles_importrow_faults_of_faulty", {"faults": [["a", "b"]]}),
    ],
)
def test_the_database_holds_what_a_row_is(constraint, values, mei):
    found = tried(Skill, entries({"slug": HIPAA, "summary": "S"}, {"slug": SQL}), mei)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        found.rows.filter(number=1).update(**values)
