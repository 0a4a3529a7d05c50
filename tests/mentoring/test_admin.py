"""Mentors, cohorts and reviews in the admin: superusers alone, and nothing without a reason."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from config.editors import GROUP
from mentoring import review
from mentoring.looking import note_look
from mentoring.models import Cohort, Decision, Event, Look, Looked, Membership, Mentor, State, Thread, What
from tests.factories import UserFactory
from tests.forms import fields_of
from tests.mentoring.people import later, make_approved, make_claimed, make_cohort, make_mentor, make_submitted
from tests.queries import queries_of

# Queries of a change list and of a change page, session, account and permissions included.
PAGES = {
    Mentor: (7, 6),
    Cohort: (6, 9),
    Membership: (5, 5),
    Thread: (5, 8),
    Decision: (5, 5),
    Look: (5, 5),
}
MODELS = pytest.mark.parametrize("model", PAGES, ids=lambda model: model._meta.model_name)


def page(model, kind: str = "changelist", *args: object) -> str:
    return reverse(f"admin:mentoring_{model._meta.model_name}_{kind}", args=args)


@pytest.fixture
def office(db) -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True, display_name="Priya Raman"))
    return client


@pytest.fixture
def desk(db) -> Client:
    """An editor who was even given every permission on this app."""
    editor = UserFactory(is_staff=True)
    editor.groups.add(Group.objects.get(name=GROUP))
    editor.user_permissions.set(Permission.objects.filter(content_type__app_label="mentoring"))
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def cohort(analytics, ruth, learner) -> Cohort:
    return make_cohort(analytics, mentors=[ruth], learners=[learner])


@pytest.fixture
def filled(cohort, analytics, ruth, learner) -> Thread:
    """A row of each model."""
    thread = make_approved(learner, analytics, ruth)
    note_look(viewer=ruth, learner=learner, what=Looked.CARD, now=later(1))
    return thread


def act(client: Client, model, action: str, *rows, **more):
    data = {"action": action, "_selected_action": [row.pk for row in rows], "index": "0"} | more
    return client.post(page(model), data, follow=True)


def save(client: Client, row, **changes: object):
    data = fields_of(client.get(page(type(row), "change", row.pk)), f"{row._meta.model_name}_form")
    typed = {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(page(type(row), "change", row.pk), {**data, **typed}, follow=True)


# ---------------------------------------------------------------- pages


@MODELS
def test_lists_and_pages_open_with_as_many_queries_as_ever(office, filled, model):
    row = model.objects.first()
    assert (queries_of(office, page(model)), queries_of(office, page(model, "change", row.pk))) == PAGES[model]


@MODELS
def test_editors_see_none_of_it_whatever_they_were_given(desk, filled, model):
    row = model.objects.first()
    assert {desk.get(url).status_code for url in (page(model), page(model, "change", row.pk))} == {403}


def test_editors_have_no_right_on_mentoring(db):
    rights = Group.objects.get(name=GROUP).permissions.values_list("content_type__app_label", flat=True)
    assert not {"mentoring", "accounts", "badges"} & set(rights)


def test_the_acts_of_staff_are_not_for_editors(desk, filled, learner):
    membership = Membership.objects.get()
    urls = [
        reverse("admin:mentoring_thread_release", args=[filled.pk]),
        reverse("admin:mentoring_thread_reopen", args=[filled.pk]),
        reverse("admin:mentoring_membership_handover", args=[membership.pk]),
    ]
    assert [desk.get(url).status_code for url in urls] == [403, 403, 403]


def test_more_rows_need_no_more_queries(office, filled, cohort, analytics, ruth):
    urls = [page(model) for model in PAGES] + [page(Cohort, "change", cohort.pk)]
    before = [queries_of(office, url) for url in urls]
    for learner in UserFactory.create_batch(3):
        Membership.objects.create(cohort=cohort, learner=learner, role=analytics, joined_at=later(0), mentor=ruth)
        make_approved(learner, analytics, ruth)
        note_look(viewer=ruth, learner=learner, what=Looked.CARD, now=later(1))
        make_mentor(analytics)
    assert [queries_of(office, url) for url in urls] == before


@pytest.mark.parametrize("model", [Thread, Decision, Look, Membership])
def test_what_the_product_writes_nobody_edits(office, filled, model):
    site = admin.site.get_model_admin(model)
    request = office.get(page(model)).wsgi_request
    assert not any(may(request) for may in (site.has_add_permission, site.has_change_permission))
    assert not site.has_delete_permission(request)


def test_threads_are_found_by_the_learners_address(office, filled, analytics, ruth, other_learner):
    make_submitted(other_learner, analytics)
    found = office.get(page(Thread), {"q": "INES@example.org"})
    assert list(found.context["cl"].queryset) == [filled]


# ---------------------------------------------------------------- mentors


def test_making_a_mentor_lets_the_account_review(office, analytics, learner):
    response = office.post(page(Mentor, "add"), {"user": learner.pk, "roles": [analytics.pk], "open_limit": 3})
    assert response.status_code == 302
    learner.refresh_from_db()
    assert (learner.is_mentor, learner.mentor.open_limit, list(learner.mentor.roles.all())) == (True, 3, [analytics])


def test_a_limit_that_makes_no_sense_is_refused_beside_its_field(office, learner):
    response = office.post(page(Mentor, "add"), {"user": learner.pk, "open_limit": 0})
    assert response.status_code == 200
    assert "A mentor holds 1 to 50 reviews at once." in response.content.decode()


def test_taking_the_right_back_hands_everything_back_and_says_so(office, analytics, ruth, learner):
    thread = make_claimed(learner, analytics, ruth)
    said = act(office, Mentor, "take_right_back", ruth.mentor, confirmed="yes").content.decode()
    thread.refresh_from_db()
    ruth.refresh_from_db()
    assert (thread.state, ruth.is_mentor) == (State.SUBMITTED, False)
    assert "Ruth Adeyemi handed back 1 review." in said
    act(office, Mentor, "give_right_again", ruth.mentor)
    ruth.refresh_from_db()
    assert (ruth.is_mentor, list(ruth.mentor.roles.all())) == (True, [analytics])


def test_before_the_right_is_taken_back_one_reads_what_that_does(office, analytics, ruth, learner):
    thread = make_claimed(learner, analytics, ruth, now=timezone.now())
    asked = act(office, Mentor, "take_right_back", ruth.mentor).content.decode()
    assert "Ruth Adeyemi: holds 1, has first refusal on 0" in asked
    thread.refresh_from_db()
    ruth.refresh_from_db()
    assert (thread.state, ruth.is_mentor) == (State.CLAIMED, True)


def test_being_away_hands_back_and_coming_back_is_noted(office, analytics, ruth, learner):
    thread = make_claimed(learner, analytics, ruth, now=timezone.now())
    said = save(office, ruth.mentor, away_from_0="2026-01-01", away_from_1="08:00:00").content.decode()
    thread.refresh_from_db()
    assert thread.state == State.SUBMITTED
    assert "Ruth Adeyemi handed back 1 review." in said
    save(office, ruth.mentor, away_from_0="", away_from_1="")
    assert Mentor.objects.present(timezone.now()).filter(user=ruth).exists()


def test_the_list_of_mentors_says_what_nobody_may_take(office, coordination, learner):
    make_submitted(learner, coordination)
    said = office.get(page(Mentor)).content.decode()
    assert "1 submission waits, and no mentor who is here may take what waits." in said
    found = office.get(page(Thread), {"who": "nobody"}).context["cl"].queryset
    assert list(found) == list(Thread.objects.all())
    make_mentor(coordination)
    assert "no mentor who is here" not in office.get(page(Mentor)).content.decode()


# ---------------------------------------------------------------- accounts


def test_the_page_of_an_account_makes_a_mentor_with_everything_to_it(office, learner):
    url = reverse("admin:accounts_user_change", args=[learner.pk])
    office.post(url, fields_of(office.get(url), "user_form") | {"is_mentor": "on"})
    assert Mentor.objects.filter(user=learner).exists()


@pytest.mark.parametrize("action", ["unmake_mentors", "deactivate"])
def test_an_account_that_reviews_no_more_hands_everything_back_first(office, analytics, ruth, learner, action):
    thread = make_claimed(learner, analytics, ruth)
    users = reverse("admin:accounts_user_changelist")
    data = {"action": action, "_selected_action": [ruth.pk], "index": "0"}
    said = office.post(users, data, follow=True).content.decode()
    thread.refresh_from_db()
    assert thread.state == State.SUBMITTED
    assert "Ruth Adeyemi handed back 1 review." in said


def test_unticking_the_box_hands_back_as_well(office, analytics, ruth, learner):
    thread = make_claimed(learner, analytics, ruth)
    url = reverse("admin:accounts_user_change", args=[ruth.pk])
    data = fields_of(office.get(url), "user_form")
    del data["is_mentor"]
    office.post(url, data)
    thread.refresh_from_db()
    assert (thread.state, User.objects.get(pk=ruth.pk).is_mentor) == (State.SUBMITTED, False)


# ---------------------------------------------------------------- cohorts


def test_a_cohort_is_made_with_its_invites(office, analytics, ruth):
    invites = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "0-label": "Ward 7", "0-limit": 12}
    data = {
        "name": "Spring",
        "slug": "spring",
        "role": analytics.pk,
        "starts_on": "2026-12-01",
        "mentors": [ruth.pk],
        **{f"invites-{name}": value for name, value in invites.items()},
        "invites-0-expires_at_0": "2027-01-01",
        "invites-0-expires_at_1": "00:00:00",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    response = office.post(page(Cohort, "add"), data)
    assert response.status_code == 302, response.content.decode()
    invite = Cohort.objects.get(slug="spring").invites.get()
    assert (invite.label, invite.limit, invite.created_by.name) == ("Ward 7", 12, "Priya Raman")


def test_a_learner_of_the_cohort_cannot_be_its_mentor(office, cohort, learner):
    User.objects.filter(pk=learner.pk).update(is_mentor=True)
    response = save(office, cohort, mentors=[learner.pk])
    assert "A learner of this cohort cannot be its mentor: Ines Okonjo." in response.content.decode()


def test_taking_the_last_mentor_out_leaves_nobody_waiting_for_nobody(office, cohort, analytics, ruth, jonas, learner):
    cohort.mentors.set([ruth])
    Membership.objects.update(mentor=ruth)
    make_submitted(learner, analytics, now=timezone.now())
    said = save(office, cohort, mentors=[jonas.pk]).content.decode()
    assert "Ines Okonjo was told that Ruth Adeyemi is no mentor of the cohort any more." in said
    assert Membership.objects.get().mentor is None


def test_closing_and_opening(office, cohort):
    assert "Winter: closed." in act(office, Cohort, "close", cohort).content.decode()
    assert "Nothing had to change." in act(office, Cohort, "close", cohort).content.decode()
    assert "Winter: open again." in act(office, Cohort, "open_again", cohort).content.decode()


def test_a_cohort_that_somebody_was_in_stays(office, cohort, coordination):
    empty = make_cohort(coordination, slug="empty")
    codes = [office.get(page(Cohort, "delete", each.pk)).status_code for each in (cohort, empty)]
    assert codes == [403, 200]


def test_staff_hand_a_learner_over_to_any_mentor(office, cohort, analytics, ruth, jonas, learner):
    url = reverse("admin:mentoring_membership_handover", args=[Membership.objects.get().pk])
    data = {"giver": ruth.pk, "taker": jonas.pk, "note": "Wants more feedback.", "key": str(uuid4())}
    said = office.post(url, data, follow=True).content.decode()
    assert "Ines Okonjo was handed over from Ruth Adeyemi to Jonas Lindqvist. All three were told." in said
    assert Membership.objects.get().mentor == jonas
    assert office.post(url, {**data, "taker": ruth.pk, "key": str(uuid4())}).status_code == 409


# ---------------------------------------------------------------- reviews


def test_force_release_asks_for_a_reason(office, analytics, ruth, learner):
    thread = make_claimed(learner, analytics, ruth)
    url = reverse("admin:mentoring_thread_release", args=[thread.pk])
    assert office.post(url, {"key": str(uuid4()), "reason": ""}).status_code == 422
    response = office.post(url, {"key": str(uuid4()), "reason": "Ruth is ill."})
    assert response.status_code == 302
    thread.refresh_from_db()
    event = Event.objects.latest("pk")
    assert (thread.state, event.what, event.reason) == (State.SUBMITTED, What.FORCE_RELEASED, "Ruth is ill.")


def test_what_is_wrong_with_an_act_is_said_at_its_field_which_has_the_focus(office, cohort, ruth, jonas):
    url = reverse("admin:mentoring_membership_handover", args=[Membership.objects.get().pk])
    page = office.post(
        url, {"giver": "", "taker": jonas.pk, "note": "Wants more.", "key": str(uuid4())}
    ).content.decode()
    assert page.count("Choose a mentor.</li>") == 1
    assert re.search(r'<select name="giver"[^>]* autofocus', page)
    assert "Wants more." in page


def test_a_lost_race_is_said_on_the_page(office, analytics, ruth, learner):
    thread = make_claimed(learner, analytics, ruth)
    review.release(thread=thread, by=ruth, key=uuid4(), now=later(0.1))
    url = reverse("admin:mentoring_thread_release", args=[thread.pk])
    response = office.post(url, {"key": str(uuid4()), "reason": "Ruth is ill."})
    assert (response.status_code, "Nobody holds this." in response.content.decode()) == (409, True)


def test_reopening_takes_the_approval_back_once(office, analytics, ruth, learner, approvals):
    thread = make_approved(learner, analytics, ruth)
    url, key = reverse("admin:mentoring_thread_reopen", args=[thread.pk]), str(uuid4())
    assert [office.post(url, {"key": key, "reason": "Wrong file."}).status_code for _ in range(2)] == [302, 302]
    thread.refresh_from_db()
    assert (thread.state, approvals, Event.objects.filter(what=What.REOPENED).count()) == (State.RETURNED, [], 1)
