"""Sample answers are scored first and compared then; a score stays what it was."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from interviews import calibrating
from interviews.models import Question, SampleAnswer, SampleScore
from interviews.rubric import Scores
from tests.interviews.practicing import FAIR, NOW, aim_at, answered, on_day, questions, sample_of
from tests.pages import Page, flaws
from tests.queries import queries_of

PAGE = reverse("interviews:calibration")
PRACTICE = reverse("interviews:practice")
SCORES = {"substance": "3", "reasoning": "3", "grounding": "4", "delivery": "2"}


def url_of(sample, name="sample_detail"):
    return reverse(f"interviews:{name}", args=[sample.question.slug, sample.number])


@pytest.fixture(autouse=True)
def _no_samples(db) -> None:
    """Each test makes the samples that it needs, instead of those of the bank."""
    SampleAnswer.objects.all().delete()


@pytest.fixture
def samples(learner, analytics):
    aim_at(learner, analytics)
    return [sample_of(each, number) for each in questions(analytics, 2) for number in (1, 2)]


def score(learner, sample, scores=FAIR, now=NOW):
    return calibrating.score_sample(learner=learner, sample=sample, scores=scores, now=now)


# ---------------------------------------------------------------- rows


def test_the_first_score_of_a_sample_stays(learner, samples):
    first = score(learner, samples[0])
    assert score(learner, samples[0], Scores(1, 1, 1, 1), on_day(1)) == first
    assert SampleScore.objects.get().scores == FAIR


def test_the_database_keeps_one_score_a_sample_and_changes_none(learner, samples):
    row = score(learner, samples[0])
    values = {"learner": learner, "sample": samples[0], "rubric_version": 1, "at": NOW}
    scores = {"substance": 1, "reasoning": 1, "grounding": 1, "delivery": 1}
    with pytest.raises(IntegrityError, match="samplescore_once"), transaction.atomic():
        SampleScore.objects.create(**values, **scores)
    with pytest.raises(IntegrityError, match="samplescore_scored"), transaction.atomic():
        SampleScore.objects.create(**values | {"sample": samples[1]}, **scores | {"delivery": 5})
    for change in (lambda: SampleScore.objects.update(substance=1), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_samples_of_the_roles_aimed_at_come_first_and_each_once(learner, samples, coordination):
    sample_of(Question.objects.open().of(coordination).exclude(roles=samples[0].question.roles.first()).first())
    met = []
    while (sample := calibrating.next_sample(learner)) is not None:
        met.append(sample)
        score(learner, sample)
    assert len(met) == 5
    assert set(met[:4]) == set(samples)
    assert [each.number for each in met] == [1, 2, 1, 2, 1]


def test_samples_of_a_retired_question_do_not_come(learner, samples):
    Question.objects.filter(samples__in=samples).update(retired=True)
    assert calibrating.next_sample(learner) is None
    assert not calibrating.is_to_calibrate(learner)


def test_the_mean_gap_is_over_the_last_ten(learner, analytics):
    every = [
        sample_of(each, number, scores=(3, 3, 3, 3)) for each in questions(analytics, 3) for number in (1, 2, 3, 4)
    ]
    for day, sample in enumerate(every[:11]):
        score(learner, sample, Scores(4, 1 if day == 0 else 3, 3, 3), on_day(day))
    gaps = calibrating.gaps_of(calibrating.last_scored(learner))
    assert [each.mean for each in gaps] == [1, 0, 0, 0]


# ---------------------------------------------------------------- pages


def test_without_samples_the_page_says_so(as_learner):
    page = Page(as_learner.get(PAGE))
    assert flaws(page) == []
    assert "No sample answers yet" in page.text


def test_a_sample_is_scored_before_the_editors_scores_are_seen(as_learner, samples):
    sample = samples[0]
    page = Page(as_learner.get(url_of(sample)))
    assert flaws(page) == []
    assert sample.text in page.text
    assert "nobody is named" not in page.text
    response = as_learner.post(url_of(sample, "sample_score"), SCORES)
    assert response.url == url_of(sample)
    compared = Page(as_learner.get(response.url))
    assert flaws(compared) == []
    assert "12 of 16 by you, 10 by our editors" in compared.text
    assert "3 higher than our editors" in compared.text
    assert "Nobody is named." in compared.text


def test_editors_who_wrote_one_text_are_quoted_whole(as_learner, learner, analytics):
    sample = sample_of(questions(analytics, 1)[0], why="It leaves out the patient.")
    score(learner, sample)
    assert "Why our editors scored so: It leaves out the patient." in Page(as_learner.get(url_of(sample))).text


@pytest.mark.parametrize("missing", list(SCORES))
def test_a_criterion_without_a_score_is_asked_for_and_the_others_are_kept(as_learner, samples, missing):
    response = as_learner.post(url_of(samples[0], "sample_score"), SCORES | {missing: ""})
    page = Page(response)
    assert response.status_code == 422
    assert f"Score {missing}" in page.text
    ticked = {found["name"] for tag, found in page.attributes if tag == "input" and "checked" in found}
    assert ticked == SCORES.keys() - {missing}
    assert not SampleScore.objects.exists()


def test_the_page_says_the_finding(as_learner, learner, samples):
    score(learner, samples[0], Scores(2, 4, 1, 4))
    page = Page(as_learner.get(PAGE))
    assert flaws(page) == []
    assert "You score 1.0 higher than our editors on reasoning" in page.text
    assert "Substance As our editors do" in page.text
    assert "Score sample" in page.text, "another one is offered"


def test_a_sample_that_is_not_there_is_not_found(as_learner, samples):
    for name in ("sample_detail", "sample_score"):
        url = reverse(f"interviews:{name}", args=[samples[0].question.slug, 9])
        assert as_learner.get(url).status_code in (404, 405)
        assert as_learner.post(url, SCORES).status_code in (404, 405)


def test_what_others_gave_is_not_shown(as_learner, other_learner, samples):
    score(other_learner, samples[0])
    assert "by you" not in Page(as_learner.get(url_of(samples[0]))).text
    assert "Scored last" not in Page(as_learner.get(PAGE)).text


# ---------------------------------------------------------------- where practice leads to it


def test_practice_leads_to_it_once_until_two_are_scored(as_learner, learner, samples):
    attempt = answered(learner, samples[0].question)
    pages = (PRACTICE, reverse("interviews:attempt_detail", args=[attempt.pk]))
    for count in range(3):
        links = [as_learner.get(page).content.decode().count(f'href="{PAGE}"') for page in pages]
        assert links == ([1, 1] if count < 2 else [0, 0])
        score(learner, samples[count])


def test_without_samples_practice_does_not_lead_to_it(as_learner, learner, analytics):
    aim_at(learner, analytics)
    assert PAGE not in as_learner.get(PRACTICE).content.decode()


def test_the_pages_take_so_many_queries(as_learner, learner, samples):
    score(learner, samples[0])
    assert queries_of(as_learner, PAGE) == 4
    assert queries_of(as_learner, url_of(samples[0])) == 5
    assert queries_of(as_learner, url_of(samples[1])) == 4
