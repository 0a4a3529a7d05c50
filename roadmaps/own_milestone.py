"""A milestone as its learner sees it: whose turn it is, what is gathered, what came back, and how long it takes.

Everything is read when it is asked for, and once: six queries for the whole page, however many rounds there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain
from uuid import UUID

from accounts.models import User
from badges.models import Credential
from mentoring.asked import Asked, Criterion
from mentoring.models import Evidence, Kind, State, Thread, What
from mentoring.models.evidence import LARGEST_SUBMISSION, MOST_PIECES
from mentoring.own_side import OwnSide
from mentoring.story import Happening, Judged, Round, Talk
from roadmaps.asking import asked_by
from roadmaps.models import Handed
from roadmaps.proving import certificate_of
from roadmaps.standing import Standing, standing_on
from roles.blueprint import Phase, Roadmap
from roles.models import Role

# How many of the pieces that were taken away can be brought back on the page.
_REMOVED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: what answers it now, and what the last mentor said of it."""

    number: int  # from 1
    criterion: Criterion
    evidence: tuple[Evidence, ...]
    judged: Judged | None
    talk: Talk | None  # what was said about it in the round whose verdicts stand here


@dataclass(frozen=True, slots=True)
class Gathered:
    """One piece, and the numbers of the criteria that it answers."""

    evidence: Evidence
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class OwnMilestone(OwnSide):
    standing: Standing
    phase: Phase
    learner: User
    now: datetime

    # ---------------------------------------------------------------- where it stands

    @property
    def reader(self) -> User:
        return self.learner

    @property
    def role(self) -> Role:
        return self.standing.enrolment.role

    @property
    def role_asked(self) -> int:
        return self.role.pk

    @property
    def roadmap(self) -> Roadmap:
        return self.standing.progress.roadmap

    @property
    def subject(self) -> UUID:
        """The milestone's permanent key."""
        return UUID(self.phase.milestone.key)

    @property
    def handed(self) -> Handed | None:
        return self.standing.enrolment.handed.get(self.phase.milestone.key)

    @cached_property
    def thread(self) -> Thread | None:
        """None until something is gathered."""
        if self.handed is None:
            return None
        return Thread.objects.of(self.learner).on(Kind.MILESTONE, self.subject).for_page().first()

    @property
    def may_gather(self) -> bool:
        """Whether evidence can be changed and handed in: on the learner's turn, and while they are on the roadmap."""
        return self.is_learners_turn and self.standing.is_current

    # ---------------------------------------------------------------- what is asked, and gathered

    @cached_property
    def asked(self) -> Asked:
        """What the learner's roadmap asks; what was asked at that time for what is handed in."""
        last = self.story.last if self.story and not self.is_learners_turn else None
        return last.asked if last else asked_by(self.phase)

    @property
    def is_worded_otherwise(self) -> bool:
        """Whether the roadmap asks for it in other words by now."""
        return self.asked != asked_by(self.phase)

    @cached_property
    def _latest(self) -> list[Evidence]:
        return list(self.thread.evidence.not_replaced()) if self.thread else []

    @cached_property
    def evidence(self) -> list[Evidence]:
        """What would be handed in, or was."""
        return [each for each in self._latest if each.removed_at is None]

    @cached_property
    def removed(self) -> list[Evidence]:
        """What was taken away and can come back, the last first."""
        gone = [each for each in self._latest if each.removed_at is not None]
        return sorted(gone, key=lambda each: each.removed_at or self.now, reverse=True)[:_REMOVED_SHOWN]

    @cached_property
    def pieces(self) -> list[Gathered]:
        return [self.gathered(each) for each in self.evidence]

    def gathered(self, piece: Evidence) -> Gathered:
        keys = {str(key) for key in piece.criteria}
        numbers = (number for number, each in enumerate(self.asked.criteria, 1) if each.key in keys)
        return Gathered(piece, tuple(numbers))

    @cached_property
    def lines(self) -> list[Line]:
        judged = self.feedback.judged if self.feedback else {}
        about = self.told.about if self.told else {}
        return [
            Line(
                number,
                each,
                tuple(piece.evidence for piece in self.pieces if number in piece.numbers),
                judged.get(each.key),
                about.get(each.key),
            )
            for number, each in enumerate(self.asked.criteria, 1)
        ]

    @property
    def unanswered(self) -> int:
        """How many required criteria no evidence names."""
        return sum(each.criterion.required and not each.evidence for each in self.lines)

    @property
    def size(self) -> int:
        """Of all files, in bytes."""
        return sum(each.size for each in self.evidence)

    @property
    def largest(self) -> int:
        return LARGEST_SUBMISSION

    @property
    def most(self) -> int:
        return MOST_PIECES

    # ---------------------------------------------------------------- what came back

    @cached_property
    def told(self) -> Round | None:
        """The round whose verdicts and comments stand beside what to work on, so that its story need not repeat them.

        None where the words of that day were other ones: then they stand in the story as they were.
        """
        rounds = self.story.newest_first if self.story and self.is_learners_turn else ()
        found = next((each for each in rounds if each.feedback), None)
        return found if found and found.asked.criteria == self.asked.criteria else None

    @cached_property
    def reopening(self) -> Happening | None:
        """When and why staff took the last approval back, if they did."""
        if self.story is None or self.feedback is None or not self.feedback.is_approval or self.state == State.APPROVED:
            return None
        happenings = chain.from_iterable(each.happenings for each in self.story.rounds)
        return next((each for each in reversed(list(happenings)) if each.what == What.REOPENED), None)

    @cached_property
    def certificate(self) -> Credential | None:
        """Of the whole roadmap, once every milestone is approved."""
        return certificate_of(self.standing.enrolment, self.learner) if self.standing.is_proven else None


def own_milestone_of(learner: User, role: str, number: int, *, now: datetime) -> OwnMilestone | None:
    """The milestone of a phase of the roadmap that the learner follows, or of one that they left with work in it.

    `role` is a slug, `number` the phase's. None where the learner has no such milestone.
    """
    standing = standing_on(learner, role)
    phase = standing.progress.roadmap.phase(number) if standing else None
    if standing is None or phase is None:
        return None
    own = OwnMilestone(standing, phase, learner, now)
    return own if standing.is_current or own.handed else None
