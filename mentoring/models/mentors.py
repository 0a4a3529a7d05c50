"""Who reviews: mentors with the roles that they cover, cohorts, and how learners come into them."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.constraints import rising
from accounts.models import User
from roles.models import Role

OPEN_LIMIT = 5


class MentorQuerySet(models.QuerySet["Mentor"]):
    def active(self) -> Self:
        """Those who may review: staff can take the right back, and accounts are deactivated."""
        return self.filter(user__is_mentor=True, user__is_active=True)

    def present(self, now: datetime) -> Self:
        """Active ones who are not out of office."""
        away = Q(away_from__lte=now) & (Q(away_until__isnull=True) | Q(away_until__gt=now))
        return self.active().exclude(away)

    def locked(self, user: User) -> Mentor:
        """The person's mentor row; nobody else changes what they hold until the transaction ends.

        Raises Mentor.DoesNotExist where staff never made the person a mentor.
        """
        return self.select_for_update(no_key=True, of=("self",)).get(user=user)


class Mentor(models.Model):
    """What staff settled with a mentor. Whether an account is a mentor at all is `User.is_mentor`."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentor")
    roles = models.ManyToManyField(
        Role,
        related_name="mentors",
        blank=True,
        help_text="Whose open pool the mentor may review. Cohorts come on top.",
    )
    open_limit = models.PositiveSmallIntegerField(
        "open reviews", default=OPEN_LIMIT, help_text="How many submissions they may hold at once."
    )
    away_from = models.DateTimeField("out of office from", null=True, blank=True)
    away_until = models.DateTimeField("out of office until", null=True, blank=True)

    objects = MentorQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(open_limit__range=(1, 50)),
                name="mentoring_mentor_limit_sensible",
                violation_error_message="A mentor holds 1 to 50 reviews at once.",
            ),
            rising("away_from", "away_until", what="date"),
            models.CheckConstraint(
                condition=Q(away_until__isnull=True) | Q(away_from__isnull=False),
                name="mentoring_mentor_away_begins",
                violation_error_message="Say when the absence begins.",
            ),
        ]

    def __str__(self) -> str:
        return self.user.name

    def is_present(self, now: datetime) -> bool:
        """What `MentorQuerySet.present` asks, of one."""
        return self.user.is_mentor and self.user.is_active and not self.is_away(now)

    def is_away(self, now: datetime) -> bool:
        """Whether they are out of office at that moment; without an end, until they say otherwise."""
        begun = self.away_from is not None and self.away_from <= now
        return begun and (self.away_until is None or self.away_until > now)

    def presence(self, now: datetime) -> str:
        """“away”, “planned” for an absence to come, or “here”."""
        if self.is_away(now):
            return "away"
        return "planned" if self.away_from is not None and self.away_from > now else "here"

    def here_until(self, moment: datetime, now: datetime) -> datetime:
        """That moment, or the beginning of a planned absence before it: what is claimed or reserved ends there."""
        planned = self.away_from
        return planned if planned is not None and now < planned < moment else moment


class CohortQuerySet(models.QuerySet["Cohort"]):
    def of_mentor(self, mentor: User) -> Self:
        return self.filter(mentors=mentor)

    def with_role(self) -> Self:
        """With the role, but for its roadmap, which every process has in memory."""
        return self.select_related("role").defer("role__blueprint")

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def locked(self, cohort: Cohort) -> Cohort:
        """Nobody else changes who leads it, or who learns in it, until the transaction ends."""
        return self.select_for_update(no_key=True).get(pk=cohort.pk)


