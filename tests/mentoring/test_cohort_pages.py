"""The pages about cohorts, as people meet them."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Cohort, Handover, Invite, Membership, Mentor, State, Thread
from roadmaps.models import Enrolment
from tests.factories import UserFactory
from tests.mentoring.people import make_claimed, make_cohort, make_mentor, make_returned, make_submitted, resubmit
from tests.queries import queries_of

AWAY = reverse("mentoring:away")
COHORTS = reverse("mentoring:cohort_list")
MINE = reverse("membership_list")


def day(ahead: int) -> str:
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


@pytest.fixture
def cohort(analytics, ruth) -> Cohort:
    return make_cohort(analytics, mentors=[ruth])


@pytest.fixture
def invite(cohort) -> Invite:
    return Invite.objects.create(cohort=cohort, limit=3, expires_at=timezone.now() + timedelta(days=9))


def join(client: Client, invite: Invite, **kwargs):
    return client.post(reverse("cohort_join", args=[invite.token]), **kwargs)


def read(response, status: int = 200) -> str:
    assert response.status_code == status
    return " ".join(response.content.decode().split())


# ---------------------------------------------------------------- joining


def test_the_page_of_an_invite_says_what_joining_means(as_learner, invite):
    page = read(as_learner.get(invite.get_absolute_url()))
    for text in ("Join Winter", "Ruth Adeyemi", "3 of 3", "What they see of you", "each look at your work is written"):
        assert text in page


def test_joining_puts_one_into_the_cohort_and_on_the_roadmap(as_learner, invite, learner, analytics):
    response = join(as_learner, invite, follow=True)
    assert "You are in Winter" in read(response)
    assert Membership.objects.current().of(learner).exists()
    assert Enrolment.objects.of(learner).current().get().role == analytics


def test_a_second_post_joins_once(as_learner, invite):
    assert [join(as_learner, invite).status_code for _ in range(2)] == [302, 302]
    assert (Membership.objects.count(), Invite.objects.get().used) == (1, 1)


def test_an_invite_that_does_not_work_says_so_and_puts_nobody_on_a_roadmap(as_learner, invite, learner):
    Invite.objects.update(revoked_at=timezone.now())
    page = read(as_learner.get(invite.get_absolute_url()))
    assert "You cannot join Winter by this link" in page
    assert "data-action" not in page[page.index("<main") : page.index("</main")]
    assert "This invite was taken back." in read(join(as_learner, invite), 409)
    assert not Enrolment.objects.of(learner).exists()


def test_a_token_that_nobody_made_leads_nowhere(as_learner):
    assert as_learner.get(reverse("cohort_join", args=["x" * 32])).status_code == 404


def test_visitors_sign_up_and_come_back_to_the_link(invite):
    visitor = Client()
    response = visitor.get(invite.get_absolute_url(), follow=True)
    sign_in = response.redirect_chain[-1][0]
    assert sign_in.endswith(f"?next={invite.get_absolute_url()}")
    assert f"{reverse('account_signup')}?next=" in response.content.decode()
    data = {"email": "new@example.org", "password1": "correct-horse-battery", "next": invite.get_absolute_url()}
    response = visitor.post(reverse("account_signup"), data)
    assert response.status_code == 302
    assert invite.get_absolute_url() in str(dict(visitor.session))


# ---------------------------------------------------------------- the learner's own


def test_a_learner_sees_who_is_there_for_them(as_learner, invite, learner, ruth):
    join(as_learner, invite)
    Membership.objects.update(mentor=ruth)
    page = read(as_learner.get(MINE))
    assert "You are in Winter" in page
    assert "Looks after you" in page
    assert reverse("look_list") in page


def test_without_a_cohort_the_page_says_that_none_is_needed(as_learner):
    assert "You are in no cohort" in read(as_learner.get(MINE))


def test_leaving_says_what_happens_then_does_it(as_learner, invite, learner, analytics):
    join(as_learner, invite)
    make_submitted(learner, analytics, now=timezone.now())
    url = reverse("mentoring:cohort_leave", args=["winter"])
    assert "One submission of yours waits for a review. It keeps its place" in read(as_learner.get(url))
    page = read(as_learner.post(url, follow=True))
    assert "You left Winter." in page
    assert "You are in no cohort" in page
    assert as_learner.post(url).status_code == 404, "it is not theirs any more"


# ---------------------------------------------------------------- the mentor's cohorts


def test_a_mentor_sees_their_cohorts_with_counts(as_ruth, cohort, invite, analytics, learner, coordination):
    Membership.objects.create(cohort=cohort, learner=learner, role=analytics, joined_at=timezone.now())
    make_submitted(learner, analytics, now=timezone.now())
    make_cohort(coordination, slug="foreign")
    page = read(as_ruth.get(COHORTS))
    assert "You lead one cohort" in page
    assert "Foreign" not in page
    for label in ("Learners", "Open reviews", "Working invites"):
        assert f"<dt>{label}</dt><dd>1</dd>" in page


def test_a_mentor_without_a_cohort_reads_where_they_come_from(as_ruth):
    assert "You lead no cohort yet" in read(as_ruth.get(COHORTS))


def test_an_invite_is_made_once_and_leads_to_the_join_page(as_ruth, cohort, ruth):
    url = reverse("mentoring:invite_list", args=["winter"])
    assert "No link leads into Winter" in read(as_ruth.get(url))
    data = {"label": "Ward 7", "limit": "12", "expires_on": day(10), "key": str(uuid4())}
    assert [as_ruth.post(url, data).status_code for _ in range(2)] == [302, 302]
    invite = Invite.objects.get()
    assert (invite.label, invite.limit, invite.created_by) == ("Ward 7", 12, ruth)
    page = read(as_ruth.get(url))
    assert "One link leads into Winter" in page
    assert invite.get_absolute_url() in page


def test_a_faulty_invite_comes_back_with_what_was_typed(as_ruth, cohort):
    url = reverse("mentoring:invite_list", args=["winter"])
    data = {"label": "Ward 7", "limit": "0", "expires_on": day(-1), "key": str(uuid4())}
    page = read(as_ruth.post(url, data), 422)
    assert 'value="Ward 7"' in page
    assert "Choose a day from today on, at most a year ahead." in page
    assert not Invite.objects.exists()


def test_taking_an_invite_back_offers_to_undo(as_ruth, invite, as_learner):
    page = read(as_ruth.post(reverse("mentoring:invite_revoke", args=[invite.pk]), follow=True))
    assert reverse("mentoring:invite_restore", args=[invite.pk]) in page
    assert "Taken back" in page
    assert join(as_learner, invite).status_code == 409
    as_ruth.post(reverse("mentoring:invite_restore", args=[invite.pk]))
    assert join(as_learner, invite).status_code == 302


def test_invites_of_other_mentors_are_not_there(invite, analytics):
    client = Client()
    client.force_login(make_mentor(analytics))
    urls = [reverse(f"mentoring:invite_{act}", args=[invite.pk]) for act in ("revoke", "restore")]
    assert [client.post(url).status_code for url in urls] == [404, 404]
    assert client.get(reverse("mentoring:invite_list", args=["winter"])).status_code == 404


# ---------------------------------------------------------------- out of office


def test_what_goes_back_is_listed_before_anything_happens(as_ruth, ruth, analytics, learner, other_learner):
    make_claimed(learner, analytics, ruth, now=timezone.now())
    resubmit(make_returned(other_learner, analytics, ruth, now=timezone.now()), now=timezone.now())
    page = read(as_ruth.get(AWAY))
    for text in ("You are here", "What goes back", "Ines Okonjo", "Tom Berger", "Waits for you until"):
        assert text in page


def test_going_and_coming_back(as_ruth, ruth, analytics, learner):
    thread = make_claimed(learner, analytics, ruth, now=timezone.now())
    page = read(as_ruth.post(AWAY, {"away_from": day(0), "back_on": day(7)}, follow=True))
    assert "You are out of office" in page
    assert "Ruth Adeyemi handed back 1 review." in page
    thread.refresh_from_db()
    assert thread.state == State.SUBMITTED
    assert "You are here" in read(as_ruth.post(reverse("mentoring:back"), follow=True))
    assert not Mentor.objects.get().is_away(timezone.now())


def test_a_planned_absence_begins_at_midnight_of_the_mentor(ruth, as_ruth):
    ruth.timezone = "America/New_York"
    ruth.save()
    assert "You are here until" in read(as_ruth.post(AWAY, {"away_from": day(5), "back_on": ""}, follow=True))
    begins = Mentor.objects.get().away_from.astimezone(ruth.zone)
    assert (begins.date().isoformat(), begins.hour) == (day(5), 0)


@pytest.mark.parametrize(
    ("first", "back", "said"),
    [(-1, 3, "Choose today or a day to come."), (3, 3, "Choose a day after the first one.")],
)
def test_days_that_make_no_sense_come_back(as_ruth, first, back, said):
    page = read(as_ruth.post(AWAY, {"away_from": day(first), "back_on": day(back)}), 422)
    assert said in page
    assert Mentor.objects.get().away_from is None


def test_whom_staff_never_settled_anything_with_has_nothing_to_be_away_from(db):
    client = Client()
    client.force_login(UserFactory(is_mentor=True))
    assert client.get(AWAY).status_code == 404


# ---------------------------------------------------------------- handing over


@pytest.fixture
def shared(cohort, analytics, jonas, learner) -> str:
    """The address at which Ruth hands Ines over; Jonas could take her."""
    cohort.mentors.add(jonas)
    Membership.objects.create(cohort=cohort, learner=learner, role=analytics, joined_at=timezone.now())
    return reverse("mentoring:handover", args=["winter", learner.pk])


def test_a_mentor_hands_a_learner_over(as_ruth, shared, ruth, jonas, learner, analytics):
    make_claimed(learner, analytics, ruth, now=timezone.now())
    assert "You hold one of Ines Okonjo’s submissions." in read(as_ruth.get(shared))
    response = as_ruth.post(shared, {"taker": jonas.pk, "note": "Nights only.", "key": str(uuid4())})
    assert response.status_code == 302
    assert (Handover.objects.get().taker, Thread.objects.get().reserved_for) == (jonas, jonas)


def test_the_one_who_can_take_over_is_chosen_already(as_ruth, shared):
    assert re.search(r'<input type="radio" name="taker"[^>]* checked', as_ruth.get(shared).content.decode())


def test_whom_to_is_asked(as_ruth, shared):
    assert "Choose a mentor." in read(as_ruth.post(shared, {"note": "x", "key": str(uuid4())}), 422)


def test_a_handover_that_is_not_possible_any_more_keeps_the_note(as_ruth, shared, jonas):
    Membership.objects.update(mentor=jonas)
    page = read(as_ruth.post(shared, {"taker": jonas.pk, "note": "Nights only.", "key": str(uuid4())}), 409)
    assert "Jonas Lindqvist looks after this learner." in page
    assert "Nights only." in page


def test_the_only_mentor_reads_who_can_help(as_ruth, cohort, analytics, learner):
    Membership.objects.create(cohort=cohort, learner=learner, role=analytics, joined_at=timezone.now())
    assert "You are the only mentor of Winter." in read(
        as_ruth.get(reverse("mentoring:handover", args=["winter", learner.pk]))
    )


def test_learners_of_other_cohorts_are_not_there(as_ruth, shared, coordination, other_learner):
    make_cohort(coordination, learners=[other_learner], slug="foreign")
    urls = [reverse("mentoring:handover", args=[slug, other_learner.pk]) for slug in ("winter", "foreign")]
    assert [as_ruth.get(url).status_code for url in urls] == [404, 404]


# ---------------------------------------------------------------- speed


def test_pages_take_as_many_queries_as_ever(as_ruth, as_learner, shared, cohort, invite, analytics, ruth):
    urls = {
        "join": (as_learner, invite.get_absolute_url(), 5),
        "mine": (as_learner, MINE, 4),
        "leave": (as_learner, reverse("mentoring:cohort_leave", args=["winter"]), 5),
        "cohorts": (as_ruth, COHORTS, 4),
        "invites": (as_ruth, reverse("mentoring:invite_list", args=["winter"]), 5),
        "away": (as_ruth, AWAY, 6),
        "handover": (as_ruth, shared, 7),
    }
    for learner in UserFactory.create_batch(3):
        Membership.objects.create(cohort=cohort, learner=learner, role=analytics, joined_at=timezone.now())
        make_claimed(learner, analytics, ruth, now=timezone.now())
        Invite.objects.create(cohort=cohort, limit=3, expires_at=timezone.now() + timedelta(days=9))
    found = {name: queries_of(client, url) for name, (client, url, _) in urls.items()}
    assert found == {name: count for name, (_, _, count) in urls.items()}
