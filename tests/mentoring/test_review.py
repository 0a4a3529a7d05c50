"""The state machine: every row of its table, and everything that is not in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from mentoring import review
from mentoring.models import Event, Mentor, Outcome, State, Submission, Thread, What
from tests.factories import UserFactory
from tests.mentoring.people import (
    ALL_MET,
    ASKED,
    NOT_YET,
    later,
    make_claimed,
    make_cohort,
    make_draft,
    make_mentor,
    make_returned,
    make_submitted,
)
from tests.sampling import sampled

# ---------------------------------------------------------------- the table

Act = Callable[[Thread, User, UUID, datetime], Thread]


def handing_in(action: Callable[..., Thread]) -> Act:
    return lambda thread, by, key, now: action(thread=thread, asked=ASKED, message="", by=by, key=key, now=now)


def plain(action: Callable[..., Thread], **more: object) -> Act:
    return lambda thread, by, key, now: action(thread=thread, by=by, key=key, now=now, **more)


ACTIONS: dict[str, Act] = {
    "submit": handing_in(review.submit),
    "resubmit": handing_in(review.resubmit),
    "second opinion": handing_in(review.ask_second_opinion),
    "withdraw": plain(review.withdraw),
    "claim": plain(review.claim),
    "extend": lambda thread, by, key, now: review.extend(thread=thread, by=by, now=now),
    "release": plain(review.release),
    "return": plain(review.return_, judgment=NOT_YET),
    "approve": plain(review.approve, judgment=ALL_MET),
    "force-release": plain(review.force_release, reason="The mentor is ill."),
    "reopen": plain(review.reopen, reason="Approved by mistake."),
}
LEARNERS = {"submit", "resubmit", "second opinion", "withdraw"}
STATES = ("draft", "submitted", "claimed", "expired", "returned", "approved")
PEOPLE = (
    "learner",
    "learner, a mentor too",
    "another learner",
    "holder",
    "mentor of the pool",
    "mentor of the cohort",
    "mentor of nothing",
    "staff",
)
THE_LEARNER = {"learner", "learner, a mentor too"}
MENTORS = {"holder", "mentor of the pool", "mentor of the cohort"}

# The whole specification: who may do what from where, and where it leads. Anything else is refused.
TABLE: dict[tuple[str, str], tuple[set[str], State]] = {
    ("draft", "submit"): (THE_LEARNER, State.SUBMITTED),
    ("submitted", "withdraw"): (THE_LEARNER, State.DRAFT),
    ("submitted", "claim"): (MENTORS, State.CLAIMED),
    ("expired", "claim"): (MENTORS, State.CLAIMED),
    ("claimed", "extend"): ({"holder"}, State.CLAIMED),
    ("expired", "extend"): ({"holder"}, State.CLAIMED),
    ("claimed", "release"): ({"holder"}, State.SUBMITTED),
    ("expired", "release"): ({"holder"}, State.SUBMITTED),
    ("claimed", "force-release"): ({"staff"}, State.SUBMITTED),
    ("expired", "force-release"): ({"staff"}, State.SUBMITTED),
    ("claimed", "return"): ({"holder"}, State.RETURNED),
    ("expired", "return"): ({"holder"}, State.RETURNED),
    ("claimed", "approve"): ({"holder"}, State.APPROVED),
    ("expired", "approve"): ({"holder"}, State.APPROVED),
    ("returned", "resubmit"): (THE_LEARNER, State.SUBMITTED),
    ("returned", "second opinion"): (THE_LEARNER, State.SUBMITTED),
    ("approved", "reopen"): ({"staff"}, State.RETURNED),
}
WRITES = {
    "submit": What.SUBMITTED,
    "resubmit": What.RESUBMITTED,
    "second opinion": What.SECOND_OPINION,
    "withdraw": What.WITHDRAWN,
    "claim": What.CLAIMED,
    "release": What.RELEASED,
    "return": What.RETURNED,
    "approve": What.APPROVED,
    "force-release": What.FORCE_RELEASED,
    "reopen": What.REOPENED,
}
AT = later(74)


def thread_in(state: str, learner: User, role, holder: User) -> Thread:
    """Handed in so long ago that the pool has it too; `holder` did what was done."""
    thread = make_draft(learner, role)
    if state == "draft":
        return thread
    thread = ACTIONS["submit"](thread, learner, uuid4(), later(0))
    if state == "submitted":
        return thread
    thread = ACTIONS["claim"](thread, holder, uuid4(), later(73) if state == "expired" else later(73.5))
    if state in ("claimed", "expired"):
        return thread
    return ACTIONS["return" if state == "returned" else "approve"](thread, holder, uuid4(), later(73.6))


@pytest.fixture
def people(learner, other_learner, analytics, ruth, jonas) -> dict[str, User]:
    carla = make_mentor(name="Carla Mendes")
    make_cohort(analytics, mentors=[carla], learners=[learner])
    return {
        "learner": learner,
        "learner, a mentor too": learner,
        "another learner": other_learner,
        "holder": ruth,
        "mentor of the pool": jonas,
        "mentor of the cohort": carla,
        "mentor of nothing": make_mentor(name="Noor Haddad"),
        "staff": UserFactory(is_staff=True, is_superuser=True),
    }


def as_mentor(user: User, role) -> User:
    """The same person, once staff made them a mentor of the role."""
    made = User.objects.get(pk=user.pk)
    made.is_mentor = True
    made.save()
    Mentor.objects.create(user=made).roles.add(role)
    return made


@contextmanager
def undone():
    """What happens in it has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def refusal_of(action: str, state: str, person: str) -> type[Exception]:
    """Whether the person reads that it is not possible, or cannot even find it."""
    if action in LEARNERS:
        return review.NotPossibleError if person in THE_LEARNER else Thread.DoesNotExist
    if action == "claim":
        return review.NotPossibleError if person in MENTORS and state != "draft" else Thread.DoesNotExist
    return review.NotPossibleError


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", sampled(STATES, every=2))
def test_only_what_the_table_has_is_possible(state, action, people, learner, analytics, ruth):
    thread = thread_in(state, learner, analytics, ruth)
    before = Thread.objects.values().get(pk=thread.pk)
    events = Event.objects.filter(thread=thread).count()
    may, to = TABLE.get((state, action), (set(), None))
    for person in PEOPLE:
        with undone():
            by = people[person]
            if person == "learner, a mentor too":
                by = as_mentor(by, analytics)
            if person in may:
                row = ACTIONS[action](thread, by, uuid4(), AT)
                assert Thread.objects.get(pk=thread.pk).state == row.state == to, person
                written = list(Event.objects.filter(thread=thread).values_list("what", "actor", "at"))[events:]
                assert written == ([(WRITES[action], by.pk, AT)] if action in WRITES else []), person
            else:
                with pytest.raises(refusal_of(action, state, person)):
                    ACTIONS[action](thread, by, uuid4(), AT)
                assert Thread.objects.values().get(pk=thread.pk) == before, person
                assert Event.objects.filter(thread=thread).count() == events, person


