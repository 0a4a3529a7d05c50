import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from roadmaps.enrolling import enrol
from roadmaps.models import GoalState, Publication, State
from roadmaps.ticking import set_state
from roles.fixtures import BrokenFixtureError
from roles.loading import load
from roles.models import CareerLevel, Goal, LoadedRow, RoleFit, Skill, Source
from tests.roadmaps.drafts import first_goal
from tests.roadmaps.times import NOW

CATALOG = settings.BASE_DIR / "fixtures" / "catalog"

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalog's fixtures, to be changed."""
    for path in CATALOG.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def edit(folder: Path, file: str, change) -> None:
    rows = json.loads((folder / file).read_text())
    change(rows)
    (folder / file).write_text(json.dumps(rows))


def test_a_second_load_changes_nothing(folder):
    report = load(folder)
    assert (report.created, report.updated, report.removed, report.left_alone) == ([], [], [], [])
    assert report.unchanged == LoadedRow.objects.count() > 700


def test_a_changed_fixture_updates_its_row(folder):
    edit(folder, "20_skills.json", lambda rows: rows[0]["fields"].update(summary="Said better."))
    slug = json.loads((folder / "20_skills.json").read_text())[0]["fields"]["slug"]
    assert load(folder).updated == [f"roles.skill {slug}"]
    assert Skill.objects.get(slug=slug).summary == "Said better."


def test_a_row_that_staff_edited_is_left_alone_and_named(folder):
    Skill.objects.filter(slug="hipaa").update(summary="Staff know better.")
    edit(folder, "20_skills.json", lambda rows: [row["fields"].update(summary="The fixture's") for row in rows])
    assert load(folder).left_alone == ["roles.skill hipaa"]
    assert Skill.objects.get(slug="hipaa").summary == "Staff know better."


@pytest.mark.slow
def test_links_that_staff_changed_are_an_edit_too(folder):
    goal = Goal.objects.filter(skills__isnull=False).first()
    goal.skills.clear()
    assert load(folder).left_alone == [f"roles.goal {goal.key}"]


@pytest.mark.slow
def test_overwrite_puts_edited_rows_back(folder):
    Skill.objects.filter(slug="hipaa").update(summary="Staff know better.")
    assert load(folder, overwrite=True).updated == ["roles.skill hipaa"]
    assert Skill.objects.get(slug="hipaa").summary != "Staff know better."


def test_a_row_that_staff_deleted_does_not_come_back(folder):
    RoleFit.objects.first().delete()
    (left,) = load(folder).left_alone
    assert left.endswith("(deleted)")


def test_a_row_that_left_the_fixtures_is_removed(folder):
    edit(folder, "42_people.json", lambda rows: rows.remove(next(r for r in rows if r["model"] == "roles.rolefit")))
    before = RoleFit.objects.count()
    assert len(load(folder).removed) == 1
    assert RoleFit.objects.count() == before - 1


@pytest.mark.slow
def test_a_row_that_left_the_fixtures_but_is_in_use_stays_and_is_named(folder):
    edit(folder, "51_goals.json", lambda rows: rows.pop(0))
    (left,) = load(folder).left_alone
    assert left.endswith("(no longer in the fixtures, still in use)")


def test_no_learner_row_is_touched(folder, analytics, learner):
    enrol(learner=learner, role=analytics)
    set_state(learner=learner, role=analytics.slug, goal=first_goal(analytics).key, state=State.DONE, now=NOW)
    edit(folder, "51_goals.json", lambda rows: [row["fields"].update(text="All new words") for row in rows])
    load(folder)
    assert GoalState.objects.of(learner).get().done_at == NOW


