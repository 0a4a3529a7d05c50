import re

import pytest
from django.urls import reverse
from django.utils import timezone

from roadmaps.enrolling import enrol, leave
from roadmaps.models import Enrolment, GoalState, State
from roadmaps.publishing import publish
from roadmaps.ticking import set_state
from roles.models import Goal
from tests.queries import queries_of
from tests.roadmaps.drafts import add_goal, first_goal, goals_of, replace, retire, reword
from tests.roadmaps.times import NOW


def page(role, name="roadmap_detail", *args):
    return reverse(f"roadmaps:{name}", args=[role.slug, *args])


@pytest.fixture
def enrolled(analytics, learner):
    return enrol(learner=learner, role=analytics)


def text_of(response) -> str:
    return response.content.decode()


def test_a_visitor_reads_the_whole_roadmap_and_is_invited(client, analytics):
    page_text = text_of(client.get(page(analytics)))
    for goal in Goal.objects.filter(phase__role=analytics):
        assert goal.text.replace("'", "&#x27;") in page_text
    assert reverse("account_signup") in page_text


def test_an_unknown_roadmap_is_404(client, db):
    assert client.get(reverse("roadmaps:roadmap_detail", args=["ai-astronaut"])).status_code == 404


def test_enrolling_redirects_to_the_roadmap(as_learner, learner, analytics):
    response = as_learner.post(page(analytics, "roadmap_enrol"))
    assert response.headers["Location"] == page(analytics)
    assert Enrolment.objects.of(learner).count() == 1


def test_the_own_roadmap_has_a_plain_form_for_every_goal(as_learner, enrolled, analytics):
    page_text = text_of(as_learner.get(page(analytics)))
    assert page_text.count('data-action="goal-state"') == 18
    for goal in Goal.objects.filter(phase__role=analytics):
        assert f'action="{page(analytics, "goal_state", goal.key)}"' in page_text


def test_a_plain_post_ticks_and_comes_back_to_the_goal(as_learner, enrolled, analytics):
    goal = first_goal(analytics)
    response = as_learner.post(page(analytics, "goal_state", goal.key), {"state": "done"})
    assert response.headers["Location"] == f"{page(analytics)}#goal-{goal.key}"
    assert "1 of 18" in text_of(as_learner.get(page(analytics)))


def test_htmx_gets_the_goal_and_the_counts_and_a_way_back(as_learner, enrolled, analytics):
    goal = first_goal(analytics)
    response = as_learner.post(
        page(analytics, "goal_state", goal.key), {"state": "done"}, headers={"HX-Request": "true"}
    )
    fragment = text_of(response)
    assert "<html" not in fragment
    for part in (f'id="goal-{goal.key}"', 'id="tally" hx-swap-oob="true"', 'id="outline"', "1 of 18", "Undo"):
        assert part in fragment
    assert 'name="state" value="todo">Undo' in fragment


@pytest.mark.parametrize("state", ["", "finished", "DONE", "x" * 5000, "done'; DROP TABLE roles_goal; --", "\x00"])
def test_a_state_that_does_not_exist_is_said_and_changes_nothing(as_learner, enrolled, analytics, state):
    response = as_learner.post(page(analytics, "goal_state", first_goal(analytics).key), {"state": state})
    assert response.status_code == 422
    assert "not a state a goal can have" in text_of(response)
    assert not GoalState.objects.exists()


def test_a_goal_of_another_roadmap_is_404(as_learner, enrolled, analytics, coordination):
    url = page(analytics, "goal_state", first_goal(coordination).key)
    assert as_learner.post(url, {"state": "done"}).status_code == 404


def test_ticking_a_roadmap_one_is_not_on_is_404(as_learner, analytics):
    url = page(analytics, "goal_state", first_goal(analytics).key)
    assert as_learner.post(url, {"state": "done"}).status_code == 404


