"""Publishing from the admin, and looking up where a learner stands."""

from __future__ import annotations

import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.looking_up import EstimatingPaginator
from config.editors import GROUP
from roadmaps.enrolling import enrol
from roadmaps.models import Enrolment, GoalState, Publication, State
from roadmaps.publishing import publish
from roadmaps.ticking import set_state
from roles.models import Role
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.forms import fields_of
from tests.queries import queries_of
from tests.roadmaps.drafts import add_goal, first_goal, replace, reword

DESK = reverse("admin:roadmaps_publication_desk")


@pytest.fixture
def editor(db):
    user = UserFactory(is_staff=True, display_name="Mei-Ling Zhao")
    user.groups.add(Group.objects.get(name=GROUP))
    return user


@pytest.fixture
def desk(editor) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def office(db) -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def url(role: Role) -> str:
    return reverse("admin:roadmaps_publication_publish", args=[role.pk])


def look(client: Client, role: Role) -> str:
    response = client.get(url(role))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def seen(client: Client, role: Role) -> str:
    return client.get(url(role)).context["look"].digest


def post(client: Client, role: Role, **data: str):
    return client.post(url(role), {"seen": seen(client, role), "note": "", **data})


def newest(role: Role) -> Publication:
    return Publication.objects.latest_of(role)


# ---------------------------------------------------------------- the desk


def test_the_desk_lists_roadmaps_with_what_is_out(desk, analytics, learner):
    enrol(learner=learner, role=analytics)
    shown = " ".join(desk.get(DESK).content.decode().split())
    assert analytics.name in shown
    assert "Edition 1, publication 1" in shown
    assert url(analytics) in shown
    assert desk.get(DESK).context["roles"].get(pk=analytics.pk).learners == 1


def test_its_queries_do_not_grow(desk, analytics):
    assert queries_of(desk, DESK) == 5
    for number in range(5):
        role = Role.objects.create(slug=f"r{number}", name=f"R {number}", short_name="R", profile="title", source_id=1)
        role.phases.create(slug="one", order=1, title="One", kind="data", weeks=2, source_id=1)
    assert queries_of(desk, DESK) == 5
    assert queries_of(desk, url(analytics)) == 17


def test_an_unchanged_draft_has_nothing_to_publish(desk, analytics):
    assert "Nothing to publish" in look(desk, analytics)
    assert desk.post(url(analytics), {"seen": "x"}, follow=True).status_code == 200
    assert newest(analytics).number == 1


def test_a_reworded_goal_is_a_minor_change_that_learners_move_along_with(desk, analytics, learner):
    enrolment = enrol(learner=learner, role=analytics)
    goal = first_goal(analytics)
    set_state(learner=learner, role=ANALYTICS, goal=goal.key, state=State.DONE, now=enrolment.started_at)
    reword(goal)
    shown = look(desk, analytics)
    assert "Minor change: 1 reworded" in shown
    assert "1 learner moves along without being asked" in shown
    assert "<td>1</td> <td>1</td>" in shown


def test_a_new_goal_is_a_major_change_that_learners_are_asked_about(desk, analytics, learner, other_learner):
    enrol(learner=learner, role=analytics)
    enrol(learner=other_learner, role=analytics)
    replace(first_goal(analytics), "Its heir")
    shown = look(desk, analytics)
    assert "Major change: 1 replaced: credit kept" in shown
    assert "2 learners are asked" in shown
    assert "<ins>Its heir</ins>" in shown


def test_a_first_roadmap_says_so(desk, analytics):
    source = analytics.phases.first()
    role = Role.objects.create(slug="new", name="New role", short_name="New", profile="title", source=analytics.source)
    phase = role.phases.create(slug="one", order=1, title="One", kind="data", weeks=2, source=source.source)
    phase.goals.create(order=1, text="Learn it")
    milestone = type(source.milestone).objects.create(phase=phase, text="Show it")
    milestone.criteria.create(order=1, text="It is shown")
    assert "was never published" in look(desk, role)
    assert post(desk, role).status_code == 302
    assert newest(role).kind == "first"


def test_gaps_are_named_and_nothing_can_be_posted(desk, analytics):
    analytics.phases.first().goals.update(retired=True)
    shown = look(desk, analytics)
    assert "cannot be published yet" in shown
    assert "has no goal." in shown
    assert 'data-action="publish"' not in shown
    assert "cannot be published" in desk.post(url(analytics), {"seen": "x"}).content.decode()
    assert newest(analytics).number == 1