@pytest.mark.parametrize(("state", "action"), [each for each in TABLE if each[1] in WRITES])
def test_the_same_form_twice_is_answered_alike_and_happens_once(state, action, people, learner, analytics, ruth):
    thread, key = thread_in(state, learner, analytics, ruth), uuid4()
    by = next(people[each] for each in PEOPLE if each in TABLE[state, action][0])
    first = ACTIONS[action](thread, by, key, AT)
    stored = Thread.objects.values().get(pk=thread.pk)
    second = ACTIONS[action](thread, by, key, later(75))
    assert (second.pk, second.state, second.number) == (first.pk, first.state, first.number)
    assert Thread.objects.values().get(pk=thread.pk) == stored
    assert Event.objects.filter(key=key).count() == 1


@pytest.mark.parametrize(("state", "action"), [each for each in TABLE if each[1] in WRITES])
def test_a_form_that_comes_again_when_all_is_over_still_changes_nothing(
    state, action, people, learner, analytics, ruth, jonas
):
    thread, key = thread_in(state, learner, analytics, ruth), uuid4()
    by = next(people[each] for each in PEOPLE if each in TABLE[state, action][0])
    row = ACTIONS[action](thread, by, key, AT)
    if row.state == State.RETURNED:
        row = ACTIONS["second opinion"](thread, learner, uuid4(), AT)
    if row.state == State.DRAFT:
        row = ACTIONS["submit"](thread, learner, uuid4(), AT)
    if row.state == State.SUBMITTED:
        row = ACTIONS["claim"](thread, jonas, uuid4(), later(150))
    if row.state == State.CLAIMED:
        row = ACTIONS["approve"](thread, row.holder, uuid4(), later(150))
    assert ACTIONS[action](thread, by, key, later(151)).state == State.APPROVED
    assert Event.objects.filter(key=key).count() == 1


