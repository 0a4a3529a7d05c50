"""A mock interview over plain forms and by htmx: what each page shows, and what it keeps back until the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from interviews import mocking
from interviews.models import Aside, Card, Mock, MockQuestion, MockScore, MockState
from interviews.models.mocks import GRACE
from tests.interviews.mocked import EDITOR, OTHER, answer_at, bank, begun, ended, marks, saved, scored
from tests.interviews.practicing import aim_at, graded
from tests.pages import Page, flaws
from tests.queries import queries_of

MOCKS = reverse("interviews:mock_list")
HTMX = {"HX-Request": "true"}
WISH = {"level": "3", "count": "3", "minutes": "15"}


@pytest.fixture(autouse=True)
def questions(analytics):
    return bank(analytics)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def mock(learner, analytics, now) -> Mock:
    return begun(learner, analytics, now=now)


def page_of(mock: Mock, name: str) -> str:
    return reverse(f"interviews:mock_{name}", args=[mock.pk])


def fields(text: str, *, place: int = 1, revision: int = 0, **more: object) -> dict[str, object]:
    return {"place": place, "text": text, "revision": revision, "editor": EDITOR} | more


def value(page: Page, name: str) -> str:
    return next(str(found["value"]) for tag, found in page.attributes if tag == "input" and found.get("name") == name)


def form_of(page: Page) -> dict[str, str]:
    """What a browser without scripts sends along."""
    return {name: value(page, name) for name in ("place", "revision", "editor", "sequence", "opened")}


@pytest.fixture
def begun_ago(learner, analytics, now):
    """A mock of 15 minutes that began so many minutes ago."""
    return lambda minutes: begun(learner, analytics, now=now - timedelta(minutes=minutes))


# ---------------------------------------------------------------- the whole way


def test_the_whole_way_by_plain_posts(as_learner, analytics):
    page = Page(as_learner.get(MOCKS))
    assert "Nothing here yet" in page.text
    response = as_learner.post(MOCKS, WISH | {"key": value(page, "key"), "role": analytics.slug})
    mock = Mock.objects.get()
    assert response.url == page_of(mock, "detail")
    for place, to in ((1, "2"), (2, "3"), (3, "finish")):
        page = Page(as_learner.get(response.url, follow=True))
        assert f"Question {place} of 3" in page.text
        assert flaws(page) == []
        response = as_learner.post(page_of(mock, "save"), form_of(page) | {"text": f"Answer {place}.", "to": to})
    page = Page(as_learner.get(response.url))
    assert "All 3 are answered" in page.text
    response = as_learner.post(page_of(mock, "finish"))
    assert response.url == page_of(mock, "grade")
    assert flaws(Page(as_learner.get(response.url))) == []
    given = {f"q{place}-{name}": "3" for place in (1, 2, 3) for name in ("substance", "reasoning", "grounding")}
    given |= {f"q{place}-shown": "1" for place in (1, 2, 3)} | {f"q{place}-delivery": "2" for place in (1, 2, 3)}
    response = as_learner.post(page_of(mock, "grade"), given | {"do": "finish", "q1-points": ["1", "3"]})
    assert response.url == page_of(mock, "result")
    page = Page(as_learner.get(response.url))
    assert "Weakest in delivery" in page.text
    assert "33 of 48" in page.text
    assert flaws(page) == []
    assert "Graded" in Page(as_learner.get(MOCKS)).text


# ---------------------------------------------------------------- beginning


def test_the_form_begins_with_the_role_that_one_aims_at(as_learner, learner, coordination):
    aim_at(learner, coordination, level=4)
    page = Page(as_learner.get(MOCKS))
    chosen = [found["value"] for tag, found in page.attributes if tag == "option" and "selected" in found]
    assert chosen == [coordination.slug, "4", "5", "30"]


def test_no_more_are_proposed_than_the_bank_has(as_learner, learner, coordination):
    coordination.questions.set(coordination.questions.all()[:3])
    aim_at(learner, coordination, level=4)
    page = Page(as_learner.get(MOCKS))
    chosen = [found["value"] for tag, found in page.attributes if tag == "option" and "selected" in found]
    assert chosen == [coordination.slug, "4", "3", "15"]


def test_too_few_questions_are_said_beside_the_field(as_learner, coordination):
    coordination.questions.set(coordination.questions.all()[:3])
    response = as_learner.post(MOCKS, WISH | {"key": uuid4(), "role": coordination.slug, "count": "5"})
    assert response.status_code == 422
    assert "This role has 3 questions of different kinds so far" in Page(response).text


@pytest.mark.parametrize("wrong", [{"role": "none"}, {"level": "6"}, {"count": "4"}, {"minutes": "1"}, {"key": "x"}])
def test_a_wish_that_is_not_on_offer_is_refused(as_learner, analytics, wrong):
    response = as_learner.post(MOCKS, WISH | {"key": uuid4(), "role": analytics.slug} | wrong)
    assert response.status_code == 422
    assert not Mock.objects.exists()


def test_a_second_interview_leads_to_the_running_one(as_learner, analytics, mock):
    response = as_learner.post(MOCKS, WISH | {"key": uuid4(), "role": analytics.slug})
    assert response.url == page_of(mock, "detail")
    assert Mock.objects.count() == 1


# ---------------------------------------------------------------- while it runs


@pytest.mark.parametrize("path", ["detail", "finish", "leave"])
def test_no_word_of_a_good_answer_is_on_a_page_of_a_running_interview(as_learner, mock, path):
    saved(mock, "Mine.", now=mock.started_at)
    for place in (1, 2, 3):
        html = as_learner.get(page_of(mock, path), {"question": place}).content.decode().lower()
        assert "secret" not in html
    conflict = as_learner.post(page_of(mock, "save"), fields("Other", editor=OTHER)).content.decode().lower()
    assert "secret" not in conflict


@pytest.mark.parametrize("name", ["grade", "result"])
def test_pages_with_answers_lead_back_while_it_runs(as_learner, mock, name):
    assert as_learner.get(page_of(mock, name)).url == page_of(mock, "detail")


def test_within_the_grace_answers_are_still_kept_back(as_learner, begun_ago):
    mock = begun_ago(15.5)
    assert as_learner.get(page_of(mock, "grade")).url == page_of(mock, "detail")
    assert "Time is up" in Page(as_learner.get(page_of(mock, "detail"), {"question": 1})).text


def test_once_it_is_over_its_pages_lead_on_to_grading(as_learner, begun_ago):
    mock = begun_ago(17)
    for name in ("detail", "finish", "leave", "result"):
        assert as_learner.get(page_of(mock, name)).url == page_of(mock, "grade")
    assert as_learner.get(page_of(mock, "grade")).status_code == 200


def test_one_comes_back_to_the_first_open_question(as_learner, mock):
    saved(mock, "One.", now=mock.started_at)
    assert as_learner.get(page_of(mock, "detail")).url == f"{page_of(mock, 'detail')}?question=2"
    assert "Question 1 of 3" in Page(as_learner.get(page_of(mock, "detail"), {"question": "1"})).text


def test_htmx_is_told_when_it_was_saved_and_which_revision_it_has(as_learner, mock):
    response = as_learner.post(page_of(mock, "save"), fields("Typed"), headers=HTMX)
    html = response.content.decode()
    assert "Saved at" in html
    assert 'value="1" hx-swap-oob="true"' in html
    assert answer_at(mock).text == "Typed"


def test_line_ends_of_browsers_are_no_change(as_learner, mock):
    as_learner.post(page_of(mock, "save"), fields("a\r\nb"))
    as_learner.post(page_of(mock, "save"), fields("a\nb", revision=1))
    assert (answer_at(mock).text, answer_at(mock).revision) == ("a\nb", 1)


def test_an_older_page_is_refused_with_both_texts_to_read(as_learner, mock):
    saved(mock, "Of the phone.", editor=OTHER, now=mock.started_at)
    part = as_learner.post(page_of(mock, "save"), fields("Of the desk."), headers=HTMX)
    assert (part.status_code, "Of the phone." in part.content.decode()) == (409, True)
    whole = as_learner.post(page_of(mock, "save"), fields("Of the desk.", editor=uuid4()))
    page = Page(whole)
    assert whole.status_code == 409
    assert "Of the phone." in page.text
    assert "Of the desk." in page.text
    assert flaws(page) == []
    kept = as_learner.post(page_of(mock, "save"), form_of(page) | {"text": "Of the desk.", "over": value(page, "over")})
    assert kept.status_code == 302
    assert answer_at(mock).text == "Of the desk."
    assert "Of the phone." in Page(as_learner.get(page_of(mock, "detail"), {"question": 1})).text


def test_too_long_a_text_comes_back_whole(as_learner, mock):
    response = as_learner.post(page_of(mock, "save"), fields("a" * 10_001))
    assert response.status_code == 422
    assert "a" * 10_001 in response.content.decode()
    assert "Use at most 10,000 characters" in Page(response).text


def test_what_comes_after_the_end_is_said_to_be_kept(as_learner, learner, mock):
    mocking.finish(mock=mock, by=learner, now=mock.started_at)
    part = as_learner.post(page_of(mock, "save"), fields("Late thought"), headers=HTMX)
    assert (part.status_code, "kept beside your answer" in part.content.decode()) == (409, True)
    response = as_learner.post(page_of(mock, "save"), fields("Late thought"), follow=True)
    assert "Late thought" in Page(response).text
    assert Aside.objects.count() == 1


@pytest.mark.parametrize("name", ["detail", "finish", "leave", "grade", "result"])
def test_another_learners_interview_is_not_found(other_learner, mock, name):
    client = Client()
    client.force_login(other_learner)
    assert client.get(page_of(mock, name)).status_code == 404
    assert client.post(page_of(mock, "save"), fields("x")).status_code == 404
    for act in ("finish", "leave", "grade"):
        assert client.post(page_of(mock, act)).status_code == 404
    assert MOCKS not in page_of(mock, name) or str(mock.pk) not in client.get(MOCKS).content.decode()


def test_finishing_says_what_is_unanswered_and_asks(as_learner, mock):
    saved(mock, "One.", now=mock.started_at)
    page = Page(as_learner.get(page_of(mock, "finish")))
    assert "Finish with 2 of 3 unanswered?" in page.text
    assert flaws(page) == []
    assert Mock.objects.get().state == MockState.RUNNING


def test_leaving_asks_and_keeps_what_was_written(as_learner, mock):
    saved(mock, "Half a thought.", now=mock.started_at)
    assert flaws(Page(as_learner.get(page_of(mock, "leave")))) == []
    as_learner.post(page_of(mock, "leave"))
    page = Page(as_learner.get(page_of(mock, "result")))
    assert "It was not graded" in page.text
    assert "Half a thought." in page.text
    assert flaws(page) == []


# ---------------------------------------------------------------- the clock


def test_htmx_gets_the_clock_alone(as_learner, mock):
    response = as_learner.get(page_of(mock, "detail"), {"left": 900}, headers=HTMX)
    assert response.content.decode().lstrip().startswith('<div class="mock-clock')
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(
    ("before", "minutes", "said"),
    [
        (330, 10.1, "5 minutes left"),
        (290, 10.5, ""),
        (330, 9.6, ""),
        (75, 14.2, "1 minute left"),
        (45, 14.6, ""),
        (600, 14.5, "1 minute left"),
    ],
)
def test_only_five_minutes_and_one_are_said_aloud_and_once(as_learner, begun_ago, before, minutes, said):
    mock = begun_ago(minutes)
    html = as_learner.get(page_of(mock, "detail"), {"left": before}, headers=HTMX).content.decode()
    assert ("clock-said" in html) == bool(said)
    assert said in html


def test_the_clock_leads_on_once_it_is_over(as_learner, begun_ago):
    mock = begun_ago(15 + GRACE.total_seconds() / 60 + 0.1)
    html = as_learner.get(page_of(mock, "detail"), {"left": 20}, headers=HTMX).content.decode()
    assert page_of(mock, "grade") in html
    assert "every 30s" not in html


# ---------------------------------------------------------------- grading and the result


def test_a_score_is_kept_by_htmx_as_it_is_given(as_learner, learner, analytics, now):
    mock = ended(learner, analytics, now=now)
    part = as_learner.post(page_of(mock, "grade"), {"q2-shown": "1", "q2-substance": "3"}, headers=HTMX)
    assert "0 of 3 scored, kept at" in Page(part).text
    assert MockScore.objects.get().substance == 3
    assert 'id="q2-substance-3" checked' in as_learner.get(page_of(mock, "grade")).content.decode()


def test_what_is_missing_is_said_beside_each_criterion_and_the_rest_is_kept(as_learner, learner, analytics, now):
    mock = ended(learner, analytics, now=now)
    given = {"do": "finish", "q1-shown": "1", "q1-substance": "4"}
    response = as_learner.post(page_of(mock, "grade"), given)
    page = Page(response)
    assert response.status_code == 422
    assert page.text.count("Score substance first.") == 2
    assert "#q1-reasoning-1" in page.links
    assert flaws(page) == []
    assert MockScore.objects.get().substance == 4


def test_the_result_says_the_numbers_and_what_to_do_next(as_learner, learner, analytics, now):
    mock = scored(
        ended(learner, analytics, now=now), {1: marks(4, 4, 3, 3), 2: marks(1, 1, 2, 2), 3: marks(2, 2, 3, 3)}, now=now
    )
    page = Page(as_learner.get(page_of(mock, "result")))
    assert "30 of 48" in page.text
    assert "2.5 of 4" in page.text
    weakest = MockQuestion.objects.on(mock).at(2).get().question
    assert f"{reverse('interviews:practice')}?question={weakest.slug}" in page.links
    assert "6 of 16. Substance: wrong or unsafe. Reasoning: bare assertion." in page.text


def test_what_was_left_empty_is_said_instead_of_four_anchors(as_learner, learner, analytics, now):
    mock = begun(learner, analytics, now=now)
    mocking.finish(mock=mock, by=learner, now=now)
    mocking.grade(mock=mock, by=learner, now=now)
    page = Page(as_learner.get(page_of(mock, "result")))
    assert page.text.count("Left empty. Practice this question") == 3
    assert "Wrong or unsafe" in page.text, "the replay has the scores"
    assert "4 of 16. Substance" not in page.text


def test_weak_questions_are_said_to_be_due(as_learner, learner, analytics, now):
    mock = ended(learner, analytics, now=now)
    graded(learner, MockQuestion.objects.on(mock).at(1).get().question, now=now - timedelta(days=1))
    given = {f"q{place}-{name}": "1" for place in (1, 2, 3) for name in ("substance", "reasoning", "grounding")}
    given |= {f"q{place}-shown": "1" for place in (1, 2, 3)} | {f"q{place}-delivery": "1" for place in (1, 2, 3)}
    response = as_learner.post(page_of(mock, "grade"), given | {"do": "finish"}, follow=True)
    assert "1 question of it is due in practice today" in Page(response).text
    assert Card.objects.get().due_day is not None


def test_from_the_third_graded_one_on_there_is_a_trend(as_learner, learner, analytics, now):
    for number in range(3):
        assert "graded:" not in Page(as_learner.get(MOCKS)).text
        at = now + timedelta(minutes=number)
        scored(ended(learner, analytics, now=at), {1: marks(*[number + 1] * 4)}, now=at)
    page = Page(as_learner.get(MOCKS))
    assert "Three graded: 2.3 of 4 in the first, 3.0 in the last" in page.text
    assert any(tag == "polyline" for tag, _ in page.attributes)
    assert flaws(page) == []


# ---------------------------------------------------------------- what it costs


def test_pages_take_so_many_queries(as_learner, learner, analytics, now):
    mock = begun(learner, analytics, count=8, now=now)
    assert queries_of(as_learner, page_of(mock, "detail"), data={"question": 1}) == 5
    assert queries_of(as_learner, page_of(mock, "detail"), headers=HTMX) == 3
    assert queries_of(as_learner, page_of(mock, "finish")) == 4
    assert queries_of(as_learner, page_of(mock, "save"), method="post", data=fields("a"), headers=HTMX) == 6
    mocking.finish(mock=mock, by=learner, now=now)
    assert queries_of(as_learner, page_of(mock, "grade")) == 5
    scored(mock, {}, now=now)
    assert queries_of(as_learner, page_of(mock, "result")) == 7
    assert queries_of(as_learner, MOCKS) == 5
