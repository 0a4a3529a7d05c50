"""Practice can be taken out: as tables whose rows are the rows, and as a deck that Anki updates."""

from __future__ import annotations

import csv
import json
import sqlite3
import tracemalloc
from datetime import timedelta
from io import BytesIO, StringIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.urls import reverse

from accounts.spreadsheets import BOM
from interviews import practice
from interviews.calibrating import score_sample
from interviews.decks import package_of, questions_for
from interviews.models import Attempt, Card, Question, Review, Score
from interviews.recording import delete_recording
from interviews.rubric import Grade, Scores
from interviews.tables import archive_of
from mentoring.files import keeping
from tests.interviews.practicing import FAIR, NOW, aim_at, answered, graded, on_day, questions, sample_of
from tests.interviews.recorded import SOUND, recorded
from tests.pages import Page, flaws
from tests.queries import queries_of

PAGE = reverse("interviews:practice_export")
TABLES = reverse("interviews:export_tables")
DECK = reverse("interviews:export_deck")

pytestmark = pytest.mark.usefixtures("storage")


def tables(content: bytes) -> dict[str, list[dict[str, str]]]:
    with ZipFile(BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if not name.startswith("recordings/")]
        assert names == ["README.txt", "cards.csv", "reviews.csv", "answers.csv", "samples.csv", "recordings.csv"]
        texts = {name: archive.read(name).decode() for name in names[1:]}
    assert all(text.startswith(BOM) for text in texts.values())
    return {name: list(csv.DictReader(StringIO(text[1:], newline=""))) for name, text in texts.items()}


def exported(learner) -> dict[str, list[dict[str, str]]]:
    with archive_of(learner, now=NOW) as file:
        return tables(file.read())


def notes(package: bytes) -> list[dict[str, object]]:
    """The notes of a package, each with its deck and tags."""
    with ZipFile(BytesIO(package)) as archive:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read("collection.anki2"))
    ((decks, models),) = connection.execute("SELECT decks, models FROM col")
    decks = {int(key): deck["name"] for key, deck in json.loads(decks).items()}
    rows = connection.execute("SELECT n.id, guid, mid, tags, flds, did, c.id FROM notes n JOIN cards c ON c.nid = n.id")
    found = [
        {
            "ids": (number, guid, model, deck, card),
            "tags": tags.split(),
            "fields": fields.split("\x1f"),
            "deck": decks[deck],
        }
        for number, guid, model, tags, fields, deck, card in rows
    ]
    connection.close()
    assert {str(note["ids"][2]) for note in found} <= set(json.loads(models))
    return found


@pytest.fixture
def aimed(learner, analytics):
    aim_at(learner, analytics)
    return analytics


# ---------------------------------------------------------------- tables


def test_tables_say_what_the_rows_say(learner, aimed):
    first, second = questions(aimed, 2)
    graded(learner, first, rating=Grade.GOOD)
    practice.undo(by=learner, now=NOW)
    graded(learner, first, now=on_day(1), rating=Grade.AGAIN)
    answered(learner, second, text='Two lines,\nwith a "quote" – and a dash')
    found = exported(learner)
    card = Card.objects.get(question=first)
    assert found["cards.csv"][0] | {"prompt": ""} == {
        "question": first.slug,
        "prompt": "",
        "category": first.category,
        "level": str(first.level),
        "roles": " ".join(sorted(first.roles.values_list("slug", flat=True))),
        "state": "review",
        "stability": str(card.stability),
        "difficulty": str(card.difficulty),
        "due_day": str(card.due_day),
        "last_day": "2026-11-03",
        "reps": "1",
        "lapses": "0",
        "suspended_at": "",
        "buried_until": "",
        "question_version": "1",
    }
    undone, standing = found["reviews.csv"]
    review = Review.objects.standing().get()
    assert (undone["voided_at"], undone["rating"]) == (NOW.isoformat(), "3")
    assert standing | {"scheduler": ""} == {
        "answer": str(review.attempt_id),
        "question": first.slug,
        "question_version": "1",
        "rubric_version": "1",
        "rating": "1",
        "proposed": "3",
        "counted": "yes",
        "reviewed_at": "2026-11-03T09:00:00+00:00",
        "study_day": "2026-11-03",
        "timezone": learner.timezone,
        "seconds": "90",
        "scheduler": "",
        "recall": "",
        **dict.fromkeys(("before_stability", "before_difficulty", "before_due_day", "before_last_day"), ""),
        "before_version": "1",
        "voided_at": "",
    }
    by_question = {row["answer"]: row for row in found["answers.csv"]}
    assert len(by_question) == 3
    scored = by_question[str(review.attempt_id)]
    score = Score.objects.get(attempt=review.attempt_id)
    assert [scored[name] for name in ("substance", "delivery", "points")] == ["3", "3", "1"]
    assert scored["scored_at"] == score.scored_at.isoformat()
    bare = by_question[str(Attempt.objects.get(question=second).pk)]
    assert (bare["text"], bare["substance"]) == ('Two lines,\nwith a "quote" – and a dash', "")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1+1"])
