"""The desk: all that a mentor needs to decide on one submission, and their decision."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from accounts.models import User
from mentoring import drafting, review
from mentoring.asked import Criterion
from mentoring.drafting import Typed
from mentoring.files.pieces import Pieces, pieces
from mentoring.models import Draft, Event, Evidence, Mentor, Met, Outcome, Ruling, SavedReply, State, Submission, Thread
from mentoring.reaching import Found, found
from mentoring.story import Line, Round, Shown, Story, story_of
from mentoring.templatetags.review_parts import since


@dataclass(frozen=True, slots=True)
class Beside:
    """A criterion with its evidence: in full where it stands for the first time, by name where it stands above."""

    number: int
    line: Line
    full: tuple[Shown, ...]
    above: tuple[Shown, ...]
    met: str
    remark: str
    met_fault: str
    remark_fault: str
    score: int | None = None  # what is chosen, where the criterion has a scale

    @property
    def criterion(self) -> Criterion:
        return self.line.criterion

    @property
    def first_field(self) -> str:
        """The id of the first choice."""
        return f"met-{self.number}-{1 if self.criterion.scale else Met.MET}"

    @property
    def scale(self) -> list[tuple[int, str, bool]]:
        """Each score, what it means, and whether it is chosen."""
        return [(score, text, score == self.score) for score, text in enumerate(self.criterion.scale, 1)]


@dataclass(frozen=True)
class Desk:
    """One submission on a mentor's desk. What its learner and mentors said is read when it is asked for."""

    found: Found
    typed: Typed
    saved_at: datetime | None
    replies: list[SavedReply]
    versions: Mapping[str, int]  # by the id of a piece that of the one which it took the place of
    stamp: tuple[object, ...]  # of all that was said and done
    by: User
    now: datetime
    faults: Mapping[str, str] = field(default_factory=dict)  # by field, "" for the whole

    @property
    def submission(self) -> Submission:
        return self.found.submission

    @property
    def thread(self) -> Thread:
        return self.found.thread

    @cached_property
    def story(self) -> Story:
        story = story_of(self.thread, to=self.by)
        # Having decided once opens no other round: whoever may not read the thread reads what they decided on.
        return story if self.found.is_whole else story.decided_by_reader()

    @cached_property
    def round(self) -> Round:
        """Raises Submission.DoesNotExist where it was taken back between two questions."""
        found = self.story.round_of(self.submission)
        if found is None:
            raise Submission.DoesNotExist
        return found

    @property
    def key(self) -> tuple[object, ...]:
        """What stands for all that the page shows."""
        thread = self.thread
        people = (thread.learner, thread.holder, thread.reserved_for)
        return (
            self.submission.pk,
            self.by.pk,
            self.stamp,
            self.found.is_whole,
            thread.changed_at,
            *(person.name if person else "" for person in people),
            thread.cohort.name if thread.cohort else "",
            thread.role.short_name,
            self.is_in_hand,
            self.lease_is_over,
            self.held_by_another is None,
            self.may_claim,
            self.is_reserved_for_me,
            self.waited,
        )

    @property
    def waited(self) -> str:
        return since(self.thread.queued_from) if self.thread.queued_from else ""

    @property
    def is_open(self) -> bool:
        return self.submission.outcome == Outcome.OPEN

    @property
    def is_in_hand(self) -> bool:
        """Whether the mentor may decide: also when the lease is over, as long as nobody else took it."""
        return self.is_open and self.thread.state == State.CLAIMED and self.thread.holder_id == self.by.pk

    @property
    def lease_is_over(self) -> bool:
        return self.is_in_hand and not self.thread.has_running_lease(self.now)

    @property
    def held_by_another(self) -> User | None:
        """A colleague of the same cohort may read on while somebody else decides."""
        running = self.is_open and self.thread.has_running_lease(self.now)
        return self.thread.holder if running and self.thread.holder_id != self.by.pk else None

    @property
    def may_claim(self) -> bool:
        return (
            self.is_open
            and not self.is_in_hand
            and not self.reserved_for_another
            and self.thread.is_claimable_by(self.by, self.now)
            and self.by.pk not in self.thread.excluded
        )

    @cached_property
    def reserved_for_another(self) -> User | None:
        """Whoever else has first refusal and is there to use it: one query, only where somebody has it."""
        first, until = self.thread.reserved_for, self.thread.reserved_until
        if not self.is_open or first is None or first.pk == self.by.pk or until is None or until <= self.now:
            return None
        return first if Mentor.objects.present(self.now).filter(user=first).exists() else None

    @property
    def is_reserved_for_me(self) -> bool:
        until = self.thread.reserved_until
        return self.is_open and self.thread.reserved_for_id == self.by.pk and until is not None and until > self.now

    @property
    def previous(self) -> Round | None:
        before = self.before
        return before[0] if before else None

    @cached_property
    def before(self) -> list[Round]:
        return self.story.before(self.submission)

    @cached_property
    def changes(self) -> Pieces[Evidence]:
        """What became of the evidence of the round before."""
        old = self.previous.evidence if self.previous else []
        by_id = {each.pk: each for each in old}
        found = ((by_id.get(self._shown_before(each, by_id)), each) for each in self.round.evidence)
        return pieces(old, self.round.evidence, replaced=[(was, now) for was, now in found if was])

    @property
    def replaced(self) -> list[tuple[Evidence, Evidence, bool]]:
        """What was changed: the piece before, the piece now, and whether the difference can be shown."""
        return [(was, now, now.is_comparable_to(was)) for was, now in self.changes.replaced]

    def _shown_before(self, piece: Evidence, old: Container[int]) -> int:
        """Which of the old pieces became this one, perhaps by way of versions that were never handed in."""
        number = self.versions.get(str(piece.pk), 0)
        while number and number not in old:
            number = self.versions.get(str(number), 0)
        return number

    @property
    def later(self) -> Round | None:
        """The newest round, where this is an older one."""
        last = self.story.last
        return last if last is not None and last.number > self.round.number else None

    @property
    def text_fault(self) -> str:
        return self.faults.get("text", "")

    @property
    def next_step_fault(self) -> str:
        return self.faults.get("next_step", "")

    @property
    def whole_fault(self) -> str:
        return self.faults.get("", "")

    @cached_property
    def beside(self) -> list[Beside]:
        seen: set[int] = set()
        found = []
        for number, line in enumerate(self.round.lines, 1):
            full = tuple(each for each in line.shown if each.evidence.pk not in seen)
            above = tuple(each for each in line.shown if each.evidence.pk in seen)
            seen.update(each.evidence.pk for each in full)
            key = line.criterion.key
            met, remark = (typed.get(key, "") for typed in (self.typed.met, self.typed.remarks))
            met_fault, remark_fault = (self.faults.get(f"{name}-{key}", "") for name in ("met", "remark"))
            score = self.typed.scores.get(key)
            found.append(Beside(number, line, full, above, met, remark, met_fault, remark_fault, score))
        return found


