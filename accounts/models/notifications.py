"""What reaches people: notifications, how each person wants them, and the digests that went out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.constraints import one_of
from accounts.kinds import Kind, Rhythm
from accounts.models.people import User

TITLE_LENGTH, TEXT_LENGTH = 200, 500
# How long what was read, or was for mail alone, is kept.
KEPT = timedelta(days=180)


class MailState(models.TextChoices):
    """Where the mail about something stands. At most one mail goes out: SENDING is committed before the mail server
    hears of it, and nothing leads from SENDING back but that server's own refusal."""

    NONE = "none", "No mail"
    DAILY = "daily", "Waits for the daily digest"
    WEEKLY = "weekly", "Waits for the weekly digest"
    IN_DIGEST = "in_digest", "In a digest"
    DUE = "due", "Due"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    REFUSED = "refused", "Refused by the mail server"
    UNKNOWN = "unknown", "Cut off while it was sent"
    DROPPED = "dropped", "No longer needed"

    @classmethod
    def first(cls, rhythm: Rhythm) -> MailState:
        return {
            Rhythm.OFF: cls.NONE,
            Rhythm.AT_ONCE: cls.DUE,
            Rhythm.DAILY: cls.DAILY,
            Rhythm.WEEKLY: cls.WEEKLY,
        }[rhythm]


_RESTING = (MailState.NONE, MailState.DAILY, MailState.WEEKLY, MailState.IN_DIGEST)
_OPEN = (MailState.DAILY, MailState.WEEKLY, MailState.DUE, MailState.SENDING)
_UNREAD = Q(in_app=True, read_at__isnull=True)


class MailedQuerySet[M: Mailed](models.QuerySet[M]):
    def due(self, now: datetime) -> Self:
        """What should be sent by now."""
        return self.filter(mail=MailState.DUE, mail_at__lte=now)

    def cut_off(self, before: datetime) -> Self:
        """What somebody began to send before then and never ended."""
        return self.filter(mail=MailState.SENDING, mail_at__lt=before)


class Mailed(models.Model):
    """Something that a mail is sent about."""

    mail = models.CharField(max_length=10, choices=MailState, editable=False)
    # DUE: not before then. Other states beyond the resting ones: since then.
    mail_at = models.DateTimeField(null=True, editable=False)
    mail_tries = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(mail__in=_RESTING, mail_at__isnull=True)
                | (~Q(mail__in=_RESTING) & Q(mail_at__isnull=False)),
                name="%(app_label)s_%(class)s_mail_has_a_time",
                violation_error_message="A mail that is due, on its way or done has a time; any other has none.",
            ),
            one_of("mail", MailState),
        ]


class NotificationQuerySet(MailedQuerySet["Notification"]):
    def of(self, person: User) -> Self:
        """Those that the person sees in the app."""
        return self.filter(person=person, in_app=True)

    def unread(self) -> Self:
        return self.filter(_UNREAD)

    def latest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def leading_to(self, path: str) -> Self:
        """Those whose address is a page's, or a place on it."""
        return self.filter(Q(url=path) | Q(url__startswith=f"{path}#") | Q(url__startswith=f"{path}?"))

    def waiting_for(self, rhythm: Rhythm) -> Self:
        """What the next digest is made of, unless it is read before."""
        return self.filter(mail=MailState.first(rhythm), read_at__isnull=True)

    def outlived(self, now: datetime) -> Self:
        mail_only = Q(in_app=False, created_at__lt=now - KEPT) & ~Q(mail__in=_OPEN)
        return self.filter(Q(read_at__lt=now - KEPT) | mail_only)


def _counts_unread(
    operation: pgtrigger.core.Operation, name: str, changed: str, tables: dict[str, str]
) -> pgtrigger.Trigger:
    """The trigger that counts anew for the people of the rows `changed`.

    Locks first and counts then, each in a statement of its own: whoever waited for the lock sees what the other wrote.
    In order of id, so that two that notify the same people do not wait for each other.
    """
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),  # type: ignore[no-untyped-call]
        declare=[("people", "bigint[]")],
        func=f"""
            people := ARRAY({changed});
            IF cardinality(people) > 0 THEN
                PERFORM 1 FROM accounts_user WHERE id = ANY (people) ORDER BY id FOR NO KEY UPDATE;
                UPDATE accounts_user SET unread = (
                    SELECT count(*) FROM accounts_notification
                    WHERE person_id = accounts_user.id AND in_app AND read_at IS NULL
                ) WHERE id = ANY (people);
            END IF;
            RETURN NULL;
        """,  # noqa: S608  (nobody's input)
    )


