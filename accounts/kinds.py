"""What a notification can be about, whom it concerns, and how it reaches people who have not chosen otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import models


class Audience(StrEnum):
    LEARNER = "learner"
    MENTOR = "mentor"


class Rhythm(models.TextChoices):
    """When mail about something goes out."""

    OFF = "off", "Off"
    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "Daily"
    WEEKLY = "weekly", "Weekly"

    @property
    def is_digest(self) -> bool:
        return self in (Rhythm.DAILY, Rhythm.WEEKLY)


class Kind(models.TextChoices):
    """In the order of the settings page. A label ends the sentence “You get this because …” in lower case."""

    RETURNED = "returned", "A milestone is returned"
    APPROVED = "approved", "A milestone is approved"
    CLAIMED = "claimed", "A mentor begins to review"
    COMMENT = "comment", "A mentor comments"
    AGREEMENT = "agreement", "You and a mentor agree on something"
    BADGE = "badge", "A badge is yours"
    HANDOVER = "handover", "Another mentor takes over"
    REOPENED = "reopened", "An approved milestone is opened again"
    WAITING = "waiting", "A submission waits for a review"
    RESUBMITTED = "resubmitted", "A learner of yours hands in again"
    LEARNER_COMMENT = "learner_comment", "A learner comments"
    COHORT = "cohort", "Something changes in a cohort of yours"
    HANDED_OVER = "handed_over", "Learners are handed over to you"

    @property
    def about(self) -> About:
        return _ABOUT[self]

    @property
    def audience(self) -> Audience:
        return self.about.audience

    @classmethod
    def of(cls, audience: Audience) -> list[Kind]:
        return [kind for kind in cls if kind.audience == audience]


@dataclass(frozen=True, slots=True)
class About:
    """The facts of a kind. `in_app` and `mail` hold for whoever has not chosen."""

    audience: Audience
    description: str
    mail: Rhythm
    in_app: bool = True


_LEARNER, _MENTOR = Audience.LEARNER, Audience.MENTOR
_ABOUT = {
    Kind.RETURNED: About(_LEARNER, "A mentor read your work and names what is missing.", Rhythm.AT_ONCE),
    Kind.APPROVED: About(_LEARNER, "A mentor found every criterion met.", Rhythm.AT_ONCE),
    Kind.CLAIMED: About(_LEARNER, "Somebody has started to read what you handed in.", Rhythm.OFF),
    Kind.COMMENT: About(_LEARNER, "A mentor wrote something on a milestone of yours.", Rhythm.AT_ONCE),
    Kind.AGREEMENT: About(_LEARNER, "What was agreed on is written down, or settled.", Rhythm.DAILY),
    Kind.BADGE: About(_LEARNER, "A signed credential you can show to others is ready.", Rhythm.AT_ONCE),
    Kind.HANDOVER: About(_LEARNER, "From now on somebody else reviews your work.", Rhythm.AT_ONCE),
    Kind.REOPENED: About(_LEARNER, "Staff took an approval back, with a reason.", Rhythm.AT_ONCE),
    Kind.WAITING: About(_MENTOR, "New work in your cohorts or in the roles you review.", Rhythm.DAILY),
    Kind.RESUBMITTED: About(_MENTOR, "Work that you returned comes back to you first.", Rhythm.AT_ONCE),
    Kind.LEARNER_COMMENT: About(_MENTOR, "A learner answers you, or asks something.", Rhythm.AT_ONCE),
    Kind.COHORT: About(_MENTOR, "A learner joins, leaves, or says what blocks them.", Rhythm.DAILY),
    Kind.HANDED_OVER: About(_MENTOR, "Another mentor passes learners or reviews on to you.", Rhythm.AT_ONCE),
}
