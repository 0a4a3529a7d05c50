"""How the standards spell bytes and moments."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """From base64url without padding. Raises ValueError."""
    if not text.isascii() or "=" in text:
        raise ValueError("This is not base64url.")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def stamp(moment: datetime) -> str:
    """A moment as Open Badges writes it, in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_in(text: object) -> datetime | None:
    """The moment that a stamp names, or None where it names none."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def day_in(text: object) -> date | None:
    moment = moment_in(text)
    return moment.date() if moment else None