@pytest.mark.slow
def test_fields_that_the_fixture_does_not_name_stay(folder, analytics):
    edit(folder, "40_roles.json", lambda rows: [row["fields"].update(tagline="A new line.") for row in rows])
    load(folder)
    analytics.refresh_from_db()
    assert analytics.tagline == "A new line."
    assert analytics.blueprint is not None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda rows: rows[3]["fields"].pop("slug"), r"20_skills.json, row 4: KeyError: 'slug'"),
        (lambda rows: rows[3].update(pk=7), "row 4: .*no pk"),
        (lambda rows: rows[3]["fields"].update(colour="red"), "row 4: FieldDoesNotExist"),
        (lambda rows: rows[3]["fields"].update(category="magic", name="New"), "row 4: category: .*magic"),
        (lambda rows: rows[3]["fields"].update(name="x" * 500), "row 4: name: .*at most 120"),
        (lambda rows: rows[3].update(model="accounts.user"), "row 4: TypeError: .*not part of the catalog"),
        (lambda rows: rows[3].update(model="roles.spell"), "row 4: LookupError"),
        (lambda rows: rows.append(rows[3]), "row 63: roles.skill .* stands in 20_skills.json, row 4 already"),
        (lambda rows: rows.append("text"), "row 63: ValueError"),
    ],
)
def test_a_broken_fixture_stops_the_load_with_file_row_and_reason(folder, change, reason):
    edit(folder, "20_skills.json", change)
    before = Skill.objects.order_by("pk").values_list("summary", flat=True)
    with pytest.raises(BrokenFixtureError, match=reason):
        load(folder)
    assert list(before) == list(Skill.objects.order_by("pk").values_list("summary", flat=True))


def test_a_reference_to_nothing_names_its_row(folder):
    edit(folder, "43_ladder.json", lambda rows: rows[0]["fields"].update(role=["ai-astronaut"], salary_min=1))
    with pytest.raises(BrokenFixtureError, match=r"43_ladder.json, row 1: .*does not exist"):
        load(folder)


def test_a_rule_of_the_database_names_its_row(folder):
    def break_pay(rows):
        level = next(row for row in rows if row["model"] == "roles.careerlevel")
        level["fields"].update(salary_min=900_000)

    edit(folder, "43_ladder.json", break_pay)
    with pytest.raises(BrokenFixtureError, match=r"43_ladder.json, row \d+: .*pay_rises"):
        load(folder)


def test_a_file_that_is_no_json_is_named(folder):
    (folder / "20_skills.json").write_text("[{")
    with pytest.raises(BrokenFixtureError, match=r"20_skills.json: not readable as JSON"):
        load(folder)


@pytest.mark.slow
def test_two_rows_in_one_place_are_refused_at_the_end(folder):
    def collide(rows):
        rows[1]["fields"]["order"] = rows[0]["fields"]["order"]

    edit(folder, "50_phases.json", collide)
    with pytest.raises(BrokenFixtureError, match="roles_phase_place"):
        load(folder)


@pytest.mark.slow
def test_places_can_be_exchanged(folder):
    def swap(rows):
        one, two = rows[0]["fields"], rows[1]["fields"]
        one["order"], two["order"] = two["order"], one["order"]

    edit(folder, "50_phases.json", swap)
    assert len(load(folder).updated) == 2


def test_a_broken_load_changes_nothing_by_the_command_either(folder):
    edit(folder, "10_sources.json", lambda rows: rows[0]["fields"].update(good_for="Changed before the break"))
    (folder / "70_questions.json").write_text("not json")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("load_catalog", str(folder))
    assert not Source.objects.filter(good_for="Changed before the break").exists()


def test_a_changed_draft_is_not_published_by_loading_but_is_announced(folder, analytics, capsys):
    edit(folder, "51_goals.json", lambda rows: rows[0]["fields"].update(text="Reworded in the fixture"))
    call_command("load_catalog", str(folder))
    assert "not published yet: 1 reworded" in capsys.readouterr().out
    assert Publication.objects.of(analytics).count() == 1


def test_counts_of_the_sources_are_met(analytics, coordination, chronic):
    weeks = {role.slug: role.roadmap.weeks for role in (analytics, coordination, chronic)}
    assert list(weeks.values()) == [30, 24, 32]
    assert CareerLevel.objects.count() == 15
    assert Goal.objects.count() == 53