def test_publishing_by_the_button(desk, editor, analytics):
    add_goal(analytics, text="Explain a claims file")
    data = fields_of_form(desk, analytics) | {"note": ["Asked for by three hospitals."]}
    response = desk.post(url(analytics), data, follow=True)
    publication = newest(analytics)
    assert (publication.number, publication.kind, publication.published_by) == (2, "major", editor)
    assert publication.note == "Asked for by three hospitals."
    shown = response.content.decode()
    assert "Published Healthcare Analytics edition 2, publication 2. Major change: 1 new." in shown
    assert "Explain a claims file" in shown
    analytics.refresh_from_db()
    assert any(goal["text"] == "Explain a claims file" for goal in analytics.blueprint["phases"][0]["goals"])


def fields_of_form(client: Client, role: Role):
    response = client.get(url(role))
    response.content = response.content.replace(b'<form method="post" data-action="publish"', b'<form id="publish"')
    return fields_of(response, "publish")


def test_who_published_is_in_the_log_of_the_role_and_of_the_publication(desk, editor, analytics):
    reword(first_goal(analytics))
    post(desk, analytics)
    said = {(entry.content_type.model, entry.get_change_message()) for entry in LogEntry.objects.filter(user=editor)}
    assert said == {("publication", "Added."), ("role", "Published the roadmap: edition 1, publication 2.")}


def test_posting_twice_publishes_once(desk, analytics):
    reword(first_goal(analytics))
    data = {"seen": seen(desk, analytics), "note": "Once"}
    desk.post(url(analytics), data)
    again = desk.post(url(analytics), data, follow=True)
    assert "There was nothing left to publish" in again.content.decode()
    assert Publication.objects.of(analytics).count() == 2


def test_a_draft_that_moved_since_it_was_looked_at_is_shown_again(desk, analytics):
    reword(first_goal(analytics))
    old = seen(desk, analytics)
    add_goal(analytics, text="Slipped in")
    response = desk.post(url(analytics), {"seen": old, "note": "Only words"})
    shown = response.content.decode()
    assert "The draft was edited while you looked at it" in shown
    assert "Slipped in" in shown
    assert "Only words" in shown, "what was typed is kept"
    assert newest(analytics).number == 1
    assert desk.post(url(analytics), {"seen": response.context["look"].digest}).status_code == 302


@pytest.mark.parametrize(("note", "message"), [("x" * 301, "at most 300 characters"), ("a\0b", "Null characters")])
def test_a_bad_note_is_said_beside_it_and_kept(desk, analytics, note, message):
    reword(first_goal(analytics))
    response = post(desk, analytics, note=note)
    assert response.status_code == 200
    assert message in response.context["form"].errors["note"][0]
    assert note[:1] * 3 in response.content.decode() or "\0" in note
    assert newest(analytics).number == 1


