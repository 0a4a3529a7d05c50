"""What mentors say: drafts, decisions with a verdict on each criterion, comments, replies that they keep."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.constraints import one_of
from accounts.models import User
from mentoring.models.evidence import Evidence
from mentoring.models.records import forgets_only, kept_unless_erased
from mentoring.models.submissions import Submission

LONGEST_TEXT = 5_000
# On a scale of four, from where on a criterion is met.
GOOD = 3


class Met(models.TextChoices):
    """Whether the evidence shows what a criterion asks for."""

    MET = "met", "Met"
    PARTLY = "partly", "Partly"
    NOT_YET = "not_yet", "Not yet"

    @classmethod
    def by_score(cls, score: int) -> Met:
        """What a score on a scale of four says."""
        if score >= GOOD:
            return cls.MET
        return cls.PARTLY if score == GOOD - 1 else cls.NOT_YET


class Ruling(models.TextChoices):
    RETURNED = "returned", "Returned"
    APPROVED = "approved", "Approved"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def by(self, mentor: User) -> Self:
        return self.filter(mentor=mentor)


class Decision(models.Model):
    """How a mentor decided on a submission, with everything that it was decided on, frozen."""

    Ruling = Ruling

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="decision")
    ruling = models.CharField(max_length=8, choices=Ruling)
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="decisions")
    mentor_name = models.CharField(max_length=254, help_text="Stays when the account goes.")
    decided_at = models.DateTimeField()
    text = models.TextField(max_length=LONGEST_TEXT, blank=True, help_text="To the learner, Markdown.")
    next_step = models.TextField(max_length=LONGEST_TEXT, blank=True, help_text="What to do next, Markdown.")
    frozen = models.JSONField(help_text="Wording, criteria and evidence with SHA-256, as decided on.")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index("mentor", F("decided_at").desc(), name="mentoring_decision_of_mentor")]
        constraints = [
            one_of("ruling", Ruling),
            models.CheckConstraint(
                condition=~Q(ruling="returned") | ~Q(next_step=""),
                name="mentoring_decision_says_next_step",
                violation_error_message="Say what the learner should do next.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="immutable", exclude=["mentor"]),
            forgets_only("mentor"),
            kept_unless_erased(),
            # At the end of the transaction, when the verdicts are there too.
            pgtrigger.Trigger(
                name="follows_verdicts",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF NEW.ruling = 'approved' AND EXISTS (
                        SELECT FROM mentoring_verdict v
                        WHERE v.decision_id = NEW.id AND v.required AND v.met <> 'met'
                    ) THEN
                        RAISE EXCEPTION 'An approval has every required criterion met.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'mentoring_decision_approval_is_met';
                    END IF;
                    IF NEW.ruling = 'returned' AND NOT EXISTS (
                        SELECT FROM mentoring_verdict v WHERE v.decision_id = NEW.id AND v.met <> 'met'
                    ) THEN
                        RAISE EXCEPTION 'A return names a criterion that is not met.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'mentoring_decision_return_has_reason';
                    END IF;
                    IF NOT EXISTS (
                        SELECT FROM mentoring_submission s WHERE s.id = NEW.submission_id AND s.outcome = NEW.ruling
                    ) THEN
                        RAISE EXCEPTION 'A decision is how its submission ended.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'mentoring_decision_ends_submission';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ruling_display()} by {self.mentor_name}"


class Verdict(models.Model):
    """What the mentor says about one criterion."""

    Met = Met

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="verdicts")
    criterion = models.UUIDField(help_text="The criterion's permanent key.")
    text = models.CharField(max_length=300, help_text="Its wording at that time.")
    required = models.BooleanField()
    met = models.CharField(max_length=7, choices=Met)
    score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 to 4, where it has a scale.")
    remark = models.TextField(max_length=LONGEST_TEXT, blank=True, help_text="Markdown.")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["decision", "place"]
        constraints = [
            one_of("met", Met),
            models.CheckConstraint(
                condition=Q(score__isnull=True)
                | Q(score__range=(GOOD, 4), met="met")
                | Q(score=2, met="partly")
                | Q(score=1, met="not_yet"),
                name="mentoring_verdict_score_says_met",
                violation_error_message="A score goes from 1 to 4, and says whether the criterion is met.",
            ),
            models.UniqueConstraint(
                fields=["decision", "criterion"],
                name="mentoring_verdict_once",
                violation_error_message="There is a verdict on this criterion already.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="immutable"),
            # The submission ends with the decision, in the same transaction and for good.
            pgtrigger.Trigger(
                name="never_late",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM mentoring_decision d JOIN mentoring_submission s ON s.id = d.submission_id
                        WHERE d.id = NEW.decision_id AND s.outcome = ''
                    ) THEN
                        RAISE EXCEPTION 'Verdicts are given together with their decision.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'mentoring_verdict_never_late';
                    END IF;
                    RETURN NEW;
                """,
            ),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.get_met_display()}: {self.text}"


