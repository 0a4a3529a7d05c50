"""The numbered submissions of a thread, and everything that ever happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from accounts.constraints import one_of
from accounts.models import User
from mentoring.models.records import forgets_only, kept_unless_erased
from mentoring.models.threads import Kind, Thread
from roles.models import Role


class Outcome(models.TextChoices):
    OPEN = "", "Open"
    WITHDRAWN = "withdrawn", "Withdrawn"
    RETURNED = "returned", "Returned"
    APPROVED = "approved", "Approved"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def reachable_by(self, mentor: User, now: datetime) -> Self:
        """Submissions of the threads that are open to a mentor, and those that they decided on themselves; never their
        own, and nothing that its learner took back. Having decided once opens no later submission of the thread.
        """
        # Asked of each row: as sets, all that is open would be read to find the one row of a page.
        open_to = Exists(Thread.objects.open_to(mentor, now).filter(pk=OuterRef("thread")))
        decided = Exists(self.model.objects.decided_by(mentor).filter(pk=OuterRef("pk")))
        return self.filter(open_to | decided).exclude(thread__learner=mentor).exclude(outcome=Outcome.WITHDRAWN)

    def of(self, learner: User) -> Self:
        return self.filter(thread__learner=learner)

    def on(self, kind: Kind, subject: UUID | str) -> Self:
        return self.filter(thread__kind=kind, thread__subject=subject)

    def decided_by(self, mentor: User) -> Self:
        return self.filter(decision__mentor=mentor)

    def begun_by(self, mentor: User) -> Self:
        """What the mentor had in hand once, whoever has it now."""
        claims = Event.objects.filter(submission=OuterRef("pk"), actor=mentor, what=What.CLAIMED)
        return self.filter(Exists(claims))

    def newest(self) -> Submission:
        """Of one thread's. Raises IndexError where nothing was handed in."""
        return self.order_by("-number")[0]

    def for_desk(self) -> Self:
        """With all whose names the desk says."""
        return self.select_related(
            "thread__learner", "thread__role", "thread__cohort", "thread__holder", "thread__reserved_for"
        ).defer("thread__role__blueprint")

    def to_write_about(self) -> Self:
        """With what was asked for, by which a form about it is read, and the thread."""
        return self.select_related("thread").only("number", "outcome", "asked", "thread__id")


class Submission(models.Model):
    """What a learner handed in: numbered, and never changed afterwards. Only how it ended is added."""

    Outcome = Outcome

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    message = models.CharField(max_length=1000, blank=True, help_text="What the learner asks the mentor.")
    asked = models.JSONField(help_text="What was asked for, frozen: mentoring.asked.Asked as JSON.")
    second_opinion = models.BooleanField(default=False)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default=Outcome.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    evidence = models.ManyToManyField("mentoring.Evidence", through="mentoring.Exhibit", related_name="submissions")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["thread", "number"]
        indexes = [
            # How long people really waited: the last decisions of a role.
            models.Index(
                "role",
                F("closed_at").desc(),
                include=["submitted_at", "number"],
                name="mentoring_submission_waits",
                condition=Q(outcome__in=["returned", "approved"]),
            ),
            models.Index(
                F("closed_at").desc(),
                include=["submitted_at", "number"],
                name="mentoring_submission_all_waits",
                condition=Q(outcome__in=["returned", "approved"]),
            ),
        ]
        constraints = [
            one_of("outcome", Outcome),
            models.UniqueConstraint(
                fields=["thread", "number"],
                name="mentoring_submission_number_once",
                violation_error_message="This number is taken.",
            ),
            models.UniqueConstraint(
                fields=["thread"],
                condition=Q(outcome=""),
                name="mentoring_submission_one_open",
                violation_error_message="A submission is open already.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="mentoring_submission_from_one",
                violation_error_message="Submissions are counted from 1.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True) | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="mentoring_submission_closed_has_date",
                violation_error_message="Exactly a submission that is over has a date.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="immutable", exclude=["outcome", "closed_at"]),
            pgtrigger.Protect(
                name="ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__outcome__in=["withdrawn", "returned", "approved"]),
            ),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"Submission {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("mentoring:submission_detail", args=[self.pk])


class What(models.TextChoices):
    """What happened to a thread."""

    SUBMITTED = "submitted", "handed it in"
    RESUBMITTED = "resubmitted", "handed it in again"
    SECOND_OPINION = "second_opinion", "asked for a second opinion"
    WITHDRAWN = "withdrawn", "took it back"
    CLAIMED = "claimed", "began to review"
    RELEASED = "released", "gave it back to the queue"
    FORCE_RELEASED = "force_released", "put it back into the queue"
    RETURNED = "returned", "returned it"
    APPROVED = "approved", "approved it"
    REOPENED = "reopened", "reopened it"


class Event(models.Model):
    """One thing that happened to a thread: append-only. Its key makes a repeated post change nothing."""

    What = What

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="events")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, null=True, blank=True, related_name="events")
    what = models.CharField(max_length=14, choices=What)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    key = models.UUIDField(help_text="The form's own, made when the page was: a second post brings the same.")
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index("thread", "id", name="mentoring_event_of_thread")]
        constraints = [
            one_of("what", What),
            models.UniqueConstraint(
                fields=["actor", "key"],
                name="mentoring_event_key_once",
                violation_error_message="This form was sent already.",
            ),
            models.CheckConstraint(
                condition=~Q(what__in=[What.REOPENED, What.FORCE_RELEASED]) | ~Q(reason=""),
                name="mentoring_event_staff_say_why",
                violation_error_message="Say why.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="append_only", exclude=["actor"]),
            forgets_only("actor"),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.get_what_display()}"

    @classmethod
    def record(
        cls,
        what: str,
        *,
        thread: Thread,
        submission: Submission,
        by: User,
        key: UUID,
        now: datetime,
        reason: str = "",
    ) -> None:
        """Write what happened to a thread, and how the thread stands since: one statement."""
        stands = [_column_value(thread, field) for field in _STANDS]
        happened: list[Any] = [submission.pk, str(what), by.pk, now, key, reason]
        with connection.cursor() as cursor:
            cursor.execute(_RECORD, [*stands, thread.pk, *happened])


# What an action can change of a thread.
_FIXED = ("id", "learner", "role", "kind", "subject", "created_at")
_STANDS = [field for field in Thread._meta.concrete_fields if field.name not in _FIXED]
# In SQL, because Django takes longer to put two statements together than the database takes for both.
_RECORD = f"""
    WITH changed AS (
        UPDATE mentoring_thread SET {", ".join(f"{field.column} = %s" for field in _STANDS)}
        WHERE id = %s
        RETURNING id
    )
    INSERT INTO mentoring_event (thread_id, submission_id, what, actor_id, at, key, reason)
    SELECT changed.id, %s, %s, %s, %s, %s, %s FROM changed
"""  # noqa: S608  (names of columns)


def _column_value(thread: Thread, field: models.Field[Any, Any]) -> Any:
    return field.get_db_prep_save(getattr(thread, field.attname), connection)
