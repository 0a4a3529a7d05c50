"""Demo people, who look like people at work: different paces, a skipped goal, a roadmap that moved on.

Seeded: the same on every machine, dated back from the day they are loaded. Only with DEBUG on (`accounts.demo`).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.demo import DOMAIN, PASSWORD
from accounts.models import User
from config.editors import GROUP as EDITORS
from roadmaps.enrolling import enrol
from roadmaps.models import Enrolment, GoalState, State
from roadmaps.ticking import set_state
from roles.models import Role

ANALYTICS = "ai-healthcare-analytics-specialist"
COORDINATION = "ai-care-coordination-specialist"
CHRONIC = "ai-chronic-disease-management-specialist"


@dataclass(frozen=True, slots=True)
class Person:
    """One demo account, and how far they are on which roadmap."""

    front: str  # of the address
    name: str
    timezone: str
    hours: int
    roadmaps: tuple[tuple[str, int], ...] = ()  # role slug and number of goals done
    mentor: bool = False
    editor: bool = False
    superuser: bool = False


# The accounts that `make run` prints.
ACCOUNTS = (
    Person("learner", "Ines Okonjo", "Europe/Lisbon", 9, ((ANALYTICS, 5), (COORDINATION, 2))),
    Person("mentor", "Ruth Adeyemi", "America/New_York", 4, mentor=True),
    Person("mentor2", "Jonas Lindqvist", "Europe/Stockholm", 3, mentor=True),
    Person("editor", "Mei-Ling Zhao", "America/Los_Angeles", 6, editor=True),
    Person("staff", "Priya Raman", "UTC", 8, superuser=True),
)
# Company for them: learners at other places.
OTHERS = (
    Person("amara", "Amara Nwosu", "Africa/Lagos", 12, ((COORDINATION, 9),)),
    Person("tom", "Tom Berger", "Europe/Berlin", 5, ((ANALYTICS, 11),)),
    Person("sofia", "Sofia Marchetti", "Europe/Rome", 8, ((CHRONIC, 7),)),
    Person("dev", "Dev Patel", "Asia/Kolkata", 15, ((CHRONIC, 20),)),
    Person("grace", "Grace Kim", "America/Chicago", 6, ((ANALYTICS, 1),)),
    Person("leila", "Leila Haddad", "Asia/Amman", 7),
)


@transaction.atomic
def load_people(*, now: datetime) -> int:
    """Make the demo accounts that do not exist yet; whoever exists is left as they are. Returns how many are new."""
    return sum(_make(person, now) for person in (*ACCOUNTS, *OTHERS))


def _make(person: Person, now: datetime) -> bool:
    email = f"{person.front}@{DOMAIN}"
    if User.objects.filter(email=email).exists():
        return False
    user = User.objects.create_user(
        email,
        PASSWORD,
        display_name=person.name,
        timezone=person.timezone,
        hours_a_week=person.hours,
        is_mentor=person.mentor,
        is_staff=person.editor or person.superuser,
        is_superuser=person.superuser,
        visited_at=now - timedelta(days=3),
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if person.editor:
        user.groups.add(Group.objects.get(name=EDITORS))
    for slug, done in person.roadmaps:
        _follow(user, Role.objects.get(slug=slug), done, now)
    return True


def _follow(learner: User, role: Role, done: int, now: datetime) -> None:
    """Work through the first `done` goals at a pace of the person's own, up to a few days ago."""
    pace = random.Random(f"{learner.email} {role.slug}")  # noqa: S311  (seeded on purpose)
    days = sorted(pace.randint(2, 4 + 9 * done) for _ in range(done + 1))
    enrolment = enrol(learner=learner, role=role)
    Enrolment.objects.filter(pk=enrolment.pk).update(started_at=now - timedelta(days=days[-1] + 4))
    goals = [UUID(key) for key in enrolment.publication.roadmap.live_goals]
    states = [*[State.DONE] * done, State.DOING][: len(goals)]
    if done > 8 and done < len(goals):
        states[3] = State.SKIPPED
    for key, state, age in zip(goals, states, reversed(days), strict=False):
        at = now - timedelta(days=age, minutes=pace.randint(0, 600))
        set_state(learner=learner, role=role.slug, goal=key, state=state, now=at)
    assert GoalState.objects.filter(enrolment=enrolment).count() == len(states), "one state a goal"