class Draft(models.Model):
    """A decision as its mentor types it. It outlives the lease."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="drafts")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="decision_drafts")
    content = models.JSONField(
        default=dict,
        help_text='{"met": {criterion: verdict}, "score": {criterion: 1 to 4}, "remark": {criterion: text}, "text", '
        '"next_step"}',
    )
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "mentor"],
                name="mentoring_draft_once",
                violation_error_message="There is a draft already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Draft of {self.mentor}"


class CommentQuerySet(models.QuerySet["Comment"]):
    def of(self, submission: Submission) -> Self:
        return self.filter(submission=submission)

    def standing(self) -> Self:
        """Those that no later version takes the place of."""
        return self.filter(replaced_by__isnull=True)


class Comment(models.Model):
    """What one person says to the other, about a criterion, a piece of evidence or the whole.

    Correcting a comment makes the next version; the one before stays readable.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=254, help_text="Stays when the account goes.")
    criterion = models.UUIDField(null=True, blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, null=True, blank=True, related_name="comments")
    decision = models.ForeignKey(
        Decision,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="corrections",
        help_text="The feedback whose text this puts right. What was sent stays readable.",
    )
    text = models.TextField(max_length=LONGEST_TEXT, help_text="Markdown.")
    replaces = models.OneToOneField("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replaced_by")
    key = models.UUIDField(help_text="The form's own: a second post brings the same.")
    created_at = models.DateTimeField()

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "key"],
                name="mentoring_comment_key_once",
                violation_error_message="This form was sent already.",
            ),
            models.CheckConstraint(
                condition=(Q(criterion__isnull=True) | Q(evidence__isnull=True))
                & (Q(decision__isnull=True) | Q(criterion__isnull=True, evidence__isnull=True)),
                name="mentoring_comment_one_anchor",
                violation_error_message="A comment is about a criterion, a piece of evidence or the decision.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="mentoring_comment_says_something",
                violation_error_message="Write something.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="immutable", exclude=["author"]),
            forgets_only("author"),
            kept_unless_erased(),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:60]}"

    @property
    def place(self) -> str:
        """The id of the talk that it belongs to: see `mentoring.story.Talk`."""
        anchors = (("c", self.criterion), ("e", self.evidence_id), ("d", self.decision_id))
        about = next((f"{letter}{value}" for letter, value in anchors if value), "")
        return f"talk-{self.submission_id}-{about}"


class SavedReplyQuerySet(models.QuerySet["SavedReply"]):
    def of(self, mentor: User) -> Self:
        return self.filter(mentor=mentor)

    def numbered(self, number: str) -> SavedReply | None:
        """The one whose number a form gives; None where it gives none that there is."""
        return self.filter(pk=number).first() if number.isascii() and number.isdigit() and len(number) < 19 else None


class SavedReply(models.Model):
    """A text that a mentor says often."""

    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_replies")
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=LONGEST_TEXT, help_text="Markdown.")
    changed_at = models.DateTimeField(auto_now=True)

    objects = SavedReplyQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name_plural = "saved replies"
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "title"],
                name="mentoring_savedreply_title_once",
                violation_error_message="You have a reply with this title.",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(title=""),
                name="mentoring_savedreply_says_something",
                violation_error_message="Give it a title and a text.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
