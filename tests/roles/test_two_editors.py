"""Two editors with the same page: nothing is written over unseen, nothing typed is lost."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from roles.history.acting import acting
from roles.models import Goal, Phase, Skill, Source
from tests.roadmaps.drafts import add_goal, first_goal
from tests.roles.meeting import again, change, conflicts, opened, page, save

# Real transactions: whether something was seen is told by them. What a test commits is taken back after it.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mine(desk) -> Client:
    return desk


@pytest.fixture
def jonas(colleague):
    return colleague


# ---------------------------------------------------------------- one field


def test_what_both_changed_is_shown_side_by_side_and_nothing_is_saved(mine, jonas, skill):
    form = opened(mine, skill)
    change(jonas, skill, summary="Theirs: rules for privacy.")
    response = save(mine, skill, form, summary="Mine: rules for safety.", name="Renamed")
    assert conflicts(response) == {"summary": ("Theirs: rules for privacy.", "Mine: rules for safety.")}
    shown = response.content.decode()
    assert "Jonas Weber" in shown
    assert "Mine: rules for safety.</textarea>" in shown.replace("\n", "")
    assert "Renamed" in shown
    skill.refresh_from_db()
    assert (skill.summary, skill.name) == ("Theirs: rules for privacy.", "HIPAA")
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(("choice", "summary"), [("theirs", "Theirs."), ("mine", "Mine.")])
def test_the_second_save_does_as_was_chosen(mine, jonas, skill, choice, summary):
    form = opened(mine, skill)
    change(jonas, skill, summary="Theirs.")
    response = save(mine, skill, form, summary="Mine.", name="Renamed")
    assert again(mine, skill, response, **{"_choose-summary": choice}).status_code == 302
    skill.refresh_from_db()
    assert (skill.summary, skill.name) == (summary, "Renamed")


def test_mine_may_be_made_of_both(mine, jonas, skill):
    form = opened(mine, skill)
    change(jonas, skill, summary="Theirs.")
    response = save(mine, skill, form, summary="Mine.")
    again(mine, skill, response, summary="Mine and theirs.", **{"_choose-summary": "mine"})
    assert Skill.objects.get(pk=skill.pk).summary == "Mine and theirs."


def test_without_a_choice_it_is_asked_again(mine, jonas, skill):
    form = opened(mine, skill)
    change(jonas, skill, summary="Theirs.")
    response = save(mine, skill, form, summary="Mine.")
    for _ in range(2):
        response = again(mine, skill, response)
        assert conflicts(response) == {"summary": ("Theirs.", "Mine.")}


def test_a_choice_holds_for_what_stood_beside_it(mine, jonas, skill):
    """A third version comes while one chooses."""
    form = opened(mine, skill)
    change(jonas, skill, summary="Theirs.")
    response = save(mine, skill, form, summary="Mine.")
    change(jonas, skill, summary="Theirs once more.")
    response = again(mine, skill, response, **{"_choose-summary": "mine"})
    assert conflicts(response) == {"summary": ("Theirs once more.", "Mine.")}
    again(mine, skill, response, **{"_choose-summary": "mine"})
    assert Skill.objects.get(pk=skill.pk).summary == "Mine."


@pytest.mark.slow
def test_a_choice_outlives_another_fault(mine, jonas, skill):
    form = opened(mine, skill)
    change(jonas, skill, summary="Theirs.")
    response = save(mine, skill, form, summary="Mine.")
    response = again(mine, skill, response, name="", **{"_choose-summary": "mine"})
    assert conflicts(response) == {}
    assert again(mine, skill, response, name="HIPAA rules").status_code == 302
    assert Skill.objects.get(pk=skill.pk).summary == "Mine."


def test_what_only_they_changed_stays_and_is_said(mine, jonas, skill):
    form = opened(mine, skill)
    change(jonas, skill, summary="Theirs.")
    response = mine.post(page(skill), {**form, "name": "Renamed", "_continue": "1"}, follow=True)
    assert "Jonas Weber changed “Summary” meanwhile: that stays." in response.content.decode()
    skill.refresh_from_db()
    assert (skill.summary, skill.name) == ("Theirs.", "Renamed")


@pytest.mark.slow
def test_it_stays_too_when_another_fault_brings_the_page_back(mine, jonas, skill):
    """What the page shows of it is old by then, and must not count as typed."""
    form = opened(mine, skill)
    change(jonas, skill, summary="Theirs.")
    response = save(mine, skill, form, name="")
    assert again(mine, skill, response, name="Renamed").status_code == 302
    assert Skill.objects.get(pk=skill.pk).summary == "Theirs."


def test_the_same_change_twice_is_no_conflict(mine, jonas, skill):
    form = opened(mine, skill)
    change(jonas, skill, summary="The same.")
    assert save(mine, skill, form, summary="The same.").status_code == 302


@pytest.mark.slow
def test_what_was_changed_and_changed_back_is_no_news(mine, jonas, skill):
    form, before = opened(mine, skill), skill.summary
    change(jonas, skill, summary="Theirs.")
    change(jonas, skill, summary=before)
    assert save(mine, skill, form, summary="Mine.").status_code == 302


@pytest.mark.slow
def test_ones_own_earlier_save_in_another_tab_counts_too(mine, skill):
    first, second = opened(mine, skill), opened(mine, skill)
    save(mine, skill, first, summary="From the first tab.")
    response = save(mine, skill, second, summary="From the second tab.")
    assert conflicts(response) == {"summary": ("From the first tab.", "From the second tab.")}


def test_links_are_a_field_like_any_other(mine, jonas, analytics):
    goal = first_goal(analytics)
    hipaa, other = Skill.objects.get(slug="hipaa"), Skill.objects.exclude(slug="hipaa").first()
    change(jonas, goal, skills=[])
    form = opened(mine, goal)
    change(jonas, goal, skills=[hipaa])
    assert save(mine, goal, form, text="Other words").status_code == 302
    assert set(goal.skills.all()) == {hipaa}
    form = opened(mine, goal)
    change(jonas, goal, skills=[])
    response = save(mine, goal, form, skills=[str(hipaa.pk), str(other.pk)])
    assert conflicts(response) == {"skills": ("–", "\n".join(sorted([str(hipaa), str(other)])))}
    again(mine, goal, response, **{"_choose-skills": "mine"})
    assert set(goal.skills.all()) == {hipaa, other}


@pytest.mark.slow
def test_what_cannot_be_read_is_shown_as_it_was_typed(mine, jonas, phase):
    form = opened(mine, phase)
    change(jonas, phase, weeks=9)
    response = save(mine, phase, form, weeks="a few")
    assert conflicts(response) == {"weeks": ("9", "a few")}
    assert again(mine, phase, response, **{"_choose-weeks": "theirs"}).status_code == 302
    assert Phase.objects.get(pk=phase.pk).weeks == 9


@pytest.mark.slow
def test_references_are_told_by_name(mine, jonas, phase):
    one, other = Source.objects.exclude(pk=phase.source_id)[:2]
    form = opened(mine, phase)
    change(jonas, phase, source=one)
    response = save(mine, phase, form, source=str(other.pk))
    assert conflicts(response) == {"source": (str(one), str(other))}


# ---------------------------------------------------------------- rows on the page


def test_rows_of_the_page_are_met_field_by_field(mine, jonas, phase):
    first, second = phase.goals.order_by("order")[:2]
    form = opened(mine, phase)
    change(jonas, first, text="Theirs.")
    change(jonas, second, text="Theirs too.")
    response = save(mine, phase, form, goals__0__text="Mine.", weeks="9")
    assert conflicts(response) == {"goals-0-text": ("Theirs.", "Mine.")}
    assert again(mine, phase, response, **{"_choose-goals-0-text": "mine"}).status_code == 302
    assert [Goal.objects.get(pk=each.pk).text for each in (first, second)] == ["Mine.", "Theirs too."]
    assert Phase.objects.get(pk=phase.pk).weeks == 9


def test_a_row_that_they_deleted_and_i_left_alone_stays_deleted(mine, jonas, phase):
    goal = add_goal(phase.role)
    phase, number = goal.phase, goal.pk
    form = opened(mine, phase)
    with acting(by=jonas):
        goal.delete()
    response = mine.post(page(phase), {**form, "weeks": "9", "_continue": "1"}, follow=True)
    assert "was deleted meanwhile: that stays." in response.content.decode()
    assert not Goal.objects.filter(pk=number).exists()
    assert Phase.objects.get(pk=phase.pk).weeks == 9


@pytest.mark.parametrize("choice", ["theirs", pytest.param("mine", marks=pytest.mark.slow)])
def test_a_row_that_they_deleted_and_i_changed_is_a_choice(mine, jonas, phase, choice):
    goal = add_goal(phase.role)
    phase, number, key = goal.phase, goal.pk, goal.key
    place = list(phase.goals.order_by("order")).index(goal)
    last = add_goal(phase.role, text="Behind it")
    assert last.phase == phase
    form = opened(mine, phase)
    with acting(by=jonas):
        goal.delete()
    response = save(
        mine, phase, form,
        **{f"goals__{place}__text": "Typed at length", f"goals__{place + 1}__text": "Behind, changed"},
    )  # fmt: skip
    assert conflicts(response) == {f"goals-{place}-id": ("Deleted", "Text: Typed at length")}
    assert "Typed at length</textarea>" in response.content.decode()
    assert not Goal.objects.filter(pk=number).exists(), "it was put back only to be shown"
    response = again(mine, phase, response, **{f"_choose-goals-{place}-id": choice})
    assert response.status_code == 302
    found = Goal.objects.filter(pk=number).first()
    assert (found and (found.text, found.key)) == (("Typed at length", key) if choice == "mine" else None)
    assert Goal.objects.get(pk=last.pk).text == "Behind, changed"


@pytest.mark.parametrize("choice", ["theirs", pytest.param("mine", marks=pytest.mark.slow)])
def test_a_row_that_i_delete_and_they_changed_is_a_choice(mine, jonas, phase, choice):
    goal = add_goal(phase.role)
    phase = goal.phase
    place = list(phase.goals.order_by("order")).index(goal)
    form = opened(mine, phase)
    change(jonas, goal, text="Theirs.")
    response = save(mine, phase, form, **{f"goals__{place}__DELETE": "on"})
    assert conflicts(response) == {f"goals-{place}-DELETE": ("Changed: Text", "Deleted")}
    response = again(
        mine, phase, response, **{f"goals__{place}__DELETE": "on", f"_choose-goals-{place}-DELETE": choice}
    )
    assert response.status_code == 302
    assert Goal.objects.filter(pk=goal.pk, text="Theirs.").exists() is (choice == "theirs")


def test_a_row_that_cannot_be_put_back_says_why(mine, jonas, phase):
    goal = add_goal(phase.role)
    phase, order = goal.phase, goal.order
    place = list(phase.goals.order_by("order")).index(goal)
    form = opened(mine, phase)
    with acting(by=jonas):
        goal.delete()
        Goal.objects.create(phase=phase, order=order, text="Here now")
    response = save(mine, phase, form, **{f"goals__{place}__text": "Typed at length"})
    assert "It cannot be put back. Another goal of the phase has that place." in response.content.decode()
    assert "Typed at length" in response.content.decode()
    assert again(mine, phase, response, **{f"_choose-goals-{place}-id": "theirs"}).status_code == 302


# ---------------------------------------------------------------- the page's own row is gone


@pytest.mark.parametrize("choice", ["theirs", pytest.param("mine", marks=pytest.mark.slow)])
def test_a_page_whose_row_was_deleted_keeps_what_was_typed(mine, jonas, analytics, choice):
    goal = add_goal(analytics)
    goal.skills.set([Skill.objects.get(slug="hipaa")])
    form, number, key = opened(mine, goal), goal.pk, goal.key
    with acting(by=jonas):
        goal.delete()
    goal.pk = number
    response = save(mine, goal, form, text="Typed at length\nin two lines")
    shown = response.content.decode()
    assert "was deleted by Jonas Weber" in shown
    assert response.context["typed"] == [("Text", "Typed at length in two lines")]
    sent: dict[str, list[str]] = {}
    for name, value in response.context["sent"]:
        sent.setdefault(name, []).append(value)
    response = mine.post(page(goal), {**sent, "_choose-page": choice})
    assert response.status_code == 302
    found = Goal.objects.filter(pk=number).first()
    assert (found and (found.text, found.key)) == (("Typed at length in two lines", key) if choice == "mine" else None)
    assert not found or found.skills.get().slug == "hipaa"
