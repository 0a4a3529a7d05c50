"""The page of a cohort: its finding, the map, who may need a call, where it slows down, and the export."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.spreadsheets import BOM, defused
from mentoring import review
from mentoring.models import Blocker, Look, Membership, Mentor
from roadmaps.cohort_charts import slowness, spread
from roadmaps.cohort_page import page_of, weeks_taken
from roadmaps.following import in_cohort
from roadmaps.models import Enrolment, State
from roadmaps.publishing import publish
from tests.factories import UserFactory
from tests.mentoring.people import ALL_MET, ASKED, NOT_YET, make_cohort, make_draft, make_mentor
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roadmaps.drafts import add_goal
from tests.roadmaps.following_people import follow, join

DONE, DOING, SKIPPED = State.DONE, State.DOING, State.SKIPPED


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def begun(now):
    """When the cohort began: six weeks ago, when the plan expects the first four goals."""
    return now - timedelta(weeks=6)


@pytest.fixture
def winter(analytics, ruth, begun):
    cohort = make_cohort(analytics, mentors=[ruth])
    cohort.starts_on = begun.date()
    cohort.save()
    return cohort


def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_at(mentor, cohort, query: str = "") -> Page:
    return Page(browser(mentor).get(reverse("cohort_detail", args=[cohort.slug]) + query))


def hand_in(learner, role, phase: int, *, now):
    key = Enrolment.objects.get(learner=learner, role=role).publication.roadmap.phase(phase).milestone.key
    thread = make_draft(learner, role, subject=UUID(key), now=now)
    return review.submit(thread=thread, asked=ASKED, message="", by=learner, key=uuid4(), now=now)


def decide(thread, mentor, judgment, *, now):
    claimed = review.claim(thread=thread, by=mentor, key=uuid4(), now=now)
    act = review.approve if judgment is ALL_MET else review.return_
    return act(thread=claimed, judgment=judgment, by=mentor, key=uuid4(), now=now)


def on_plan(cohort, begun, name: str):
    """Four goals done in six weeks, the last one lately."""
    return join(cohort, [DONE] * 4 + [DOING], name=name, since=begun, every=8)


# ---------------------------------------------------------------- finding and facts


def test_the_heading_says_how_many_move_and_how_many_need_a_call(winter, begun, ruth):
    for name in ("Ana", "Bashir", "Chloe"):
        on_plan(winter, begun, name)
    join(winter, [DONE], name="Noor", since=begun)
    page = page_at(ruth, winter)
    assert page.headings[0] == (1, "Three of 4 are moving. One needs a call.")
    assert flaws(page) == []
    assert "Week 7 of 30" in page.text
    assert "The plan expects 4 of 18 goals" in page.text
    assert "Active in 7 days 3 of 4" in page.text


def test_everybody_moving_is_said(winter, begun, ruth):
    for name in ("Ana", "Bashir"):
        on_plan(winter, begun, name)
    page = page_at(ruth, winter)
    assert page.headings[0] == (1, "All 2 are moving. Nobody needs a call.")
    assert "No rule applies to anybody." in page.text


def test_who_is_neither_is_said_in_a_sentence(winter, begun, ruth, now):
    on_plan(winter, begun, "Ana")
    join(winter, [DONE] * 18, name="Bashir", since=begun)
    join(winter, [], name="Chloe", since=now - timedelta(days=2))
    gone = on_plan(winter, begun, "Daniel")
    Enrolment.objects.filter(learner=gone).update(left_at=now)
    assert page_of(winter, now=now).others == (
        "One finished, one is not on the roadmap and one of those who are moving came in the last 14 days."
    )


def test_an_empty_cohort_says_what_will_stand_there(winter, ruth):
    page = page_at(ruth, winter)
    assert page.headings[0] == (1, "Nobody is in Winter yet")
    assert "When learners join, you see here" in page.text
    assert flaws(page) == []


def test_one_learner_is_a_cohort(winter, begun, ruth):
    on_plan(winter, begun, "Ana Duarte")
    page = page_at(ruth, winter)
    assert page.headings[0] == (1, "Ana Duarte is the first in Winter")
    assert flaws(page) == []


def test_a_cohort_that_has_not_begun_says_when(winter, ruth, now):
    winter.starts_on = (now + timedelta(days=9)).date()
    winter.save()
    join(winter, [], name="Ana", since=now)
    page = page_at(ruth, winter)
    assert f"Begins {winter.starts_on:%b} {winter.starts_on.day}" in page.text
    assert "The plan has not begun" in page.text
    assert flaws(page) == []


def test_who_left_the_cohort_is_nowhere_on_it(winter, begun, ruth, now):
    on_plan(winter, begun, "Ana")
    gone = on_plan(winter, begun, "Bashir Haddad")
    Membership.objects.filter(learner=gone).update(left_at=now)
    assert "Bashir Haddad" not in page_at(ruth, winter).html


# ---------------------------------------------------------------- the map


def test_cells_say_goals_and_milestones_in_words(winter, begun, ruth, analytics, now):
    ana = join(winter, [DONE] * 3 + [DONE, SKIPPED], name="Ana", since=begun, every=8)
    decide(hand_in(ana, analytics, 1, now=now), ruth, ALL_MET, now=now)
    decide(hand_in(ana, analytics, 2, now=now), ruth, NOT_YET, now=now)
    hand_in(ana, analytics, 3, now=now)
    (row,) = page_of(winter, now=now).rows(in_cohort(winter, now=now))
    told = [(cell.goals, cell.review.word if cell.review else "", cell.level) for cell in row.cells]
    assert told[:4] == [("3 of 3", "Passed", 4), ("1 of 2", "Returned", 2), ("0 of 3", "Waiting", 0), ("0 of 3", "", 0)]
    text = page_at(ruth, winter).text
    assert "3 of 3 Passed 1 of 2 Returned 0 of 3 Waiting 0 of 3" in text
    assert "Passed, of all 1 of 1 0 of 1" in text


def test_a_claim_whose_lease_is_over_waits(winter, begun, ruth, analytics, now):
    ana = on_plan(winter, begun, "Ana")
    thread = hand_in(ana, analytics, 1, now=now - timedelta(hours=3))
    review.claim(thread=thread, by=ruth, key=uuid4(), now=now - timedelta(hours=2))
    (following,) = in_cohort(winter, now=now)
    (found,) = following.reviews.values()
    assert (found.word, found.holder) == ("Waiting", "")


def test_the_plan_has_its_place_on_the_map(winter, begun, ruth, now):
    on_plan(winter, begun, "Ana")
    assert [column.is_planned for column in page_of(winter, now=now).columns] == [False, True, *[False] * 4]
    assert "Plan is here" in page_at(ruth, winter).text


def test_the_map_is_sorted_by_name_or_by_who_needs_a_call(winter, begun, ruth):
    on_plan(winter, begun, "Ana")
    join(winter, [DONE], name="Noor", since=begun)

    def order(query):
        html = page_at(ruth, winter, query).html
        return html.index(">Ana<") < html.index(">Noor<")

    assert order("")
    assert not order("?sort=call")


def test_htmx_is_answered_by_the_map_alone(winter, begun, ruth):
    on_plan(winter, begun, "Ana Duarte")
    page = Page(browser(ruth).get(winter.get_absolute_url(), {"sort": "call"}, headers={"HX-Request": "true"}))
    assert (page.status, page.ids[0], "main" in page.ids) == (200, "map", False)
    assert "Who needs a call comes first." in page.text
    assert "Ana Duarte" in page.text


def test_going_back_in_the_browser_brings_the_whole_page(winter, begun, ruth):
    on_plan(winter, begun, "Ana Duarte")
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    answer = browser(ruth).get(winter.get_absolute_url(), headers=headers)
    assert "main" in Page(answer).ids
    assert "HX-Request" in answer.headers["Vary"]


def test_an_older_edition_has_its_own_goals_on_the_map(winter, begun, ruth, analytics, now):
    on_plan(winter, begun, "Ana")
    add_goal(analytics)
    publish(analytics, by=None)
    on_plan(winter, begun, "Bashir")
    rows = page_of(winter, now=now).rows(in_cohort(winter, now=now))
    assert [row.cells[0].goals for row in rows] == ["3 of 3", "4 of 4"]


def test_the_map_has_pages_and_facts_are_about_everybody(winter, begun, ruth):
    people = UserFactory.create_batch(60)
    Membership.objects.bulk_create(
        Membership(cohort=winter, learner=each, role=winter.role, joined_at=begun) for each in people
    )
    first, second = page_at(ruth, winter), page_at(ruth, winter, "?page=2")
    assert sum(link.startswith("/mentoring/learners/") for link in first.links) == 50
    assert sum(link.startswith("/mentoring/learners/") for link in second.links) == 10
    assert "0 of 60" in second.text
    assert page_at(ruth, winter, "?page=99&sort=x").status == 200


# ---------------------------------------------------------------- who to call


def test_each_rule_is_told_in_a_sentence_and_in_proportion(winter, begun, ruth, analytics, now):
    for name in ("Ana", "Bashir"):
        on_plan(winter, begun, name)
    noor = join(winter, [DONE] * 4, name="Noor", since=begun, every=4)
    uma = on_plan(winter, begun, "Uma")
    Blocker.objects.create(learner=uma, role=analytics, text="No computer at home.", stated_at=now)
    text = page_at(ruth, winter).text
    assert f"No goal, evidence or comment for {(now - begun).days - 16} days" in text
    assert "“No computer at home.”" in text
    assert "No progress for 14 days: 1 of 4" in text
    assert "Blocker stated: 1 of 4" in text
    assert "Behind plan by 20%: 0 of 4" in text
    assert [each.learner for each in page_of(winter, now=now).to_call] == [uma, noor]


def test_twice_returned_is_a_reason_until_it_passes(winter, begun, ruth, analytics, now):
    ana = on_plan(winter, begun, "Ana")
    thread = decide(hand_in(ana, analytics, 1, now=now), ruth, NOT_YET, now=now)
    again = {"asked": ASKED, "message": "", "by": ana, "now": now}
    thread = decide(review.resubmit(thread=thread, key=uuid4(), **again), ruth, NOT_YET, now=now)
    assert [found.short for found in in_cohort(winter, now=now)[0].findings] == ["Returned twice"]
    decide(review.resubmit(thread=thread, key=uuid4(), **again), ruth, ALL_MET, now=now)
    assert in_cohort(winter, now=now)[0].findings == ()


def test_what_waits_for_a_mentor_is_listed_longest_first(winter, begun, ruth, analytics, now):
    ana, bashir = on_plan(winter, begun, "Ana"), on_plan(winter, begun, "Bashir")
    hand_in(ana, analytics, 1, now=now - timedelta(hours=1))
    first = hand_in(bashir, analytics, 1, now=now - timedelta(hours=50))
    page = page_at(ruth, winter)
    assert (2, "Two submissions wait for a decision") in page.headings
    assert [each.learner for each, *_ in page_of(winter, now=now).waiting] == [bashir, ana]
    assert first.submissions.get().get_absolute_url() in page.links


def test_mentors_are_named_with_who_is_away(winter, begun, ruth, analytics, now):
    jonas = make_mentor(analytics, name="Jonas Lindqvist")
    winter.mentors.add(jonas)
    Mentor.objects.filter(user=jonas).update(away_from=now - timedelta(days=1))
    on_plan(winter, begun, "Ana")
    text = page_at(ruth, winter).text
    assert "Jonas Lindqvist Away until they come back" in text
    assert "Ruth Adeyemi you There" in text


# ---------------------------------------------------------------- where it slows down


def test_weeks_for_a_phase_run_from_the_goal_before_it_to_its_last(winter, begun, now):
    join(winter, [DONE] * 6, name="Ana", since=begun, every=7)
    (following,) = in_cohort(winter, now=now)
    assert list(weeks_taken(following).values()) == [3.0, 3.0]


def test_the_median_of_those_who_finished_stands_against_the_plan(winter, begun, now):
    for every in (7, 10, 13):
        join(winter, [DONE] * 3, since=begun, every=every)
    join(winter, [DONE], since=begun)
    first = page_of(winter, now=now).columns[0]
    assert (round(first.taken, 2), first.finished, first.planned) == (round(30 / 7, 2), 3, 4)
    (drawn,) = slowness(page_of(winter, now=now))
    assert drawn.width > drawn.planned


def test_a_phase_that_runs_over_is_the_heading(winter, begun, ruth):
    join(winter, [DONE] * 3, since=begun, every=13)
    assert any("runs over by 11 days" in text for _, text in page_at(ruth, winter).headings)


def test_the_planned_weeks_are_those_of_the_cohorts_calendar(winter, begun, now):
    winter.ends_on = winter.starts_on + timedelta(weeks=60)
    winter.save()
    assert [column.planned for column in page_of(winter, now=now).columns][:2] == [8, 12]


def test_the_spread_counts_learners_by_weeks_done(winter, begun, now):
    for _ in range(3):
        on_plan(winter, begun, "")
    join(winter, [], since=begun)
    drawn = spread(page_of(winter, now=now))
    assert [(bar.said, bar.count) for bar in drawn.bars] == [("0 to 1", 1), ("6 to 7", 3)]
    assert (drawn.ahead, drawn.counted, drawn.highest) == (3, 4, 3)


# ---------------------------------------------------------------- reading it


def test_it_takes_as_many_queries_with_3_as_with_60_learners(winter, begun, ruth, analytics, now):
    url = reverse("cohort_detail", args=[winter.slug])
    for number in range(3):
        hand_in(on_plan(winter, begun, f"Ana {number}"), analytics, 1, now=now)
    few = queries_of(browser(ruth), url)
    export = queries_of(browser(ruth), reverse("cohort_export", args=[winter.slug]), method="post")
    for learner in UserFactory.create_batch(57):
        Membership.objects.create(cohort=winter, learner=learner, role=analytics, joined_at=begun)
        follow(learner, analytics, [DONE] * 3, since=begun)
        hand_in(learner, analytics, 1, now=now)
    assert queries_of(browser(ruth), url) == few <= 9
    assert queries_of(browser(ruth), reverse("cohort_export", args=[winter.slug]), method="post") == export <= 9


def test_everybody_who_is_shown_has_a_look(winter, begun, ruth):
    learners = {on_plan(winter, begun, name).pk for name in ("Ana", "Bashir")}
    page_at(ruth, winter)
    assert set(Look.objects.values_list("learner", "what")) == {(each, "cohort") for each in learners}


# ---------------------------------------------------------------- the export


def exported(mentor, cohort) -> list[dict[str, str]]:
    answer = browser(mentor).post(reverse("cohort_export", args=[cohort.slug]))
    text = answer.content.decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(StringIO(text.removeprefix(BOM), newline="")))


def test_the_export_has_a_line_for_each_learner(winter, begun, ruth, analytics, now):
    ana = on_plan(winter, begun, "Ana Duarte")
    decide(hand_in(ana, analytics, 1, now=now), ruth, ALL_MET, now=now)
    join(winter, [], name="Noor", since=begun)
    first, second = exported(ruth, winter)
    assert (first["Learner"], first["Goals done"], first["Goals counted"]) == ("Ana Duarte", "4", "18")
    assert first["Phase 1: Health data foundations and SQL, milestone"] == "Passed"
    assert (first["Behind plan by 20%"], second["Behind plan by 20%"]) == ("no", "yes")
    assert "42 days" in second["Why"]


def test_the_export_is_a_download_that_nobody_keeps(winter, begun, ruth):
    on_plan(winter, begun, "Ana")
    answer = browser(ruth).post(reverse("cohort_export", args=[winter.slug]))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="winter-20')
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "  =1", '=HYPERLINK("x")'])
def test_no_name_becomes_a_formula(winter, begun, ruth, name):
    learner = on_plan(winter, begun, "x")
    type(learner).objects.filter(pk=learner.pk).update(display_name=name)
    (line,) = exported(ruth, winter)
    assert line["Learner"] == f"'{name}"


def test_numbers_stay_numbers():
    assert [defused(each) for each in (-3, 2.5, "Ana", "")] == [-3, 2.5, "Ana", ""]


def test_everybody_has_a_look_of_the_export(winter, begun, ruth):
    learners = {on_plan(winter, begun, name).pk for name in ("Ana", "Bashir")}
    exported(ruth, winter)
    assert set(Look.objects.values_list("learner", "what")) == {(each, "export") for each in learners}


def test_an_export_is_not_taken_by_following_a_link(winter, ruth):
    assert browser(ruth).get(reverse("cohort_export", args=[winter.slug])).status_code == 405


# ---------------------------------------------------------------- who reaches it


def test_only_the_cohorts_mentors_reach_it(winter, begun, ruth, analytics, coordination):
    second, elsewhere = make_mentor(analytics, name="Second"), make_mentor(analytics, name="Elsewhere")
    winter.mentors.add(second)
    make_cohort(analytics, mentors=[elsewhere], slug="elsewhere")
    people = {
        "ruth": ruth,
        "second": second,
        "elsewhere": elsewhere,
        "learner": on_plan(winter, begun, "Ana"),
        "staff": UserFactory(is_staff=True, is_superuser=True),
    }
    expected = {"ruth": 200, "second": 200, "elsewhere": 404, "learner": 403, "staff": 403}
    page, export = reverse("cohort_detail", args=["winter"]), reverse("cohort_export", args=["winter"])
    assert {name: browser(each).get(page).status_code for name, each in people.items()} == expected
    assert {name: browser(each).post(export).status_code for name, each in people.items()} == expected
    assert Client().get(page).status_code == Client().post(export).status_code == 302
    assert browser(ruth).get(reverse("cohort_detail", args=["no-such"])).status_code == 404