@dataclass(frozen=True, slots=True)
class Lost:
    """A submission that the mentor may not read now; what they typed once is theirs all the same."""

    reason: str
    submission: Submission
    typed: Typed | None


def desk_of(number: int, *, by: User, now: datetime) -> Desk | Lost:
    """The desk for a submission, or why the mentor may not read it at this moment.

    Raises Submission.DoesNotExist for what is none of the mentor's business.
    """
    row = found(number, by=by, now=now)
    if row is None:
        return _lost(number, by, now)
    draft, replies = row.draft, row.replies
    return Desk(
        found=row,
        typed=Typed.from_draft(draft[0]) if draft else Typed(),
        saved_at=datetime.fromisoformat(draft[1]) if draft else None,
        replies=[SavedReply(pk=pk, title=title, text=text) for pk, title, text in replies or ()],
        versions=row.versions or {},
        stamp=(row.stamp, json.dumps(draft), json.dumps(replies)),
        by=by,
        now=now,
    )


def _lost(number: int, by: User, now: datetime) -> Lost:
    submission = Submission.objects.for_desk().exclude(thread__learner=by).get(pk=number)
    draft = Draft.objects.filter(submission=submission, mentor=by).first()
    thread = submission.thread
    held = thread.has_running_lease(now) and submission.outcome == Outcome.OPEN
    if draft is None and not (held and Thread.objects.claimable_in_principle(by, now).filter(pk=thread.pk).exists()):
        raise Submission.DoesNotExist
    typed = Typed.from_draft(draft.content) if draft else None
    return Lost(_why(submission, thread, held=held), submission, typed)


def _why(submission: Submission, thread: Thread, *, held: bool) -> str:
    if held and thread.holder is not None:
        return f"{thread.holder.name} is reviewing this now."
    if submission.outcome == Outcome.WITHDRAWN:
        return "The learner took this back."
    if submission.outcome == Outcome.OPEN:
        return "This is not yours to review any more."
    return "Somebody else decided on this meanwhile."


def claim(*, submission: Submission, by: User, key: UUID, now: datetime) -> Thread:
    """Take it in hand. Raises Thread.DoesNotExist for what the mentor may not see, else review.NotPossibleError."""
    if submission.outcome != Outcome.OPEN and not _was_done(by, key):
        Thread.objects.claimable_in_principle(by, now).get(pk=submission.thread_id)
        raise review.NotPossibleError("This round is over.")
    return review.claim(thread=submission.thread, by=by, key=key, now=now)


def decide(*, submission: Submission, ruling: Ruling, typed: Typed, by: User, key: UUID, now: datetime) -> Thread:
    """Send what is typed. Raises IncompleteError and review.NotPossibleError, as `review` does."""
    # The open round of a thread is decided on: a form of an older one must not speak of it.
    if submission.outcome != Outcome.OPEN and not _was_done(by, key):
        raise review.NotPossibleError("This round is over.")
    act = review.approve if ruling == Ruling.APPROVED else review.return_
    return act(thread=submission.thread, judgment=typed.judgment(), by=by, key=key, now=now)


def keep_quietly(*, submission: Submission, by: User, typed: Typed, now: datetime) -> None:
    """Keep what is typed where something else went wrong already."""
    with suppress(review.NotPossibleError, Submission.DoesNotExist):
        drafting.keep(submission=submission, by=by, typed=typed, now=now)


def _was_done(by: User, key: UUID) -> bool:
    return Event.objects.filter(actor=by, key=key).exists()
