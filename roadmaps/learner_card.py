"""The card of one learner, as a mentor who knows them reads it. Read-only; seven queries, however much there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.models import User
from mentoring.acquaintance import learners_of, with_roles
from mentoring.advice import Advice, advice_for
from mentoring.models import Agreement, Handover, Kind, Look, Looked, Note, Submission
from roadmaps.following import Following, Review, of_learner
from roadmaps.progress import Tally
from roles.blueprint import Phase
from roles.charts import Ring, ring

# So many settled agreements, handovers and looks of others are told; the newest.
_MOST = 8


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note in its latest version, and what it said before."""

    number: int
    author: str
    is_mine: bool
    text: str
    at: datetime
    before: str


@dataclass(frozen=True, slots=True)
class AgreementLine:
    number: int
    mentor: str
    text: str
    due_on: date | None
    at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandoverLine:
    giver: str
    taker: str
    cohort: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LookLine:
    viewer: str
    what: Looked
    at: datetime

    @property
    def on(self) -> str:
        """What of the learner's, for somebody else to read."""
        return {
            Looked.SUBMISSION: "a submission",
            Looked.FILE: "a file",
            Looked.CARD: "this card",
            Looked.COHORT: "the cohort’s progress",
            Looked.EXPORT: "an export of the cohort’s progress",
            Looked.ADMIN: "everything that is held",
        }[self.what]


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """One phase of a roadmap: how far, and how its milestone stands."""

    phase: Phase
    tally: Tally
    review: Review | None


@dataclass(frozen=True, slots=True)
class RoadmapOnCard:
    """One role of the learner's, with what was advised on each thing, the newest first."""

    following: Following
    ring: Ring | None
    phases: tuple[PhaseLine, ...]
    advice: tuple[tuple[str, list[Advice]], ...]
    is_led: bool  # the mentor leads the cohort in which the learner follows it

    @property
    def passed(self) -> int:
        """How many milestones are approved."""
        return sum(each.review is not None and each.review.is_approved for each in self.phases)


@dataclass(frozen=True, slots=True)
class Card:
    """What a mentor is shown of a learner. `is_led`: by a cohort; otherwise only while they hold a submission."""

    learner: User
    is_led: bool
    roadmaps: tuple[RoadmapOnCard, ...]
    notes: tuple[NoteLine, ...]
    agreements: tuple[AgreementLine, ...]
    handovers: tuple[HandoverLine, ...]
    looks: tuple[LookLine, ...]
    reachable: frozenset[int]  # submissions that this mentor may open

    @property
    def finding(self) -> str:
        """The heading: the name, and how they stand where there is one thing to say."""
        paces = [each.following.pace for each in self.roadmaps if each.following.pace is not None]
        if len(paces) != 1:
            return self.learner.name
        return f"{self.learner.name}: {paces[0].words[0].lower()}{paces[0].words[1:]}"

    @property
    def zone(self) -> str:
        """Their time zone, to be read."""
        return self.learner.timezone.replace("_", " ")

    @property
    def led(self) -> list[RoadmapOnCard]:
        """The roadmaps on which the mentor knows them by a cohort."""
        return [each for each in self.roadmaps if each.is_led and each.following.cohort is not None]

    @property
    def last_sign(self) -> datetime | None:
        signs = [each.following.last_sign for each in self.roadmaps]
        return max((each for each in signs if each is not None), default=None)

    @property
    def open_agreements(self) -> list[AgreementLine]:
        return [each for each in self.agreements if each.settled_at is None]

    @property
    def settled_agreements(self) -> list[AgreementLine]:
        return [each for each in self.agreements if each.settled_at is not None]


