from datetime import time
from decimal import Decimal

import pytest

from roles.models import RoleFaq, RoleMetric, RolePoint, Skill, Source, Verification
from roles.profile import Time, profile_of
from roles.teaching import Teaching


@pytest.fixture
def profile(analytics):
    return profile_of(analytics.slug)


def test_there_is_no_profile_without_a_role(db):
    assert profile_of("ai-astronaut") is None


def test_a_profile_takes_one_query(analytics, django_assert_num_queries):
    with django_assert_num_queries(1):
        profile = profile_of(analytics.slug)
        assert profile.points
        assert profile.ladder[0].duties
        assert profile.sources
        assert profile.corrections


def test_rows_are_what_the_models_say(profile, analytics):
    day = [(slot.time, slot.text) for slot in profile.day]
    assert day == list(analytics.day.values_list("time", "text"))
    assert day[0][0] == time(9)
    demand = next(metric for metric in profile.metrics if metric.metric == "demand")
    assert demand.value == Decimal("9.2")
    assert demand.shown == "9.2 of 10"
    levels = analytics.levels.all()
    assert [(rung.level.pay, rung.level.years) for rung in profile.ladder] == [(row.pay, row.years) for row in levels]
    titles = [title.title for rung in profile.ladder for title in rung.titles]
    assert titles == list(analytics.levels.values_list("titles__title", flat=True).order_by("order", "titles__order"))


def test_points_stand_by_kind_and_promises_apart(profile):
    kinds = [group.kind for group in profile.points]
    assert kinds == sorted(kinds, key=RolePoint.Kind.values.index)
    assert "promise" not in kinds
    assert len(profile.promises) == 2


def test_points_of_two_sources_name_each_their_own(profile, analytics):
    assert all(group.source for group in profile.points)
    other = Source.objects.get(code="rounds-editors")
    RolePoint.objects.create(role=analytics, kind="work", order=99, text="More.", source=other)
    work = next(group for group in profile_of(analytics.slug).points if group.kind == "work")
    assert work.source is None
    assert work.points[-1].source.code == "rounds-editors"


def test_a_correction_comes_with_its_sources(profile, analytics):
    expected = {row.slug: {source.code for source in row.sources.all()} for row in analytics.corrections.all()}
    assert {row.slug: {each.code for each in sources} for row, sources in profile.corrections} == expected


@pytest.mark.parametrize(
    ("months", "weeks", "in_months", "unexplained"),
    [(9, 30, "6.9", 9), (8, 24, "5.5", 11), (10, 32, "7.4", 11), (5, 30, "6.9", 0), (1, 1, "0.2", 3)],
)
def test_months_are_set_beside_weeks_and_neither_is_bent(months, weeks, in_months, unexplained):
    found = Time(months, True, weeks)
    assert (str(found.months_of_weeks), found.unexplained) == (in_months, unexplained)


def test_answers_take_their_numbers_from_the_metrics(profile, analytics):
    text = " ".join(answer for _, answer in profile.answers)
    for shown in ("9.2 of 10", "20%", "9 months", "“High”", "30 weeks", "6 phases"):
        assert shown in text
    RoleMetric.objects.filter(role=analytics, metric="demand").update(value=Decimal("7.5"))
    assert "7.5 of 10" in " ".join(answer for _, answer in profile_of(analytics.slug).answers)


def test_an_answer_whose_number_nobody_states_says_so(analytics):
    RoleMetric.objects.filter(role=analytics, metric="demand").delete()
    answers = {faq.topic: answer for faq, answer in profile_of(analytics.slug).answers}
    assert "not stated" in answers[RoleFaq.Topic.DEMAND]


def test_pay_notes_say_each_thing_once(profile):
    assert len(profile.pay_notes) == 1
    assert "plus sign" in profile.pay_notes[0]


def test_skills_stand_under_the_phase_that_first_teaches_them(profile, analytics):
    rows = Skill.objects.in_bulk(list(analytics.roadmap.skills), field_name="slug")
    groups = profile.skills(rows)
    slugs = [each.use.link.slug for _, taught in groups for each in taught]
    assert sorted(slugs) == sorted(analytics.roadmap.skills)
    for phase, taught in groups:
        assert all(each.use.phases[0] is phase for each in taught)
    coding = {each.row.slug for _, taught in groups for each in taught if each.row.coding}
    assert "python" in coding
    assert "hipaa" not in coding


def test_related_roles_share_most_skills_first(profile, coordination, chronic, analytics):
    related = profile.related(Teaching([analytics, coordination, chronic]))
    shared = [each.shared for each in related]
    assert shared == sorted(shared, reverse=True)
    assert analytics.pk not in {each.role.pk for each in related}
    first = related[0]
    assert first.shared == len(analytics.roadmap.skills.keys() & first.role.roadmap.skills.keys())


def test_every_source_on_the_page_is_listed_once(profile):
    codes = [source.code for source in profile.sources]
    assert codes[0] == "000"
    assert len(codes) == len(set(codes))


def test_what_could_be_checked_is_kept(profile):
    checked = [
        point for group in profile.points for point in group.points if point.verification == Verification.VERIFIED
    ]
    assert checked
