"""Invites into a cohort: made by its mentors, limited, expiring, and taken back at any time."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.models import User
from mentoring.models import Cohort, Invite

_SALT = "mentoring.inviting"


@transaction.atomic
def make(*, cohort: Cohort, label: str, limit: int, expires_at: datetime, by: User, key: UUID) -> Invite:
    """A new link. A second post of the same form, which brings the same key, finds what the first one made."""
    invite, _ = Invite.objects.get_or_create(
        token=_token(by, key),
        defaults={"cohort": cohort, "label": label, "limit": limit, "expires_at": expires_at, "created_by": by},
    )
    return invite


@transaction.atomic
def revoke(*, invite: Invite, now: datetime) -> Invite:
    """The link leads nowhere from now on. Whoever joined by it stays. Doing it again changes nothing."""
    row = Invite.objects.select_for_update(no_key=True).get(pk=invite.pk)
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
    return row


@transaction.atomic
def restore(*, invite: Invite) -> Invite:
    """Undo of `revoke`."""
    row = Invite.objects.select_for_update(no_key=True).get(pk=invite.pk)
    if row.revoked_at is not None:
        row.revoked_at = None
        row.save(update_fields=["revoked_at"])
    return row


def _token(by: User, key: UUID) -> str:
    """Nobody can guess it without the site's secret: 24 bytes, as long as any other token."""
    digest = salted_hmac(_SALT, f"{by.pk}:{key}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:24]).decode()