def test_a_tick_touches_nobody_elses_rows(as_learner, enrolled, other_learner, analytics):
    enrol(learner=other_learner, role=analytics)
    as_learner.post(page(analytics, "goal_state", first_goal(analytics).key), {"state": "done"})
    assert not GoalState.objects.of(other_learner).exists()


def test_leaving_asks_first_and_keeps_progress(as_learner, enrolled, analytics):
    set_state(learner=enrolled.learner, role=analytics.slug, goal=first_goal(analytics).key, state=State.DONE, now=NOW)
    assert "Leave the Healthcare Analytics roadmap?" in text_of(as_learner.get(page(analytics, "roadmap_leave")))
    as_learner.post(page(analytics, "roadmap_leave"))
    assert "1 goal done" in text_of(as_learner.get(page(analytics)))


def test_credit_is_shown_and_taken_over_by_a_plain_form(as_learner, enrolled, analytics, coordination, learner):
    enrol(learner=learner, role=coordination)
    done = Goal.objects.get(phase__role=analytics, skills__slug="hipaa")
    set_state(learner=learner, role=analytics.slug, goal=done.key, state=State.DONE, now=NOW)
    goal = Goal.objects.get(phase__role=coordination, skills__slug="hipaa")
    assert "You did this in Healthcare Analytics, phase 1" in text_of(as_learner.get(page(coordination)))
    as_learner.post(page(coordination, "goal_credit", goal.key))
    assert GoalState.objects.get(goal=goal).state == State.DONE


def test_credit_that_went_away_is_explained(as_learner, enrolled, analytics):
    response = as_learner.post(page(analytics, "goal_credit", first_goal(analytics).key), follow=True)
    assert "covers this goal any more" in text_of(response)


def test_a_major_change_shows_its_diff_and_waits(as_learner, enrolled, analytics):
    replace(first_goal(analytics), "The heir of the first goal")
    publish(analytics, by=None)
    assert "1 replaced: credit kept" in text_of(as_learner.get(page(analytics)))
    offer = text_of(as_learner.get(page(analytics, "offer_detail")))
    assert "The heir of the first goal" in offer
    assert "Credit is kept" in offer


def test_the_offer_counts_what_one_would_have_done_there(as_learner, enrolled, learner, analytics):
    old = goals_of(analytics)[:3]
    for goal in old[:2]:
        set_state(learner=learner, role=analytics.slug, goal=goal.key, state=State.DONE, now=NOW)
    retire(old[1])
    retire(old[2])
    replace(old[0], "One half", "Other half")
    add_goal(analytics, text="Both at once", replaces=tuple(old[1:]))
    publish(analytics, by=None)
    offer = text_of(as_learner.get(page(analytics, "offer_detail")))
    assert "1 split, 1 merged: credit kept" in offer
    assert "Split into 2</span>" in offer
    assert "Merged from 2</span>" in offer
    assert "<dt>Now</dt><dd>2 of 18 goals done</dd>" in offer
    assert "<dt>In edition 2</dt><dd>2 of 18 goals done</dd>" in offer


def test_accepting_the_offer_moves_along(as_learner, enrolled, analytics):
    add_goal(analytics)
    newest = publish(analytics, by=None)
    as_learner.post(page(analytics, "offer_decide"), {"decision": "accept", "publication": newest.number})
    enrolled.refresh_from_db()
    assert enrolled.publication == newest


def test_putting_the_offer_aside_keeps_it_within_reach(as_learner, enrolled, analytics):
    add_goal(analytics)
    newest = publish(analytics, by=None)
    as_learner.post(page(analytics, "offer_decide"), {"decision": "stay", "publication": newest.number})
    assert "You stay on edition 1" in text_of(as_learner.get(page(analytics)))


def test_an_offer_that_was_overtaken_is_shown_again(as_learner, enrolled, analytics):
    add_goal(analytics)
    seen = publish(analytics, by=None)
    add_goal(analytics, text="Came later")
    publish(analytics, by=None)
    data = {"decision": "accept", "publication": seen.number}
    response = as_learner.post(page(analytics, "offer_decide"), data, follow=True)
    assert "changed once more" in text_of(response)
    assert "Came later" in text_of(response)


