"""People, and what reaches them."""

from accounts.models.notifications import TEXT_LENGTH, TITLE_LENGTH, Channel, Digest, MailState, Notification
from accounts.models.people import HOURS_A_WEEK, User, UserManager, validate_timezone

__all__ = [
    "HOURS_A_WEEK",
    "TEXT_LENGTH",
    "TITLE_LENGTH",
    "Channel",
    "Digest",
    "MailState",
    "Notification",
    "User",
    "UserManager",
    "validate_timezone",
]
