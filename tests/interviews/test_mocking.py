"""A mock interview's way: drawing, answering against the clock, two pages at once, ending, grading."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from interviews import mocking, practice
from interviews.mocking import (
    IncompleteError,
    NotGradableError,
    NotRunningError,
    OlderError,
    RunsAlreadyError,
    TooFewQuestionsError,
)
from interviews.models import Aside, Card, Mock, MockAnswer, MockQuestion, MockScore, MockState
from interviews.models.mocks import GRACE
from tests.interviews.mocked import EDITOR, OTHER, answer_at, bank, begun, ended, marks, saved, scored
from tests.interviews.practicing import NOW, graded

DEADLINE = NOW + timedelta(minutes=15)
TICK = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def questions(analytics):
    return bank(analytics, each=6)


@pytest.fixture
def mock(learner, analytics) -> Mock:
    return begun(learner, analytics)


# ---------------------------------------------------------------- beginning


def test_the_questions_are_stored_with_their_versions(learner, analytics, questions):
    analytics.questions.update(version=4)
    mock = begun(learner, analytics, count=8)
    slots = list(MockQuestion.objects.on(mock))
    assert [each.place for each in slots] == list(range(1, 9))
    assert {each.question_version for each in slots} == {4}
    assert MockAnswer.objects.filter(slot__mock=mock, text="").count() == 8


@pytest.mark.parametrize("change", [{"seed": 8}, {"level": 5}, {"count": 5}, {"ends_at": NOW + timedelta(days=1)}])
def test_what_was_drawn_is_never_changed(mock, change):
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Mock.objects.update(**change)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        MockQuestion.objects.update(question_version=9)


def test_a_second_post_of_the_form_begins_nothing_new(learner, analytics):
    key = uuid4()
    assert begun(learner, analytics, key=key) == begun(learner, analytics, key=key)
    assert Mock.objects.count() == 1


def test_somebody_elses_key_begins_nothing(learner, other_learner, analytics):
    mock = begun(learner, analytics)
    with pytest.raises(Mock.DoesNotExist):
        begun(other_learner, analytics, key=mock.pk)


def test_one_runs_at_a_time(learner, analytics, mock):
    with pytest.raises(RunsAlreadyError) as caught:
        begun(learner, analytics)
    assert caught.value.mock == mock


def test_the_database_holds_that_one_runs(learner, mock):
    twin = Mock.objects.get()
    twin.pk = uuid4()
    with pytest.raises(IntegrityError, match="interviews_mock_one_runs"), transaction.atomic():
        twin.save(force_insert=True)


def test_another_begins_once_the_time_of_the_first_is_up(learner, analytics, mock):
    begun(learner, analytics, now=DEADLINE + GRACE + TICK)
    mock.refresh_from_db()
    assert (mock.state, mock.ended_at) == (MockState.ENDED, DEADLINE)


def test_a_bank_that_is_too_small_says_how_many_it_has(learner, coordination):
    coordination.questions.set(coordination.questions.all()[:3])
    with pytest.raises(TooFewQuestionsError) as caught:
        begun(learner, coordination, count=5)
    assert caught.value.available == 3
    assert not Mock.objects.exists()


def test_what_was_asked_or_practiced_lately_is_not_drawn_again(learner, analytics, questions):
    first = begun(learner, analytics, count=8)
    mocking.leave(mock=first, by=learner, now=NOW)
    second = begun(learner, analytics, count=8)
    asked = [set(MockQuestion.objects.on(each).values_list("question", flat=True)) for each in (first, second)]
    assert not asked[0] & asked[1]


# ---------------------------------------------------------------- the deadline


@pytest.mark.parametrize(
    ("at", "late"),
    [(DEADLINE - TICK, False), (DEADLINE, False), (DEADLINE + TICK, True), (DEADLINE + GRACE, True)],
)
def test_until_the_deadline_it_is_in_time_and_within_the_grace_it_is_late(mock, at, late):
    assert saved(mock, "In the end.", now=at).is_late is late
    assert answer_at(mock).text == "In the end."


def test_after_the_grace_the_text_is_set_aside_and_the_answer_stays(mock):
    saved(mock, "In time.")
    with pytest.raises(NotRunningError):
        saved(mock, "In time, and more.", revision=1, now=DEADLINE + GRACE + TICK)
    assert answer_at(mock).text == "In time."
    aside = Aside.objects.get()
    assert (aside.text, aside.reason) == ("In time, and more.", "late")
    mock.refresh_from_db()
    assert mock.state == MockState.ENDED


def test_an_early_answer_is_not_late_because_another_is(mock):
    saved(mock, "Early.", place=1)
    saved(mock, "Late.", place=2, now=DEADLINE + TICK)
    assert [answer_at(mock, place).is_late for place in (1, 2)] == [False, True]


def test_the_clock_ends_it_where_nobody_does(mock):
    assert mock.state_at(DEADLINE + GRACE) == MockState.RUNNING
    assert mock.state_at(DEADLINE + GRACE + TICK) == MockState.ENDED


@pytest.mark.parametrize(
    ("before", "left"), [(timedelta(seconds=60), 60), (timedelta(seconds=59.5), 60), (timedelta(0), 0), (-TICK, 0)]
)
def test_seconds_left_are_rounded_up(mock, before, left):
    assert mock.seconds_left(DEADLINE - before) == left


# ---------------------------------------------------------------- two pages


def test_the_same_text_again_changes_nothing(mock):
    first = saved(mock, "Once.")
    second = saved(mock, "Once.", now=NOW + timedelta(seconds=9))
    assert (second.revision, second.saved_at) == (first.revision, first.saved_at)
    assert not Aside.objects.exists()


def test_an_older_page_never_replaces_a_newer_text_and_both_are_kept(mock):
    saved(mock, "Of the phone.", editor=OTHER)
    with pytest.raises(OlderError) as caught:
        saved(mock, "Of the desk.", revision=0)
    assert caught.value.answer.text == "Of the phone."
    assert answer_at(mock).text == "Of the phone."
    assert [each.text for each in Aside.objects.all()] == ["Of the desk."]


def test_an_older_page_that_types_on_has_its_newest_text_kept_once(mock):
    saved(mock, "Of the phone.", editor=OTHER)
    for sequence, text in enumerate(("Of", "Of the", "Of the desk."), 1):
        with pytest.raises(OlderError):
            saved(mock, text, revision=0, sequence=sequence)
    assert [each.text for each in Aside.objects.all()] == ["Of the desk."]


def test_an_older_request_of_the_same_page_does_not_win(mock):
    saved(mock, "First and second.", sequence=2)
    with pytest.raises(OlderError):
        saved(mock, "First", sequence=1)
    assert answer_at(mock).text == "First and second."


def test_a_page_goes_on_where_the_answer_to_its_save_was_lost(mock):
    saved(mock, "First", sequence=1)
    assert saved(mock, "First and second.", revision=0, sequence=2).revision == 2
    assert not Aside.objects.exists()


def test_whoever_has_seen_both_may_keep_theirs_and_the_other_stays_readable(mock):
    saved(mock, "Of the phone.", editor=OTHER)
    assert saved(mock, "Of the desk.", revision=0, over=1).text == "Of the desk."
    assert [(each.text, each.reason) for each in Aside.objects.all()] == [("Of the phone.", "replaced")]


def test_a_choice_made_on_what_was_changed_since_is_no_choice(mock):
    saved(mock, "One", editor=OTHER)
    saved(mock, "One two", editor=OTHER, revision=1)
    with pytest.raises(OlderError):
        saved(mock, "Mine", revision=0, over=1)
    assert answer_at(mock).text == "One two"


def test_another_learners_mock_takes_nothing(other_learner, mock):
    with pytest.raises(Mock.DoesNotExist):
        mocking.save(mock=mock, sent=mocking.Sent(1, "x", 0, EDITOR), by=other_learner, now=NOW)


def test_there_is_no_fourth_of_three(mock):
    with pytest.raises(MockQuestion.DoesNotExist):
        saved(mock, "x", place=4)


# ---------------------------------------------------------------- time a question


def test_time_counts_from_opening_and_no_moment_counts_twice(mock):
    def at(minutes):
        return NOW + timedelta(minutes=minutes)

    saved(mock, "a", place=1, opened_at=at(0), now=at(3))
    saved(mock, "b", place=2, opened_at=at(1), now=at(5))
    saved(mock, "ab", place=1, revision=1, opened_at=at(0), now=at(6))
    assert [answer_at(mock, place).seconds // 60 for place in (1, 2)] == [4, 2]


def test_time_after_the_deadline_is_not_counted(mock):
    saved(mock, "a", opened_at=DEADLINE - timedelta(minutes=2), now=DEADLINE + GRACE)
    assert answer_at(mock).seconds == 120


# ---------------------------------------------------------------- ending


def test_finishing_twice_is_finishing_once(learner, mock):
    mocking.finish(mock=mock, by=learner, now=NOW + timedelta(minutes=5))
    row = mocking.finish(mock=mock, by=learner, now=NOW + timedelta(minutes=9))
    assert (row.state, row.ended_at) == (MockState.ENDED, NOW + timedelta(minutes=5))


def test_what_has_ended_takes_no_answer_but_keeps_it_beside(learner, mock):
    mocking.finish(mock=mock, by=learner, now=NOW)
    with pytest.raises(NotRunningError):
        saved(mock, "One thought more.")
    assert (answer_at(mock).text, Aside.objects.get().text) == ("", "One thought more.")


def test_the_database_takes_no_answer_after_the_end(learner, mock):
    mocking.finish(mock=mock, by=learner, now=NOW)
    with pytest.raises(DatabaseError, match="not running any more"), transaction.atomic():
        MockAnswer.objects.update(text="More", revision=1, saved_at=NOW)


def test_whoever_leaves_keeps_what_they_wrote_and_may_begin_another(learner, analytics, mock):
    saved(mock, "Half.")
    assert mocking.leave(mock=mock, by=learner, now=NOW).state == MockState.LEFT
    assert mocking.leave(mock=mock, by=learner, now=NOW).state == MockState.LEFT
    assert answer_at(mock).text == "Half."
    assert begun(learner, analytics).state == MockState.RUNNING


def test_what_the_clock_has_ended_is_not_left(learner, mock):
    with pytest.raises(NotRunningError):
        mocking.leave(mock=mock, by=learner, now=DEADLINE + GRACE + TICK)


@pytest.mark.parametrize("state", [MockState.RUNNING, MockState.LEFT])
def test_what_has_ended_does_not_go_back(learner, mock, state):
    mocking.finish(mock=mock, by=learner, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        Mock.objects.update(state=state)


# ---------------------------------------------------------------- grading


def test_scores_are_kept_as_they_are_given(learner, analytics):
    mock = ended(learner, analytics)
    for given in (marks(4), marks(4, 2), marks(4, 2, 3, 1)):
        mocking.keep_marks(mock=mock, marks={2: given}, by=learner, now=NOW)
    assert MockScore.objects.get().scores.total == 10
    mocking.keep_marks(mock=mock, marks={2: marks(3)}, by=learner, now=NOW)
    assert MockScore.objects.get().scores.total == 9


def test_a_grading_that_lacks_scores_says_which(learner, analytics):
    mock = ended(learner, analytics)
    mocking.keep_marks(mock=mock, marks={1: marks(3, 3, 3, 3), 2: marks(3)}, by=learner, now=NOW)
    with pytest.raises(IncompleteError) as caught:
        mocking.grade(mock=mock, by=learner, now=NOW)
    assert caught.value.missing[2] == ["reasoning", "grounding", "delivery"]
    assert set(caught.value.missing) == {2, 3}


def test_an_empty_answer_gets_the_lowest_score_and_no_other(learner, analytics):
    mock = begun(learner, analytics)
    saved(mock, "Only this.", place=1)
    mocking.finish(mock=mock, by=learner, now=NOW)
    mock = scored(mock, {2: marks(4, 4, 4, 4)})
    totals = MockScore.objects.filter(slot__mock=mock).order_by("slot__place")
    assert [each.scores.total for each in totals] == [12, 4, 4]


def test_what_runs_is_not_graded(learner, mock):
    with pytest.raises(NotGradableError):
        mocking.keep_marks(mock=mock, marks={}, by=learner, now=NOW)
    with pytest.raises(NotGradableError):
        mocking.grade(mock=mock, by=learner, now=DEADLINE + GRACE)


def test_grading_twice_changes_nothing(learner, analytics):
    mock = scored(ended(learner, analytics), {})
    before = mock.graded_at
    assert mocking.grade(mock=mock, by=learner, now=NOW + timedelta(days=1)) == 0
    mock.refresh_from_db()
    assert mock.graded_at == before


def test_the_database_keeps_scores_once_it_is_graded(learner, analytics):
    scored(ended(learner, analytics), {})
    with pytest.raises(DatabaseError, match="not ended any more"), transaction.atomic():
        MockScore.objects.update(substance=4)


@pytest.mark.parametrize("model", [Mock, MockQuestion, MockAnswer, MockScore])
def test_nothing_of_it_is_deleted(learner, analytics, model):
    scored(ended(learner, analytics), {})
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        model.objects.all()._raw_delete("default")


# ---------------------------------------------------------------- back into practice


def weak_at_one(learner, role, *, practiced):
    """A mock whose first question went badly, after it was or was not practiced."""
    mock = ended(learner, role)
    question = MockQuestion.objects.on(mock).at(1).get().question
    if practiced:
        graded(learner, question, now=NOW - timedelta(days=1))
    mocking.keep_marks(
        mock=mock,
        marks={1: marks(1, 2, 2, 2), 2: marks(3, 3, 3, 3), 3: marks(3, 3, 3, 3)},
        by=learner,
        now=NOW,
    )
    return question, mocking.grade(mock=mock, by=learner, now=NOW)


def test_a_weak_question_that_is_practiced_falls_due_today(learner, analytics):
    question, back = weak_at_one(learner, analytics, practiced=True)
    assert (back, Card.objects.get(question=question).due_day) == (1, NOW.date())


def test_a_question_that_was_never_practiced_gets_no_card(learner, analytics):
    assert weak_at_one(learner, analytics, practiced=False)[1] == 0
    assert not Card.objects.exists()


def test_what_is_due_already_is_never_pushed_back(learner, questions):
    question = questions[0]
    graded(learner, question, now=NOW - timedelta(days=30))
    due = Card.objects.get().due_day
    assert practice.bring_forward(learner=learner, questions=[question.pk], now=NOW) == 0
    assert Card.objects.get().due_day == due < NOW.date()