@pytest.mark.parametrize(
    "data",
    [{}, {"decision": "maybe", "publication": 2}, {"decision": "accept", "publication": "x"}, {"decision": "stay"}],
)
def test_a_broken_decision_is_answered_with_the_offer_and_a_reason(as_learner, enrolled, analytics, data):
    add_goal(analytics)
    publish(analytics, by=None)
    response = as_learner.post(page(analytics, "offer_decide"), data)
    assert response.status_code == 422
    assert 'class="error"' in text_of(response)


def test_the_history_shows_every_publication_with_its_changes(client, analytics):
    reword(first_goal(analytics), "Said better")
    publish(analytics, by=None, note="Clearer words.")
    page_text = text_of(client.get(page(analytics, "publication_list")))
    assert "Said better" in page_text
    assert "Clearer words." in page_text


def test_a_milestone_page_shows_every_criterion(client, analytics):
    page_text = text_of(client.get(page(analytics, "milestone_detail", 1)))
    criteria = analytics.phases.get(order=1).milestone.criteria.all()
    assert all(criterion.text.replace("'", "&#x27;").replace('"', "&quot;") in page_text for criterion in criteria)


@pytest.mark.parametrize("number", [0, 7, 99999999999])
def test_a_milestone_that_does_not_exist_is_404(client, analytics, number):
    assert client.get(page(analytics, "milestone_detail", number)).status_code == 404


QUERIES = [
    ("roadmap_detail", (), 3),
    ("enrolment_list", None, 4),
    ("milestone_detail", (1,), 3),
    ("roadmap_leave", (), 3),
]


@pytest.mark.parametrize(("name", "args", "count"), QUERIES)
def test_queries_of_a_learners_pages_are_pinned(as_learner, enrolled, analytics, name, args, count):
    url = reverse("roadmaps:enrolment_list") if args is None else page(analytics, name, *args)
    assert queries_of(as_learner, url) == count


@pytest.mark.parametrize(("name", "args", "count"), QUERIES)
def test_ten_times_the_rows_take_as_many(
    as_learner, enrolled, learner, analytics, coordination, chronic, name, args, count
):
    for role in (coordination, chronic):
        enrol(learner=learner, role=role)
        for goal in Goal.objects.filter(phase__role=role):
            set_state(learner=learner, role=role.slug, goal=goal.key, state=State.DONE, now=NOW)
    leave(learner=learner, role=chronic, now=timezone.now())
    url = reverse("roadmaps:enrolment_list") if args is None else page(analytics, name, *args)
    assert queries_of(as_learner, url) == count


def test_a_tick_takes_a_pinned_number_of_queries(as_learner, enrolled, analytics):
    url = page(analytics, "goal_state", first_goal(analytics).key)
    assert queries_of(as_learner, url, method="post", data={"state": "done"}) == 4


def test_parts_rendered_once_are_the_parts_rendered_afresh(as_learner, enrolled, analytics, settings):
    """Apart from the token, which is each page's own."""

    def page_without_token():
        return re.sub(
            r'(csrfmiddlewaretoken" value|csrf-token" content)="\w+"', "", text_of(as_learner.get(page(analytics)))
        )

    afresh = page_without_token()
    settings.KEEP_VISITOR_PAGES = True
    assert page_without_token() == page_without_token() == afresh
    assert afresh.count('icons.svg#s-todo"') == 36


def test_parts_rendered_once_carry_the_token_of_the_page(as_learner, enrolled, analytics, settings):
    settings.KEEP_VISITOR_PAGES = True
    for _ in range(2):
        tokens = set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', text_of(as_learner.get(page(analytics)))))
        assert len(tokens) == 1
        assert len(tokens.pop()) == 64
