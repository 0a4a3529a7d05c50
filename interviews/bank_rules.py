"""The rules of the content check for the question bank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import connection
from django.db.models import F, Func, IntegerField, TextField, Value
from django.db.models.functions import Cast

from interviews.models import Question
from roles.checking.findings import Finding, about, in_one_query, rule, said

# What a good answer takes: two minutes of talking.
WORDS = (120, 250)
POINTS = (3, 6)
# From this similarity by pg_trgm on, two questions ask for the same in other words.
ALIKE = 0.5
MOST = 500  # pairs; whoever has more imported something twice
_ALIKE = (Path(__file__).parent / "sql" / "alike.sql").read_text(encoding="utf-8")


@rule("question-twice", "Questions that ask for the same", "Take one of the two out, or make plain how they differ.")
def duplicates(today: date) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"alike": ALIKE, "most": MOST})
        found = cursor.fetchall()
    for number, prompt, other, other_prompt, similarity in found:
        yield Finding(Question, number, prompt, f"{similarity:.0%} alike: “{other_prompt}”", "prompt", other=other)


@rule("answer-length", "Model answers too short or too long", "Learners should be able to give it in two minutes.")
def answers_of_wrong_length(today: date) -> Iterator[Finding]:
    words = Func(F("model_answer"), Value(r"\S+"), function="regexp_count", output_field=IntegerField())
    wrong = Question.objects.open().alias(words=words).exclude(words__gte=WORDS[0], words__lte=WORDS[1])
    words_said = said(Cast("words", TextField()), f" words; a good answer has {WORDS[0]} to {WORDS[1]}.")
    yield from in_one_query(about(wrong, words_said, field="model_answer"))


@rule(
    "question-thin",
    "Questions that say too little",
    "Learners compare their answer with key points, and practice by skill.",
)
def thin_questions(today: date) -> Iterator[Finding]:
    questions = Question.objects.open()
    yield from in_one_query(
        about(
            questions.exclude(key_points__len__range=POINTS),
            f"A question has {POINTS[0]} to {POINTS[1]} key points.",
            field="key_points",
        ),
        about(questions.filter(skills=None), "It asks for no skill.", field="skills"),
        about(questions.filter(roles=None), "It is for no role.", field="roles"),
        about(questions.filter(follow_up=""), "Nothing is asked next.", field="follow_up"),
    )
