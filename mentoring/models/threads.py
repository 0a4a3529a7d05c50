"""The review of one thing: the thread, whose row every action locks, and who may reach it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.constraints import one_of
from accounts.models import User
from mentoring.models.mentors import Cohort, Mentor
from mentoring.models.records import Holds, kept_unless_erased
from roles.models import Role


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Waiting for a mentor"
    CLAIMED = "claimed", "In review"
    RETURNED = "returned", "Returned"
    APPROVED = "approved", "Approved"


# From where to where: the table of the specification. A claim moves from one holder to the next once its lease is over.
MOVES = (
    (State.DRAFT, State.SUBMITTED),
    (State.SUBMITTED, State.DRAFT),
    (State.SUBMITTED, State.CLAIMED),
    (State.CLAIMED, State.SUBMITTED),
    (State.CLAIMED, State.RETURNED),
    (State.CLAIMED, State.APPROVED),
    (State.RETURNED, State.SUBMITTED),
    (State.APPROVED, State.RETURNED),
)
OPEN = (State.SUBMITTED, State.CLAIMED)


class Kind(models.TextChoices):
    """What is reviewed."""

    MILESTONE = "milestone", "Milestone"
    ANSWER = "answer", "Interview answer"
    MOCK = "mock", "Mock interview"


def _free(now: datetime) -> Q:
    """Waits for a mentor: handed in, or claimed with a lease that is over."""
    return Q(state=State.SUBMITTED) | Q(state=State.CLAIMED, lease_until__lte=now)


class ThreadQuerySet(models.QuerySet["Thread"]):
    def of(self, learner: User) -> Self:
        """The learner's own, and nobody else's."""
        return self.filter(learner=learner)

    def on(self, kind: Kind, subject: UUID | str) -> Self:
        return self.filter(kind=kind, subject=subject)

    def approved_among(self, subjects: Iterable[UUID | str]) -> Self:
        """Those of these subjects whose approval holds, with it."""
        return self.filter(subject__in=list(subjects), state=State.APPROVED).select_related("approval")

    def for_page(self) -> Self:
        """With whom a page names."""
        return self.select_related("learner", "holder", "reserved_for", "cohort")

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def reachable_by(self, mentor: User, now: datetime) -> Self:
        """What a mentor's pages may show: their cohorts', what waits in the open pool of roles that they cover, what
        they hold, and what they decided on before. Never their own, never a draft that was not handed in.

        What another mentor of the pool has in hand is not among it.
        """
        decided = Q(pk__in=Thread.objects.filter(submissions__decision__mentor=mentor).values("pk"))
        return self.filter(self._open_to(mentor, now) | decided, number__gte=1).exclude(learner=mentor)

    def open_to(self, mentor: User, now: datetime) -> Self:
        """What a mentor reaches, but for what they only decided on before."""
        return self.filter(self._open_to(mentor, now), number__gte=1).exclude(learner=mentor)

    def claimable_in_principle(self, mentor: User, now: datetime) -> Self:
        """Those of the mentor's cohorts and pools, whoever holds them: a lost race must still find its row."""
        theirs = (
            self._led_by(mentor)
            | (self._covered_by(mentor) & (Q(pooled_from__isnull=True) | Q(pooled_from__lte=now)))
            | Q(reserved_for=mentor)
            | Q(holder=mentor)
        )
        return self.filter(theirs, number__gte=1).exclude(learner=mentor).exclude(excluded__contains=[mentor.pk])

    def claimable_by(self, mentor: User, now: datetime) -> Self:
        """What the mentor may take at that moment: it waits, and nobody else who is there has first refusal."""
        present = Mentor.objects.present(now).values("user")
        theirs = (
            Q(reserved_for__isnull=True)
            | Q(reserved_for=mentor)
            | Q(reserved_until__lte=now)
            | ~Q(reserved_for__in=present)
        )
        return self.claimable_in_principle(mentor, now).filter(_free(now), theirs)

    @classmethod
    def _open_to(cls, mentor: User, now: datetime) -> Q:
        pooled = cls._covered_by(mentor) & Q(pooled_from__lte=now) & ~Q(excluded__contains=[mentor.pk])
        return cls._led_by(mentor) | Q(holder=mentor) | (_free(now) & (pooled | Q(reserved_for=mentor)))

    @staticmethod
    def _led_by(mentor: User) -> Q:
        return Q(cohort__in=Cohort.objects.of_mentor(mentor))

    @staticmethod
    def _covered_by(mentor: User) -> Q:
        return Q(role__in=Mentor.roles.through.objects.filter(mentor__user=mentor).values("role"))

    def held_by(self, mentor: User, now: datetime) -> Self:
        """What the mentor has in hand: claimed, with a lease that runs."""
        return self.filter(state=State.CLAIMED, holder=mentor, lease_until__gt=now)


