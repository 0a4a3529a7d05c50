"""Signed links to a draft: whoever has one sees the roadmap as it would be, for a week, and nobody finds it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.urls import reverse

from roles.models import Milestone, Role

VALID_FOR = timedelta(days=7)
_SALT = "roadmaps.preview"


class NoPreviewError(Exception):
    """The link was not made by us, or its week is over."""


def preview_url(role: Role, *, now: datetime) -> str:
    """The address of the draft. All links of one day are the same, so that looking again makes no new one."""
    return reverse("roadmaps:draft_detail", args=[_token(role, now)])


def milestone_preview_url(milestone: Milestone, *, now: datetime) -> str:
    """The address of a milestone in the draft; phases that are retired are not counted."""
    phase = milestone.phase
    number = phase.role.phases.filter(retired=False, order__lte=phase.order).count()
    return reverse("roadmaps:draft_milestone", args=[_token(phase.role, now), number])


def _token(role: Role, now: datetime) -> str:
    return signing.dumps([role.pk, now.date().isoformat()], salt=_SALT, compress=False)


def role_previewed(token: str, *, now: datetime) -> int:
    """The role's id. Raises NoPreviewError."""
    try:
        number, day = signing.loads(token, salt=_SALT)
        begun = datetime.fromisoformat(day).replace(tzinfo=now.tzinfo)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NoPreviewError from error
    if now >= begun + VALID_FOR + timedelta(days=1):
        raise NoPreviewError
    return int(number)
