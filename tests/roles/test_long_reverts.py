"""Reverts of many rows: handed to the worker, done once and as a whole, and told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from interviews.models import Question
from roles.admin import history
from roles.admin.reverting import revert
from roles.history import asking
from roles.history.acting import acting
from roles.models import ChangeSet, Revert, RevertState, RowChange, Skill
from tests.working import killed_in_the_middle

WORDS = " And more."


@pytest.fixture
def many(monkeypatch):
    """More rows than a request writes."""
    monkeypatch.setattr(history, "MOST_AT_ONCE", 1)


def reworded(by=None) -> ChangeSet:
    """Every question of one level has more to it: by one statement, as nobody's page does it."""
    with acting(by=by, doing="More words"):
        Question.objects.filter(level=1).update(model_answer=Concat(F("model_answer"), Value(WORDS)))
    return RowChange.objects.latest("pk").changeset


def left_with_words() -> int:
    return Question.objects.filter(model_answer__endswith=WORDS).count()


def post(desk, changeset, seen=None):
    page = reverse("admin:history_revert", args=[changeset.pk])
    return desk.post(page, {"seen": seen or desk.get(page).context["plan"].seen})


def asked(desk, changeset) -> Revert:
    response = post(desk, changeset)
    found = Revert.objects.latest("pk")
    assert response.url == reverse("admin:revert_detail", args=[found.pk])
    return found


def done(found: Revert) -> Revert:
    asking.do_asked(found.pk, do=revert)
    found.refresh_from_db()
    return found


def page_of(desk, found: Revert) -> str:
    response = desk.get(reverse("admin:revert_detail", args=[found.pk]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.django_db
def test_more_rows_than_a_request_waits_for_are_handed_on(desk, many):
    changed = reworded()
    found = asked(desk, changed)
    assert found.is_moving
    assert left_with_words()
    assert "It waits for the worker." in page_of(desk, found)


@pytest.mark.django_db
def test_a_few_are_done_at_once(desk):
    Skill.objects.filter(slug="hipaa").update(name="Else")
    post(desk, RowChange.objects.latest("pk").changeset)
    assert not Skill.objects.filter(name="Else").exists()
    assert not Revert.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_it_and_history_and_log_say_at_whose_word(desk, editor, many):
    changed = reworded()
    rows = left_with_words()
    found = done(asked(desk, changed))
    assert found.state == RevertState.DONE
    assert left_with_words() == 0
    assert (found.result.by, found.result.changes.count()) == (editor, rows)
    assert LogEntry.objects.filter(user=editor, change_message=found.doing).count() == rows
    assert reverse("admin:history_detail", args=[found.result_id]) in page_of(desk, found)


@pytest.mark.django_db(transaction=True)
def test_done_once_it_is_not_done_again(desk, many):
    found = done(asked(desk, reworded()))
    before = RowChange.objects.count()
    done(found)
    assert RowChange.objects.count() == before


@pytest.mark.django_db
def test_asked_for_twice_it_is_one(desk, many):
    changed = reworded()
    seen = desk.get(reverse("admin:history_revert", args=[changed.pk])).context["plan"].seen
    assert post(desk, changed, seen).url == post(desk, changed, seen).url
    assert Revert.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_somebody_changed_meanwhile_stops_it(desk, many):
    found = asked(desk, reworded())
    rows = left_with_words()
    Question.objects.filter(level=1).first().delete()
    stopped = done(found)
    assert (stopped.state, left_with_words()) == (RevertState.STOPPED, rows - 1)
    assert "Somebody changed these rows since you looked." in page_of(desk, found)


@pytest.mark.django_db(transaction=True)
def test_a_right_that_was_taken_meanwhile_stops_it(desk, editor, many):
    found = asked(desk, reworded())
    rows = left_with_words()
    editor.groups.clear()
    stopped = done(found)
    assert (stopped.state, left_with_words()) == (RevertState.STOPPED, rows)
    assert "You may not change questions." in {fault for _, fault in stopped.faults}


@pytest.mark.django_db(transaction=True)
def test_what_the_form_would_refuse_is_said_row_by_row(desk, many):
    one = Question.objects.filter(level=1).first()
    Question.objects.filter(pk=one.pk).update(model_answer="")
    changed = reworded()
    rows = left_with_words()
    stopped = done(asked(desk, changed))
    assert (stopped.state, left_with_words()) == (RevertState.STOPPED, rows)
    assert [name for name, _ in stopped.faults] == [str(one)]
    assert str(one) in page_of(desk, stopped).replace("&#x27;", "'")


@pytest.mark.django_db(transaction=True)
def test_whoever_asked_and_is_gone_has_nothing_done(desk, editor, many):
    found = asked(desk, reworded())
    Revert.objects.update(by=None)
    assert done(found).why == "Whoever asked for it has no account any more."
    assert left_with_words()


@pytest.mark.django_db
def test_it_can_be_started_again_only_when_nothing_was_heard_of_it(desk, many):
    found = asked(desk, reworded())
    again = reverse("admin:revert_start_again", args=[found.pk])
    assert "cannot be started again" in desk.post(again, follow=True).content.decode()
    Revert.objects.update(alive_at=timezone.now() - timedelta(minutes=2))
    assert "Start again" in page_of(desk, found)
    desk.post(again)
    assert "Start again" not in page_of(desk, found)


@pytest.mark.django_db
def test_whoever_comes_back_finds_it_above_the_last_changes_and_on_the_start_page_once_it_is_stopped(desk, many):
    url = reverse("admin:revert_detail", args=[asked(desk, reworded()).pk])
    start, changes = reverse("admin:index"), reverse("admin:history_list")
    assert url in desk.get(changes).content.decode()
    assert url not in desk.get(start).content.decode()
    Revert.objects.update(state="stopped", why="Somebody changed it.", ended_at=timezone.now())
    assert url in desk.get(changes).content.decode()
    assert url in desk.get(start).content.decode()
    Revert.objects.update(ended_at=timezone.now() - timedelta(days=4))
    assert url not in desk.get(changes).content.decode()


@pytest.mark.django_db
def test_it_is_for_those_who_may_read_history(desk, editor, many):
    found = asked(desk, reworded())
    editor.groups.clear()
    assert desk.get(reverse("admin:revert_detail", args=[found.pk])).status_code == 403
    assert desk.post(reverse("admin:revert_start_again", args=[found.pk])).status_code == 403


@pytest.mark.django_db
def test_the_page_asks_how_far_it_is_and_is_whole_again_at_the_end(desk, many):
    found = asked(desk, reworded())
    url = reverse("admin:revert_detail", args=[found.pk])
    Revert.objects.update(total=100, done=40)
    response = desk.get(url, headers={"HX-Request": "true"})
    assert '<progress max="100" value="40"' in response.content.decode()
    assert "HX-Refresh" not in response.headers
    done(found)
    assert desk.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_has_changed_nothing_and_the_next_one_does_it(desk, many, start_worker):
    changed = reworded()
    rows = left_with_words()
    found = asked(desk, changed)
    killed_in_the_middle(start_worker)
    found.refresh_from_db()
    assert (found.state, left_with_words()) == (RevertState.WAITING, rows)
    assert found.total == 2 * rows, "how far it was is known outside of its transaction"
    assert done(found).state == RevertState.DONE
    assert left_with_words() == 0
