"""Addresses that stand in signed credentials. They are read for decades, so they are stated in one place."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse


def issuer() -> str:
    return _absolute("badges:issuer_detail")


def key(thumbprint: str) -> str:
    return _absolute("badges:key_detail", thumbprint)


def badge(uuid: UUID) -> str:
    return _absolute("badges:badge_detail", uuid)


def baked(uuid: UUID) -> str:
    return _absolute("badges:badge_svg", uuid)


def preview(uuid: UUID) -> str:
    return _absolute("badges:badge_png", uuid)


def achievement(key: UUID) -> str:
    return _absolute("badges:achievement_detail", key)


def achievement_picture(key: UUID) -> str:
    return _absolute("badges:achievement_svg", key)


def status_list(number: int) -> str:
    return _absolute("badges:status_list", number)


def _absolute(name: str, *args: object) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def last_part(address: object) -> str:
    """The last part of an address's path."""
    return address.rstrip("/").rpartition("/")[2] if isinstance(address, str) else ""


def uuid_in(address: object) -> UUID | None:
    """The UUID that an address ends in, or None."""
    try:
        return UUID(last_part(address))
    except ValueError:
        return None
