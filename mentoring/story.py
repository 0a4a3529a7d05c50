"""A thread as people read it: its rounds with evidence, verdicts, remarks, comments and what happened. Read-only.

Four queries, however many rounds there are; in SQL, because the learner's page and the desk ask them every time, and
Django takes longer to put the questions together than the database takes to answer them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection

from accounts.models import User
from mentoring.asked import Asked, Criterion
from mentoring.models import Evidence, Met, Outcome, Ruling, Submission, Thread, What


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version that a later one took the place of."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """A comment in its latest version."""

    number: int  # of that version, for whoever puts it right
    name: str
    text: str
    at: datetime  # of the first version
    by_learner: bool
    is_mine: bool
    earlier: tuple[Earlier, ...]  # oldest first

    @property
    def form_id(self) -> str:
        """Of the field that puts it right."""
        return f"correct-{self.number}"


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said about one thing in one submission, oldest first."""

    submission: int
    about: str  # "criterion", "evidence" or "decision"; "" for the whole
    anchor: str  # the key or id of that
    said: tuple[Said, ...]

    @property
    def id(self) -> str:
        """Of its element on the page."""
        return f"talk-{self.submission}-{self.about[:1]}{self.anchor}"


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on one criterion."""

    text: str
    required: bool
    met: Met
    remark: str
    score: int | None = None  # 1 to 4, where it has a scale

    @property
    def label(self) -> str:
        return str(self.met.label) if self.score is None else f"{self.score} of 4"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a mentor decided and wrote. `talk` has the corrections of its text, if any were sent."""

    number: int
    ruling: Ruling
    name: str
    at: datetime
    text: str
    next_step: str
    is_mine: bool
    judged: dict[str, Judged]
    talk: Talk

    @property
    def is_approval(self) -> bool:
        return self.ruling == Ruling.APPROVED

    @property
    def met(self) -> int:
        """How many criteria are."""
        return len(self.judged) - len(self.unmet)

    @property
    def unmet(self) -> list[Judged]:
        return [each for each in self.judged.values() if each.met != Met.MET]


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of evidence in a round: what it answers, and what was said about it."""

    evidence: Evidence
    criteria: tuple[Criterion, ...]
    numbers: tuple[int, ...]  # of these criteria, from 1
    talk: Talk


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion in a round: what answers it, what the mentor said to it, and what else was said."""

    criterion: Criterion
    shown: tuple[Shown, ...]
    judged: Judged | None
    talk: Talk

    @property
    def meaning(self) -> str:
        """Of the score that was given, where the criterion has a scale."""
        score = self.judged.score if self.judged else None
        return self.criterion.scale[score - 1] if score and self.criterion.scale else ""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, in words: “Ruth Adeyemi began to review”."""

    what: What
    name: str
    by_learner: bool
    at: datetime
    reason: str

    @property
    def words(self) -> str:
        return f"{self.name} {self.what.label}"


@dataclass(frozen=True)
class Round:
    """One submission and all that belongs to it."""

    submission: Submission
    shown: tuple[Shown, ...]  # in the learner's order
    feedback: Feedback | None
    happenings: tuple[Happening, ...]
    talk: Talk  # about the whole
    about: dict[str, Talk] = field(repr=False)  # by criterion
    is_last: bool = False

    @property
    def number(self) -> int:
        return self.submission.number

    @cached_property
    def asked(self) -> Asked:
        return Asked.from_json(self.submission.asked)

    @cached_property
    def evidence(self) -> list[Evidence]:
        return [each.evidence for each in self.shown]

    @cached_property
    def lines(self) -> list[Line]:
        """The criteria in order, each with what answers it."""
        judged = self.feedback.judged if self.feedback else {}
        return [
            Line(
                each,
                tuple(shown for shown in self.shown if each in shown.criteria),
                judged.get(each.key),
                self.about[each.key],
            )
            for each in self.asked.criteria
        ]

    @cached_property
    def loose(self) -> list[Shown]:
        """Evidence that names no criterion."""
        return [each for each in self.shown if not each.criteria]

    @property
    def talks(self) -> list[Talk]:
        """About everything that can be talked about."""
        feedback = [self.feedback.talk] if self.feedback else []
        return [*self.about.values(), *(each.talk for each in self.shown), *feedback, self.talk]

    @cached_property
    def comments(self) -> int:
        """How many there are, wherever they are anchored."""
        return sum(len(each.said) for each in self.talks)


@dataclass(frozen=True)
class Story:
    """All rounds of a thread that the reader may see, oldest first."""

    thread: Thread
    rounds: tuple[Round, ...]

    @property
    def last(self) -> Round | None:
        return self.rounds[-1] if self.rounds else None

    @property
    def newest_first(self) -> Sequence[Round]:
        return self.rounds[::-1]

    def talk(self, place: str) -> Talk | None:
        """What stands at an element of the page: that of a talk, or of the form that corrects one of its comments."""
        talks = (talk for each in self.rounds for talk in each.talks)
        return next((each for each in talks if place in {each.id, *(said.form_id for said in each.said)}), None)

    def round_of(self, submission: Submission) -> Round | None:
        return next((each for each in self.rounds if each.submission.pk == submission.pk), None)

    def decided_by_reader(self) -> Story:
        """The rounds that its reader decided on, and no others."""
        return Story(self.thread, tuple(each for each in self.rounds if each.feedback and each.feedback.is_mine))

    def before(self, submission: Submission) -> list[Round]:
        """Earlier rounds, newest first."""
        return [each for each in self.newest_first if each.number < submission.number]


# Every submission, with its decision and verdicts if there is one. The decision's frozen copy is not read.
_SUBMISSIONS = """
    SELECT s.*, d.id AS decision_pk, d.ruling, d.mentor_id, d.mentor_name, d.decided_at, d.text, d.next_step,
        (
            SELECT json_agg(
                json_build_array(v.criterion, v.text, v.required, v.met, v.remark, v.score) ORDER BY v.place
            )
            FROM mentoring_verdict v WHERE v.decision_id = d.id
        ) AS judged
    FROM mentoring_submission s
    LEFT JOIN mentoring_decision d ON d.submission_id = s.id
    WHERE s.thread_id = %s
    ORDER BY s.number
