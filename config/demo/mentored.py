"""What happened between demo learners and their mentors: evidence, reviews, notes, agreements."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.core.files import File

from accounts.demo import DOMAIN
from accounts.models import User
from config.demo.people import ANALYTICS, CHRONIC, COHORT, COORDINATION, Path
from mentoring import blocking, cohorting, gathering, inviting, knowing, replying, review
from mentoring.asked import Asked
from mentoring.deciding import Judgment
from mentoring.files.inspecting import inspect
from mentoring.files.keeping import storing
from mentoring.gathering import Piece, StoredFile
from mentoring.looking import note_look
from mentoring.models import Cohort, Invite, Kind, Looked, Mentor, Met, SavedReply, Submission, Thread
from roadmaps.asking import asked_by
from roadmaps.standing import standing_on
from roles.models import Role

FOLDER = settings.BASE_DIR / "fixtures" / "demo"
# Keys of the forms that nobody sent: the same on every machine.
_FORMS = UUID("9d5f4f0e-7a0c-4b57-9a39-0f3f8f5f2c11")


def the_mentors() -> list[User]:
    """Both cover every role with a roadmap, and hold more than most: people try things out with them."""
    mentors = [User.objects.get(email=f"{front}@{DOMAIN}") for front in ("mentor", "mentor2")]
    for user in mentors:
        mentor, new = Mentor.objects.get_or_create(user=user, defaults={"open_limit": 20})
        if new:
            mentor.roles.set(Role.objects.filter(slug__in=(ANALYTICS, COORDINATION, CHRONIC)))
    return mentors


def the_cohort(*, began: datetime, now: datetime) -> Cohort:
    cohort, new = Cohort.objects.get_or_create(
        slug=COHORT,
        defaults={
            "name": "Winter cohort, analytics",
            "role": Role.objects.get(slug=ANALYTICS),
            "starts_on": began.date(),
            "ends_on": (began + timedelta(weeks=39)).date(),
        },
    )
    if new:
        cohort.mentors.set(the_mentors())
    return cohort


@cache
def _texts() -> dict[tuple[str, int], dict[str, Any]]:
    """What people write about each milestone, by role and phase."""
    rows = json.loads((FOLDER / "milestones.json").read_text(encoding="utf-8"))
    return {(row["role"], row["phase"]): row for row in rows}


@dataclass
class Mentored:
    """The mentors, the cohort, and what happens around them up to `now`."""

    mentors: list[User]
    cohort: Cohort
    now: datetime

    def join(self, learner: User, *, at: datetime) -> None:
        cohorting.join(invite=self._invite(), by=learner, now=at)

    def _invite(self) -> Invite:
        found = Invite.objects.filter(cohort=self.cohort).first()
        return found or inviting.make(
            cohort=self.cohort,
            label="Everybody of the winter cohort",
            limit=30,
            expires_at=self.now + timedelta(days=60),
            by=self.mentors[0],
            key=uuid5(_FORMS, COHORT),
        )

    def state_blocker(self, learner: User, role: Role, text: str, *, days: int) -> None:
        blocking.state(learner=learner, role=role, text=text, now=self.now - timedelta(days=days))

    def work(self, learner: User, role: Role, path: Path, *, days: list[int], quiet: int) -> None:
        """Hand in the milestones of a path, and have them reviewed."""
        standing = standing_on(learner, role.slug)
        assert standing is not None, "they were put on it"
        roadmap, goals = standing.progress.roadmap, 0
        for phase, letter in zip(roadmap.phases, path.milestones, strict=False):
            goals += len(phase.live_goals)
            closed = self.now - timedelta(days=days[min(goals, len(days)) - 1])
            case = Case(self, learner, role, phase.number, UUID(phase.milestone.key), asked_by(phase))
            case.play(letter, closed=closed, quiet=quiet)

    def get_to_know_each_other(self) -> None:
        """Notes and agreements about a few of them, and replies that mentors keep."""
        ruth, jonas = self.mentors
        for place, (front, mentor, days, text) in enumerate(_notes(ruth, jonas)):
            about, key = self._somebody(front), uuid5(_FORMS, f"note {place}")
            knowing.add_note(learner=about, text=text, by=mentor, key=key, now=self.now - timedelta(days=days))
        for place, (front, mentor, days, due, text) in enumerate(_agreements(ruth, jonas)):
            at, key = self.now - timedelta(days=days), uuid5(_FORMS, f"agreement {place}")
            due_on = (self.now + timedelta(days=due)).date()
            knowing.agree(learner=self._somebody(front), text=text, due_on=due_on, by=mentor, key=key, now=at)
        for title, text in _REPLIES:
            if not SavedReply.objects.filter(mentor=ruth, title=title).exists():
                replying.keep(by=ruth, title=title, text=text)

    def _somebody(self, front: str) -> User:
        return User.objects.get(email=f"{front}@{DOMAIN}")


def _notes(ruth: User, jonas: User) -> list[tuple[str, User, int, str]]:
    return [
        ("noor", ruth, 12, "Works nights until the end of the month. Answers messages late in the evening."),
        (
            "farid",
            jonas,
            3,
            "Third look at the same query. He practices every day, so it is the task and not the will.",
        ),
        (
            "learner",
            ruth,
            6,
            "Wants to show her analysis to her own ward in spring. Ask about consent before she does.",
        ),
    ]


def _agreements(ruth: User, jonas: User) -> list[tuple[str, User, int, int, str]]:
    return [
        ("noor", ruth, 12, 16, "One goal a week until the night shifts end."),
        ("farid", jonas, 3, 5, "Half an hour together on the index date, with the query open."),
        ("learner", ruth, 6, 9, "Hand in the second milestone once the three sentences are reworded."),
    ]


_REPLIES = (
    (
        "Association, not cause",
        "Your data show that the two go together. Please word it that way, and name one thing that could explain both.",
    ),
    ("Too small to judge", "This group is too small to say anything. Say so, or give an interval that shows it."),
    ("Reproduce", "I could not run it from a clean checkout. Which command did I miss? A line in the README would do."),
)


class Case:
    """One milestone of one person, acted out in time."""

    def __init__(self, mentored: Mentored, learner: User, role: Role, phase: int, subject: UUID, asked: Asked) -> None:
        self.now = mentored.now
        self.learner, self.asked = learner, asked
        self.text = _texts()[role.slug, phase]
        self.chance = random.Random(f"{learner.email} {role.slug} {phase}")  # noqa: S311  (seeded on purpose)
        self.mentor, self.other = self.chance.sample(mentored.mentors, 2)
        self.forms = 0
        self.place = f"{learner.email} {role.slug} {phase}"
        self.role, self.subject = role, subject

    def key(self) -> UUID:
        self.forms += 1
        return uuid5(_FORMS, f"{self.place} {self.forms}")

    def ago(self, **span: float) -> datetime:
        return self.now - timedelta(**span)

    def play(self, letter: str, *, closed: datetime, quiet: int) -> None:
        """Everything up to the state that the letter stands for; `closed`: when the phase's last goal was done."""
        # Far enough back for two rounds, whatever the pace.
        begin = min(closed, self.ago(days=quiet + 14)) if letter in "ABRTNO" else closed
        wait = self.chance.choice((4, 7, 11, 16, 20, 26, 33, 48, 66))
        thread = self.gather(at=begin)
        match letter:
            case "D":
                return
            case "W":
                self.hand_in(thread, at=self.ago(hours=self.chance.randint(3, 70)))
            case "C":
                self.hand_in(thread, at=self.ago(hours=7))
                self.claim(thread, self.mentor, at=self.ago(minutes=20))
            case "A":
                self.first_round(thread, begin, wait, approve=True)
            case "B":
                returned = self.first_round(thread, begin, wait, approve=False)
                again = self.hand_in_again(thread, at=returned + timedelta(days=3))
                self.claim(thread, self.mentor, at=again + timedelta(hours=wait / 2))
                self.approve(thread, self.mentor, at=again + timedelta(hours=wait / 2 + 0.5))
            case "R":
                self.first_round(thread, self.ago(days=quiet, hours=wait + 1), wait, approve=False)
            case "T":
                returned = self.first_round(thread, begin, wait, approve=False)
                again = self.hand_in_again(thread, at=returned + timedelta(days=4))
                self.claim(thread, self.mentor, at=again + timedelta(hours=9))
                self.return_(thread, self.mentor, at=again + timedelta(hours=9.5))
            case "N":
                self.first_round(thread, begin, wait, approve=False)
                self.hand_in_again(thread, at=self.ago(hours=self.chance.randint(2, 30)))
            case "O":
                self.first_round(thread, begin, wait, approve=False)
                self.ask_another(thread, at=self.ago(hours=20))
            case _:
                raise ValueError(letter)

    # ------------------------------------------------------------ single acts

    def gather(self, *, at: datetime) -> Thread:
        thread = review.open_thread(
            learner=self.learner, role=self.role, kind=Kind.MILESTONE, subject=self.subject, now=at
        )
        keys = [UUID(each.key) for each in self.asked.criteria]
        title, url = self.text["link"]
        pieces = [Piece("Write-up", keys[:2], text=self.text["note"]), Piece(title, keys[1:], url=url)]
        for piece in pieces:
            gathering.add(thread=thread, piece=piece, by=self.learner, key=self.key(), now=at)
        if self.text["file"]:
            self.show_file(thread, self.text["file"], keys[2:4], at=at)
        return thread

    def show_file(self, thread: Thread, name: str, criteria: list[UUID], *, at: datetime) -> None:
        with (FOLDER / "files" / name).open("rb") as opened:
            file = File(opened, name)
            found = inspect(file, name=name)
            with storing(file) as stored:
                kept = StoredFile(found.kind, stored, found.name, found.size, found.sha256)
                piece = Piece(name, criteria, file=kept)
                gathering.add(thread=thread, piece=piece, by=self.learner, key=self.key(), now=at)

    def first_round(self, thread: Thread, begin: datetime, wait: float, *, approve: bool) -> datetime:
        """Handed in, reviewed after `wait` hours; returns when it was decided."""
        self.hand_in(thread, at=begin)
        claimed = begin + timedelta(hours=wait)
        self.claim(thread, self.mentor, at=claimed)
        decided = claimed + timedelta(minutes=self.chance.randint(12, 50))
        (self.approve if approve else self.return_)(thread, self.mentor, at=decided)
        return decided

    def hand_in(self, thread: Thread, *, at: datetime) -> datetime:
        review.submit(
            thread=thread, asked=self.asked, message=self.text["question"], by=self.learner, key=self.key(), now=at
        )
        return at

    def hand_in_again(self, thread: Thread, *, at: datetime) -> datetime:
        self.answer(thread, at=at)
        message = "I changed what you asked for. Is it enough now?"
        review.resubmit(thread=thread, asked=self.asked, message=message, by=self.learner, key=self.key(), now=at)
        return at

    def ask_another(self, thread: Thread, *, at: datetime) -> None:
        self.answer(thread, at=at)
        message = "I would like to hear a second voice on the point that came back."
        review.ask_second_opinion(
            thread=thread, asked=self.asked, message=message, by=self.learner, key=self.key(), now=at
        )

    def answer(self, thread: Thread, *, at: datetime) -> None:
        """The write-up grows by what the mentor asked for."""
        note = thread.evidence.at_hand().filter(title="Write-up").get()
        text = f"{note.text}\n\n## Second round\n\n{self.text['next_step']} Done: see the last section of the link."
        piece = Piece(note.title, note.criteria, text=text)
        gathering.change(evidence=note, piece=piece, by=self.learner, key=self.key(), now=at)

    def claim(self, thread: Thread, mentor: User, *, at: datetime) -> None:
        row = review.claim(thread=thread, by=mentor, key=self.key(), now=at)
        submission = Submission.objects.get(thread=row, number=row.number)
        note_look(viewer=mentor, learner=self.learner, what=Looked.SUBMISSION, submission=submission, now=at)

    def approve(self, thread: Thread, mentor: User, *, at: datetime) -> None:
        met = {each.key: Met.MET for each in self.asked.criteria}
        judgment = Judgment(met=met, text=self.text["praise"])
        review.approve(thread=thread, judgment=judgment, by=mentor, key=self.key(), now=at)

    def return_(self, thread: Thread, mentor: User, *, at: datetime) -> None:
        missing = self.asked.criteria[self.text["criterion"] - 1].key
        met = {each.key: Met.MET for each in self.asked.criteria} | {missing: Met(self.text["met"])}
        judgment = Judgment(
            met=met, remarks={missing: self.text["remark"]}, text=self.text["praise"], next_step=self.text["next_step"]
        )
        review.return_(thread=thread, judgment=judgment, by=mentor, key=self.key(), now=at)
