"""Texts that a mentor says often. The only writer of `SavedReply`."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from mentoring.models import SavedReply

# What is loaded with every desk.
MOST = 50


class NotKeptError(Exception):
    """The reply cannot be kept; `field` says where, `reason` is one sentence."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@transaction.atomic
def keep(*, by: User, title: str, text: str, reply: SavedReply | None = None) -> SavedReply:
    """Keep a new reply, or change one of one's own. Raises NotKeptError where the title is taken or there is no room.

    The same title and text again are the same reply, so a form that is sent twice keeps one.
    """
    User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    own = SavedReply.objects.of(by)
    namesake = own.filter(title=title).first()
    if reply is None and namesake is not None and namesake.text == text:
        return namesake
    if namesake is not None and namesake != reply:
        raise NotKeptError("title", "You have a reply with this title. Choose another title, or change that one.")
    if reply is None and own.count() >= MOST:
        raise NotKeptError("title", f"You keep {MOST} replies, which is the most. Delete one first.")
    row = reply or SavedReply(mentor=by)
    row.title, row.text = title, text
    row.save()
    return row


def forget(*, by: User, reply: SavedReply) -> None:
    """Delete one of one's own. Doing it again changes nothing."""
    SavedReply.objects.of(by).filter(pk=reply.pk).delete()