"""
_EXHIBITS = """
    SELECT e.*, x.submission_id AS shown_in
    FROM mentoring_submission s
    JOIN mentoring_exhibit x ON x.submission_id = s.id
    JOIN mentoring_evidence e ON e.id = x.evidence_id
    WHERE s.thread_id = %s
    ORDER BY x.submission_id, x.place
"""
_COMMENTS = """
    SELECT c.id, c.submission_id, c.author_id, c.author_name, c.criterion::text, c.evidence_id, c.decision_id,
        c.text, c.replaces_id, c.created_at
    FROM mentoring_submission s
    JOIN mentoring_comment c ON c.submission_id = s.id
    WHERE s.thread_id = %s
    ORDER BY c.id
"""
_EVENTS = """
    SELECT e.submission_id, e.what, e.actor_id, coalesce(nullif(a.display_name, ''), split_part(a.email, '@', 1)),
        e.at, e.reason
    FROM mentoring_event e
    LEFT JOIN accounts_user a ON a.id = e.actor_id
    WHERE e.thread_id = %s
    ORDER BY e.id
"""

# Where a comment stands within its submission: what it is about, and the key or id of that.
type _Anchor = tuple[str, str]
type _Remarks = dict[int, dict[_Anchor, tuple[Said, ...]]]


def story_of(thread: Thread, *, to: User) -> Story:
    """The thread as this person may read it: a mentor sees nothing of what the learner took back."""
    learner = thread.learner_id
    submissions = list(Submission.objects.raw(_SUBMISSIONS, [thread.pk]))
    if to.pk != learner:
        submissions = [each for each in submissions if each.outcome != Outcome.WITHDRAWN]
    shown: dict[int, list[Evidence]] = defaultdict(list)
    piece: Any
    for piece in Evidence.objects.raw(_EXHIBITS, [thread.pk]):
        shown[piece.shown_in].append(piece)
    remarks = _remarks(_rows(_COMMENTS, thread), learner=learner, reader=to.pk)
    happenings = _happenings(_rows(_EVENTS, thread), learner=learner)
    rounds = tuple(
        _round(each, shown[each.pk], remarks.get(each.pk, {}), happenings[each.pk], to.pk, each is submissions[-1])
        for each in submissions
    )
    return Story(thread, rounds)


def _round(
    submission: Any,
    pieces: Iterable[Evidence],
    said: dict[_Anchor, tuple[Said, ...]],
    happenings: list[Happening],
    reader: int,
    is_last: bool,
) -> Round:
    asked = Asked.from_json(submission.asked)

    def talk(about: str = "", anchor: str | int = "") -> Talk:
        return Talk(submission.pk, about, str(anchor), said.get((about, str(anchor)), ()))

    return Round(
        submission=submission,
        shown=tuple(_shown(piece, asked, talk("evidence", piece.pk)) for piece in pieces),
        feedback=_feedback(submission, talk("decision", submission.decision_pk), reader),
        happenings=tuple(happenings),
        talk=talk(),
        about={each.key: talk("criterion", each.key) for each in asked.criteria},
        is_last=is_last,
    )


def _shown(piece: Evidence, asked: Asked, talk: Talk) -> Shown:
    answers = {str(key) for key in piece.criteria}
    named = [(number, each) for number, each in enumerate(asked.criteria, 1) if each.key in answers]
    return Shown(piece, tuple(each for _, each in named), tuple(number for number, _ in named), talk)


def _feedback(submission: Any, talk: Talk, reader: int) -> Feedback | None:
    if submission.decision_pk is None:
        return None
    return Feedback(
        number=submission.decision_pk,
        ruling=Ruling(submission.ruling),
        name=submission.mentor_name,
        at=submission.decided_at,
        text=submission.text,
        next_step=submission.next_step,
        is_mine=submission.mentor_id == reader,
        judged={
            key: Judged(text, required, Met(met), remark, score)
            for key, text, required, met, remark, score in submission.judged or ()
        },
        talk=talk,
    )


def _remarks(rows: list[tuple[Any, ...]], *, learner: int, reader: int) -> _Remarks:
    """Comments by submission and anchor, each with its earlier versions."""
    chains: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        number, replaces = row[0], row[8]
        chains[number] = [*chains.pop(replaces, ()), row]
    found: _Remarks = defaultdict(lambda: defaultdict(tuple))
    for versions in sorted(chains.values(), key=lambda each: int(each[0][0])):
        number, submission, author, name, criterion, evidence, decision, text, *_ = versions[-1]
        found[submission][_anchor(criterion, evidence, decision)] += (
            Said(
                number,
                name,
                text,
                versions[0][9],
                author == learner,
                author == reader,
                tuple(Earlier(each[7], each[9]) for each in versions[:-1]),
            ),
        )
    return found


def _anchor(criterion: str | None, evidence: int | None, decision: int | None) -> _Anchor:
    about = {"criterion": criterion, "evidence": evidence, "decision": decision}
    return next(((name, str(value)) for name, value in about.items() if value is not None), ("", ""))


def _happenings(rows: list[tuple[Any, ...]], *, learner: int) -> dict[int, list[Happening]]:
    found: dict[int, list[Happening]] = defaultdict(list)
    for submission, what, actor, name, at, reason in rows:
        found[submission].append(Happening(What(what), name or "Somebody who has left", actor == learner, at, reason))
    return found


def _rows(sql: str, thread: Thread) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [thread.pk])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
