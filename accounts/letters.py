"""How mail about notifications reads: plain text, the same in our look, and a way to stop it in one click."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage, Message
from email.policy import Policy, default
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.kinds import Kind, Rhythm
from accounts.models import Digest, Notification, User
from accounts.unsubscribing import Subject, token_for

type Mailer = BaseEmailBackend

# What a digest lists; of more it says how many there are.
LISTED = 25


class Letter(EmailMultiAlternatives):
    """With whole headers: an address that is longer than a line would be encoded, and mail programs look for one that
    is not. 998 is what RFC 5322 allows."""

    def message(self, *, policy: Policy[Message] | None = None) -> EmailMessage:
        return super().message(policy=(policy or default).clone(max_line_length=998))


def about(notification: Notification) -> Letter:
    """The mail about one notification. Its person must be loaded."""
    facts = {"notification": notification, "link": settings.SITE_URL + notification.url}
    return _letter(
        notification.person,
        "notification",
        title=notification.title,
        subject=Subject(kind=Kind(notification.kind)),
        **facts,
    )


def of_digest(digest: Digest, notifications: Sequence[Notification]) -> Letter:
    """The mail that lists the notifications, newest first. The digest's person must be loaded."""
    count = len(notifications)
    title = notifications[0].title if count == 1 else f"{count} things are new"
    return _letter(
        digest.person,
        "digest",
        title=title,
        subject=Subject(rhythm=Rhythm(digest.rhythm)),
        notifications=notifications[:LISTED],
        more=max(0, count - LISTED),
        link=settings.SITE_URL + reverse("notifications:notification_list"),
    )


def _letter(person: User, template: str, *, title: str, subject: Subject, **facts: Any) -> Letter:
    stop = settings.SITE_URL + reverse("notifications:unsubscribe", args=[token_for(person, subject)])
    context = {
        "person": person,
        "title": title,
        "subject": subject,
        "stop": stop,
        "choose": settings.SITE_URL + reverse("accounts:channels"),
        "SITE_URL": settings.SITE_URL,
        **facts,
    }
    letter = Letter(
        subject=title,
        body=render_to_string(f"accounts/mail/{template}.txt", context),
        to=[person.email],
        headers={
            # RFC 8058: a mail program may post to the address by itself, without cookies.
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.attach_alternative(render_to_string(f"accounts/mail/{template}.html", context), "text/html")
    return letter