def test_a_spreadsheet_runs_nothing(learner, aimed, text):
    answered(learner, questions(aimed, 1)[0], text=text)
    (row,) = exported(learner)["answers.csv"]
    assert row["text"] == f"'{text}"


def test_nothing_of_anybody_else_is_in_the_tables(learner, other_learner, aimed):
    question = questions(aimed, 1)[0]
    graded(other_learner, question)
    score_sample(learner=other_learner, sample=sample_of(question), scores=FAIR, now=NOW)
    recorded(other_learner, question)
    tables = ("cards.csv", "reviews.csv", "answers.csv", "samples.csv", "recordings.csv")
    with archive_of(learner, now=NOW) as file, ZipFile(file) as archive:
        assert archive.namelist() == ["README.txt", *tables]
    assert exported(learner) == {name: [] for name in tables}
    mine = answered(learner, question)
    assert [row["answer"] for row in exported(learner)["answers.csv"]] == [str(mine.pk)]


def test_what_one_gave_sample_answers_is_in_the_tables(learner, aimed):
    question = questions(aimed, 1)[0]
    score_sample(learner=learner, sample=sample_of(question, 2), scores=Scores(1, 2, 3, 4), now=NOW)
    assert exported(learner)["samples.csv"] == [
        {
            "question": question.slug,
            "sample": "2",
            "substance": "1",
            "reasoning": "2",
            "grounding": "3",
            "delivery": "4",
            "rubric_version": "1",
            "scored_at": NOW.isoformat(),
        }
    ]


def test_recordings_lie_beside_the_tables_under_the_names_of_their_answers(learner, aimed):
    first, second = questions(aimed, 2)
    kept = recorded(learner, first)
    gone = recorded(learner, second)
    delete_recording(recording=gone, by=learner, now=on_day(1))
    with archive_of(learner, now=NOW) as file:
        content = file.read()
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        sounds = {name: archive.read(name) for name in archive.namelist() if name.startswith("recordings/")}
    name = f"recordings/{kept.attempt_id}.webm"
    assert sounds == {name: SOUND}
    heard, deleted = tables(content)["recordings.csv"]
    assert heard == {
        "answer": str(kept.attempt_id),
        "question": first.slug,
        "file": name,
        "kind": "webm",
        "seconds": str(kept.seconds),
        "size": str(len(SOUND)),
        "sha256": kept.sha256,
        "made_at": NOW.isoformat(),
        "deleted_at": "",
    }
    assert (deleted["file"], deleted["deleted_at"]) == ("", on_day(1).isoformat())
    assert kept.stored not in content.decode("latin-1")


def test_a_recording_that_cannot_be_read_keeps_nobody_from_the_rest(learner, aimed):
    first, second = questions(aimed, 2)
    lost, kept = recorded(learner, first), recorded(learner, second)
    keeping.discard(lost.stored)
    rows = exported(learner)["recordings.csv"]
    assert [row["file"] for row in rows] == ["", f"recordings/{kept.attempt_id}.webm"]


def test_the_download_is_an_archive_that_nobody_keeps(as_learner, learner, aimed):
    graded(learner, questions(aimed, 1)[0])
    response = as_learner.post(TABLES)
    assert len(tables(b"".join(response.streaming_content))["reviews.csv"]) == 1
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith('attachment; filename="rounds-practice-')
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.slow
def test_years_of_practice_take_no_more_memory(learner, aimed):
    question = questions(aimed, 1)[0]
    model = graded(learner, question)
    card = model.card
    attempts = [
        Attempt(
            pk=uuid4(),
            learner=learner,
            question=question,
            question_version=1,
            card=card,
            card_version=0,
            text="A good answer has a few hundred words. " * 50,
            seconds=90,
            revealed_at=on_day(number / 10),
        )
        for number in range(5000)
    ]
    Attempt.objects.bulk_create(attempts, batch_size=1000)
    values = {field.attname: getattr(model, field.attname) for field in Review._meta.concrete_fields}
    reviews = [
        Review(**values | {"id": None, "attempt_id": attempt.pk, "counted": False, "reviewed_at": attempt.revealed_at})
        for attempt in attempts
    ]
    Review.objects.bulk_create(reviews, batch_size=1000)
    del attempts, reviews
    tracemalloc.start()
    try:
        with archive_of(learner, now=NOW) as file:
            most = tracemalloc.get_traced_memory()[1]
            found = tables(file.read())
    finally:
        tracemalloc.stop()
    assert [len(found[name]) for name in ("reviews.csv", "answers.csv")] == [5001, 5001]
    assert most < 8 << 20, "they have 10 MB of text"


