"""A learner's practice as tables: a ZIP archive of CSV files that a spreadsheet, or another program, reads, with the
recordings beside them.

Rows and sound are read and written in small parts, and the archive lies on disk once it is large: it takes no more
memory for somebody who has practiced for years.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db.models import QuerySet, StringAgg, Value

from accounts.models import User
from accounts.spreadsheets import BOM, defused
from interviews.models import Attempt, Card, Recording, Review, SampleScore
from interviews.rubric import NAMES
from mentoring.files import keeping

_AT_ONCE = 500
_IN_MEMORY = 1 << 20

_README = """\
Your interview practice on Rounds, for {name}, taken out on {day}.

cards.csv       every question that you opened, and what is remembered of it: when it comes back, how often it came
reviews.csv     every grade, in the order in which you gave it, with the memory before it; an undone one has voided_at
answers.csv     every answer that you locked, with your scores by the rubric
recordings.csv  every answer that you recorded, with the name of its sound in the folder recordings
samples.csv     what you gave sample answers by the rubric, before you saw our editors’ scores

The tables are UTF-8 with a byte order mark, separated by commas, quoted where needed. Days are YYYY-MM-DD, times are
UTC in ISO 8601. A text that a spreadsheet would take for a formula has an apostrophe in front. "question" is the
question's own name, the same in all files; "answer" is the answer's, in reviews.csv, answers.csv and recordings.csv.

A recording without "file" was deleted by you, which deleted_at says, or could not be read from our storage: then
please tell us.

Stability and difficulty are those of FSRS-6. A review names the scheduler and the version of the question and rubric.
"""


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the archive: the names of its columns, and where their values come from."""

    name: str
    columns: dict[str, str]
    rows: Callable[[User], QuerySet[Any]]

    def of(self, learner: User) -> Iterator[tuple[Any, ...]]:
        """Its rows, read a few hundred at a time."""
        return self.rows(learner).values_list(*self.columns.values()).iterator(chunk_size=_AT_ONCE)

    def write(self, archive: ZipFile, rows: Iterable[tuple[Any, ...]]) -> None:
        with archive.open(self.name, "w") as inside, TextIOWrapper(inside, "utf-8", newline="") as text:
            text.write(BOM)
            writer = csv.writer(text)
            writer.writerow(self.columns)
            writer.writerows([_cell(value) for value in row] for row in rows)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _cards(learner: User) -> QuerySet[Card]:
    roles = StringAgg("question__roles__slug", Value(" "), order_by="question__roles__slug")
    return Card.objects.of(learner).annotate(role_slugs=roles).order_by("pk")


def _reviews(learner: User) -> QuerySet[Review]:
    return Review.objects.of(learner).order_by("pk")


def _answers(learner: User) -> QuerySet[Attempt]:
    return Attempt.objects.of(learner).with_own_score().order_by("revealed_at", "pk")


def _recordings(learner: User) -> QuerySet[Recording]:
    return Recording.objects.of(learner).order_by("pk")


def _samples(learner: User) -> QuerySet[SampleScore]:
    return SampleScore.objects.of(learner).order_by("pk")


_BEFORE = ("before_stability", "before_difficulty", "before_due_day", "before_last_day", "before_version")
TABLES = (
    Table(
        "cards.csv",
        {
            "question": "question__slug",
            "prompt": "question__prompt",
            "category": "question__category",
            "level": "question__level",
            "roles": "role_slugs",
            **_same("state", "stability", "difficulty", "due_day", "last_day", "reps", "lapses"),
            **_same("suspended_at", "buried_until", "question_version"),
        },
        _cards,
    ),
    Table(
        "reviews.csv",
        {
            "answer": "attempt_id",
            "question": "card__question__slug",
            **_same("question_version", "rubric_version", "rating", "proposed", "counted", "reviewed_at", "study_day"),
            **_same("timezone", "seconds", "scheduler", "recall", *_BEFORE, "voided_at"),
        },
        _reviews,
    ),
    Table(
        "answers.csv",
        {
            "answer": "pk",
            "question": "question__slug",
            "question_version": "question_version",
            "answered_at": "revealed_at",
            **_same("seconds", "text"),
            **{name: f"mine__{name}" for name in (*NAMES, "points", "scored_at")},
        },
        _answers,
    ),
    Table(
        "samples.csv",
        {
            "question": "sample__question__slug",
            "sample": "sample__number",
            **_same(*NAMES, "rubric_version"),
            "scored_at": "at",
        },
        _samples,
    ),
)
RECORDINGS = Table(
    "recordings.csv",
    {
        "answer": "attempt_id",
        "question": "attempt__question__slug",
        "file": "stored",
        **_same("kind", "seconds", "size", "sha256", "made_at", "deleted_at"),
    },
    _recordings,
)


def archive_of(learner: User, *, now: datetime) -> IO[bytes]:
    """The archive, at its beginning. Whoever gets it closes it."""
    file = cast("IO[bytes]", SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115  (it is handed on open)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr(
            "README.txt", _README.format(name=learner.name, day=f"{now.astimezone(learner.zone):%Y-%m-%d}")
        )
        for table in TABLES:
            table.write(archive, table.of(learner))
        sounds = {each.stored: _put(archive, each) for each in Recording.objects.of(learner).kept().iterator(_AT_ONCE)}
        # Names in our storage stay with us: each row has the name that its sound has here.
        rows = RECORDINGS.of(learner)
        RECORDINGS.write(archive, ((*row[:2], sounds.get(row[2], ""), *row[3:]) for row in rows))
    file.seek(0)
    return file


def _put(archive: ZipFile, recording: Recording) -> str:
    """The recording's name in the archive; empty where its file cannot be read, which keeps nobody from the rest."""
    name = f"recordings/{recording.attempt_id}.{recording.kind}"
    # Sound is compressed already: it is stored as it is.
    entry = ZipInfo(name, recording.made_at.timetuple()[:6])
    try:
        with keeping.unharmed(recording.stored, sha256=recording.sha256) as sound, archive.open(entry, "w") as inside:
            copyfileobj(sound, inside)
    except keeping.DamagedFileError:
        return ""
    return name


def _cell(value: object) -> object:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime() | date():
            return value.isoformat()
        case list():
            return " ".join(str(each) for each in value)
    return defused(value)
