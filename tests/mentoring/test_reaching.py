"""The functions of the database that say what the querysets and the other questions say."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from mentoring import locking, queue_sql, reaching, review
from mentoring.models import State, Submission, Thread, What
from tests.mentoring.people import NOW, later, make_cohort, make_mentor, make_submitted

# How many of all situations are tried.
TRIED = 100


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def situations(learner, analytics, ruth, jonas, ada):
    """A thread put into all sorts of situations, one after the other, and read at `now`."""
    thread = make_submitted(learner, analytics)
    cohorts = [None, make_cohort(analytics, mentors=[ruth]), make_cohort(analytics, mentors=[jonas], slug="spring")]
    now = later(5)
    times = (None, now - timedelta(hours=1), now + timedelta(hours=1))
    stands = [(State.SUBMITTED, None, None), *product([State.CLAIMED], (ruth, jonas, ada), times[1:])]
    every = list(product(stands, cohorts, times, (None, ruth, jonas, ada), ([], [ruth.pk])))
    for (state, holder, lease), cohort, pooled, reserved, excluded in Random(4).sample(every, TRIED):
        values = {"state": state, "holder": holder, "lease_until": lease, "claimed_at": holder and NOW}
        values |= {"cohort": cohort, "pooled_from": pooled, "excluded": excluded}
        values |= {"reserved_for": reserved, "reserved_until": reserved and now}
        try:
            with transaction.atomic():
                Thread.objects.filter(pk=thread.pk).update(**values)
        except IntegrityError:
            continue
        yield thread, now, values


@pytest.fixture
def ada(coordination) -> User:
    return make_mentor(coordination, name="Ada Obi")


def test_the_desk_opens_what_the_querysets_open(learner, analytics, ruth, jonas, ada):
    """Whether a thread may be read is said twice, in Python and in desk_of.sql: the same in every situation."""
    seen = set()
    for thread, now, values in situations(learner, analytics, ruth, jonas, ada):
        submission = thread.submissions.newest()
        for mentor in (ruth, jonas, ada):
            opens = Thread.objects.open_to(mentor, now).filter(pk=thread.pk).exists()
            found = reaching.found(submission.pk, by=mentor, now=now)
            assert (found is not None and found.is_whole) == opens, values
            assert (found is not None) == Submission.objects.reachable_by(mentor, now).filter(pk=submission.pk).exists()
            seen.add((values["state"], opens))
    assert seen >= set(product((State.SUBMITTED, State.CLAIMED), (True, False)))


def test_a_lock_says_of_one_thread_what_the_queryset_says_of_all(learner, analytics, ruth, jonas, ada):
    """Whose business a thread is, is said of sets and of one: the same in every situation."""
    seen = set()
    for thread, now, values in situations(learner, analytics, ruth, jonas, ada):
        for person in (ruth, jonas, ada, learner):
            theirs = Thread.objects.claimable_in_principle(person, now).filter(pk=thread.pk).exists()
            assert locking.lock_thread(thread.pk, by=person).is_claimable_in_principle(person, now) == theirs, values
            seen.add((values["state"], theirs))
    assert seen >= set(product((State.SUBMITTED, State.CLAIMED), (True, False)))


def test_a_lock_reads_what_stands_behind_it(learner, analytics, ruth):
    thread, key = make_submitted(learner, analytics), uuid4()
    review.claim(thread=thread, by=ruth, key=key, now=later(1))
    locked = locking.lock_thread(thread.pk, by=ruth, key=key)
    assert (locked.thread.learner.name, locked.thread.holder, locked.thread.role.slug) == (
        learner.name,
        ruth,
        analytics.slug,
    )
    assert locked.open_submission == thread.submissions.newest()
    assert locked.open_submission.asked == thread.submissions.newest().asked
    assert locked.done == (thread.pk, What.CLAIMED)
    assert locking.lock_mentor(ruth, now=later(1)).held == 1
    assert locking.lock_mentor(ruth, now=later(2)).held == 0, "a lease that is over holds nothing"


def test_what_a_lock_did_not_read_is_loaded_when_it_is_asked_for(learner, analytics):
    locked = locking.lock_thread(make_submitted(learner, analytics).pk, by=learner)
    assert locked.thread.learner.timezone == learner.timezone
    assert locked.thread.role.summary == analytics.summary


def test_no_thread_is_no_lock(learner):
    with pytest.raises(Thread.DoesNotExist):
        locking.lock_thread(0, by=learner)
    assert locking.lock_mentor(learner, now=NOW) is None


def test_whoever_changes_a_function_adds_a_migration():
    """Databases keep the function that the last migration made. Change the digest together with adding one."""
    folder = Path(reaching.__file__).parent / "sql"
    assert digest(queue_sql.QUEUE_OF) == "5cbb868d3946"
    assert {path.name: digest(path.read_text(encoding="utf-8")) for path in folder.iterdir()} == {
        "desk_of.sql": "05e0c49eba57",
        "locked.sql": "f8a785677289",
    }
