"""The pages on which a learner sends an answer to a mentor, and the desk on which the mentor scores it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from interviews.asking import KEYS
from interviews.models import Question, Score, Scorer
from interviews.rubric import Scores
from mentoring.models import Comment, Draft, State, Thread
from tests.factories import UserFactory
from tests.interviews.mocked import bank, ended, marks, scored
from tests.interviews.practicing import aim_at, graded, questions
from tests.interviews.sending_people import approved, claimed, matter_of, mock_of, own_answer, returned, sent, ungraded
from tests.mentoring.people import make_mentor, make_submitted
from tests.pages import Page, flaws
from tests.queries import queries_of

LIST = reverse("interviews:review_list")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def question(learner, analytics) -> Question:
    aim_at(learner, analytics)
    return questions(analytics, 1)[0]


@pytest.fixture
def matter(learner, question, now):
    return own_answer(learner, question, now=now)


@pytest.fixture
def as_ruth(ruth) -> Client:
    client = Client()
    client.force_login(ruth)
    return client


def url_of(matter, action: str) -> str:
    return reverse(f"interviews:review_{action}", args=[matter.kind.value, matter.key])


def post(client, matter, action: str, **fields):
    return client.post(url_of(matter, action), {"key": str(uuid4()), "message": ""} | fields)


def desk_of(thread, action: str = "detail") -> str:
    return reverse(f"mentoring:submission_{action}", args=[thread.submissions.newest().pk])


def fields(scores: Scores) -> dict[str, str]:
    return {f"score-{KEYS[name]}": str(score) for name, score in scores.by_name.items()}


# ---------------------------------------------------------------- the learner


def test_a_graded_answer_offers_a_mentors_view(as_learner, matter):
    page = Page(as_learner.get(matter.back_url))
    assert matter.url in page.links
    assert "What would a mentor say?" in page.text


def test_an_answer_that_is_not_graded_offers_none(as_learner, learner, question, now):
    matter = ungraded(learner, question, now=now)
    assert matter.url not in Page(as_learner.get(matter.back_url)).links


def test_the_page_says_what_is_missing_before_it_can_be_sent(as_learner, learner, question, now):
    matter = ungraded(learner, question, now=now)
    page = Page(as_learner.get(matter.url))
    assert "Grade it yourself first" in page.text
    assert flaws(page) == []


def test_sending_it_by_a_plain_post(as_learner, matter):
    assert flaws(Page(as_learner.get(matter.url))) == []
    response = post(as_learner, matter, "send", message="Is it enough?")
    assert response.url == matter.url
    page = Page(as_learner.get(matter.url))
    assert "Waiting for a mentor since" in page.text
    assert flaws(page) == []
    assert Thread.objects.get().submissions.get().message == "Is it enough?"


def test_a_message_that_is_too_long_is_kept_and_nothing_is_sent(as_learner, matter):
    response = post(as_learner, matter, "send", message="x" * 1001)
    page = Page(response)
    assert (page.status, Thread.objects.count()) == (422, 0)
    assert "x" * 1001 in page.html
    assert flaws(page) == []


def test_a_role_is_chosen_where_the_learner_practices_for_several(as_learner, learner, question, chronic, now):
    question.roles.add(chronic)
    aim_at(learner, chronic)
    matter = own_answer(learner, question, now=now)
    assert "For which role?" in Page(as_learner.get(matter.url)).text
    assert post(as_learner, matter, "send").status_code == 422
    post(as_learner, matter, "send", role=chronic.slug)
    assert Thread.objects.get().role == chronic


def test_it_is_taken_back_until_a_mentor_begins(as_learner, matter):
    sent(matter)
    assert post(as_learner, matter, "withdraw").url == matter.url
    assert Thread.objects.get().state == State.DRAFT
    assert "Send it again" in Page(as_learner.get(matter.url)).text


def test_taking_it_back_too_late_says_who_reads_it(as_learner, matter, ruth, now):
    claimed(sent(matter, now=now), ruth, now=now)
    page = Page(post(as_learner, matter, "withdraw"))
    assert page.status == 409
    assert "A mentor has begun to review this." in page.text
    assert flaws(page) == []


def test_a_message_survives_a_race(as_learner, matter, now):
    sent(matter, now=now)
    page = Page(post(as_learner, matter, "send", message="Look at the second part."))
    assert page.status == 409
    assert "Look at the second part." in page.text


def test_what_came_back_stands_beside_what_one_gave(as_learner, matter, ruth, now):
    returned(sent(matter, now=now), ruth, Scores(2, 3, 1, 2), now=now)
    page = Page(as_learner.get(matter.url))
    assert "You gave yourself 1.0 more than Ruth Adeyemi, on average" in page.text
    assert "Name the patient whom it reaches." in page.text
    assert "Answer it again, and send that answer" in page.text
    assert flaws(page) == []


def test_the_next_answer_is_sent_from_its_own_page(as_learner, learner, question, matter, ruth, now):
    returned(sent(matter, now=now), ruth, now=now)
    fresh = matter_of(graded(learner, question, now=now).attempt)
    page = Page(as_learner.get(fresh.url))
    assert matter.url in page.links
    assert "Send this answer" in page.text
    assert post(as_learner, fresh, "send_again").url == fresh.url
    assert Thread.objects.get().number == 2


def test_an_approval_is_said(as_learner, matter, ruth, now):
    approved(sent(matter, now=now), ruth, now=now)
    page = Page(as_learner.get(matter.url))
    assert "Approved by Ruth Adeyemi" in page.text
    assert "Ask for a second opinion" not in page.text


def test_the_learner_comments_on_what_they_sent(as_learner, matter, ruth, now):
    thread = claimed(sent(matter, now=now), ruth, now=now)
    number = thread.submissions.get().pk
    said = {"submission": number, "text": "I meant the second cohort.", "key": str(uuid4())}
    response = as_learner.post(url_of(matter, "comment"), said)
    assert response.url == f"{matter.url}#comment-{Comment.objects.get().pk}"
    part = as_learner.post(url_of(matter, "comment"), said | {"text": "", "key": str(uuid4())}, headers=HTMX)
    assert (part.status_code, b"Write something." in part.content) == (422, True)


def test_everything_sent_stands_in_one_list_with_what_came_back_first(as_learner, learner, analytics, ruth, now):
    aim_at(learner, analytics)
    assert "Nothing is with a mentor" in Page(as_learner.get(LIST)).text
    first, second = questions(analytics, 2)
    waits, back = own_answer(learner, first, now=now), own_answer(learner, second, now=now)
    returned(sent(back, now=now), ruth, now=now)
    sent(waits, now=now)
    page = Page(as_learner.get(LIST))
    places = [page.links.index(each.url) for each in (back, waits)]
    assert places == sorted(places)
    assert flaws(page) == []


def test_somebody_elses_answer_is_no_page(matter):
    client = Client()
    client.force_login(UserFactory())
    assert client.get(matter.url).status_code == 404
    assert post(client, matter, "send").status_code == 404
    assert client.get(matter.url.replace("/answer/", "/milestone/")).status_code == 404


def test_a_mock_is_sent_from_its_result(as_learner, learner, analytics, now):
    bank(analytics)
    matter = mock_of(scored(ended(learner, analytics, now=now), {1: marks(4, 3, 3, 2)}, now=now))
    assert matter.url in Page(as_learner.get(matter.back_url)).links
    assert post(as_learner, matter, "send").url == matter.url
    page = Page(as_learner.get(matter.url))
    assert "My answer to 3." in page.text
    assert flaws(page) == []


def test_the_pages_take_so_many_queries(as_learner, matter, ruth, now):
    assert queries_of(as_learner, matter.url) == 8
    returned(sent(matter, now=now), ruth, now=now)
    assert queries_of(as_learner, matter.url) == 17
    assert queries_of(as_learner, LIST) == 4


# ---------------------------------------------------------------- the mentor


def test_the_queue_is_narrowed_to_answers(as_ruth, analytics, matter, now):
    sent(matter, now=now)
    make_submitted(UserFactory(display_name="Tom Berger"), analytics, now=now)
    queue = reverse("mentoring:queue")
    assert Page(as_ruth.get(queue, {"kind": "answer"})).text.count("Interview answer:") == 1
    assert "Tom Berger" not in Page(as_ruth.get(queue, {"kind": "answer"})).text
    assert "Tom Berger" in Page(as_ruth.get(queue, {"kind": "milestone"})).text


def test_the_desk_shows_the_answer_and_what_a_good_one_holds(as_ruth, ruth, matter, question, now):
    thread = claimed(sent(matter, now=now), ruth, now=now)
    page = Page(as_ruth.get(desk_of(thread)))
    assert "My answer." in page.text
    assert question.key_points[0] in page.text
    assert "Wrong or unsafe" in page.text
    assert "Interview answer" in page.text
    assert flaws(page) == []


def test_the_mentor_never_sees_what_the_learner_gave(as_ruth, ruth, learner, question, now):
    told = own_answer(learner, question, now=now, scores=Scores(4, 4, 4, 4))
    page = Page(as_ruth.get(desk_of(claimed(sent(told, now=now), ruth, now=now))))
    assert "16 of 16" not in page.text
    assert not [each for tag, each in page.attributes if tag == "input" and "checked" in each and "score" in str(each)]


def test_scores_are_kept_as_they_are_given(as_ruth, ruth, matter, now):
    thread = claimed(sent(matter, now=now), ruth, now=now)
    as_ruth.post(desk_of(thread, "draft"), {f"score-{KEYS['reasoning']}": "2"})
    assert Draft.objects.get().content["score"] == {KEYS["reasoning"]: 2}
    page = Page(as_ruth.get(desk_of(thread)))
    chosen = [
        each["value"] for tag, each in page.attributes if tag == "input" and "checked" in each and each.get("form")
    ]
    assert chosen == ["2"]


def test_what_is_no_score_is_left_out(as_ruth, ruth, matter, now):
    thread = claimed(sent(matter, now=now), ruth, now=now)
    as_ruth.post(desk_of(thread, "draft"), {f"score-{KEYS['reasoning']}": "5", "text": "Hm."})
    assert Draft.objects.get().content["score"] == {}


def test_a_decision_without_all_scores_comes_back_with_what_was_given(as_ruth, ruth, matter, now):
    thread = claimed(sent(matter, now=now), ruth, now=now)
    given = fields(Scores(3, 3, 3, 3))
    del given[f"score-{KEYS['delivery']}"]
    page = Page(as_ruth.post(desk_of(thread, "approve"), {"key": str(uuid4())} | given))
    assert page.status == 422
    assert "Choose one." in page.text
    assert "#met-4-1" in page.links
    assert flaws(page) == []


def test_approving_gives_the_scores(as_ruth, ruth, matter, now):
    thread = claimed(sent(matter, now=now), ruth, now=now)
    as_ruth.post(desk_of(thread, "approve"), {"key": str(uuid4())} | fields(Scores(3, 4, 3, 2)))
    assert Score.objects.get(by=Scorer.MENTOR).scores == Scores(3, 4, 3, 2)


def test_a_decided_answer_shows_what_was_given(as_ruth, ruth, matter, now):
    thread = approved(sent(matter, now=now), ruth, Scores(3, 4, 3, 2), now=now)
    page = Page(as_ruth.get(desk_of(thread)))
    assert "4 of 4" in page.text
    assert "Says what would change the decision" in page.text
    assert flaws(page) == []


def test_a_mentor_of_another_role_finds_nothing(matter, coordination, now):
    other = make_mentor(coordination, name="Jonas Lindqvist")
    client = Client()
    client.force_login(other)
    assert client.get(desk_of(sent(matter, now=now))).status_code == 404


def test_the_second_round_shows_what_is_different(as_ruth, ruth, learner, question, matter, now):
    returned(sent(matter, now=now), ruth, now=now)
    fresh = matter_of(graded(learner, question, now=now).attempt)
    client = Client()
    client.force_login(learner)
    post(client, fresh, "send_again")
    thread = Thread.objects.get()
    page = Page(as_ruth.get(desk_of(thread)))
    assert "round 1" in page.text
    assert flaws(page) == []


def test_today_says_what_came_back(as_learner, matter, ruth, now):
    dashboard = reverse("dashboard")
    thread = sent(matter, now=now)
    assert "back from a mentor" not in Page(as_learner.get(dashboard)).text
    returned(thread, ruth, now=now)
    page = Page(as_learner.get(dashboard))
    assert "One of your answers is back from a mentor" in page.text
    assert LIST in page.links