def card_of(learner: int, *, to: User, now: datetime) -> Card | None:
    """The card, or None for whom this mentor does not know. Roles in which they do not know the learner stay out."""
    found = _kept_on(learners_of(to, now), to=to, now=now).filter(pk=learner).first()
    if found is None:
        return None
    known = {*found.led_roles, *found.held_roles}
    advice = advice_for(learner, roles=known)
    followings = [each for each in of_learner(found, now=now) if each.role.pk in known]
    reachable = Submission.objects.reachable_by(to, now).of(found).values_list("pk", flat=True)
    return Card(
        learner=found,
        is_led=bool(found.led_roles),
        roadmaps=tuple(_on_card(each, advice, is_led=each.role.pk in found.led_roles) for each in followings),
        notes=tuple(_note(each, to) for each in found.notes_kept),
        agreements=tuple(_agreement(each) for each in found.agreements_kept),
        handovers=tuple(_handover(each) for each in found.handovers_kept),
        looks=tuple(_look(each) for each in found.looks_kept),
        reachable=frozenset(reachable),
    )


def _kept_on(learners: QuerySet[User], *, to: User, now: datetime) -> Any:
    """Learners with the roles in which they are known and with all that mentors keep on them, in one query."""
    of = {"learner": OuterRef("pk")}
    notes = Note.objects.standing().filter(**of).order_by("-pk")
    handovers = Handover.objects.filter(**of).order_by("-pk")[:_MOST]
    looks = Look.objects.filter(**of).exclude(viewer=to).order_by("-at", "-pk")[:_MOST]
    return with_roles(learners, mentor=to, now=now).annotate(
        notes_kept=ArraySubquery(
            notes.values(
                line=JSONObject(
                    number="pk",
                    author="author_name",
                    author_id="author",
                    text="text",
                    at="created_at",
                    before="replaces__text",
                )
            )
        ),
        agreements_kept=ArraySubquery(
            Agreement.objects.filter(**of)
            .open_first()
            .values(
                line=JSONObject(
                    number="pk",
                    mentor="mentor_name",
                    text="text",
                    due_on="due_on",
                    at="created_at",
                    settled="settled_at",
                )
            )
        ),
        handovers_kept=ArraySubquery(
            handovers.values(
                line=JSONObject(
                    giver="giver__display_name",
                    giver_email="giver__email",
                    taker="taker__display_name",
                    taker_email="taker__email",
                    cohort="cohort__name",
                    note="note",
                    at="at",
                )
            )
        ),
        looks_kept=ArraySubquery(looks.values(line=JSONObject(viewer="viewer_name", what="what", at="at"))),
    )


def _on_card(following: Following, advice: list[Advice], *, is_led: bool) -> RoadmapOnCard:
    progress = following.progress
    by_subject: dict[str, list[Advice]] = {}
    for one in advice:
        if one.role_id == following.role.pk:
            by_subject.setdefault(_heading(following, one), []).append(one)
    phases = (
        PhaseLine(each.phase, each.tally, following.review_of(each.phase))
        for each in (progress.phases if progress else ())
    )
    drawn = ring(progress.roadmap, shares=progress.shares) if progress else None
    return RoadmapOnCard(following, drawn, tuple(phases), tuple(by_subject.items()), is_led)


def _heading(following: Following, one: Advice) -> str:
    return following.title_of(one.subject) if one.kind == Kind.MILESTONE else f"{one.kind.label}: {one.title}"


def _note(line: dict[str, Any], to: User) -> NoteLine:
    at = datetime.fromisoformat(line["at"])
    return NoteLine(line["number"], line["author"], line["author_id"] == to.pk, line["text"], at, line["before"] or "")


def _agreement(line: dict[str, Any]) -> AgreementLine:
    return AgreementLine(
        line["number"],
        line["mentor"],
        line["text"],
        date.fromisoformat(line["due_on"]) if line["due_on"] else None,
        datetime.fromisoformat(line["at"]),
        datetime.fromisoformat(line["settled"]) if line["settled"] else None,
    )


def _handover(line: dict[str, Any]) -> HandoverLine:
    giver, taker = _name(line, "giver"), _name(line, "taker")
    return HandoverLine(giver, taker, line["cohort"], line["note"], datetime.fromisoformat(line["at"]))


def _name(line: dict[str, Any], who: str) -> str:
    """Names stay with accounts: whoever left has none."""
    email = line[f"{who}_email"]
    return User(display_name=line[who], email=email).name if email else "Somebody who left"


def _look(line: dict[str, Any]) -> LookLine:
    return LookLine(line["viewer"], Looked(line["what"]), datetime.fromisoformat(line["at"]))
