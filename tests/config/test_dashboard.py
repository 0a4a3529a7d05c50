from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from interviews.aiming import set_habits
from interviews.models import Question
from roadmaps.enrolling import enrol
from roadmaps.models import State
from roadmaps.publishing import publish
from roadmaps.ticking import set_state
from roles.models import Goal
from tests.interviews.practicing import aim_at, graded, questions
from tests.queries import queries_of
from tests.roadmaps.drafts import add_goal, first_goal, reword

URL = "/dashboard/"


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def enrolled(analytics, learner):
    return enrol(learner=learner, role=analytics)


def was_here(learner: User, days: int) -> None:
    User.objects.filter(pk=learner.pk).update(visited_at=timezone.now() - timedelta(days=days))


def test_a_newcomer_is_shown_the_way_in(as_learner):
    page = text_of(as_learner.get(URL))
    assert "Welcome, Ines Okonjo" in page
    assert reverse("roles:role_list") in page


def test_the_next_three_goals_lead_to_their_place(as_learner, enrolled, analytics):
    page = text_of(as_learner.get(URL))
    assert "Three goals come next" in page
    for goal in Goal.objects.filter(phase__role=analytics, phase__order=1):
        assert f"#goal-{goal.key}" in page


def test_two_roadmaps_take_turns(as_learner, enrolled, learner, coordination):
    enrol(learner=learner, role=coordination)
    rows = as_learner.get(URL).context["next_goals"]
    names = [standing.enrolment.role.short_name for standing, *_ in rows]
    assert names == ["Healthcare Analytics", "Care Coordination", "Healthcare Analytics"]


def test_goals_in_progress_come_first(as_learner, enrolled, learner, analytics, coordination):
    enrol(learner=learner, role=coordination)
    goal = Goal.objects.filter(phase__role=coordination, phase__order=3).first()
    set_state(learner=learner, role=coordination.slug, goal=goal.key, state=State.DOING, now=timezone.now())
    assert as_learner.get(URL).context["next_goals"][0][2].key == str(goal.key)


def test_whoever_is_done_is_told_so(as_learner, enrolled, learner, analytics):
    for goal in Goal.objects.filter(phase__role=analytics):
        set_state(learner=learner, role=analytics.slug, goal=goal.key, state=State.DONE, now=timezone.now())
    assert "Every goal is done" in text_of(as_learner.get(URL))


def test_the_same_number_stands_on_dashboard_roadmap_and_list(as_learner, enrolled, learner, analytics):
    goals = list(Goal.objects.filter(phase__role=analytics)[:7])
    for goal in goals[:5]:
        set_state(learner=learner, role=analytics.slug, goal=goal.key, state=State.DONE, now=timezone.now())
    set_state(learner=learner, role=analytics.slug, goal=goals[5].key, state=State.SKIPPED, now=timezone.now())
    urls = (URL, reverse("roadmaps:enrolment_list"), reverse("roadmaps:roadmap_detail", args=[analytics.slug]))
    for url in urls:
        page = text_of(as_learner.get(url))
        assert "5 of 17" in page, url
        assert "29%" in page, url


def test_what_was_closed_and_revised_since_the_last_visit_is_said(as_learner, enrolled, learner, analytics):
    was_here(learner, days=3)
    goal = first_goal(analytics)
    set_state(learner=learner, role=analytics.slug, goal=goal.key, state=State.DONE, now=timezone.now())
    reword(goal, "Said better now")
    publish(analytics, by=None)
    page = text_of(as_learner.get(URL))
    assert "You finished 1 goal." in page
    assert "The roadmap was revised" in page
    assert "1 reworded" in page


def test_nothing_new_is_said_too(as_learner, enrolled, learner):
    was_here(learner, days=3)
    assert "Nothing changed on your roadmaps since" in text_of(as_learner.get(URL))


def test_an_edition_that_waits_is_shown_until_it_is_decided(as_learner, enrolled, analytics):
    add_goal(analytics)
    publish(analytics, by=None)
    page = text_of(as_learner.get(URL))
    assert "Edition 2 is out: 1 new." in page


def test_a_left_roadmap_is_not_part_of_today(as_learner, enrolled, analytics):
    as_learner.post(reverse("roadmaps:roadmap_leave", args=[analytics.slug]))
    assert as_learner.get(URL).context["next_goals"] == []


def test_queries_are_pinned(as_learner, enrolled, learner):
    was_here(learner, days=3)
    assert queries_of(as_learner, URL) == 4


def test_ten_times_the_rows_take_as_many(as_learner, enrolled, learner, coordination, chronic):
    for role in (coordination, chronic):
        enrol(learner=learner, role=role)
        for goal in Goal.objects.filter(phase__role=role):
            set_state(learner=learner, role=role.slug, goal=goal.key, state=State.DONE, now=timezone.now())
    was_here(learner, days=3)
    assert queries_of(as_learner, URL) == 4


def test_who_aims_at_no_interview_is_led_to_practice_by_one_line(as_learner):
    page = text_of(as_learner.get(URL))
    assert page.count(f'href="{reverse("interviews:practice")}">Practice a few questions a day') == 1


def test_what_is_due_stands_with_the_time_that_it_takes(as_learner, learner, analytics):
    aim_at(learner, analytics)
    for question in questions(analytics, 2):
        graded(learner, question, now=timezone.now() - timedelta(days=9))
    page = text_of(as_learner.get(URL))
    assert "2 questions are due, about 3 minutes" in page
    assert f'href="{reverse("interviews:practice")}">Practice</a>' in page


def test_a_backlog_shows_the_share_of_a_day_first(as_learner, learner, analytics):
    aim_at(learner, analytics)
    set_habits(learner=learner, reviews_a_day=1, new_a_day=3, keys=True)
    for question in questions(analytics, 3):
        graded(learner, question, now=timezone.now() - timedelta(days=9))
    page = text_of(as_learner.get(URL))
    assert "1 question is due" in page
    assert "Of 3 that wait, the weakest first" in page


def test_new_questions_are_said_where_nothing_is_due(as_learner, learner, analytics):
    aim_at(learner, analytics)
    assert "3 new questions today" in text_of(as_learner.get(URL))


def test_who_is_done_for_today_is_told_how_much_it_was(as_learner, learner, analytics):
    Question.objects.of(analytics).exclude(pk=questions(analytics, 1)[0].pk).update(retired=True)
    aim_at(learner, analytics)
    graded(learner, questions(analytics, 1)[0], now=timezone.now())
    assert "Practice: 1 answered, and today is done." in text_of(as_learner.get(URL))
