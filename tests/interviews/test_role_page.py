"""The page of a role's interview, as visitors and learners see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from interviews import aiming
from interviews.days import study_day
from interviews.models import Question
from roles.models import Goal
from tests.conftest import ANALYTICS
from tests.interviews.practicing import graded, questions
from tests.pages import Page, flaws
from tests.queries import queries_of

URL = reverse("interviews:role_questions", args=[ANALYTICS])
NUMBERS = reverse("interviews:practice_numbers")


def aim(learner, role, *, days: int | None = None, level: int = 5) -> None:
    now = timezone.now()
    day = None if days is None else study_day(now, learner.zone) + timedelta(days=days)
    aiming.add_aim(learner=learner, role=role, level=level, interview_on=day, now=now)


def days_ago(days: float):
    return timezone.now() - timedelta(days=days)


@pytest.fixture(autouse=True)
def _three_questions(analytics) -> None:
    """The previews alone, however many the bank has."""
    kept = [each.pk for each in Question.objects.previews().of(analytics)]
    Question.objects.of(analytics).exclude(pk__in=kept).update(retired=True)


@pytest.fixture
def practiced(learner, analytics):
    """Two of three answered nine days ago."""
    aim(learner, analytics)
    for question in questions(analytics, 2):
        graded(learner, question, now=days_ago(9))
    return analytics


def page_of(client: Client, url: str = URL) -> Page:
    page = Page(client.get(url))
    assert flaws(page) == []
    return page


def many(role, count: int) -> None:
    """More questions for a role, as the whole bank has them."""
    skills = questions(role, 1)[0].skills.all()
    rows = Question.objects.bulk_create(
        Question(slug=f"more-{n}", category="domain", level=1, prompt=f"{n}?", model_answer="So.", key_points=["So"])
        for n in range(count)
    )
    for row in rows:
        row.roles.add(role)
        row.skills.set(skills)


def test_visitors_keep_what_they_had(analytics):
    page = page_of(Client())
    assert "Could you answer these today?" in page.text
    assert "chance" not in page.text
    assert page.forms("aim-add") == []


def test_who_does_not_aim_at_it_is_offered_to(as_learner, learner, analytics):
    assert len(page_of(as_learner).forms("aim-add")) == 1
    as_learner.post(reverse("interviews:aim_add"), {"role": ANALYTICS, "level": "3", "interview_on": ""})
    assert page_of(as_learner).forms("aim-add") == []


def test_who_answered_nothing_is_led_to_the_first_question(as_learner, learner, analytics):
    aim(learner, analytics)
    page = page_of(as_learner)
    assert "You have answered none of the 3 questions" in page.text
    first = min(Question.objects.open().of(analytics), key=lambda each: each.level)
    assert f"{reverse('interviews:practice')}?question={first.slug}" in page.links
    assert "Weakest" not in page.text


def test_above_the_level_aimed_at_there_may_be_nothing(as_learner, learner, analytics):
    Question.objects.of(analytics).update(level=5)
    aim(learner, analytics, level=1)
    assert "No question up to level 1" in page_of(as_learner).text


def test_figures_say_what_they_are_made_of(as_learner, practiced):
    text = page_of(as_learner).text
    assert "An interview that draws all 3 questions" in text
    assert "Answered at least once 2 of 3" in text
    assert "No mentor has scored any of them" in text


def test_few_answers_of_many_are_said_to_say_little(as_learner, practiced):
    many(practiced, 53)
    text = page_of(as_learner).text
    assert "draws 8 of the 56 questions" in text
    assert "2 of 56 answered: this says little yet." in text


def test_a_weak_question_leads_to_practice_to_its_goal_and_to_its_skill(as_learner, learner, analytics):
    question = questions(analytics, 1)[0]
    goal = Goal.objects.filter(phase__role=analytics, skills__isnull=False).first()
    question.skills.set(goal.skills.all()[:1])
    aim(learner, analytics)
    graded(learner, question, now=days_ago(200))
    links = page_of(as_learner).links
    assert f"{reverse('interviews:practice')}?question={question.slug}" in links
    assert f"{reverse('roadmaps:roadmap_detail', args=[ANALYTICS])}#goal-{goal.key}" in links
    assert goal.skills.first().get_absolute_url() in links


def test_a_goal_that_it_leads_to_has_its_place_for_whoever_is_not_on_the_roadmap(as_learner, analytics):
    goal = Goal.objects.filter(phase__role=analytics).first()
    page = page_of(as_learner, reverse("roadmaps:roadmap_detail", args=[ANALYTICS]))
    assert f"goal-{goal.key}" in page.ids


@pytest.mark.parametrize(
    ("days", "said"),
    [(-3, "The interview was on"), (0, "The interview is today"), (1, "1 day left"), (40, "40 days left")],
)
def test_the_way_to_the_day_is_said(as_learner, learner, analytics, days, said):
    aim(learner, analytics, days=days)
    graded(learner, questions(analytics, 1)[0], now=days_ago(9))
    assert said in page_of(as_learner).text


def test_before_the_first_answer_the_plan_stands_already(as_learner, learner, analytics):
    aim(learner, analytics, days=30)
    text = page_of(as_learner).text
    assert "Without another answer 0% of all 3" in text
    assert "Recalled on that day with this plan" in text


def test_another_learners_answers_are_nowhere_on_it(as_learner, learner, other_learner, analytics):
    aim(learner, analytics)
    graded(other_learner, questions(analytics, 1)[0], now=days_ago(3))
    assert "You have answered none of" in page_of(as_learner).text


def test_it_takes_as_many_queries_with_many_questions(as_learner, practiced):
    assert queries_of(as_learner, URL) == 7
    many(practiced, 53)
    assert queries_of(as_learner, URL) == 7


# ---------------------------------------------------------------- statistics


def test_before_the_first_answer_statistics_lead_to_practice(as_learner):
    page = page_of(as_learner, NUMBERS)
    assert "Nothing is counted yet" in page.text
    assert reverse("interviews:practice") in page.links


def test_after_the_first_answer_nothing_has_come_back_yet(as_learner, learner, analytics):
    aim(learner, analytics)
    graded(learner, questions(analytics, 1)[0], now=timezone.now())
    page = page_of(as_learner, NUMBERS)
    assert "You practiced on 1 of the last" in page.text
    assert "Nothing has come back yet" in page.text


def test_titles_state_what_is_found(as_learner, learner, practiced):
    graded(learner, questions(practiced, 1)[0], now=days_ago(5))
    page = page_of(as_learner, NUMBERS)
    titles = [text for level, text in page.headings if level == 2]
    assert titles[0].startswith("You practiced on 2 of the last")
    assert titles[1].startswith("You recalled 100% of what came back;")
    assert "due in the next 30 days" in titles[2]
    assert titles[3].endswith("of answering")
    assert "From so few, this says little yet." in page.text


def test_statistics_take_three_queries(as_learner, practiced):
    assert queries_of(as_learner, NUMBERS) == 3