# ---------------------------------------------------------------- Anki


def test_a_note_has_the_question_in_front_and_the_answer_behind(learner, aimed):
    question = questions(aimed, 1)[0]
    Question.objects.filter(pk=question.pk).update(
        prompt="Is 3 < 4 & why?", model_answer="It is **so**.\n\n<script>alert(1)</script>", key_points=["a < b", "c"]
    )
    answered(learner, question)
    (note,) = notes(package_of(learner, questions=questions_for(learner, all_of_roles=False), now=NOW))
    front, answer, points, follow_up = note["fields"]
    assert front == "<p>Is 3 &lt; 4 &amp; why?</p>"
    assert "<strong>so</strong>" in answer
    assert "<script" not in answer
    assert points == "<ul><li>a &lt; b</li><li>c</li></ul>"
    assert follow_up == question.follow_up
    skills = {skill.slug for skill in question.skills.all()}
    assert set(note["tags"]) == {question.category, f"level-{question.level}", *skills}
    assert note["deck"] == f"Rounds::{aimed.name}"


def test_a_second_package_has_the_same_numbers(learner, aimed):
    for question in questions(aimed, 3):
        answered(learner, question)
    found = questions_for(learner, all_of_roles=False)
    first = notes(package_of(learner, questions=found, now=NOW))
    again = notes(package_of(learner, questions=reversed(found), now=NOW + timedelta(days=40)))
    assert len(first) == 3
    assert sorted(note["ids"] for note in first) == sorted(note["ids"] for note in again)


def test_it_has_what_was_answered_or_by_choice_all_of_the_roles(learner, other_learner, aimed, coordination):
    mine, theirs = questions(aimed, 2)
    answered(learner, mine)
    answered(other_learner, theirs)
    assert questions_for(learner, all_of_roles=False) == [mine]
    every = {question.pk for question in questions_for(learner, all_of_roles=True)}
    assert every == set(Question.objects.open().of(aimed).values_list("pk", flat=True))


def test_a_question_of_several_roles_is_in_the_deck_of_the_one_that_is_aimed_at(learner, aimed, coordination):
    question = questions(coordination, 1)[0]
    question.roles.add(aimed)
    answered(learner, question)
    (note,) = notes(package_of(learner, questions=questions_for(learner, all_of_roles=False), now=NOW))
    assert note["deck"] == f"Rounds::{aimed.name}"


def test_every_role_has_a_deck_of_its_own(learner, aimed, coordination):
    aim_at(learner, coordination)
    found = notes(package_of(learner, questions=questions_for(learner, all_of_roles=True), now=NOW))
    assert {note["deck"] for note in found} == {f"Rounds::{role.name}" for role in (aimed, coordination)}


def test_the_deck_is_downloaded(as_learner, learner, aimed):
    response = as_learner.post(DECK, {"which": "roles"})
    assert len(notes(response.content)) == Question.objects.open().of(aimed).count()
    assert response["Content-Disposition"].endswith('.apkg"')


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"which": "answered"}, "You answered no question yet."),
        ({"which": "roles"}, "You practice for no role yet."),
        ({"which": "others"}, "Choose one of the two."),
        ({}, "Choose which questions."),
    ],
)
def test_an_empty_deck_is_said_and_not_sent(as_learner, fields, said):
    response = as_learner.post(DECK, fields)
    assert response.status_code == 422
    assert said in Page(response).text


# ---------------------------------------------------------------- the page


def test_the_page_says_what_is_in_it(as_learner, learner, aimed):
    graded(learner, questions(aimed, 1)[0])
    page = Page(as_learner.get(PAGE))
    assert flaws(page) == []
    assert "reviews.csv 1 grade" in page.text
    assert "recordings.csv no recordings" in page.text
    assert aimed.name in page.text
    assert len(page.forms("export")) == 2


def test_the_page_says_how_much_the_recordings_are(as_learner, learner, aimed):
    for question in questions(aimed, 2):
        recorded(learner, question)
    assert f"recordings.csv 2 recordings, {2 * len(SOUND)} bytes" in Page(as_learner.get(PAGE)).text


def test_the_page_takes_so_many_queries(as_learner, learner, aimed):
    assert queries_of(as_learner, PAGE) == 8