def test_a_key_of_another_thread_is_refused(learner, analytics, ruth):
    key = uuid4()
    review.claim(thread=make_submitted(learner, analytics), by=ruth, key=key, now=later(1))
    with pytest.raises(review.NotPossibleError, match="sent for something else"):
        review.claim(thread=make_submitted(learner, analytics), by=ruth, key=key, now=later(1))


def test_a_key_of_another_action_is_refused(learner, analytics, ruth):
    thread, key = make_claimed(learner, analytics, ruth), uuid4()
    review.approve(thread=thread, judgment=ALL_MET, by=ruth, key=key, now=later(0.5))
    with pytest.raises(review.NotPossibleError, match="sent for something else"):
        review.return_(thread=thread, judgment=NOT_YET, by=ruth, key=key, now=later(0.5))


# ---------------------------------------------------------------- handing in


def test_nothing_is_handed_in_without_evidence(learner, analytics):
    thread = make_draft(learner, analytics)
    thread.evidence.update(removed_at=later(0))
    with pytest.raises(review.NotPossibleError, match="at least one piece of evidence"):
        ACTIONS["submit"](thread, learner, uuid4(), later(1))
    assert Thread.objects.get().number == 0


def test_what_is_handed_in_is_what_was_at_hand(learner, analytics):
    thread = make_submitted(learner, analytics, message="Is it enough?")
    submission = Submission.objects.get(thread=thread)
    assert (submission.number, submission.message, submission.asked) == (1, "Is it enough?", ASKED.to_json())
    assert [piece.title for piece in submission.evidence.all()] == ["Write-up"]


def test_taking_back_and_handing_in_again_makes_the_next_number(learner, analytics):
    thread = make_submitted(learner, analytics)
    ACTIONS["withdraw"](thread, learner, uuid4(), later(1))
    row = ACTIONS["submit"](thread, learner, uuid4(), later(2))
    assert row.number == 2
    assert list(row.submissions.values_list("outcome", flat=True)) == [Outcome.WITHDRAWN, Outcome.OPEN]


# ---------------------------------------------------------------- claims


def test_who_came_too_late_reads_who_holds_it(learner, analytics, ruth, jonas):
    thread = make_claimed(learner, analytics, ruth)
    with pytest.raises(review.NotPossibleError, match=r"^Ruth Adeyemi holds this already\.$") as refused:
        review.claim(thread=thread, by=jonas, key=uuid4(), now=later(0.99))
    assert refused.value.holder == ruth
    with pytest.raises(review.NotPossibleError, match="You hold this already"):
        review.claim(thread=thread, by=ruth, key=uuid4(), now=later(0.5))


def test_a_claim_lasts_an_hour_from_the_last_work_on_it(learner, analytics, ruth, jonas):
    thread = make_claimed(learner, analytics, ruth)
    assert review.extend(thread=thread, by=ruth, now=later(0.9)).lease_until == later(1.9)
    with pytest.raises(review.NotPossibleError):
        review.claim(thread=thread, by=jonas, key=uuid4(), now=later(1.8))
    assert review.claim(thread=thread, by=jonas, key=uuid4(), now=later(1.9)).holder == jonas
    with pytest.raises(review.NotPossibleError, match="Jonas Lindqvist holds this now") as refused:
        review.extend(thread=thread, by=ruth, now=later(2))
    assert refused.value.holder == jonas


def test_work_within_minutes_of_the_last_writes_nothing(learner, analytics, ruth, django_assert_num_queries):
    thread = make_claimed(learner, analytics, ruth)
    with django_assert_num_queries(4):  # two locks, and a savepoint around them
        assert review.extend(thread=thread, by=ruth, now=later(0.05)).lease_until == later(1)


def test_nobody_holds_more_than_their_limit(learner, analytics):
    mentor = make_mentor(analytics, limit=2)
    first, _ = (make_claimed(learner, analytics, mentor) for _ in range(2))
    third = make_submitted(learner, analytics)
    with pytest.raises(review.NotPossibleError, match="You hold 2 reviews, which is your limit"):
        review.claim(thread=third, by=mentor, key=uuid4(), now=later(0.5))
    review.release(thread=first, by=mentor, key=uuid4(), now=later(0.5))
    assert review.claim(thread=third, by=mentor, key=uuid4(), now=later(0.5)).holder == mentor


