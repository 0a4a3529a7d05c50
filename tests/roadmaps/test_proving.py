"""What an approved milestone is worth, and what is left of it when staff take the approval back."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.kinds import Kind
from accounts.models import Notification
from badges.models import Credential
from mentoring import review
from mentoring.models import Thread
from mentoring.subjects import subject_of
from roadmaps.enrolling import enrol, leave
from roadmaps.publishing import publish
from roadmaps.standing import standing_on
from roles.models import Milestone
from tests.factories import UserFactory
from tests.mentoring.people import make_mentor
from tests.roadmaps.drafts import add_criterion
from tests.roadmaps.handing import approved, asked, claimed, judgment, later, phase_of, returned, url


@pytest.fixture
def ruth(analytics):
    return make_mentor(analytics, name="Ruth Adeyemi", limit=50)


@pytest.fixture
def jonas(analytics):
    return make_mentor(analytics, name="Jonas Lindqvist", limit=50)


@pytest.fixture
def staff(db):
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture(autouse=True)
def enrolled(analytics, learner):
    return enrol(learner=learner, role=analytics)


def approve_all(learner, role, *mentors) -> list[Thread]:
    phases = role.roadmap.phases
    return [
        approved(learner, role, mentors[place % len(mentors)], number=phase.number, now=later(place))
        for place, phase in enumerate(phases)
    ]


def certificates(learner):
    return Credential.objects.of(learner).certificates()


def test_an_approval_gives_a_badge_in_the_words_that_were_approved(learner, analytics, ruth):
    thread = approved(learner, analytics, ruth)
    badge = Credential.objects.get(learner=learner)
    phase = phase_of(analytics)
    assert badge.source == f"decision:{thread.approval_id}"
    assert (badge.achievement.name, badge.achievement.description) == (phase.title, phase.milestone.text)
    assert badge.achievement.approved_by == "Ruth Adeyemi"
    assert badge.achievement.key == thread.subject
    assert [each.title for each in badge.exhibits] == ["Write-up 1"]
    assert badge.achievement.ring == ((1, phase.weeks),)


def test_optional_criteria_are_named_as_optional(learner, analytics, ruth):
    milestone = Milestone.objects.get(phase__role=analytics, phase__order=1)
    milestone.criteria.filter(order=1).update(required=False)
    publish(analytics, by=None)
    analytics.refresh_from_db()
    approved(learner, analytics, ruth)
    criteria = Credential.objects.get(learner=learner).achievement.criteria
    required = [each.required for each in asked(analytics).criteria]
    assert [not each.startswith("Optional: ") for each in criteria] == required
    assert not required[0]


def test_an_approval_sent_twice_gives_one_badge(learner, analytics, ruth):
    thread, key = claimed(learner, analytics, ruth), uuid4()
    for _ in range(2):
        review.approve(thread=thread, judgment=judgment(analytics), by=ruth, key=key, now=later(1))
    assert Credential.objects.of(learner).count() == 1


def test_the_learner_hears_of_the_badge(learner, analytics, ruth):
    approved(learner, analytics, ruth)
    told = Notification.objects.get(person=learner, kind=Kind.BADGE)
    assert told.url == Credential.objects.get(learner=learner).get_absolute_url()


def test_a_return_gives_nothing(learner, analytics, ruth):
    returned(learner, analytics, ruth)
    assert not Credential.objects.exists()


def test_the_last_milestone_brings_the_certificate_and_none_before(learner, analytics, ruth, jonas):
    numbers = [phase.number for phase in analytics.roadmap.phases]
    for number in numbers[:-1]:
        approved(learner, analytics, ruth, number=number)
    assert not certificates(learner).exists()
    approved(learner, analytics, jonas, number=numbers[-1], now=later(30))
    certificate = certificates(learner).get()
    assert certificate.achievement.approved_by == "Ruth Adeyemi and Jonas Lindqvist"
    assert len(certificate.achievement.ring) == len(numbers)
    assert certificate.achievement.on == later(30).date()


def test_the_order_of_approvals_does_not_matter(learner, analytics, ruth):
    for phase in reversed(analytics.roadmap.phases):
        approved(learner, analytics, ruth, number=phase.number)
    assert certificates(learner).count() == 1


def test_another_edition_brings_no_second_certificate_by_itself(learner, analytics, ruth, enrolled):
    approve_all(learner, analytics, ruth)
    add_criterion(analytics)
    publish(analytics, by=None)
    assert certificates(learner).count() == 1
    assert standing_on(learner, analytics.slug).enrolment.publication.edition == 1


def test_reopening_revokes_the_badge_and_the_certificate_with_the_reason(learner, analytics, ruth, staff):
    thread = approve_all(learner, analytics, ruth)[2]
    review.reopen(thread=thread, by=staff, key=uuid4(), now=later(99), reason="The data was not open.")
    gone = Credential.objects.filter(revoked_at__isnull=False)
    assert {each.kind for each in gone} == {"milestone", "roadmap"}
    assert {each.reason for each in gone} == {"The data was not open."}
    assert Credential.objects.of(learner).valid().count() == len(analytics.roadmap.phases) - 1


def test_reopening_with_a_long_reason_shortens_what_others_read(learner, analytics, ruth, staff):
    thread = approved(learner, analytics, ruth)
    review.reopen(thread=thread, by=staff, key=uuid4(), now=later(9), reason="x" * 900)
    assert Credential.objects.get(learner=learner).reason == "x" * 299 + "…"


def test_approved_anew_there_is_another_badge_and_another_certificate(learner, analytics, ruth, staff):
    thread = approve_all(learner, analytics, ruth)[0]
    thread = review.reopen(thread=thread, by=staff, key=uuid4(), now=later(50), reason="Look again.")
    thread = review.resubmit(thread=thread, asked=asked(analytics), message="", by=learner, key=uuid4(), now=later(51))
    thread = review.claim(thread=thread, by=ruth, key=uuid4(), now=later(52))
    review.approve(thread=thread, judgment=judgment(analytics), by=ruth, key=uuid4(), now=later(52))
    assert certificates(learner).count() == 2
    assert certificates(learner).valid().count() == 1
    assert Credential.objects.of(learner).valid().count() == len(analytics.roadmap.phases) + 1


def test_what_is_proven_stays_proven_after_leaving(learner, analytics, ruth):
    thread = claimed(learner, analytics, ruth)
    leave(learner=learner, role=analytics, now=later(1))
    review.approve(thread=thread, judgment=judgment(analytics), by=ruth, key=uuid4(), now=later(0.5))
    assert Credential.objects.of(learner).count() == 1


def test_a_thread_leads_to_its_milestones_page(learner, analytics, ruth):
    thread = returned(learner, analytics, ruth, number=3)
    assert subject_of(thread).address(thread) == url(analytics, number=3)


def test_a_thread_of_something_else_leads_to_the_roadmap(learner, analytics):
    thread = review.open_thread(learner=learner, role=analytics, kind="milestone", subject=uuid4(), now=later(0))
    assert subject_of(thread).address(thread) == f"/roadmaps/{analytics.slug}/"
