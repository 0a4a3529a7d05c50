from decimal import Decimal

import pytest

from roles.blueprint import Link
from roles.choosing.columns import columns_of
from roles.choosing.comparing import Comparison, Group, Row, sharing
from roles.models import CareerLevel, RoleMetric, RolePoint, SalaryObservation, Source
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION
from tests.roles.short_roles import short_role, titled_role

SHORT, TITLED = "bedside-ai-engineer", "ward-data-scribe"


class Having:
    """A column of which only the skills matter."""

    def __init__(self, name, *slugs):
        self.name = name
        self.skills = {slug: Link(slug, slug.upper()) for slug in slugs}


def shared(*columns):
    found = sharing(list(columns), lambda column: column.skills)
    return [(each.title, [link.slug for link in each.links]) for each in found]


@pytest.fixture
def three(db):
    return Comparison(columns_of([ANALYTICS, COORDINATION, CHRONIC]))


@pytest.fixture
def mixed(db):
    """A full role, a short one and a title."""
    short_role()
    titled_role()
    return Comparison(columns_of([ANALYTICS, SHORT, TITLED]))


def rows(comparison):
    return {row.label: row for group in comparison.groups for row in group.rows}


def texts(comparison, label):
    return [cell.text for cell in rows(comparison)[label].cells]


def group(comparison, title):
    return next(each for each in comparison.groups if each.title == title)


def test_roles_stand_in_the_order_asked_for_and_take_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        columns = columns_of([CHRONIC, "no-such-role", ANALYTICS])
        assert Comparison(columns).groups
    assert [column.role.slug for column in columns] == [CHRONIC, ANALYTICS]


def test_months_are_stated_and_weeks_are_summed(three):
    assert texts(three, "Months until ready") == ["about 9 months", "about 8 months", "about 10 months"]
    assert texts(three, "Weeks of the roadmap") == [
        "30 weeks in 6 phases",
        "24 weeks in 5 phases",
        "32 weeks in 5 phases",
    ]
    note = rows(three)["Weeks of the roadmap"].cells[0].note
    assert note == "That is 6.9 months. The source does not explain the other 9 weeks of its 9 months."


def test_weeks_are_computed_so_they_name_no_source(three):
    assert all(not cell.claims for cell in rows(three)["Weeks of the roadmap"].cells)


def test_phases_of_all_roles_share_one_scale(three):
    analytics, _, chronic = (cell.bands for cell in rows(three)["Weeks of the roadmap"].cells)
    assert analytics[0].x == 0
    assert analytics[-1].x == pytest.approx(100 * 26 / 32)
    assert chronic[-1].x + chronic[-1].width == pytest.approx(100, abs=1)


def test_pay_of_all_ladders_is_on_one_scale_from_zero(three):
    analytics, coordination, _ = (cell.bands[0] for cell in rows(three)["Level 1"].cells)
    assert (analytics.x, analytics.width) == (20, pytest.approx(100 * 30 / 350, abs=0.01))
    assert coordination.x == pytest.approx(100 * 62 / 350, abs=0.01)
    assert "$0 to $350,000" in group(three, "Pay").note


def test_a_plus_sign_stands_only_where_it_is_stated(three):
    assert texts(three, "Level 5") == ["$220,000 to $350,000+", "$190,000 to $280,000", "$200,000 to $300,000+"]


def test_pay_without_a_level_is_not_drawn_beside_levels(mixed):
    row = rows(mixed)["Range as stated"]
    assert row.note == "Level not given."
    assert row.cells[1].text == "$180,000 to $280,000 (range)"
    assert row.cells[1].note == "No country named. The year is our reading."
    assert row.cells[1].bands == ()
    assert "is not drawn" in group(mixed, "Pay").note
    assert group(mixed, "Pay").note.count("$350,000") == 1


def test_pay_without_a_level_is_drawn_where_nobody_states_levels(db):
    short_role()
    short_role("ward-nlp-engineer", "Ward NLP Engineer")
    comparison = Comparison(columns_of([SHORT, "ward-nlp-engineer"]))
    band = rows(comparison)["Range as stated"].cells[0].bands[0]
    assert (band.x, band.x + band.width) == (pytest.approx(64.29), pytest.approx(100))
    assert not any(label.startswith("Level ") for label in rows(comparison))


def test_a_median_says_so(mixed):
    role = mixed.columns[1].role
    source = Source.objects.get(code="001")
    SalaryObservation.objects.create(
        role=role, order=2, measure="median", low=110_000, approximate=True, geography="United States", source=source
    )
    cell = rows(Comparison(columns_of([ANALYTICS, SHORT])))["Range as stated"].cells[1]
    assert cell.text == "$180,000 to $280,000 (range); about $110,000 (median)"
    assert cell.note.startswith("No country named; United States.")


def test_what_nobody_states_is_empty(mixed):
    for label in ("Difficulty", "Entry barrier", "Coding", "Months until ready", "Weeks of the roadmap", "Level 1"):
        stated = [cell.is_stated for cell in rows(mixed)[label].cells]
        assert stated == [True, False, False], label


