"""The catalog goes back into its fixtures as a diff that can be read, and comes out of them again as it was."""

from __future__ import annotations

import datetime as dt
import difflib
import json
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from interviews.models import Question, SampleAnswer
from roles.dumping import dumped, write
from roles.fixtures import catalog_models
from roles.loading import load
from roles.models import (
    CareerLevel,
    Criterion,
    DumpedRow,
    Goal,
    LevelTitle,
    LoadedRow,
    Milestone,
    Phase,
    Resource,
    Role,
    RoleFaq,
    RoleFit,
    RolePoint,
    Skill,
    Source,
    Statistic,
)
from tests.conftest import ANALYTICS

CATALOG = settings.BASE_DIR / "fixtures" / "catalog"
AWKWARD = "Ünï—“quoted” \\ back\tslash\r\nline\u2028sep 🩺 \x7f é e\u0301 </script>"

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalog's fixtures."""
    for name, text in texts_of(CATALOG).items():
        (tmp_path / name).write_bytes(text)
    return tmp_path


def texts_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def dump_into(folder: Path, **options: bool):
    dump = dumped(folder, **options)
    write(dump, folder)
    return dump


def diff_of(folder: Path) -> list[str]:
    """The lines that differ from the catalog's own fixtures."""
    lines = []
    for name, text in texts_of(folder).items():
        before = (CATALOG / name).read_text().splitlines() if (CATALOG / name).exists() else []
        if before == text.decode().split("\n")[:-1]:
            continue  # which takes difflib longer to find out than a dump takes
        found = difflib.unified_diff(before, text.decode().split("\n")[:-1], lineterm="", n=0)
        lines += [line for line in found if not line.startswith(("---", "+++", "@@"))]
    return lines