def test_a_lease_that_is_over_counts_no_more_and_does_not_come_back_beyond_the_limit(learner, analytics):
    mentor = make_mentor(analytics, limit=1)
    first = make_claimed(learner, analytics, mentor)
    review.claim(thread=make_submitted(learner, analytics), by=mentor, key=uuid4(), now=later(1))
    with pytest.raises(review.NotPossibleError, match="You hold 1 review, which is your limit"):
        review.extend(thread=first, by=mentor, now=later(1.5))


def test_who_is_out_of_office_claims_nothing(learner, analytics, ruth):
    thread = make_submitted(learner, analytics)
    Mentor.objects.filter(user=ruth).update(away_from=later(0), away_until=later(5))
    with pytest.raises(review.NotPossibleError, match="You are out of office"):
        review.claim(thread=thread, by=ruth, key=uuid4(), now=later(1))
    assert review.claim(thread=thread, by=ruth, key=uuid4(), now=later(5)).holder == ruth


@pytest.mark.parametrize("change", [{"is_mentor": False}, {"is_active": False}])
def test_who_is_no_mentor_any_more_claims_nothing_though_their_page_is_older(change, learner, analytics, ruth):
    thread = make_submitted(learner, analytics)
    User.objects.filter(pk=ruth.pk).update(**change)
    with pytest.raises(review.NotPossibleError, match="You are no mentor any more"):
        review.claim(thread=thread, by=ruth, key=uuid4(), now=later(1))


def test_a_mentor_of_a_cohort_whom_staff_did_not_set_up_reads_so(learner, analytics):
    mentor = UserFactory(is_mentor=True)
    make_cohort(analytics, mentors=[mentor], learners=[learner])
    with pytest.raises(review.NotPossibleError, match="no mentor"):
        review.claim(thread=make_submitted(learner, analytics), by=mentor, key=uuid4(), now=later(1))


def test_the_next_one_is_the_first_that_is_free(learner, analytics, ruth, jonas):
    taken, free, last = make_claimed(learner, analytics, jonas), *(make_submitted(learner, analytics) for _ in "ab")
    among, key = [taken.pk, free.pk, last.pk], uuid4()
    for _ in range(2):
        assert review.claim_next(by=ruth, key=key, now=later(0.5), among=among) == free
    assert review.claim_next(by=ruth, key=uuid4(), now=later(0.5), among=[last.pk, taken.pk]) == last
    assert review.claim_next(by=ruth, key=uuid4(), now=later(0.5), among=among) is None
    assert review.claim_next(by=ruth, key=uuid4(), now=later(0.5), among=[]) is None


def test_the_next_one_is_never_somebody_elses(learner, analytics, coordination, ruth, jonas):
    foreign = make_submitted(learner, coordination)
    reserved = make_returned(learner, analytics, jonas)
    ACTIONS["resubmit"](reserved, learner, uuid4(), later(1))
    own = make_submitted(ruth, analytics)
    among = [foreign.pk, reserved.pk, own.pk]
    assert review.claim_next(by=ruth, key=uuid4(), now=later(2), among=among) is None
    assert review.claim_next(by=jonas, key=uuid4(), now=later(2), among=among) == reserved


def test_who_may_take_no_more_reads_why_instead_of_the_next_one(learner, analytics):
    mentor = make_mentor(analytics, limit=1)
    make_claimed(learner, analytics, mentor)
    free = make_submitted(learner, analytics)
    with pytest.raises(review.NotPossibleError, match="which is your limit"):
        review.claim_next(by=mentor, key=uuid4(), now=later(0.5), among=[free.pk])


# ---------------------------------------------------------------- what it costs

QUERIES = {
    "submit": 11,
    "withdraw": 3,
    "claim": 4,
    "extend": 3,
    "release": 2,
    "return": 8,
    "approve": 8,
    "resubmit": 12,
    "reopen": 5,
}


@pytest.mark.parametrize("action", QUERIES)
def test_an_action_takes_so_many_queries(action, people, learner, analytics, ruth):
    state, who = next((state, who) for (state, each), (who, _) in TABLE.items() if each == action)
    thread, by = thread_in(state, learner, analytics, ruth), people[min(who)]
    with CaptureQueriesContext(connection) as captured:
        ACTIONS[action](thread, by, uuid4(), AT)
    asked = [each["sql"] for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) == QUERIES[action], asked
