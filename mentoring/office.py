"""What follows in mentoring when an account becomes a mentor's, stops being one, is laid open or goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction

from accounts.models import Notification, User
from mentoring import absence
from mentoring.files.keeping import discard
from mentoring.looking import note_look
from mentoring.models import Comment, Evidence, Handover, Look, Looked, Membership, Mentor, Submission


class MentoringOffice:
    """An `accounts.offices.Office`."""

    def taken_up(self, *, person: User, by: User, now: datetime) -> None:
        Mentor.objects.get_or_create(user=person)

    def given_up(self, *, person: User, by: User | None, now: datetime) -> Iterable[str]:
        handed_back = absence.hand_everything_back(
            mentor=person, by=by, now=now, reason=f"{person.name} is no longer a mentor"
        )
        return handed_back.said(person)

    def laid_open(self, *, person: User, by: User | None, now: datetime) -> None:
        if by is not None:
            note_look(viewer=by, learner=person, what=Looked.ADMIN, now=now)
        else:
            # By a command: whoever runs the site, and no account of it.
            Look.objects.create(learner=person, viewer_name="Staff, by a command", what=Looked.ADMIN, at=now)

    def erased(self, *, person: User) -> None:
        """Their files, and what others were told about them: both hang on no row that goes."""
        files = set(Evidence.objects.of(person).exclude(stored="").values_list("stored", flat=True))
        # What is not discarded, such as while the storage is out of reach, is swept within a day.
        for name in files:
            transaction.on_commit(partial(discard, name), robust=True)
        Notification.objects.filter(key__in=_keys_of(person)).exclude(person=person).delete()


def _keys_of(person: User) -> set[str]:
    """What mentors were told, by its key: see `mentoring.telling` and `mentoring.announcing`."""
    rows: dict[str, Iterable[int]] = {
        "submission": Submission.objects.of(person).values_list("pk", flat=True),
        "comment": Comment.objects.filter(submission__thread__learner=person).values_list("pk", flat=True),
        "handover": Handover.objects.filter(learner=person).values_list("pk", flat=True),
    }
    memberships = Membership.objects.of(person).values_list("pk", flat=True)
    rows |= {"joined": memberships, "left": memberships}
    return {f"{what}:{pk}" for what, pks in rows.items() for pk in pks}