class Cohort(models.Model):
    """Learners who follow one role's roadmap together, with mentors of their own."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="cohorts")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="Empty: the roadmap's own weeks.")
    mentors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="cohorts_led", limit_choices_to={"is_mentor": True}
    )
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Nobody can join any more.")

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "name"]
        constraints = [rising("starts_on", "ends_on", what="date")]
        triggers = [pgtrigger.ReadOnly(name="same_role", fields=["role"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cohort_detail", args=[self.slug])


def new_token() -> str:
    return secrets.token_urlsafe(24)


def _update_of(*columns: str) -> pgtrigger.Operation:
    return pgtrigger.UpdateOf(*columns)  # type: ignore[no-untyped-call]


def _not_both(cohort: str, person: str, other: str) -> str:
    """Refuses a row whose person is in `other` of the same cohort. The cohort's row is the lock: of two who write one
    half each at the same moment, the second sees the first.
    """
    return f"""
        PERFORM FROM mentoring_cohort c WHERE c.id = NEW.{cohort} FOR NO KEY UPDATE;
        IF EXISTS ({other.format(cohort=f"NEW.{cohort}", person=f"NEW.{person}")}) THEN
            RAISE EXCEPTION 'Nobody is a mentor and a learner of the same cohort.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'mentoring_cohort_mentors_are_no_learners';
        END IF;
        RETURN NEW;
    """


class Leading(Cohort.mentors.through):  # type: ignore[name-defined,misc]  # a class that Django makes
    """Who leads which cohort. Here for its trigger alone: Django keeps the table by itself."""

    class Meta:
        proxy = True
        verbose_name = "mentor of a cohort"
        verbose_name_plural = "mentors of cohorts"
        triggers = [
            pgtrigger.Trigger(
                name="no_learner",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_not_both(
                    "cohort_id",
                    "user_id",
                    "SELECT FROM mentoring_membership m"
                    " WHERE m.cohort_id = {cohort} AND m.learner_id = {person} AND m.left_at IS NULL",
                ),
            )
        ]


class InviteQuerySet(models.QuerySet["Invite"]):
    def usable(self, now: datetime) -> Self:
        return self.filter(
            revoked_at__isnull=True, expires_at__gt=now, used__lt=F("limit"), cohort__closed_at__isnull=True
        )

    def of_mentor(self, mentor: User) -> Self:
        return self.filter(cohort__mentors=mentor)

    def for_its_page(self) -> Self:
        """With cohort, role and the mentors who are there for it; in two queries."""
        may = User.objects.filter(is_mentor=True, is_active=True).order_by("display_name", "email")
        rows = self.select_related("cohort__role").defer("cohort__role__blueprint")
        return rows.prefetch_related(models.Prefetch("cohort__mentors", may))


class Invite(models.Model):
    """A link into a cohort: limited, expiring, revocable."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="invites")
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    label = models.CharField(max_length=80, blank=True, help_text="Whom it is for, in your words.")
    limit = models.PositiveSmallIntegerField(default=25, help_text="How many people may join by it.")
    used = models.PositiveSmallIntegerField(default=0, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    objects = InviteQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(limit__range=(1, 500)),
                name="mentoring_invite_limit_sensible",
                violation_error_message="An invite admits 1 to 500 people.",
            ),
            models.CheckConstraint(
                condition=Q(used__lte=F("limit")),
                name="mentoring_invite_not_overused",
                violation_error_message="Everybody whom this invite admits has joined.",
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"Invite {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("cohort_join", args=[self.token])

    def standing(self, now: datetime) -> str:
        """What became of it, in a few words; "" while it works, as far as its cohort is open."""
        if self.revoked_at is not None:
            return "Taken back"
        if self.expires_at <= now:
            return "Expired"
        return "Used up" if self.used >= self.limit else ""

    @property
    def places(self) -> int:
        """How many people can still join by it."""
        return self.limit - self.used


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(left_at__isnull=True)

    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def in_cohort(self, cohort: Cohort) -> Membership | None:
        return self.filter(cohort=cohort).first()

    def led_by(self, mentor: User) -> Self:
        """Of the cohorts that a mentor leads."""
        return self.filter(cohort__mentors=mentor)

    def with_mentors(self) -> Self:
        """With cohort, role and the mentors who are there for it; in two queries."""
        may = User.objects.filter(is_mentor=True, is_active=True).order_by("display_name", "email")
        rows = self.select_related("cohort__role", "mentor").defer("cohort__role__blueprint")
        return rows.prefetch_related(models.Prefetch("cohort__mentors", may))


class Membership(models.Model):
    """A learner in a cohort, from when to when. Coming back is another row."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="memberships")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+", editable=False)
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The mentor who looks after this learner, if one does more than the others.",
    )
    invite = models.ForeignKey(Invite, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "role"],
                condition=Q(left_at__isnull=True),
                name="mentoring_membership_one_cohort_a_role",
                violation_error_message="You are in a cohort for this role. Leave it before you join another.",
            ),
            models.CheckConstraint(
                condition=Q(mentor__isnull=True) | ~Q(mentor=F("learner")),
                name="mentoring_membership_not_own_mentor",
                violation_error_message="Nobody is their own mentor.",
            ),
            rising("joined_at", "left_at", what="date", equal=True),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_the_cohorts_role",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM mentoring_cohort c WHERE c.id = NEW.cohort_id AND c.role_id = NEW.role_id
                    ) THEN
                        RAISE EXCEPTION 'A membership has the role of its cohort.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'mentoring_membership_of_the_cohorts_role';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="no_mentor",
                when=pgtrigger.Before,
                # Whoever looks after the learner is another matter, and locks no cohort.
                operation=pgtrigger.Insert | _update_of("cohort_id", "learner_id", "left_at"),
                condition=pgtrigger.Condition("NEW.left_at IS NULL"),
                func=_not_both(
                    "cohort_id",
                    "learner_id",
                    "SELECT FROM mentoring_cohort_mentors cm WHERE cm.cohort_id = {cohort} AND cm.user_id = {person}",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} in {self.cohort}"
