"""The functions of the database that say what the querysets and the other questions say."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random

from django.db import IntegrityError, transaction

from mentoring import queue_sql, reaching
from mentoring.models import State, Submission, Thread
from tests.mentoring.people import NOW, later, make_cohort, make_mentor, make_submitted

# How many of all situations are tried.
TRIED = 100


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def test_the_desk_opens_what_the_querysets_open(learner, analytics, coordination, ruth, jonas):
    """Whether a thread may be read is said twice, in Python and in desk_of.sql: the same in every situation."""
    ada = make_mentor(coordination, name="Ada Obi")
    thread = make_submitted(learner, analytics)
    submission = thread.submissions.newest()
    cohorts = [None, make_cohort(analytics, mentors=[ruth]), make_cohort(analytics, mentors=[jonas], slug="spring")]
    now = later(5)
    times = (None, now - timedelta(hours=1), now + timedelta(hours=1))
    stands = [(State.SUBMITTED, None, None), *product([State.CLAIMED], (ruth, jonas, ada), times[1:])]
    situations = list(product(stands, cohorts, times, (None, ruth, jonas, ada), ([], [ruth.pk])))
    seen = set()
    for (state, holder, lease), cohort, pooled, reserved, excluded in Random(4).sample(situations, TRIED):
        values = {"state": state, "holder": holder, "lease_until": lease, "claimed_at": holder and NOW}
        values |= {"cohort": cohort, "pooled_from": pooled, "excluded": excluded}
        values |= {"reserved_for": reserved, "reserved_until": reserved and now}
        try:
            with transaction.atomic():
                Thread.objects.filter(pk=thread.pk).update(**values)
        except IntegrityError:
            continue
        for mentor in (ruth, jonas, ada):
            opens = Thread.objects.open_to(mentor, now).filter(pk=thread.pk).exists()
            found = reaching.found(submission.pk, by=mentor, now=now)
            assert (found is not None and found.is_whole) == opens, values
            assert (found is not None) == Submission.objects.reachable_by(mentor, now).filter(pk=submission.pk).exists()
            seen.add((state, opens))
    assert seen >= set(product((State.SUBMITTED, State.CLAIMED), (True, False)))


def test_whoever_changes_a_function_adds_a_migration():
    """Databases keep the function that the last migration made. Change the digest together with adding one."""
    desk_of = Path(reaching.__file__).parent / "sql" / "desk_of.sql"
    assert digest(queue_sql.QUEUE_OF) == "5cbb868d3946"
    assert digest(desk_of.read_text(encoding="utf-8")) == "05e0c49eba57"
