"""What follows in interviews when an account goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction

from accounts.models import User
from interviews.models import Recording
from mentoring.files.keeping import discard


class InterviewsOffice:
    """An `accounts.offices.Office`. Mentors have nothing in hand here, and who was laid open is noted elsewhere."""

    def taken_up(self, *, person: User, by: User, now: datetime) -> None:
        pass

    def given_up(self, *, person: User, by: User | None, now: datetime) -> Iterable[str]:
        return ()

    def laid_open(self, *, person: User, by: User | None, now: datetime) -> None:
        pass

    def erased(self, *, person: User) -> None:
        """Their recordings: files hang on no row that goes. What is not discarded now is swept within a day."""
        for name in set(Recording.objects.of(person).kept().values_list("stored", flat=True)):
            transaction.on_commit(partial(discard, name), robust=True)
