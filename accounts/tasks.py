"""What the worker does for `accounts`. Each may run again at any time, also beside itself: what it does is noted in
the database before it is done."""

from __future__ import annotations

from django.tasks import task
from django.utils import timezone

from accounts import digests, mailing
from accounts.models import Digest, Notification


@task
def send_notifications(numbers: list[int]) -> None:
    """Mail about these, as far as it is still due."""
    for number in numbers:
        mailing.send_notification(number, now=timezone.now())


@task
def send_digests(numbers: list[int]) -> None:
    """These digests, as far as they are still due."""
    for number in numbers:
        mailing.send_digest(number, now=timezone.now())


@task
def send_due() -> None:
    """Mail that was refused and is due again, or whose task was lost."""
    mailing.send_due(now=timezone.now())


@task
def make_digests() -> None:
    """Put together the digests that are due, and have them sent."""
    if made := digests.make_all(now=timezone.now()):
        send_digests.enqueue(made)


@task
def drop_old() -> None:
    """Notifications that were read long ago, and digests that nothing hangs on any more."""
    now = timezone.now()
    Notification.objects.outlived(now).delete()
    Digest.objects.outlived(now).delete()
