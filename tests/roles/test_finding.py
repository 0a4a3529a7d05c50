from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.http import QueryDict

from roles.blueprint import Milestone, Phase, Roadmap
from roles.choosing.find_form import FindForm
from roles.choosing.finding import Background, Coding, Liking, Wishes, ranked
from roles.models import Skill
from roles.models.skills import SkillCategory


@dataclass
class Known:
    """What finding reads of a role."""

    skill_slugs: list[str]
    name: str = "R"
    roadmap: Roadmap | None = None
    entry_barrier: str = ""
    coding_required: bool | None = None
    remote_friendly: bool | None = None
    months_to_ready: int | None = None
    months_approximate: bool = False


def role(*skills, weeks=0, **values):
    if weeks:
        phase = Phase("p", 1, "Phase", "data", weeks, "", Milestone("m", ""))
        values["roadmap"] = Roadmap("r", (phase,))
    return Known(list(skills), **values)


def skills(**categories):
    return {
        slug: Skill(slug=slug, name=slug, category=category, coding=slug.startswith("code"))
        for slug, category in categories.items()
    }


SKILLS = skills(
    code="programming", codes="programming", nlp="language", hipaa="privacy", ward="workflow", stats="statistics"
)


def match(these=None, **wishes):
    (found,) = ranked([role() if these is None else these], SKILLS, Wishes(**wishes))
    return found


def order(roles, **wishes):
    return [found.role.name for found in ranked(roles, SKILLS, Wishes(**wishes))]


def named(name, *its_skills, **values):
    return role(*its_skills, name=name, **values)


@pytest.mark.parametrize(
    ("months", "have", "weight"),
    [(10, 8, -1), (8, 8, 1), (8, 10, 1)],
)
def test_months_that_one_has_are_held_against_the_months_stated(months, have, weight):
    found = match(role(months_to_ready=months), months=have)
    assert found.balance == weight
    said = f"You have {have} months; this one states {months}."
    assert (found.reasons_for if weight > 0 else found.reasons_against) == [said]


def test_months_that_are_stated_roughly_say_so():
    rough = role(months_to_ready=9, months_approximate=True)
    assert match(rough, months=1).reasons_against == ["You have 1 month; this one states about 9."]


def test_weeks_are_those_of_the_roadmap_and_hours_change_nothing():
    eight = role(weeks=30, months_to_ready=9)
    found = match(eight, months=8, hours=40)
    assert found.remarks == ["The phases of its roadmap add up to 30 weeks, which is 6.9 months."]
    assert found.balance == match(eight, months=8, hours=1).balance == match(eight, months=8).balance


def test_hours_alone_are_no_answer_to_judge_by():
    assert Wishes(hours=5).answers == 0


@pytest.mark.parametrize(
    ("coding", "asks", "weight"),
    [
        (Coding.WANT, True, 1),
        (Coding.WANT, False, -1),
        (Coding.LEARN, True, 0),
        (Coding.LEARN, False, 0),
        (Coding.RATHER_NOT, True, -1),
        (Coding.RATHER_NOT, False, 1),
    ],
)
def test_code_is_wanted_learned_or_avoided(coding, asks, weight):
    found = match(role(coding_required=asks), coding=coding)
    assert found.balance == weight
    assert found.judged == 1


def test_a_role_that_asks_for_code_is_said_to_whoever_would_rather_not():
    found = match(role(coding_required=True), coding=Coding.RATHER_NOT)
    assert found.reasons_against == ["You would rather not code; it asks for code."]


def test_skills_can_tell_that_a_role_asks_for_code():
    found = match(role("code", "nlp", "hipaa"), coding=Coding.RATHER_NOT)
    assert found.reasons_against == [
        "Nobody states whether it asks for code, yet 1 of its 3 skills is done by writing it."
    ]


def test_a_few_skills_written_in_code_speak_for_neither():
    found = match(role("code", "nlp", "hipaa", "ward", "stats"), coding=Coding.RATHER_NOT)
    assert found.balance == 0
    assert found.remarks[0].endswith("yet 1 of its 5 skills is done by writing it.")


def test_skills_cannot_tell_that_a_role_asks_for_no_code():
    found = match(role("nlp", "hipaa"), coding=Coding.RATHER_NOT)
    assert found.balance == 0
    assert found.unknowns == ["Nobody states whether it asks for code."]


@pytest.mark.parametrize(("remote", "weight", "judged"), [(True, 1, 1), (False, -1, 1), (None, 0, 0)])
def test_working_from_home_is_held_against_what_is_stated(remote, weight, judged):
    found = match(role(remote_friendly=remote), remote=True)
    assert (found.balance, found.judged) == (weight, judged)


