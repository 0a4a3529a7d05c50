"""What keeps a learner from going on, in their words. The only writer of `Blocker`.

One stands at a time for each role: stating another changes it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.notifying import Kind, notify_all
from mentoring.models import Blocker, Membership
from roles.models import Role


@transaction.atomic
def state(*, learner: User, role: Role, text: str, now: datetime) -> int:
    """Say what is in the way, or anew. Returns how many mentors hear of it: those of the learner's cohort, once."""
    blocker, made = (
        Blocker.objects.standing()
        .select_for_update(no_key=True)
        .get_or_create(learner=learner, role=role, cleared_at=None, defaults={"text": text, "stated_at": now})
    )
    if not made and blocker.text != text:
        blocker.text = text
        blocker.save(update_fields=["text"])
    mentors = _mentors_of(learner, role)
    notify_all(
        people=mentors,
        kind=Kind.COHORT,
        title=f"Something is in {learner.name}’s way",
        text=text,
        url=reverse("learner_card", args=[learner.pk]),
        key=f"blocker:{blocker.pk}",
        now=now,
    )
    return len(mentors)


@transaction.atomic
def clear(*, learner: User, role: Role, now: datetime) -> None:
    """Say that it is out of the way. Doing it again changes nothing."""
    Blocker.objects.standing().filter(learner=learner, role=role).update(cleared_at=now)


def _mentors_of(learner: User, role: Role) -> list[User]:
    memberships = Membership.objects.current().of(learner).filter(role=role)
    found = memberships.prefetch_related("cohort__mentors")
    return [mentor for each in found for mentor in each.cohort.mentors.all() if mentor.pk != learner.pk]
