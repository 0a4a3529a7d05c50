"""The pages on which editors retire, replace, split and merge goals."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from config.editors import GROUP
from roadmaps.enrolling import enrol
from roadmaps.models import State
from roadmaps.ticking import set_state
from roles.models import ChangeSet, Goal
from tests.factories import UserFactory
from tests.pages import Page
from tests.queries import queries_of
from tests.roadmaps.drafts import add_goal, first_goal, goals_of
from tests.roadmaps.times import NOW

ACTS = ("retire", "replace", "split")


@pytest.fixture
def desk(db) -> Client:
    client = Client()
    editor = UserFactory(is_staff=True, display_name="Mei-Ling Zhao")
    editor.groups.add(Group.objects.get(name=GROUP))
    client.force_login(editor)
    return client


def url(act: str, *goals: Goal) -> str:
    if act == "merge":
        return reverse("admin:roadmaps_goal_merge", query={"goal": [goal.pk for goal in goals]})
    return reverse(f"admin:roadmaps_goal_{act}", args=[goals[0].pk])


def posted(*texts: str, skills: tuple[int, ...] = (), **more: object) -> dict[str, object]:
    """What a browser sends of the boxes of as many goals."""
    data: dict[str, object] = {"goal-TOTAL_FORMS": len(texts), "goal-INITIAL_FORMS": 0, **more}
    for number, text in enumerate(texts):
        data |= {f"goal-{number}-text": text, f"goal-{number}-skills": skills}
    return data


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_page_says_what_it_means_and_whom_it_reaches(desk, analytics, learner, other_learner):
    goal = first_goal(analytics)
    for person, state in ((learner, State.DONE), (other_learner, State.DOING)):
        enrol(learner=person, role=analytics)
        set_state(learner=person, role=analytics.slug, goal=goal.key, state=state, now=NOW)
    for act in ACTS:
        shown = words(desk.get(url(act, goal)))
        assert "2 learners are on this roadmap now." in shown
        assert "Done by 1, in progress for 1, skipped by 0" in shown
        assert "are asked before their roadmap changes" in shown
    assert "Done for 1, in progress for 1, skipped for 0" in words(desk.get(url("split", goal)))
    merging = words(desk.get(url("merge", *goals_of(analytics)[:2])))
    assert "Done for 0, in progress for 2, skipped for 0" in merging
    assert "Never published" in words(desk.get(url("retire", add_goal(analytics))))


def test_what_the_old_goals_taught_is_filled_in(desk, analytics):
    one, two = goals_of(analytics)[:2]
    forms = desk.get(url("merge", one, two)).context["forms"]
    assert set(forms[0].initial["skills"]) == {skill.pk for goal in (one, two) for skill in goal.skills.all()}
    assert forms[0].initial["text"] == ""
    assert desk.get(url("replace", one)).context["forms"][0].initial["text"] == one.text


def test_a_goal_is_retired_and_one_is_led_to_what_would_be_published(desk, analytics):
    goal = first_goal(analytics)
    response = desk.post(url("retire", goal), follow=True)
    assert response.redirect_chain[-1][0] == reverse("admin:roles_phase_change", args=[goal.phase_id])
    assert f"Retired “{goal}”. Readers see it once the roadmap is published." in words(response)
    changeset = ChangeSet.objects.filter(doing="Retired a goal").get()
    assert {
        reverse("admin:roadmaps_publication_publish", args=[analytics.pk]),
        reverse("admin:history_revert", args=[changeset.pk]),
    } <= set(Page(response).links)
    assert Goal.objects.get(pk=goal.pk).retired
    again = desk.post(url("retire", goal), follow=True)
    assert "Take it back" not in words(again), "nothing was changed"


def test_a_goal_is_replaced_split_and_merged(desk, analytics):
    one, two, three, four = goals_of(analytics)[:4]
    skill = one.skills.first().pk
    assert desk.post(url("replace", one), posted("Said anew", skills=(skill,))).status_code == 302
    assert desk.post(url("split", two), posted("One half", "", "Other half")).status_code == 302
    merged = desk.post(url("merge", three, four), posted("Both", phase=four.phase_id), follow=True)
    assert "Merged 2 goals into “Both”." in words(merged)
    heirs = {goal.text: goal for goal in Goal.objects.filter(replaces__isnull=False).distinct()}
    assert {text: set(goal.replaces.all()) for text, goal in heirs.items()} == {
        "Said anew": {one},
        "One half": {two},
        "Other half": {two},
        "Both": {three, four},
    }
    assert list(heirs["Said anew"].skills.values_list("pk", flat=True)) == [skill]
    assert heirs["Both"].phase_id == four.phase_id
    assert LogEntry.objects.filter(change_message__contains="Split").count() == 3


def test_errors_stand_beside_the_field_and_nothing_is_lost(desk, analytics):
    goal = first_goal(analytics)
    response = desk.post(url("split", goal), posted("x" * 301, "", skills=(1,)))
    assert response.status_code == 422
    long, missing = response.context["forms"]
    assert "at most 300 characters" in long.errors["text"][0]
    assert missing.errors["text"] == ["Say what there is to learn."]
    assert "x" * 301 in words(response)
    assert long["skills"].value() == ["1"]
    assert long.fields["text"].widget.attrs["autofocus"]
    assert not Goal.objects.get(pk=goal.pk).retired


def test_boxes_for_another_part_come_without_losing_what_was_typed(desk, analytics):
    goal = first_goal(analytics)
    response = desk.post(url("split", goal), posted("One half", "", skills=(1,), do="more"))
    assert response.status_code == 200
    forms = response.context["forms"]
    assert [form["text"].value() for form in forms] == ["One half", "", None]
    assert set(forms[2]["skills"].value()) == {str(skill.pk) for skill in goal.skills.all()}
    assert "errorlist" not in words(response)
    for _ in range(9):
        response = desk.post(url("split", goal), posted(*["x"] * 6, do="more"))
        assert len(response.context["forms"]) == 6
    assert "Another part" not in words(response)
    assert not Goal.objects.filter(replaces=goal).exists()


@pytest.mark.parametrize("total", ["", "x", "-1", "9" * 30, "1001"])
def test_whatever_is_posted_is_no_error(desk, analytics, total):
    data = posted("One", "Two") | {"goal-TOTAL_FORMS": total, "goal-0-skills": ["x", "99999999999999999999"]}
    for do in ("", "more"):
        assert desk.post(url("split", first_goal(analytics)), {**data, "do": do}).status_code in (200, 422)
    assert desk.post(url("replace", first_goal(analytics)), {}).status_code == 422


def test_somebody_was_faster(desk, analytics):
    goal = first_goal(analytics)
    assert desk.post(url("replace", goal), posted("First")).status_code == 302
    assert desk.post(url("replace", goal), posted("First")).status_code == 302, "a double click"
    response = desk.post(url("split", goal), posted("One half", "Other half"))
    assert response.status_code == 409
    assert "“First” has taken the place of" in words(response)
    assert "Other half" in words(response), "nothing that was typed is lost"
    assert "Nothing to do here." in words(desk.get(url("split", goal)))
    assert "It is retired already." in words(desk.get(url("retire", goal)))
    assert Goal.objects.filter(replaces=goal).count() == 1


def test_goals_to_merge_are_chosen_from_the_whole_roadmap(desk, analytics, coordination):
    one, two = goals_of(analytics)[0], goals_of(analytics)[8]
    page = desk.get(url("merge", one))
    assert [goal for phase in page.context["phases"] for goal in phase.living] == goals_of(analytics)
    assert page.context["chosen"] == {one.pk}
    few = desk.get(url("merge", one) + "&asked=1")
    assert few.status_code == 422
    assert "Choose two goals or more." in words(few)
    assert "The new goal" in words(desk.get(f"{url('merge', one, two)}&phase={one.phase_id}&asked=1"))
    foreign = desk.get(url("merge", one, first_goal(coordination)))
    assert "Goals of one roadmap can be merged." in words(foreign)
    merge = reverse("admin:roadmaps_goal_merge")
    for query in ("", "?phase=0", "?phase=x", "?goal=x", f"?goal={'9' * 40}"):
        assert desk.get(merge + query).status_code == 404
    assert desk.get(f"{merge}?phase={one.phase_id}").status_code == 200


def test_lists_and_pages_lead_there(desk, analytics):
    one, two = goals_of(analytics)[:2]
    chosen = {"action": "merge_goals", "_selected_action": [one.pk, two.pk]}
    response = desk.post(reverse("admin:roles_goal_changelist"), chosen)
    assert response.headers["Location"] == url("merge", one, two)
    response = desk.post(reverse("admin:roles_goal_changelist"), {**chosen, "_selected_action": [one.pk]}, follow=True)
    assert "Choose two goals or more." in words(response)
    for page in ("admin:roles_goal_change", "admin:roles_phase_change"):
        links = Page(desk.get(reverse(page, args=[one.pk if "goal" in page else one.phase_id]))).links
        assert {url(act, one) for act in ACTS} <= set(links)
        assert any(link.startswith(reverse("admin:roadmaps_goal_merge")) for link in links)


def test_its_queries_do_not_grow(desk, analytics):
    goals = goals_of(analytics)
    for goal in goals:
        goal.skills.set(goals[0].skills.all())
    assert queries_of(desk, url("merge", goals[0], goals[3])) == queries_of(desk, url("merge", *goals[:9]))
    few = queries_of(desk, url("merge", goals[0]))
    for _ in range(5):
        add_goal(analytics)
    assert queries_of(desk, url("merge", goals[0])) == few


def test_it_is_for_those_who_may_change_goals(analytics, as_learner):
    reader = UserFactory(is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__in=["view_goal", "view_phase", "change_goal"]))
    client = Client()
    client.force_login(reader)
    goal = first_goal(analytics)
    for act in (*ACTS, "merge"):
        for send in (client.get, client.post):
            assert send(url(act, goal)).status_code == 403
        assert as_learner.get(url(act, goal)).status_code == 302
    links = Page(client.get(reverse("admin:roles_goal_change", args=[goal.pk]))).links
    assert url("retire", goal) not in links
