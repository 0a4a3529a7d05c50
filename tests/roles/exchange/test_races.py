"""Two imports at once, and an import beside editors, with real connections."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from interviews.models import Question
from roles.exchange import trying
from roles.models import Skill
from tests.factories import UserFactory
from tests.roles.exchange.importing import confirmed, entries, outcomes, question, tried

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def mei(transactional_db):
    return UserFactory(is_staff=True, display_name="Mei-Ling Zhao")


def together(*acts: Callable[[], object]) -> None:
    def run(act: Callable[[], object]) -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, acts))


def test_of_two_imports_of_the_same_rows_the_second_is_looked_at_again(mei):
    files = [entries(question("the-same", prompt=prompt)) for prompt in ("One?", "Two?")]
    both = [confirmed(tried(Question, content, mei), mei) for content in files]
    together(*(lambda number=found.pk: trying.write_out(number) for found in both))
    for found in both:
        found.refresh_from_db()
    assert sorted(found.state for found in both) == ["ready", "written"]
    (waits,) = (found for found in both if found.state == "ready")
    assert (outcomes(waits), waits.tried_again) == (["changed"], True)
    assert Question.objects.filter(slug="the-same").count() == 1


def test_two_imports_of_different_rows_are_both_written(mei):
    both = [confirmed(tried(Question, entries(question(f"q-{each}")), mei), mei) for each in range(2)]
    together(*(lambda number=found.pk: trying.write_out(number) for found in both))
    for found in both:
        found.refresh_from_db()
    assert [found.state for found in both] == ["written", "written"]


def test_a_task_that_comes_twice_at_once_writes_once(mei):
    found = confirmed(tried(Question, entries(*(question(f"q-{each}") for each in range(50))), mei), mei)
    together(*(lambda: trying.write_out(found.pk) for _ in range(4)))
    found.refresh_from_db()
    assert found.state == "written"
    assert Question.objects.filter(slug__startswith="q-").count() == 50


def test_what_an_editor_saves_while_an_import_waits_is_not_lost(mei):
    found = confirmed(tried(Skill, entries({"slug": "hipaa", "summary": "From the file"}), mei), mei)

    def write() -> None:
        trying.write_out(found.pk)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Skill.objects.filter(slug="hipaa").update(summary="By an editor")
            waiting = pool.submit(write)
        waiting.result(60)
    found.refresh_from_db()
    assert (found.state, found.tried_again) == ("ready", True)
    assert Skill.objects.get(slug="hipaa").summary == "By an editor"
