from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

import pgtrigger
from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now

HOURS_A_WEEK = (1, 60)


def validate_timezone(name: str) -> None:
    """Accept names of the IANA database, such as “Europe/Berlin”."""
    if name not in available_timezones():
        raise ValidationError("Choose a time zone from the list.", code="unknown_timezone")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, **extra | {"is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Everybody is a learner; staff make mentors; `is_staff` opens the admin."""

    email = models.EmailField(
        "email address",
        unique=True,
        error_messages={"unique": "This address has an account."},
    )
    display_name = models.CharField(max_length=80, blank=True)
    timezone = models.CharField(
        "time zone",
        max_length=64,
        default="UTC",
        validators=[validate_timezone],
        help_text="An IANA name.",
    )
    hours_a_week = models.PositiveSmallIntegerField("hours a week", default=8)
    is_mentor = models.BooleanField("mentor", default=False, help_text="May review milestones of learners.")
    is_staff = models.BooleanField("staff", default=False, help_text="May open the admin.")
    is_active = models.BooleanField("active", default=True)
    date_joined = models.DateTimeField(default=now, editable=False)
    # Two visits, so that the dashboard can say what is new since the one before this.
    visited_at = models.DateTimeField(null=True, blank=True, editable=False)
    previous_visit_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Kept by the triggers of Notification, so that the bell on every page costs no query.
    unread = models.PositiveIntegerField("unread notifications", default=0, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_once",
                violation_error_message="This address has an account.",
            ),
            models.CheckConstraint(
                condition=Q(hours_a_week__range=HOURS_A_WEEK),
                name="accounts_user_hours_sensible",
                violation_error_message="Give between 1 and 60 hours a week.",
            ),
            models.CheckConstraint(
                condition=~Q(timezone=""),
                name="accounts_user_has_timezone",
                violation_error_message="Choose a time zone.",
            ),
        ]
        triggers = [
            # A person saved whole carries the count of when they were read. Only other triggers may change it.
            pgtrigger.Trigger(
                name="keep_unread",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0 AND NEW.unread IS DISTINCT FROM OLD.unread"),
                func="NEW.unread = OLD.unread; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How the person is addressed: the name they chose, or the front of their address."""
        return self.display_name or self.email.split("@")[0]

    @property
    def initials(self) -> str:
        words = self.name.replace(".", " ").split()
        return "".join(word[0] for word in words[:2]).upper() or "?"

    @property
    def unread_shown(self) -> str:
        """As the bell shows it."""
        return "99+" if self.unread > 99 else str(self.unread or "")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
