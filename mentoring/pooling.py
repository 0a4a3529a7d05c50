"""When work of a cohort's learner goes to everybody who covers the role. Pure, but for reading who leads what.

Planned absences are part of it, so that nothing has to happen at the moment when one begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from mentoring.models import Cohort, Mentor, Thread
from mentoring.models.records import Holds
from mentoring.models.threads import ThreadQuerySet

# How long a cohort's own mentors have before others of the role may help.
COHORT_FIRST = timedelta(hours=72)


def leading(cohorts: Iterable[int]) -> Mapping[int, Sequence[Mentor]]:
    """The mentors of each cohort, by its id, who may review at all; whether they are out of office is not asked."""
    pairs = list(Cohort.mentors.through.objects.filter(cohort__in=cohorts).values_list("cohort_id", "user_id"))
    mentors = {each.user_id: each for each in Mentor.objects.active().filter(user__in={user for _, user in pairs})}
    found: defaultdict[int, list[Mentor]] = defaultdict(list)
    for cohort, user in pairs:
        if user in mentors:
            found[cohort].append(mentors[user])
    return found


def pooled_from(thread: Thread, mentors: Iterable[Mentor], *, handed_in: datetime, now: datetime) -> datetime:
    """72 hours after it was handed in, or as soon as none of the cohort's mentors who may have it is there."""
    last = handed_in + COHORT_FIRST
    own = [each for each in mentors if each.user_id != thread.learner_id and each.user_id not in thread.excluded]
    begins = {each.away_from for each in own if each.away_from is not None and now < each.away_from < last}
    return next((moment for moment in (now, *sorted(begins)) if all(each.is_away(moment) for each in own)), last)


def with_nobody(now: datetime) -> ThreadQuerySet:
    """What waits although no mentor who is here may take it: staff have to find one."""
    here = Mentor.objects.present(now).exclude(user=OuterRef("learner"))
    here = here.exclude(Q(Holds(F("user_id"), OuterRef("excluded"))))
    covering = here.filter(roles=OuterRef("role"))
    leading_it = here.filter(user__cohorts_led=OuterRef("cohort"))
    return Thread.objects.open().filter(~Exists(covering), ~Exists(leading_it))