def test_work_and_requirements_of_a_short_role_are_listed(mixed):
    assert rows(mixed)["Core work"].cells[1].items == ("Building tools for the ward.", "Fitting them into the day.")
    asked = rows(mixed)["What it asks for"].cells
    assert asked[1].items == ("Machine learning", "Time on a ward (preferred)")
    assert not asked[0].is_stated
    assert not asked[2].is_stated


def test_rows_that_nobody_fills_are_left_out(db):
    titled_role()
    titled_role("ward-scribe", "Ward Scribe")
    comparison = Comparison(columns_of([TITLED, "ward-scribe"]))
    assert [each.title for each in comparison.groups] == ["In brief"]
    assert list(rows(comparison)) == ["In one line"]
    assert {"Difficulty", "Months until ready"} <= set(comparison.unstated)


def test_scores_say_their_scale_and_direction_and_that_a_tenth_means_nothing(three):
    demand = rows(three)["Future demand"]
    assert [cell.text for cell in demand.cells] == ["9.2 of 10", "9.1 of 10", "9.2 of 10"]
    assert demand.note == "Higher is better. The difference of 0.1 means nothing."
    assert rows(three)["Work that AI may take over"].note == "Lower is better."
    assert [cell.score.width for cell in demand.cells] == [92, 91, 92]


def test_a_larger_difference_between_scores_is_left_to_the_reader(three, coordination):
    RoleMetric.objects.filter(role=coordination, metric="demand").update(value=Decimal("7.5"))
    demand = rows(Comparison(columns_of([ANALYTICS, COORDINATION])))["Future demand"]
    assert demand.note == "Higher is better."


def test_one_source_for_a_column_is_said_once_for_its_group(three):
    codes = [[claim.source.code for claim in claims] for claims in group(three, "Pay").origins]
    assert codes == [["000"], ["002"], ["003"]]
    assert all(not named for _, cells in group(three, "Pay").lines for _, named in cells)


def test_where_a_column_has_two_sources_each_cell_names_its_own(analytics):
    other = Source.objects.get(code="rounds-editors")
    CareerLevel.objects.filter(role=analytics, order=1).update(source=other)
    found = group(Comparison(columns_of([ANALYTICS, COORDINATION])), "Pay")
    assert [claim.source.code for claim in found.origins[0]] == ["rounds-editors", "000"]
    named = [[claim.source.code for claim in cells[0][1]] for _, cells in found.lines]
    assert named[:2] == [["rounds-editors"], ["000"]]
    assert [cells[1][1] for _, cells in found.lines] == [[]] * 5


def test_a_cell_names_how_far_it_was_checked_too(analytics):
    RolePoint.objects.filter(role=analytics, kind="work", order=1).update(verification="verified")
    found = group(Comparison(columns_of([ANALYTICS, COORDINATION])), "The job")
    assert {claim.verification for claim in found.origins[0]} >= {"verified"}


def test_every_source_is_listed_once(mixed):
    codes = [source.code for source in mixed.sources]
    assert codes == ["000", "001"]


def test_findings_name_what_stands_out_and_no_score(three):
    assert three.findings[:2] == [
        "Care Coordination is stated to take the fewest months.",
        "Healthcare Analytics is said to pay most at level 5.",
    ]
    assert three.findings[2].endswith("in all three.")
    assert not any("demand" in each for each in three.findings)


def test_findings_do_not_hide_whom_they_leave_out(mixed):
    short_and_two = Comparison(columns_of([ANALYTICS, COORDINATION, SHORT]))
    assert "Roles of which nobody states it are left out of that." in short_and_two.findings
    assert mixed.findings == []


def test_roles_that_state_the_same_share_no_first_place(three, coordination):
    coordination.months_to_ready = 9
    coordination.save()
    findings = Comparison(columns_of([ANALYTICS, COORDINATION])).findings
    assert not any("months" in each for each in findings)


def test_skills_are_split_into_shared_by_all_by_some_and_only_here():
    found = shared(Having("A", "x", "y", "z"), Having("B", "x", "y"), Having("C", "x", "w"))
    assert found == [
        ("In all three", ["x"]),
        ("In A and B", ["y"]),
        ("Only in A", ["z"]),
        ("Only in C", ["w"]),
    ]


def test_two_roles_share_in_both():
    assert shared(Having("A", "x"), Having("B", "x")) == [("In both: A and B", ["x"])]


def test_what_all_but_an_unknown_role_have_is_not_in_all():
    assert shared(Having("A", "x"), Having("B", "x"), Having("C")) == [("In A and B", ["x"])]


def test_every_skill_stands_in_exactly_one_place(mixed):
    slugs = [link.slug for each in mixed.skills for link in each.links]
    assert sorted(slugs) == sorted({slug for column in mixed.columns for slug in column.skills})
    assert mixed.only_named == "Bedside AI Engineer"
    assert mixed.without_skills == "Ward Data Scribe"
    assert mixed.without_tools == "Bedside AI Engineer and Ward Data Scribe"


def test_a_role_is_taken_out_by_its_link(three):
    queries = {column.role.slug: without for column, without in three.removable}
    assert queries[COORDINATION] == f"role={ANALYTICS}&role={CHRONIC}"


def test_a_group_without_claims_names_nobody():
    assert Group("Empty", (Row("Row", ()),)).origins == []


def test_notes_say_each_thing_once(three):
    assert len(three.notes) == len(set(three.notes))
    assert any("plus sign" in note for note in three.notes)
