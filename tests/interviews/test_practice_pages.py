"""The daily path over plain forms: what each page shows and each post answers."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from interviews import aiming
from interviews.models import Aim, Attempt, Card, Habits, Question, Review
from tests.interviews.practicing import NOW, aim_at, answered, questions
from tests.pages import Page, flaws
from tests.queries import queries_of

PRACTICE = reverse("interviews:practice")
SCORES = {"substance": "3", "reasoning": "3", "grounding": "3", "delivery": "3"}


@pytest.fixture
def aimed(learner, analytics):
    aim_at(learner, analytics)
    return analytics


@pytest.fixture
def question(aimed) -> Question:
    return questions(aimed, 1)[0]


def value(html: str, name: str) -> str:
    start = html.index(f'name="{name}" value="') + len(f'name="{name}" value="')
    return html[start : html.index('"', start)]


def lock(client: Client, question: Question, **fields: object):
    html = client.get(PRACTICE, {"question": question.slug}).content.decode()
    form = {name: value(html, name) for name in ("attempt", "opened")} | {"text": "What I would say."} | fields
    return client.post(reverse("interviews:answer_lock", args=[question.slug]), form)


def test_without_a_role_the_page_asks_for_one(as_learner):
    page = Page(as_learner.get(PRACTICE))
    assert "Which interview do you practice for?" in page.text
    assert flaws(page) == []


def test_the_whole_path_by_plain_posts(as_learner, learner, question):
    response = lock(as_learner, question)
    attempt = Attempt.objects.get()
    assert (attempt.text, response.url) == (
        "What I would say.",
        reverse("interviews:attempt_detail", args=[attempt.pk]),
    )
    page = Page(as_learner.get(response.url))
    assert flaws(page) == []
    assert question.key_points[0] in page.text
    graded = as_learner.post(
        reverse("interviews:attempt_grade", args=[attempt.pk]), SCORES | {"points": ["1", "2"], "rating": "3"}
    )
    assert graded.url == PRACTICE
    following = Page(as_learner.get(PRACTICE))
    assert "Good. Back on" in following.text
    assert "1 answered today" in following.text
    as_learner.post(reverse("interviews:practice_undo"))
    assert Review.objects.get().voided_at is not None


def test_the_model_answer_is_not_on_the_page_of_the_question(as_learner, question):
    page = as_learner.get(PRACTICE, {"question": question.slug}).content.decode()
    assert question.key_points[0] not in page
    assert question.model_answer[:40] not in page


def test_the_rubric_proposes_what_stands_in_the_address(as_learner, learner, question):
    url = reverse("interviews:attempt_detail", args=[answered(learner, question).pk])
    assert "Score all four first" in Page(as_learner.get(url)).text
    assert "12 of 16. The rubric proposes Good" in Page(as_learner.get(url, SCORES)).text
    part = as_learner.get(url, SCORES, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith("<fieldset")
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("missing", ["rating", *SCORES])
def test_a_grade_without_scores_is_said_and_keeps_what_was_ticked(as_learner, learner, question, missing):
    attempt = answered(learner, question)
    fields = SCORES | {"rating": "3", "points": ["2"]}
    del fields[missing]
    response = as_learner.post(reverse("interviews:attempt_grade", args=[attempt.pk]), fields)
    page = Page(response)
    assert response.status_code == 422
    assert ("Choose a grade." if missing == "rating" else f"Score {missing}"[:10]) in page.text
    ticked = [found for tag, found in page.attributes if tag == "input" and "checked" in found]
    assert {"2"} <= {found["value"] for found in ticked if found["name"] == "points"}
    assert not Review.objects.exists()


def test_graded_in_another_tab_is_told_and_leads_on(as_learner, learner, question):
    attempts = [answered(learner, question) for _ in range(2)]
    for attempt in attempts:
        response = as_learner.post(
            reverse("interviews:attempt_grade", args=[attempt.pk]), SCORES | {"rating": "3"}, follow=True
        )
    assert "You graded this question already" in Page(response).text
    assert Review.objects.count() == 1


def test_too_long_an_answer_comes_back_whole_with_its_key_and_clock(as_learner, question):
    key, text = str(uuid4()), "a" * 10_001
    response = lock(as_learner, question, attempt=key, text=text)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Use at most 10,000 characters. These are 10001." in html
    assert text in html
    assert value(html, "attempt") == key
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("opened", ["", "nonsense", "MTc2:xx:yy"])
def test_a_clock_that_was_tampered_with_counts_as_none(as_learner, question, opened):
    lock(as_learner, question, opened=opened)
    assert Attempt.objects.get().seconds == 0


def test_a_form_without_its_key_is_asked_for_again(as_learner, question):
    response = lock(as_learner, question, attempt="x")
    assert response.status_code == 422
    assert "Load the page again." in response.content.decode()
    assert UUID(value(response.content.decode(), "attempt"))


def test_what_is_typed_is_kept_and_stands_there_again(as_learner, question):
    url = reverse("interviews:answer_keep", args=[question.slug])
    kept = as_learner.post(url, {"attempt": uuid4(), "text": "Half an"}, headers={"HX-Request": "true"})
    assert "Kept at" in kept.content.decode()
    assert "Half an" in as_learner.get(PRACTICE, {"question": question.slug}).content.decode()
    assert as_learner.post(url, {"attempt": uuid4(), "text": "Half an answer"}).status_code == 302


def test_putting_off_and_suspending_have_a_way_back(as_learner, question):
    for verb in ("bury", "suspend"):
        response = as_learner.post(reverse(f"interviews:card_{verb}", args=[question.slug]), follow=True)
        assert reverse("interviews:card_resume", args=[question.slug]) in response.content.decode()
    as_learner.post(reverse("interviews:card_resume", args=[question.slug]))
    card = Card.objects.get()
    assert (card.suspended_at, card.buried_until) == (None, None)


def test_another_learners_answer_is_not_found(as_learner, other_learner, question):
    attempt = answered(other_learner, question)
    assert as_learner.get(reverse("interviews:attempt_detail", args=[attempt.pk])).status_code == 404
    url = reverse("interviews:attempt_grade", args=[attempt.pk])
    assert as_learner.post(url, SCORES | {"rating": "3"}).status_code == 404


# ---------------------------------------------------------------- roles and pace


def test_a_role_is_added_changed_dropped_and_taken_up_again(as_learner, learner, analytics):
    settings = reverse("interviews:practice_settings")
    add = {"role": analytics.slug, "level": "2", "interview_on": "2027-03-14"}
    as_learner.post(reverse("interviews:aim_add"), add)
    aim = Aim.objects.get()
    assert (aim.role, aim.level, str(aim.interview_on)) == (analytics, 2, "2027-03-14")
    change = {f"{analytics.slug}-level": "4", f"{analytics.slug}-interview_on": ""}
    as_learner.post(reverse("interviews:aim_change", args=[analytics.slug]), change)
    assert (Aim.objects.get().level, Aim.objects.get().interview_on) == (4, None)
    page = Page(as_learner.get(settings))
    assert flaws(page) == []
    dropped = as_learner.post(reverse("interviews:aim_drop", args=[analytics.slug]), follow=True)
    assert "Your answers are kept" in Page(dropped).text
    assert not Aim.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"role": "", "level": "3"}, "This field is required"),
        ({"role": "no-such-role", "level": "3"}, "Select a valid choice"),
        ({"level": "9"}, "Select a valid choice"),
        ({"level": "3", "interview_on": "soon"}, "Enter a valid date"),
    ],
)
def test_a_bad_role_or_level_is_said_beside_its_field(as_learner, analytics, fields, said):
    response = as_learner.post(reverse("interviews:aim_add"), {"role": analytics.slug} | fields)
    assert response.status_code == 422
    assert said in Page(response).text
    assert not Aim.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reviews_a_day": "0"}, "1 to 100"),
        ({"new_a_day": "21"}, "0 to 20"),
        ({"reviews_a_day": "many"}, "whole number"),
    ],
)
def test_a_senseless_pace_is_said_and_not_saved(as_learner, fields, said):
    response = as_learner.post(reverse("interviews:habits_save"), {"reviews_a_day": "10", "new_a_day": "3"} | fields)
    assert response.status_code == 422
    assert said in Page(response).text
    assert not Habits.objects.exists()


def test_keys_can_be_switched_off(as_learner, learner, question):
    aiming.set_habits(learner=learner, reviews_a_day=10, new_a_day=3, keys=False)
    assert 'data-keys="off"' in as_learner.get(PRACTICE).content.decode()


# ---------------------------------------------------------------- what it costs


def test_the_daily_path_takes_so_many_queries(as_learner, learner, aimed):
    """Session and person among them; a browser's first visit is over."""
    question = questions(aimed, 1)[0]
    assert queries_of(as_learner, PRACTICE) == 4
    assert queries_of(as_learner, f"{PRACTICE}?question={question.slug}") == 4
    attempt = answered(learner, question, now=NOW)
    assert queries_of(as_learner, reverse("interviews:attempt_detail", args=[attempt.pk])) == 5
    with CaptureQueriesContext(connection) as captured:
        as_learner.post(reverse("interviews:attempt_grade", args=[attempt.pk]), SCORES | {"rating": "3"})
    asked = [each["sql"] for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) == 4, asked