class Notification(Mailed):
    """Something that happened and concerns one person. Written by `accounts.notifying` alone."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=TITLE_LENGTH)
    text = models.CharField(max_length=TEXT_LENGTH, blank=True)
    url = models.CharField(max_length=500, help_text="A path within the site.")
    key = models.CharField(max_length=200, help_text="What happened: the same is told to a person once.")
    created_at = models.DateTimeField()
    # Without it the row is there for mail alone, and for the memory that it was told.
    in_app = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey(
        "accounts.Digest", on_delete=models.CASCADE, null=True, editable=False, related_name="notifications"
    )

    objects: ClassVar[NotificationQuerySet] = NotificationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            *Mailed.Meta.constraints,
            one_of("kind", Kind),
            models.UniqueConstraint(
                fields=["person", "key"],
                name="accounts_notification_told_once",
                violation_error_message="The person was told already.",
            ),
            models.CheckConstraint(
                condition=Q(url__regex=r"^/([^/\\]|$)"),
                name="accounts_notification_url_within_site",
                violation_error_message="Give a path within the site.",
            ),
            models.CheckConstraint(
                condition=Q(mail=MailState.IN_DIGEST, digest__isnull=False)
                | (~Q(mail=MailState.IN_DIGEST) & Q(digest__isnull=True)),
                name="accounts_notification_digest_named",
                violation_error_message="A notification that went into a digest names it; no other does.",
            ),
            models.CheckConstraint(
                condition=Q(in_app=True) | Q(read_at__isnull=True),
                name="accounts_notification_read_in_app",
                violation_error_message="Only what is shown in the app can be read there.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "-created_at", "-id"], name="accounts_notification_list", condition=Q(in_app=True)
            ),
            models.Index(fields=["person"], name="accounts_notification_unread", condition=_UNREAD),
            models.Index(fields=["mail", "mail_at"], name="accounts_notification_mail", condition=Q(mail__in=_OPEN)),
        ]
        triggers = [
            _counts_unread(
                pgtrigger.Insert,
                "count_added",
                "SELECT DISTINCT person_id FROM added WHERE in_app AND read_at IS NULL",
                {"new": "added"},
            ),
            _counts_unread(
                pgtrigger.Update,
                "count_changed",
                "SELECT DISTINCT person_id FROM added JOIN gone USING (id, person_id)"
                " WHERE (added.in_app AND added.read_at IS NULL) <> (gone.in_app AND gone.read_at IS NULL)",
                {"old": "gone", "new": "added"},
            ),
            _counts_unread(
                pgtrigger.Delete,
                "count_gone",
                "SELECT DISTINCT person_id FROM gone WHERE in_app AND read_at IS NULL",
                {"old": "gone"},
            ),
        ]

    def __str__(self) -> str:
        # Staff read this, in the admin. What it says is for its person alone.
        return f"{self.get_kind_display()}, {self.created_at:%Y-%m-%d %H:%M}"


class ChannelQuerySet(models.QuerySet["Channel"]):
    def of(self, person: User) -> Self:
        return self.filter(person=person)


class Channel(models.Model):
    """How a person wants one kind of notification. Without a row, the kind's own defaults hold."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=20, choices=Kind)
    in_app = models.BooleanField("in the app")
    mail = models.CharField("by e-mail", max_length=10, choices=Rhythm)

    objects: ClassVar[ChannelQuerySet] = ChannelQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            one_of("kind", Kind),
            one_of("mail", Rhythm),
            models.UniqueConstraint(
                fields=["person", "kind"],
                name="accounts_channel_once",
                violation_error_message="There is a choice for this kind.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {'in the app, ' if self.in_app else ''}mail {self.mail}"


class DigestQuerySet(MailedQuerySet["Digest"]):
    def outlived(self, now: datetime) -> Self:
        return self.filter(created_at__lt=now - KEPT, notifications__isnull=True).exclude(mail__in=_OPEN)


class Digest(Mailed):
    """One mail with what was unread. There is one for each person, rhythm and period, whoever asks for it how often."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digests")
    rhythm = models.CharField(max_length=10, choices=Rhythm)
    # The person's own date on which it is due: for a weekly one a Monday.
    period = models.DateField()
    created_at = models.DateTimeField()

    objects: ClassVar[DigestQuerySet] = DigestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            *Mailed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(rhythm__in=[Rhythm.DAILY, Rhythm.WEEKLY]),
                name="accounts_digest_rhythm_known",
                violation_error_message="A digest is daily or weekly.",
            ),
            models.CheckConstraint(
                condition=~Q(rhythm=Rhythm.WEEKLY) | Q(period__iso_week_day=1),
                name="accounts_digest_weekly_on_monday",
                violation_error_message="A week begins on Monday.",
            ),
            models.UniqueConstraint(
                fields=["person", "rhythm", "period"],
                name="accounts_digest_once",
                violation_error_message="This digest exists.",
            ),
        ]
        indexes = [models.Index(fields=["mail", "mail_at"], name="accounts_digest_mail", condition=Q(mail__in=_OPEN))]

    def __str__(self) -> str:
        return f"{self.rhythm} digest of {self.period}"
