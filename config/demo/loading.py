"""Makes the demo people and what they did, through the same functions that the site uses."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.demo import DOMAIN, PASSWORD
from accounts.models import MailState, Notification, User
from config.demo.mentored import Mentored, the_cohort, the_mentors
from config.demo.people import ACCOUNTS, MEMBERS, OTHERS, Path, Person
from config.demo.practiced import practiced
from config.editors import GROUP as EDITORS
from roadmaps.enrolling import enrol
from roadmaps.models import Enrolment, GoalState, State
from roadmaps.ticking import set_state
from roles.models import Role

COHORT_BEGAN = timedelta(weeks=15)


@transaction.atomic
def load_people(*, now: datetime) -> int:
    """Make what of the demo does not exist yet; what exists is left as it is. Returns how many people are new."""
    told = Notification.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    everybody = (*ACCOUNTS, *MEMBERS, *OTHERS)
    password = make_password(PASSWORD)  # once for all: hashing is slow on purpose
    made = [_account(person, password, now) for person in everybody]
    mentored = Mentored(the_mentors(), the_cohort(began=now - COHORT_BEGAN, now=now), now)
    for person, (user, _) in zip(everybody, made, strict=True):
        _live(person, user, mentored, now)
    mentored.get_to_know_each_other()
    practiced(made[0][0], the_mentors(), now=now)
    _send_no_mail(after=told, now=now)
    return sum(new for _, new in made)


def _account(person: Person, password: str, now: datetime) -> tuple[User, bool]:
    email = f"{person.front}@{DOMAIN}"
    if user := User.objects.filter(email=email).first():
        return user, False
    user = User.objects.create(
        email=email,
        password=password,
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
    return user, True


def _live(person: Person, user: User, mentored: Mentored, now: datetime) -> None:
    for path in person.paths:
        role = Role.objects.get(slug=path.role)
        if Enrolment.objects.of(user).in_role(path.role).exists():
            continue
        began = COHORT_BEGAN if person.in_cohort else timedelta(days=10 + 9 * path.done)
        days = _follow(user, role, path, began=began.days, quiet=person.quiet, now=now)
        if person.in_cohort and mentored.cohort.role_id == role.pk:
            mentored.join(user, at=now - began)
        mentored.work(user, role, path, days=days, quiet=person.quiet)
        if person.blocker:
            mentored.state_blocker(user, role, person.blocker, days=person.quiet)


def _follow(learner: User, role: Role, path: Path, *, began: int, quiet: int, now: datetime) -> list[int]:
    """Work through the first goals at a pace of the person's own. Returns how many days ago each was done."""
    pace = random.Random(f"{learner.email} {role.slug}")  # noqa: S311  (seeded on purpose)
    days = sorted((pace.randint(quiet, max(quiet, began - 4)) for _ in range(path.done + 1)), reverse=True)
    days[-1] = quiet
    enrolment = enrol(learner=learner, role=role)
    Enrolment.objects.filter(pk=enrolment.pk).update(started_at=now - timedelta(days=began))
    goals = [UUID(key) for key in enrolment.publication.roadmap.live_goals]
    states = [*[State.DONE] * path.done, State.DOING][: len(goals)]
    if 8 < path.done < len(goals):
        states[3] = State.SKIPPED
    for key, state, age in zip(goals, states, days, strict=False):
        at = now - timedelta(days=age, minutes=pace.randint(0, 600))
        set_state(learner=learner, role=role.slug, goal=key, state=state, now=at)
    assert GoalState.objects.filter(enrolment=enrolment).count() == len(states), "one state a goal"
    return days


def _send_no_mail(*, after: int, now: datetime) -> None:
    """What happened to demo people happened in the past: nobody gets mail about it, and the old part is read."""
    told = Notification.objects.filter(pk__gt=after)
    told.update(mail=MailState.NONE, mail_at=None)
    told.filter(created_at__lt=now - timedelta(days=4)).update(read_at=now - timedelta(days=3))
