"""A review as its learner sees it, whatever is reviewed: whose turn it is, what came back, and how long it takes.

Everything is read when it is asked for, and once.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from accounts.models import User
from mentoring import promises
from mentoring.gathering import LEARNERS_TURN
from mentoring.models import State, Thread
from mentoring.story import Feedback, Story, Talk, story_of
from mentoring.waiting import Wait, expected_wait


class OwnSide:
    """Says what follows from a thread; whoever inherits says which thread that is, and whose mentors it goes to."""

    now: datetime

    @property
    def reader(self) -> User:
        """The learner."""
        raise NotImplementedError

    @property
    def role_asked(self) -> int:
        """The id of the role whose mentors review it."""
        raise NotImplementedError

    @cached_property
    def thread(self) -> Thread | None:
        """None before there is any."""
        raise NotImplementedError

    # ---------------------------------------------------------------- where it stands

    @property
    def state(self) -> State:
        """As people should see it: a claim whose lease is over waits like any other."""
        return self.thread.shown_state(self.now) if self.thread else State.DRAFT

    @property
    def is_learners_turn(self) -> bool:
        return self.state in LEARNERS_TURN

    @property
    def may_withdraw(self) -> bool:
        return self.thread is not None and self.thread.state == State.SUBMITTED

    @property
    def was_given_up(self) -> bool:
        """Whether a mentor began, and their lease ran out: it waits again, at its old place."""
        return self.thread is not None and self.thread.state == State.CLAIMED and self.state == State.SUBMITTED

    @property
    def has_first_refusal(self) -> bool:
        """Whether somebody has it for themselves at this moment."""
        until = self.thread.reserved_until if self.thread else None
        return until is not None and until > self.now

    @property
    def waits_for_cohort(self) -> bool:
        """Whether mentors beyond the cohort may not take it yet."""
        thread = self.thread
        return bool(thread and thread.cohort_id and thread.pooled_from and thread.pooled_from > self.now)

    # ---------------------------------------------------------------- what came back

    @cached_property
    def story(self) -> Story | None:
        return story_of(self.thread, to=self.reader) if self.thread and self.thread.number else None

    @cached_property
    def feedback(self) -> Feedback | None:
        """The last decision, whatever happened since."""
        rounds = self.story.newest_first if self.story else ()
        return next((each.feedback for each in rounds if each.feedback), None)

    def talk(self, place: str) -> Talk | None:
        """What was said at that element of the page."""
        return self.story.talk(place) if self.story else None

    # ---------------------------------------------------------------- how long it takes

    @property
    def is_again(self) -> bool:
        """Whether the round that is open, or the next one, is not the first."""
        number = self.thread.number if self.thread else 0
        return number > (0 if self.is_learners_turn else 1)

    @cached_property
    def wait(self) -> Wait | None:
        return expected_wait(role=self.role_asked, again=self.is_again)

    @property
    def promise(self) -> str:
        return promises.promise(self.wait, again=self.is_again)

    @property
    def usually(self) -> str:
        return promises.usually(self.wait) if self.wait else ""

    @property
    def waits_longer_than_most(self) -> bool:
        last = self.story.last if self.story else None
        return bool(self.wait and last and self.now - last.submission.submitted_at > self.wait.most)