def empty_the_catalog() -> None:
    tables = [model._meta.db_table for model in (*catalog_models(), LoadedRow, DumpedRow)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may be waiting
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def edit(folder: Path, file: str, change) -> None:
    rows = json.loads((folder / file).read_text())
    change(rows)
    (folder / file).write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")


def edit_much(analytics: Role) -> None:
    """What editors do, and what they should not."""
    phase = analytics.phases.first()
    old = phase.goals.first()
    Goal.objects.filter(pk=old.pk).update(retired=True, order=90)
    new = Goal.objects.create(
        key=UUID("5f0c1ad0-51ce-4d0e-9d55-0c6a7f1f7aff"), phase=phase, order=1, text="In place of the first"
    )
    new.skills.set(Skill.objects.order_by("-pk")[:3])
    new.replaces.add(old)
    Skill.objects.filter(slug="hipaa").update(summary=AWKWARD, aliases=["b", "a", AWKWARD[:20]], what="")
    hipaa, sql = Skill.objects.get(slug="hipaa"), Skill.objects.get(slug="sql-for-health-data")
    hipaa.builds_on.set([sql])
    sql.builds_on.set([hipaa])
    first, last = Statistic.objects.order_by("pk").first(), Statistic.objects.order_by("pk").last()
    Statistic.objects.filter(pk=first.pk).update(
        better_value=last, value_low=Decimal("0.10"), as_of=dt.date(2024, 2, 29)
    )
    Statistic.objects.filter(pk=last.pk).update(better_value=first)
    Question.objects.filter(slug="omop-common-data-model").update(retired=True, version=3)
    Resource.objects.filter(slug="synthea").update(year=None, status=Resource.Status.RENAMED)
    RoleFit.objects.first().delete()
    role = Role.objects.create(
        slug="ai-auditor", name="AI Auditor", short_name="Auditing", profile="title", tagline="Checks.",
        summary="One.\n\nTwo.", source=Source.objects.get(code="001"),
    )  # fmt: skip
    RolePoint.objects.create(role=role, kind="driver", order=10, text="Ten", source=role.source)
    RolePoint.objects.create(role=role, kind="driver", order=9, text="Nine", source=role.source)
    # It goes into a file before that of its role.
    RoleFaq.objects.create(role=role, topic="demand", order=1, question="Is there “demand”?", answer="No.")
    CareerLevel.objects.filter(role=analytics, order=5).update(years_max=None, open_top=True)


def test_what_was_just_loaded_is_what_is_committed():
    dump = dumped(CATALOG)
    assert dump.agrees
    assert (dump.added, dump.changed, dump.removed) == ([], {}, [])
    assert dump.unchanged == LoadedRow.objects.count()


@pytest.mark.slow
def test_written_loaded_into_nothing_and_written_again_it_is_the_same(folder, analytics):
    edit_much(analytics)
    dump = dump_into(folder)
    assert dump.left_alone == []
    first = texts_of(folder)
    empty_the_catalog()
    report = load(folder)
    assert report.left_alone == []
    dump_into(folder)
    assert texts_of(folder) == first
    assert dumped(folder).agrees


@pytest.mark.slow
def test_from_nothing_but_the_database_too(tmp_path, analytics):
    edit_much(analytics)
    one, two = tmp_path / "one", tmp_path / "two"
    rows = sum(model.objects.count() for model in catalog_models())
    assert len(dump_into(one).added) == rows
    empty_the_catalog()
    assert len(load(one).created) == rows
    dump_into(two)
    assert texts_of(one) == texts_of(two)
    assert list(Goal.objects.get(text="In place of the first").replaces.all()) == list(Goal.objects.filter(order=90))
    assert Skill.objects.get(slug="hipaa").summary == AWKWARD


def test_loading_what_was_dumped_changes_nothing(folder, analytics):
    edit_much(analytics)
    dump_into(folder)
    report = load(folder)
    assert (report.created, report.updated, report.removed, report.left_alone) == ([], [], [], [])


@pytest.mark.slow
def test_a_dump_twice_is_a_dump_once(folder, analytics):
    edit_much(analytics)
    dump_into(folder)
    before = texts_of(folder)
    assert dump_into(folder).agrees
    assert texts_of(folder) == before


def test_an_edited_line_is_one_line_of_the_diff(folder):
    Skill.objects.filter(slug="hipaa").update(summary="Said better: “so”.")
    dump = dump_into(folder)
    assert dump.changed == {"roles.skill hipaa": ["summary"]}
    assert list(dump.texts) == ["20_skills.json"]
    removed, added = diff_of(folder)
    assert removed.startswith('-      "summary": ')
    assert added == '+      "summary": "Said better: “so”.",'


def test_links_that_stay_keep_their_order(folder):
    rows = json.loads((folder / "30_resources.json").read_text())
    slug, old = next(
        (row["fields"]["slug"], [key for (key,) in row["fields"]["skills"]])
        for row in rows
        if row["fields"]["skills"] != sorted(row["fields"]["skills"]) and len(row["fields"]["skills"]) > 2
    )
    resource = Resource.objects.get(slug=slug)
    new = Skill.objects.exclude(slug__in=old).first()
    resource.skills.add(new)
    resource.skills.remove(Skill.objects.get(slug=old[0]))
    dump_into(folder)
    rows = json.loads((folder / "30_resources.json").read_text())
    found = next(row["fields"]["skills"] for row in rows if row["fields"]["slug"] == slug)
    assert [key for (key,) in found] == [*old[1:], new.slug]


@pytest.mark.slow
def test_a_field_that_the_file_does_not_name_is_added_and_stays(folder):
    goal = Goal.objects.first()
    Goal.objects.filter(pk=goal.pk).update(retired=True)
    assert dump_into(folder).changed == {f"roles.goal {goal.key}": ["retired"]}
    Goal.objects.filter(pk=goal.pk).update(retired=False)
    assert dump_into(folder).changed == {f"roles.goal {goal.key}": ["retired"]}
    assert '+      "retired": false' in diff_of(folder)


@pytest.mark.slow
def test_what_the_system_writes_is_left_out(folder, analytics):
    assert analytics.blueprint is not None
    assert Goal.objects.first().published
    dump_into(folder, overwrite=True)
    assert diff_of(folder) == []


@pytest.mark.slow
def test_what_was_dumped_can_be_dumped_again_after_another_edit(folder):
    for summary in ("Once", "Twice", "Three times"):
        Skill.objects.filter(slug="hipaa").update(summary=summary)
        assert dump_into(folder).left_alone == []
        assert f'+      "summary": "{summary}",' in diff_of(folder)


def test_a_row_that_staff_deleted_leaves_its_file_and_stays_away(folder):
    RoleFit.objects.first().delete()
    (name,) = dump_into(folder).removed
    assert name.startswith("roles.rolefit ai-healthcare-analytics-specialist")
    assert all(line.startswith("-") for line in diff_of(folder))
    assert load(folder).left_alone == []
    assert not LoadedRow.objects.filter(model="roles.rolefit").count() > RoleFit.objects.count()


@pytest.mark.slow
def test_a_row_made_dumped_and_deleted_again_leaves_nothing(folder):
    source = Source.objects.create(code="new-2026", title="New", kind="paper")
    assert dump_into(folder).added == ["roles.source new-2026"]
    source.delete()
    assert dump_into(folder).removed == ["roles.source new-2026"]
    assert diff_of(folder) == []


@pytest.mark.slow
class TestChangedInTheFileToo:
    """Nothing that this database does not know is written over."""

    def test_a_newer_file_is_left_alone(self, folder):
        edit(folder, "20_skills.json", lambda rows: rows[0]["fields"].update(summary="Newer in git"))
        before = texts_of(folder)
        (left,) = dump_into(folder).left_alone
        assert left.endswith("(newer in the file: load it first)")
        assert texts_of(folder) == before

    def test_what_both_changed_is_left_alone(self, folder):
        slug = json.loads((folder / "20_skills.json").read_text())[0]["fields"]["slug"]
        edit(folder, "20_skills.json", lambda rows: rows[0]["fields"].update(summary="Newer in git"))
        Skill.objects.filter(slug=slug).update(summary="Newer in the admin")
        dump = dump_into(folder)
        assert dump.left_alone == [f"roles.skill {slug} (changed in the file as well)"]
        assert not dump.agrees
        assert dump_into(folder, overwrite=True).changed == {f"roles.skill {slug}": ["summary"]}
        assert '+      "summary": "Newer in the admin",' in diff_of(folder)

    def test_a_row_that_was_never_loaded_stays_in_its_file(self, folder):
        new = {"model": "roles.source", "fields": {"code": "z-2026", "title": "Z", "kind": "paper"}}
        edit(folder, "10_sources.json", lambda rows: rows.append(new))
        assert dump_into(folder).left_alone == ["roles.source z-2026 (not loaded yet)"]
        assert dump_into(folder, overwrite=True).removed == ["roles.source z-2026"]

    def test_a_row_that_left_the_files_does_not_come_back(self, folder):
        edit(folder, "42_people.json", lambda rows: rows.remove(next(r for r in rows if r["model"] == "roles.rolefit")))
        (left,) = dump_into(folder).left_alone
        assert left.endswith("(no longer in the fixtures: load them first)")
        assert len(dump_into(folder, overwrite=True).added) == 1

    def test_a_row_deleted_here_and_changed_there_stays_in_its_file(self, folder):
        def change(rows):
            next(row for row in rows if row["model"] == "roles.rolefit")["fields"]["text"] = "Newer in git"

        edit(folder, "42_people.json", change)
        RoleFit.objects.first().delete()
        (left,) = dump_into(folder).left_alone
        assert left.endswith("(deleted here, but changed in the file)")


@pytest.mark.slow
class TestNewRows:
    """They stand where a person would have put them, and look like their neighbors."""

    def rows(self, folder: Path, file: str) -> list[dict]:
        return json.loads((folder / file).read_text())

    def before(self, folder: Path, file: str, **fields: object) -> dict:
        """The row before the one with these fields; the new row is tried against it."""
        rows = self.rows(folder, file)
        place = next(n for n, row in enumerate(rows) if fields.items() <= row["fields"].items())
        new, other = rows[place], rows[place - 1]
        if new["model"] == other["model"]:
            assert list(new["fields"]) == list(other["fields"])
        return other

    def test_a_goal_follows_the_last_one_of_its_phase(self, folder, analytics):
        phase = analytics.phases.get(order=2)
        last = phase.goals.last()
        Goal.objects.create(phase=phase, order=50, text="A new thing")
        dump_into(folder)
        assert self.before(folder, "51_goals.json", text="A new thing")["fields"]["key"] == str(last.key)

    def test_a_phase_with_all_that_belongs_to_it(self, folder, analytics):
        last = Phase.objects.filter(role=analytics).last()
        phase = Phase.objects.create(
            role=analytics,
            slug="new",
            order=50,
            title="New",
            kind="data",
            weeks=2,
            summary="S",
            source=analytics.source,
        )
        milestone = Milestone.objects.create(phase=phase, text="Can do it")
        for order in (1, 2):
            Criterion.objects.create(milestone=milestone, order=order, text=f"Criterion {order}")
        dump_into(folder)
        assert self.before(folder, "50_phases.json", slug="new")["fields"]["slug"] == last.slug
        criteria = Criterion.objects.filter(milestone=last.milestone)
        assert self.before(folder, "52_milestones.json", text="Can do it")["fields"]["key"] == str(criteria.last().key)
        assert self.before(folder, "52_milestones.json", text="Criterion 1")["fields"]["key"] == str(milestone.key)
        assert self.before(folder, "52_milestones.json", text="Criterion 2")["fields"]["text"] == "Criterion 1"

    def test_a_question_goes_into_the_file_of_its_role(self, folder, analytics):
        question = Question.objects.create(
            slug="new-one",
            category="domain",
            level=2,
            prompt="Why?",
            model_answer="So.",
            key_points=["So"],
            follow_up="?",
        )
        question.roles.add(analytics)
        SampleAnswer.objects.create(
            question=question, number=1, text="T", substance=1, reasoning=1, grounding=1, delivery=1, why="W"
        )
        dump_into(folder)
        before = self.before(folder, "72_questions_analytics_2.json", slug="new-one")
        assert before["fields"]["roles"] == [[ANALYTICS]]
        assert "new-one" in [row["fields"].get("slug") for row in self.rows(folder, "72_questions_analytics_2.json")]
        assert self.before(folder, "72_questions_analytics_2.json", question=["new-one"])["fields"]["slug"] == "new-one"

    def test_a_role_does_not_part_another_one_from_its_rows(self, folder):
        role = Role.objects.create(
            slug="zz", name="ZZ", short_name="ZZ", profile="short", tagline="T", summary="S",
            source=Source.objects.get(code="001"),
        )  # fmt: skip
        RolePoint.objects.create(role=role, kind="driver", order=1, text="P", source=role.source)
        RoleFaq.objects.create(role=role, topic="demand", order=1, question="Q?", answer="A")
        dump_into(folder)
        assert self.before(folder, "45_roles_market.json", slug="zz")["model"] != "roles.role"
        assert self.before(folder, "45_roles_market.json", role=["zz"])["fields"]["slug"] == "zz"
        assert self.before(folder, "44_faq.json", question="Q?")["model"] == "roles.rolefaq"

    def test_titles_of_a_new_level_stand_in_their_order(self, folder):
        role = Role.objects.get(slug="clinical-ai-engineer")
        level = CareerLevel.objects.create(
            role=role, order=1, years_min=0, salary_min=1, salary_max=2, source=role.source
        )
        LevelTitle.objects.create(level=level, order=2, title="Second")
        LevelTitle.objects.create(level=level, order=1, title="First")
        dump_into(folder)
        assert self.before(folder, "43_ladder.json", title="Second")["fields"]["title"] == "First"


class TestCommand:
    def test_check_names_what_differs_writes_nothing_and_fails(self, folder, capsys):
        call_command("dump_catalog", str(folder), "--check")
        Skill.objects.filter(slug="hipaa").update(summary="Said better.")
        before = texts_of(folder)
        with pytest.raises(CommandError, match="differ") as caught:
            call_command("dump_catalog", str(folder), "--check")
        assert caught.value.returncode == 1
        assert "changed: roles.skill hipaa: summary" in capsys.readouterr().out
        assert texts_of(folder) == before
        assert not DumpedRow.objects.exists()

    def test_it_writes(self, folder, capsys):
        Skill.objects.filter(slug="hipaa").update(summary="Said better.")
        call_command("dump_catalog", str(folder))
        assert "0 new, 1 changed, 0 removed" in capsys.readouterr().out
        assert len(diff_of(folder)) == 2

    def test_a_file_that_cannot_be_read_is_named_and_nothing_written(self, folder):
        (folder / "20_skills.json").write_text("[{")
        Source.objects.filter(code="001").update(title="Changed")
        before = texts_of(folder)
        with pytest.raises(CommandError, match=r"20_skills.json: not readable.*\nNothing was written"):
            call_command("dump_catalog", str(folder))
        assert texts_of(folder) == before