class Thread(models.Model):
    """One learner's review of one subject, such as a milestone. The row that every action locks.

    `mentoring.review` is its only writer.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="threads")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MILESTONE)
    subject = models.UUIDField(help_text="The permanent key of what is reviewed, such as a milestone's.")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    number = models.PositiveSmallIntegerField(default=0, help_text="Of the last submission; 0 before the first.")
    cohort = models.ForeignKey(
        Cohort,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="threads",
        help_text="The learner's cohort when they last submitted.",
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="held_threads"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True, help_text="Judged when it is read; nothing cleans it up.")
    reserved_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who has first refusal.",
    )
    reserved_until = models.DateTimeField(null=True, blank=True)
    excluded = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Mentors whom a second opinion leaves out."
    )
    queued_from = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Where it stands in the queue: now less all the time that it waited for mentors. Only while open.",
    )
    pooled_from = models.DateTimeField(
        null=True, blank=True, help_text="From when on mentors of the role beyond the cohort may take it."
    )
    waited = models.DurationField(default=timedelta, help_text="For mentors, in all rounds that are over.")
    approval = models.OneToOneField(
        # RESTRICT: only both go together, with their learner.
        "mentoring.Decision",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index("role", "queued_from", "id", name="mentoring_thread_pool", condition=Q(state__in=OPEN)),
            models.Index("cohort", "queued_from", "id", name="mentoring_thread_cohort", condition=Q(state__in=OPEN)),
            models.Index("holder", "lease_until", name="mentoring_thread_held", condition=Q(state=State.CLAIMED)),
        ]
        constraints = [
            one_of("state", State),
            one_of("kind", Kind),
            models.UniqueConstraint(
                fields=["learner", "kind", "subject"],
                name="mentoring_thread_once",
                violation_error_message="This has a review already.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=State.CLAIMED, holder__isnull=False, claimed_at__isnull=False, lease_until__isnull=False
                )
                | (~Q(state=State.CLAIMED) & Q(holder__isnull=True, claimed_at__isnull=True, lease_until__isnull=True)),
                name="mentoring_thread_claimed_has_holder",
                violation_error_message="Exactly what is claimed has a holder and a lease.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, queued_from__isnull=False, pooled_from__isnull=False)
                | (~Q(state__in=OPEN) & Q(queued_from__isnull=True, pooled_from__isnull=True)),
                name="mentoring_thread_open_is_queued",
                violation_error_message="Exactly what waits for a mentor stands in the queue.",
            ),
            models.CheckConstraint(
                condition=Q(state=State.APPROVED, approval__isnull=False)
                | (~Q(state=State.APPROVED) & Q(approval__isnull=True)),
                name="mentoring_thread_approved_has_decision",
                violation_error_message="Exactly what is approved has an approval.",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | Q(number__gte=1),
                name="mentoring_thread_submitted_has_number",
                violation_error_message="What was submitted has a number.",
            ),
            models.CheckConstraint(
                condition=Q(reserved_for__isnull=True, reserved_until__isnull=True)
                | Q(state=State.SUBMITTED, reserved_until__isnull=False),
                name="mentoring_thread_reserved_waits",
                violation_error_message="First refusal is for what waits, and it ends.",
            ),
            models.CheckConstraint(
                condition=Q(holder__isnull=True) | ~Q(holder=F("learner")),
                name="mentoring_thread_not_own",
                violation_error_message="Nobody reviews their own submission.",
            ),
            models.CheckConstraint(
                condition=Q(reserved_for__isnull=True) | ~Q(reserved_for=F("learner")),
                name="mentoring_thread_not_reserved_for_learner",
                violation_error_message="Nobody reviews their own submission.",
            ),
            models.CheckConstraint(
                condition=Q(holder__isnull=True) | ~Q(Holds(F("holder_id"), F("excluded"))),
                name="mentoring_thread_not_excluded",
                violation_error_message="The learner asked for somebody else’s opinion.",
            ),
            models.CheckConstraint(
                condition=Q(waited__gte=timedelta()),
                name="mentoring_thread_waited_forwards",
                violation_error_message="Nobody waits for less than no time.",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="moves", field="state", transitions=[(str(a), str(b)) for a, b in MOVES]),
            pgtrigger.ReadOnly(name="same_subject", fields=["learner", "role", "kind", "subject"]),
            pgtrigger.Trigger(
                name="approval_is_its_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.approval_id IS NOT NULL AND NEW.approval_id IS DISTINCT FROM OLD.approval_id"
                ),
                func="""
                    IF NOT EXISTS (
                        SELECT FROM mentoring_decision d JOIN mentoring_submission s ON s.id = d.submission_id
                        WHERE d.id = NEW.approval_id AND d.ruling = 'approved'
                            AND s.thread_id = NEW.id AND s.number = NEW.number
                    ) THEN
                        RAISE EXCEPTION 'What is approved is the last submission of the thread.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'mentoring_thread_approval_is_its_own';
                    END IF;
                    RETURN NEW;
                """,
            ),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.learner}"

    def has_running_lease(self, now: datetime) -> bool:
        return self.state == State.CLAIMED and self.lease_until is not None and self.lease_until > now

    def is_held_by(self, mentor: User, now: datetime) -> bool:
        return self.holder_id == mentor.pk and self.has_running_lease(now)

    def is_claimable_by(self, mentor: User, now: datetime) -> bool:
        """Whether its state lets this mentor take it; whether they may at all is a matter of querysets."""
        return self.shown_state(now) == State.SUBMITTED and not self.is_reserved_for_another(mentor, now)

    def is_reserved_for_another(self, mentor: User, now: datetime) -> bool:
        """Whether somebody else has first refusal at that moment, and is there to use it.

        For many rows select `reserved_for__mentor` with them.
        """
        running = self.reserved_until is not None and self.reserved_until > now
        if not running or self.reserved_for is None or self.reserved_for_id == mentor.pk:
            return False
        first: Mentor | None = getattr(self.reserved_for, "mentor", None)
        return first is not None and first.is_present(now)

    def shown_state(self, now: datetime) -> State:
        """What a person should see: a claim whose lease is over waits like any other."""
        if self.state == State.CLAIMED and not self.has_running_lease(now):
            return State.SUBMITTED
        return State(self.state)
