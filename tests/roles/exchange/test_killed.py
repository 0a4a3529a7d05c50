"""A real worker is killed in the middle of an import: nothing is half done, and the next one does all of it."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from interviews.models import Question
from roles.exchange import trying
from roles.models import ImportRow
from tests.factories import UserFactory
from tests.roles.exchange.importing import confirmed, entries, question, sent, tried
from tests.working import eventually, killed_in_the_middle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MANY = [question(f"q-{each}") for each in range(1500)]


@pytest.fixture
def mei(transactional_db):
    return UserFactory(is_staff=True, display_name="Mei-Ling Zhao")


def state_of(found) -> str:
    found.refresh_from_db()
    return found.state


def test_a_worker_that_is_killed_while_it_writes_has_written_nothing(mei, start_worker):
    before = Question.objects.count()
    found = confirmed(tried(Question, entries(*MANY), mei), mei)
    killed_in_the_middle(start_worker)
    assert state_of(found) == "confirmed"
    assert Question.objects.count() == before
    assert not LogEntry.objects.exists()
    trying.write_out(found.pk)  # what the next worker does with the same task
    assert state_of(found) == "written"
    assert Question.objects.count() == before + len(MANY)
    trying.write_out(found.pk)
    assert LogEntry.objects.count() == len(MANY)


def test_a_worker_that_is_killed_while_it_tries_has_said_nothing(mei, start_worker):
    before = Question.objects.count()
    found = sent(Question, entries(*MANY), mei)
    killed_in_the_middle(start_worker)
    assert state_of(found) == "trying"
    assert (Question.objects.count(), ImportRow.objects.count()) == (before, 0)
    assert found.total == len(MANY), "how far it was is known outside of its transaction"
    trying.try_out(found.pk)
    assert (state_of(found), found.new, found.tries) == ("ready", len(MANY), 2)
    assert ImportRow.objects.count() == len(MANY)


def test_a_worker_takes_an_import_from_the_file_to_the_rows(mei, start_worker):
    found = sent(Question, entries(question("by-the-worker")), mei)
    start_worker()
    assert eventually(lambda: state_of(found) == "ready")
    confirmed(found, mei)
    assert eventually(lambda: state_of(found) == "written")
    assert Question.objects.filter(slug="by-the-worker").exists()
