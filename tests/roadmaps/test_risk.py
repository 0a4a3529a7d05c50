"""The four rules: to whom they apply, to whom they do not, and what they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmaps.risk import RULES, Return, Situation, findings_of, proportions
from tests.roadmaps.test_pace import done, pace

NOW = datetime(2027, 1, 20, 12, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def situation(**facts) -> Situation:
    """Somebody who has been there for long, did something today and is on plan."""
    return Situation(**{"now": NOW, "since": ago(80), "last_sign": NOW, **facts})


def rules(**facts) -> list[str]:
    return [found.rule.slug for found in findings_of(situation(**facts))]


def said(**facts) -> str:
    (found,) = findings_of(situation(**facts))
    return f"{found.short}: {found.sentence}"


BEHIND = pace(done("1.1", "1.2"), weeks_in=7)


def test_no_rule_applies_to_whoever_moves():
    assert rules(pace=pace(done("1.1", "1.2", "2.1"), weeks_in=6)) == []


@pytest.mark.parametrize(("days", "applies"), [(13.9, False), (14, True), (40, True)])
def test_quiet_begins_after_fourteen_days(days, applies):
    assert rules(last_sign=ago(days)) == (["quiet"] if applies else [])


def test_the_sentence_names_the_days():
    assert said(last_sign=ago(21)) == "21 days quiet: No goal, evidence or comment for 21 days, since December 30."


def test_who_never_did_anything_is_quiet_from_the_start():
    assert said(last_sign=None).startswith("80 days quiet")


@pytest.mark.parametrize(
    "spared", [{"since": ago(13)}, {"is_finished": True}, {"is_on_roadmap": False}, {"is_waiting": True}]
)
def test_newcomers_finishers_leavers_and_whoever_waits_are_not_quiet(spared):
    assert rules(last_sign=None, **{"since": ago(80), **spared}) == []


def test_an_answer_of_a_mentor_starts_the_count_anew():
    assert rules(last_sign=ago(30), answered_at=ago(5)) == []
    assert "since a mentor answered on January 4" in said(last_sign=ago(30), answered_at=ago(16))


@pytest.mark.parametrize(("times", "applies"), [(1, False), (2, True), (3, True)])
def test_a_milestone_that_came_back_twice_needs_a_word(times, applies):
    assert rules(returns=(Return("Prediction", times),)) == (["returned"] if applies else [])


def test_the_sentence_names_the_milestone():
    both = (Return("Statistics", 2), Return("Prediction", 3))
    assert said(returns=both) == "Returned 3 times: “Prediction” was returned 3 times, and so was one more."


def test_a_fifth_behind_plan_is_behind():
    assert rules(pace=BEHIND) == ["behind"]
    assert said(pace=BEHIND) == (
        "42% behind plan: About three weeks behind plan. "
        "The plan expects 7 of 10 weeks of work by today; 4 are done, 42% less."
    )


def test_less_than_a_fifth_or_less_than_a_week_is_not():
    assert rules(pace=pace(done("1.1", "1.2", "2.1", "2.2"), weeks_in=9.9)) == []  # 8 of 9.9: 19%
    assert rules(pace=pace({}, weeks_in=0.9)) == []


@pytest.mark.parametrize("spared", [{"since": ago(13)}, {"is_finished": True}, {"is_on_roadmap": False}])
def test_newcomers_finishers_and_leavers_are_not_behind(spared):
    assert rules(pace=BEHIND, **spared) == []


def test_a_blocker_stands_in_the_learners_words_for_everybody():
    facts = {"blocker": "My laptop cannot hold the data.", "blocked_since": ago(3), "since": ago(1)}
    assert said(**facts) == ("Blocker stated: Said on January 17 what is in the way: “My laptop cannot hold the data.”")


def test_rules_say_their_numbers():
    texts = {rule.slug: f"{rule.name} {rule.said}" for rule in RULES}
    assert "14 days" in texts["quiet"]
    assert "20%" in texts["behind"]
    assert "2 times" in texts["returned"]


def test_proportions_count_people_and_not_findings():
    everybody = [situation(), situation(last_sign=ago(20), pace=BEHIND), situation(last_sign=ago(30))]
    found = {each.rule.slug: (each.count, each.of) for each in proportions(map(findings_of, everybody))}
    assert found == {"blocker": (0, 3), "returned": (0, 3), "quiet": (2, 3), "behind": (1, 3)}


@given(
    st.integers(0, 300),
    st.none() | st.integers(0, 300),
    st.none() | st.integers(0, 300),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_whoever_is_spared_is_spared_whatever_else_holds(since, sign, answered, waiting, finished, left):
    found = rules(
        since=ago(since),
        last_sign=None if sign is None else ago(sign),
        answered_at=None if answered is None else ago(answered),
        is_waiting=waiting,
        is_finished=finished,
        is_on_roadmap=not left,
        pace=BEHIND,
    )
    if since < 14 or finished or left:
        assert found == []
    days = min(each for each in (since, sign, answered) if each is not None)
    assert ("quiet" in found) == (since >= 14 and days >= 14 and not (waiting or finished or left))