def test_what_nobody_states_is_said_and_counts_nothing():
    found = match(months=3, coding=Coding.WANT, remote=True, background=Background.NEITHER, likes=(Liking.TEXT,))
    assert found.balance == 0
    assert found.judged == 0
    assert len(found.unknowns) == 5
    assert "Nobody states how many months it takes." in found.unknowns


def test_likings_are_counted_among_the_skills():
    found = match(role("nlp", "hipaa", "ward"), likes=(Liking.TEXT,))
    assert found.reasons_for == ["1 of its 3 skills is of the kinds that you like: language models."]
    assert found.liked_share == Decimal(1) / 3


def test_a_few_skills_that_one_likes_speak_for_neither():
    found = match(role("nlp", "hipaa", "ward", "stats", "code"), likes=(Liking.TEXT,))
    assert found.balance == 0
    assert found.remarks[0] == "1 of its 5 skills is of the kinds that you like: language models."


def test_no_skill_that_one_likes_speaks_against():
    found = match(role("hipaa", "ward"), likes=(Liking.TEXT,))
    assert found.reasons_against == ["None of its 2 skills is of the kinds that you like."]


def test_a_background_brings_kinds_of_skills():
    assert match(role("ward", "nlp"), background=Background.CARE).reasons_for == [
        "You work in care; 1 of its 2 skills lies near that: clinical workflow."
    ]
    assert match(role("ward", "nlp"), background=Background.RESEARCH).balance == -1
    assert match(role("stats"), background=Background.RESEARCH).balance == 1
    assert match(role("code", "ward"), background=Background.BUILDING).balance == 1


@pytest.mark.parametrize(("barrier", "weight"), [("medium", 1), ("high", -1), ("", 0)])
def test_who_comes_from_another_field_meets_the_entry_barrier(barrier, weight):
    assert match(role("code", entry_barrier=barrier), background=Background.NEITHER).balance == weight


def test_every_liking_and_background_leads_to_kinds_of_skills():
    one_of_each = {value: Skill(slug=value, name=value, category=value) for value in SkillCategory.values}
    for like in Liking:
        (found,) = ranked([role(*one_of_each)], one_of_each, Wishes(likes=(like,)))
        assert found.liked_share > 0, like
    for background in Background:
        (found,) = ranked([role(*one_of_each)], one_of_each, Wishes(background=background))
        assert found.verdicts, background


def test_every_kind_of_skill_is_liked_by_somebody():
    for value in SkillCategory.values:
        one = {value: Skill(slug=value, name=value, category=value)}
        (found,) = ranked([role(value)], one, Wishes(likes=tuple(Liking)))
        assert found.balance == 1, value


def test_more_reasons_for_than_against_stand_first_and_the_unknown_between():
    roles = [
        named("against", months_to_ready=12),
        named("unknown"),
        named("for", months_to_ready=3),
    ]
    assert order(roles, months=6) == ["for", "unknown", "against"]


def test_among_equals_the_larger_share_of_liked_skills_stands_first_then_the_editors_order():
    half, all_of_it, too = named("half", "nlp", "ward"), named("all", "nlp"), named("too", "nlp", "hipaa")
    assert order([half, all_of_it, too], likes=(Liking.TEXT,)) == ["all", "half", "too"]


def test_a_role_without_a_roadmap_says_so():
    assert match(role("nlp"), remote=True).remarks == ["It has no roadmap here yet."]


def form(query):
    return FindForm(QueryDict(query))


def test_answers_are_read_from_the_address():
    found = form("background=care&coding=rather-not&months=8&hours=5&remote=yes&like=text&like=rules")
    assert found.wishes == Wishes("care", "rather-not", 8, 5, True, ("text", "rules"))
    assert found.left_out == ()
    assert found.wishes.answers == 5


def test_an_address_without_answers_wishes_nothing():
    assert form("").wishes == Wishes()
    assert form("remote=no").wishes.answers == 0


def test_nonsense_is_said_and_the_rest_still_counts():
    found = form("background=pirate&months=-3&hours=lots&like=juggling&like=text&like=text")
    assert found.wishes == Wishes(likes=("text",))
    said = " ".join(found.left_out)
    assert "We know no “pirate”" in said
    assert "Months you have: Give a whole number from 1 to 60." in said
    assert "Hours a week: Give a whole number" in said
    assert "We know no liking called “juggling”" in said
    assert "shown once: Text and language" in said


@pytest.mark.parametrize("query", ["months=%00", "months=1e9", "like=%00&like=" + "x" * 3000, "months=9" + "9" * 5000])
def test_hostile_answers_are_left_out(query):
    assert form(query).wishes == Wishes()
    assert form(query).left_out
