"""Deleting an account with all that is about it. What other people wrote and decided stays theirs."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction

from accounts.models import User
from accounts.offices import offices


class NotErasableError(Exception):
    """`reason` is one sentence for staff."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def erase(*, person: User, by: User | None, now: datetime) -> list[str]:
    """The account goes, and every row that is about the person. Returns what they handed back before, in sentences.

    What they decided and wrote about others stays, with their name. Raises NotErasableError for staff.
    """
    if person.is_staff or LogEntry.objects.filter(user=person).exists():
        raise NotErasableError("Staff are deactivated, not deleted: the log of what they did hangs on their account.")
    said = [sentence for office in offices() for sentence in office.given_up(person=person, by=by, now=now)]
    for office in offices():
        office.erased(person=person)
    for session in UserSession.objects.filter(user=person):
        session.end()
    _let_rows_go("on")
    person.delete()
    _let_rows_go("")
    return said


def _let_rows_go(switch: str) -> None:
    """Tables whose rows are kept for good let go of them while this is on, in this transaction only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('rounds.erasing', %s, true)", [switch])
