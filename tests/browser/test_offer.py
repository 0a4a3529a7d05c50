"""A new edition while a learner is on their way."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import expect

from roadmaps.models import GoalState, State
from roadmaps.publishing import publish
from tests.browser.people import follow, publish_major_change
from tests.browser.roadmap_page import RoadmapPage
from tests.conftest import ANALYTICS
from tests.roadmaps.drafts import add_goal, goals_of

DIFF = [
    ("reworded", "Explain, in your own words, where a number on a dashboard of a hospital comes from"),
    ("replaced", "Draw a table from two sources that do not agree"),
    ("split", "Say what a model is not for"),
    ("new", "Read one chart aloud to somebody who has never seen it"),
]


def test_a_learner_reads_what_changes_accepts_keeps_every_credit_and_reaches_100_percent(
    learner_page, learner, analytics
):
    before = goals_of(analytics)
    follow(learner, ANALYTICS, [State.DONE] * 9)
    publish_major_change()

    # Nothing moves before the learner says so.
    roadmap = RoadmapPage(learner_page).open()
    expect(roadmap.fact("Goals done")).to_have_text("9 of 18")
    learner_page.goto(reverse("dashboard"))
    learner_page.get_by_role("link", name="See what changes").click()
    for what, text in DIFF:
        expect(learner_page.locator(f"[data-change={what}]").filter(has_text=text)).to_be_visible()
    expect(learner_page.locator("[data-change=retired]")).to_contain_text(before[8].text)

    # Of nine finished goals one is retired; the heir of one and both heirs of another are finished too.
    learner_page.get_by_role("button", name="Move to edition 2").click()
    expect(roadmap.toast("Every finished goal still counts")).to_be_visible()
    expect(roadmap.fact("Goals done")).to_have_text("9 of 19")
    live = goals_of(analytics)
    assert GoalState.objects.of(learner).filter(goal__in=live, state=State.DONE).count() == 9
    learner_page.locator("#phase-3 summary").click()
    expect(roadmap.row(before[8])).to_contain_text("Retired from the roadmap. Your work on it is kept")
    expect(roadmap.row(before[8]).locator("button")).to_have_count(0)

    # What is left can be done, to the last goal.
    done = set(GoalState.objects.of(learner).filter(state=State.DONE).values_list("goal_id", flat=True))
    count = 9
    for phase in range(1, 7):
        shown = learner_page.locator(f"#phase-{phase} details")
        if shown.get_attribute("open") is None:
            learner_page.locator(f"#phase-{phase} summary").click()
        for goal in (each for each in live if each.phase.order == phase and each.key not in done):
            count += 1
            roadmap.tick(goal, "Done")
            expect(roadmap.fact("Goals done")).to_have_text(f"{count} of 19")
    expect(roadmap.fact("Progress")).to_have_text("100%")
    learner_page.reload()
    expect(roadmap.fact("Progress")).to_have_text("100%")
    expect(roadmap.fact("Now")).to_have_text("All phases done")
    learner_page.goto(reverse("dashboard"))
    expect(learner_page.get_by_role("heading", level=1)).to_have_text("Every goal is done")


def test_an_edition_that_came_out_while_reading_is_not_accepted_unseen(learner_page, learner, analytics):
    follow(learner, ANALYTICS, [State.DONE])
    publish_major_change()
    learner_page.goto(reverse("roadmaps:offer_detail", args=[ANALYTICS]))
    shown = learner_page.locator("[data-change]").count()
    add_goal(analytics, phase=4, text="Came out while somebody was reading")
    publish(analytics, by=None)
    learner_page.get_by_role("button", name="Move to edition 2").click()
    expect(learner_page.locator("#toasts")).to_contain_text("changed once more while you were reading")
    expect(learner_page.locator("[data-change]")).to_have_count(shown + 1)
    learner_page.get_by_role("button", name="Move to edition 3").click()
    expect(RoadmapPage(learner_page).fact("Goals done")).to_have_text("1 of 20")