def test_a_role_that_is_not_there_is_404(desk):
    assert desk.get(reverse("admin:roadmaps_publication_publish", args=[10**9])).status_code == 404


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_publish_one_publication():
    role = Role.objects.get(slug=ANALYTICS)
    reword(first_goal(role))
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
    data = {"seen": seen(clients[0], role), "note": ""}
    answers: list[int] = []
    together = threading.Barrier(2)

    def press(client: Client) -> None:
        together.wait()
        answers.append(client.post(url(role), data).status_code)
        connections.close_all()

    threads = [threading.Thread(target=press, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert list(Publication.objects.of(role).values_list("number", flat=True)) == [2, 1]


# ---------------------------------------------------------------- publications


def test_publications_are_shown_and_never_edited(desk, analytics):
    replace(first_goal(analytics), "Its heir")
    publication = publish(analytics, by=None, note="Better so")
    change = reverse("admin:roadmaps_publication_change", args=[publication.pk])
    shown = desk.get(change).content.decode()
    assert "<ins>Its heir</ins>" in shown
    assert "Milestone:" in shown, "the whole roadmap is there"
    assert 'name="_save"' not in shown
    assert desk.post(change, {"note": "Other"}).status_code == 403
    assert desk.get(reverse("admin:roadmaps_publication_add")).status_code == 403
    assert desk.get(reverse("admin:roadmaps_publication_delete", args=[publication.pk])).status_code == 403
    publication.refresh_from_db()
    assert publication.note == "Better so"


def test_the_list_of_publications_does_not_read_whole_roadmaps(desk, analytics):
    listed = reverse("admin:roadmaps_publication_changelist")
    assert DESK in desk.get(listed).content.decode()
    before = queries_of(desk, listed)
    for number in range(4):
        reword(first_goal(analytics), f"Words {number}")
        publish(analytics, by=None)
    assert queries_of(desk, listed) == before == 10


# ---------------------------------------------------------------- who may


def test_editors_see_nothing_of_learners(desk, learner, analytics):
    enrolment = enrol(learner=learner, role=analytics)
    index = desk.get(reverse("admin:index")).content.decode()
    for name in ("roadmaps_enrolment", "roadmaps_goalstate", "accounts_user", "account_emailaddress", "auth_group"):
        listed = reverse(f"admin:{name}_changelist")
        assert listed not in index
        assert desk.get(listed).status_code == 403
    assert desk.get(reverse("admin:roadmaps_enrolment_change", args=[enrolment.pk])).status_code == 403
    assert desk.get(reverse("admin:accounts_user_change", args=[learner.pk])).status_code == 403
    asked = {"app_label": "roadmaps", "model_name": "enrolment", "field_name": "learner", "term": "a"}
    assert desk.get(reverse("admin:autocomplete"), asked).status_code == 403


def test_staff_without_the_group_reach_no_content(db, analytics):
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    assert client.get(DESK).status_code == 403
    assert client.get(url(analytics)).status_code == 403
    assert client.post(url(analytics), {"seen": ""}).status_code == 403
    assert client.get(reverse("admin:roles_role_changelist")).status_code == 403


@pytest.mark.parametrize("who", ["visitor", "learner"])
def test_others_do_not_reach_the_desk(db, analytics, learner, who):
    client = Client()
    if who == "learner":
        client.force_login(learner)
    assert client.get(DESK).status_code == 302
    assert client.post(url(analytics), {"seen": ""}).status_code == 302
    assert newest(analytics).number == 1


# ---------------------------------------------------------------- where a learner stands


@pytest.fixture
def progress(learner, other_learner, analytics) -> Enrolment:
    enrolment = enrol(learner=learner, role=analytics)
    set_state(
        learner=learner, role=ANALYTICS, goal=first_goal(analytics).key, state=State.DONE, now=enrolment.started_at
    )
    enrol(learner=other_learner, role=analytics)
    return enrolment


def test_a_superuser_looks_a_learner_up_by_address_or_number(office, progress, learner):
    listed = reverse("admin:roadmaps_enrolment_changelist")
    for asked in (learner.email, learner.email.upper(), str(learner.pk), str(progress.pk)):
        shown = office.get(listed, {"q": asked}).content.decode()
        assert "ines@example.org" in shown
    assert "ines@example.org" not in office.get(listed, {"q": "ines"}).content.decode()
    states = office.get(reverse("admin:roadmaps_goalstate_changelist"), {"q": learner.email}).content.decode()
    assert "1 goal state" in states


def test_learner_data_is_read_only(office, progress):
    state = GoalState.objects.get()
    for name, row in (("enrolment", progress), ("goalstate", state)):
        change = reverse(f"admin:roadmaps_{name}_change", args=[row.pk])
        assert office.get(change).status_code == 200
        assert office.post(change, {"state": "todo"}).status_code == 403
        assert office.get(reverse(f"admin:roadmaps_{name}_add")).status_code == 403
        assert office.post(reverse(f"admin:roadmaps_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_lists_of_learner_data_need_as_many_queries_as_ever(office, progress, analytics):
    urls = [reverse("admin:roadmaps_enrolment_changelist"), reverse("admin:roadmaps_goalstate_changelist")]
    before = [queries_of(office, each) for each in urls]
    for _ in range(8):
        learner = UserFactory()
        enrolment = enrol(learner=learner, role=analytics)
        set_state(
            learner=learner, role=ANALYTICS, goal=first_goal(analytics).key, state=State.DOING, now=enrolment.started_at
        )
    assert [queries_of(office, each) for each in urls] == before == [5, 5]


def test_a_large_table_is_counted_by_estimate(db, monkeypatch):
    monkeypatch.setattr("accounts.looking_up._estimated_rows", lambda table: 50_000_000)
    states = GoalState.objects.order_by("pk")
    assert EstimatingPaginator(states, 50).count == 50_000_000
    assert EstimatingPaginator(states.filter(enrolment=1), 50).count == 0


def test_a_small_table_is_counted(db):
    assert EstimatingPaginator(Role.objects.all(), 50).count == Role.objects.count()
