"""Whatever people do in whatever order, and however long they wait: a review never leaves its table."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.careful import ask_deferred_constraints
from accounts.models import User
from mentoring import review
from mentoring.absence import come_back, go_out
from mentoring.models import Event, Mentor, State, Thread
from mentoring.review import NotPossibleError
from tests.factories import UserFactory
from tests.mentoring.people import NOW, make_cohort, make_draft, make_mentor
from tests.mentoring.rules import assert_whole, over_the_limit
from tests.mentoring.test_review import ACTIONS, TABLE

pytestmark = pytest.mark.slow

LEARNERS_SIDE = (State.DRAFT, State.RETURNED, State.APPROVED)
# What can follow, so that chance leads into every corner; the other rule tries everything everywhere.
LIKELY = {state: sorted({action for at, action in TABLE if at == state}) for state, _ in TABLE}

KINDS = [
    *["what_may_follow"] * 8,
    *["anything"] * 3,
    *["time"] * 3,
    *["a_form_again", "the_next_one", "an_absence", "presence", "presence"],
]


def machine_of(learners: list[User], mentors: list[User], staff: User, role) -> type[RuleBasedStateMachine]:
    everybody = [*learners, *mentors, staff]

    class Reviews(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.undo = transaction.atomic()
            self.undo.__enter__()
            self.now = NOW
            self.threads = [make_draft(learner, role) for learner in learners]
            self.sent: list[tuple[str, Thread, User, UUID]] = []

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

        def act(self, action: str, thread: Thread, by: User, key: UUID) -> None:
            before = Thread.objects.values().get(pk=thread.pk)
            events = Event.objects.count()
            repeated = Event.objects.filter(actor=by, key=key).exists()
            try:
                with transaction.atomic():
                    row = ACTIONS[action](thread, by, key, self.now)
                    ask_deferred_constraints()
            except (NotPossibleError, Thread.DoesNotExist):
                row = None
            after = Thread.objects.values().get(pk=thread.pk)
            written = Event.objects.count() - events
            if row is None or repeated:
                assert (after, written) == (before, 0)
                return
            assert (state_of(before, self.now), action) in TABLE
            assert after["state"] == row.state == TABLE[state_of(before, self.now), action][1]
            assert written == (action != "extend")
            self.sent.append((action, thread, by, key))
            if before["state"] in LEARNERS_SIDE:
                assert after["waited"] == before["waited"], "nobody waits for mentors on the learner's side"
            if before["state"] in LEARNERS_SIDE and after["state"] == State.SUBMITTED:
                assert after["queued_from"] == self.now - before["waited"]
            elif after["state"] not in LEARNERS_SIDE:
                assert after["queued_from"] == before["queued_from"], "its age is kept"
            else:
                assert after["waited"] >= before["waited"]

        @rule(data=st.data(), kind=st.sampled_from(KINDS))
        def step(self, data: st.DataObject, kind: str) -> None:
            # One rule for all, since of several each run leaves some out, and then goes nowhere.
            getattr(self, kind)(data.draw)

        def what_may_follow(self, draw) -> None:
            thread = draw(st.sampled_from(self.threads))
            row = Thread.objects.get(pk=thread.pk)
            action = draw(st.sampled_from(LIKELY[state_of(vars(row), self.now)]))
            if action in ("force-release", "reopen"):
                by = staff
            elif action == "claim":
                by = draw(st.sampled_from(mentors))
            else:
                by = row.learner if row.holder is None else row.holder
            self.act(action, thread, by, uuid4())

        def anything(self, draw) -> None:
            action, by = draw(st.sampled_from(sorted(ACTIONS))), draw(st.sampled_from(everybody))
            self.act(action, draw(st.sampled_from(self.threads)), by, uuid4())

        def a_form_again(self, draw) -> None:
            if self.sent:
                self.act(*draw(st.sampled_from(self.sent)))

        def the_next_one(self, draw) -> None:
            before = {row.pk: state_of(vars(row), self.now) for row in Thread.objects.all()}
            try:
                row = review.claim_next(by=draw(st.sampled_from(mentors)), key=uuid4(), now=self.now, among=before)
            except NotPossibleError:
                return
            assert row is None or before[row.pk] in ("submitted", "expired")

        def time(self, draw) -> None:
            self.now += timedelta(minutes=draw(st.sampled_from([1, 20, 59, 60, 61, 48 * 60, 72 * 60])))

        def an_absence(self, draw) -> None:
            since = self.now + timedelta(hours=draw(st.sampled_from([0, 0.5, 30])))
            until = draw(st.sampled_from([None, since + timedelta(hours=6)]))
            mentor = draw(st.sampled_from(mentors))
            go_out(mentor=mentor, by=mentor, since=since, until=until, now=self.now)

        def presence(self, draw) -> None:
            come_back(mentor=draw(st.sampled_from(mentors)), now=self.now)

        @invariant()
        def every_rule_holds(self) -> None:
            assert_whole(*(thread.pk for thread in self.threads), lease=timedelta())
            assert over_the_limit(self.now) == []

    return Reviews


def state_of(row: dict, now) -> str:
    """As the table calls it."""
    return "expired" if row["state"] == State.CLAIMED and row["lease_until"] <= now else row["state"]


def test_a_review_never_leaves_its_table(learner, other_learner, analytics, ruth, jonas):
    carla = make_mentor(name="Carla Mendes", limit=1)
    make_cohort(analytics, mentors=[carla, ruth], learners=[other_learner])
    User.objects.filter(pk=learner.pk).update(is_mentor=True)
    Mentor.objects.create(user=learner).roles.add(analytics)
    learner.refresh_from_db()
    machine = machine_of(
        [learner, other_learner], [ruth, jonas, carla, learner], UserFactory(is_superuser=True), analytics
    )
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=50,
            deadline=None,
            phases=[Phase.generate],  # making a failure smaller would take minutes
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
