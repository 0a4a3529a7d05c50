"""An import says what it would change, row by row, and changes all of it or nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import connection

from interviews.models import Question, SampleAnswer
from roles.exchange import trying
from roles.exchange.columns import columns_of
from roles.exchange.importing import NotNowError
from roles.models import ChangeSet, Company, Goal, Milestone, Phase, Role, RoleFaq, Skill
from roles.models.base import CatalogVersion
from tests.roles.exchange.importing import confirmed, entries, faults, outcomes, question, tried, written

HIPAA, SQL = "hipaa", "sql-for-health-data"


@pytest.fixture
def phase(db) -> Phase:
    return Phase.objects.filter(goals__isnull=False).first()


# ---------------------------------------------------------------- what a try says


def test_a_try_says_what_is_new_changed_and_unchanged_and_changes_nothing(mei, hipaa):
    before = Question.objects.count()
    old, same = Question.objects.first(), Question.objects.last()
    found = tried(
        Question,
        entries(
            question("brand-new"),
            {"slug": old.slug, "prompt": "Reworded?", "level": old.level},
            {"slug": same.slug, "level": same.level},
        ),
        mei,
    )
    assert (found.state, found.format, found.total, found.done) == ("ready", "json", 3, 6)
    assert (found.new, found.changed, found.unchanged, found.faulty) == (1, 1, 1, 0)
    new, changed, unchanged = found.rows.all()
    assert new.changes["prompt"] == [None, "What about brand-new?"]
    assert "follow_up" not in new.changes
    assert (changed.key, changed.changes) == (old.slug, {"prompt": [old.prompt, "Reworded?"]})
    assert unchanged.changes == {}
    assert Question.objects.count() == before
    old.refresh_from_db()
    assert old.prompt != "Reworded?"


def test_visitors_pages_stay_as_they_are_while_something_is_tried(mei):
    version = CatalogVersion.current()
    tried(Skill, entries({"slug": HIPAA, "summary": "Otherwise."}), mei)
    assert CatalogVersion.current() == version


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ({"category": "riddle"}, "category", "riddle"),
        ({"level": "many"}, "level", "must be an integer"),
        ({"level": 9}, "level", "Levels go from 1 to 5."),
        ({"level": ""}, "level", "This may not be empty."),
        ({"level": True}, "level", "must be an integer"),
        ({"preview": "perhaps"}, "preview", "Say “yes” or “no”."),
        ({"prompt": ""}, "prompt", "cannot be blank"),
        ({"prompt": ["a"]}, "prompt", "not a list"),
        ({"prompt": "nul \0"}, "prompt", "no text"),
        ({"prompt": "half \ud800"}, "prompt", "no text"),
        ({"follow_up": "x" * 401}, "follow_up", "at most 400 characters"),
        ({"key_points": []}, "key_points", "cannot be blank"),
        ({"key_points": ["x" * 241]}, "key_points", "at most 240 characters"),
        ({"roles": []}, "roles", "Name at least one."),
        ({"roles": ["no-such", "nor-this"]}, "roles", "There is no role “no-such”, “nor-this”."),
        ({"guide": "no-such"}, "guide", "There is no guide “no-such”."),
        ({"version": 0}, "version", "Versions are counted from 1."),
        ({"order": 40_000}, "order", "less than or equal to 32767"),
        ({"slug": "No slug!"}, "slug", "valid “slug”"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_row_column_and_reason(row, column, reason, mei):
    found = tried(Question, entries(question("fine"), question("broken") | row), mei)
    (number, named, said), *_ = faults(found)
    assert (number, named) == (2, column)
    assert reason in said
    assert (found.state, found.new, found.faulty) == ("faulty", 1, 1)


def test_all_faults_are_named_at_once(mei):
    found = tried(
        Question,
        entries(
            question("a", level=7, category="riddle"),
            question("b", level=8),
            question("c"),
            question("c"),
            {"slug": "d"},
        ),
        mei,
    )
    assert [(number, column) for number, column, _ in faults(found)] == [
        (1, "category"),
        (2, "level"),
        (4, "slug"),
        *((5, name) for name in ("roles", "category", "level", "prompt", "model_answer", "key_points")),
    ]
    assert "Row 3 is about the same" in {number: reason for number, _, reason in faults(found)}[4]


def test_one_bad_row_among_many_stops_all_and_is_named(mei):
    rows = [question(f"q-{each}") for each in range(1200)]
    rows[777]["level"] = 6
    found = tried(Question, entries(*rows), mei)
    assert faults(found) == [(778, "level", "Levels go from 1 to 5.")]
    assert (found.state, found.new, found.faulty) == ("faulty", 1199, 1)
    with pytest.raises(NotNowError):
        confirmed(found, mei)


def test_files_that_are_not_ours_are_refused_as_a_whole(mei):
    found = tried(Skill, b"slug,color\nhipaa,blue\n", mei, "skills.csv")
    assert found.state == "unreadable"
    assert "no column “color” here. The columns are: slug, name," in found.refusal
    assert tried(Skill, b"name\nHIPAA\n", mei).refusal == "The column “slug” is missing: rows are found by it."
    assert "more cells than there are columns" in tried(Skill, b"slug\nhipaa,2\n", mei).refusal


def test_a_refusal_by_a_trigger_is_told_in_its_words(mei, hipaa):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION not_today() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF NEW.slug = 'hipaa' THEN RAISE EXCEPTION 'Not today.'; END IF; RETURN NEW; END $$;"
            "CREATE TRIGGER not_today BEFORE UPDATE ON roles_skill FOR EACH ROW EXECUTE FUNCTION not_today()"
        )
    found = tried(Skill, entries({"slug": SQL, "summary": "T"}, {"slug": HIPAA, "summary": "T"}), mei)
    assert faults(found) == [(2, "", "Not today.")]


# ---------------------------------------------------------------- what is written


def test_what_was_tried_and_confirmed_is_written(mei, hipaa):
    skills = list(Skill.objects.order_by("slug").values_list("slug", flat=True)[:3])
    old = Question.objects.filter(skills__isnull=False).first()
    found = written(
        Question,
        entries(
            question("brand-new", skills=skills, preview=True),
            {"slug": old.slug, "key_points": ["One", "Two"], "skills": skills[:1]},
        ),
        mei,
        "bank.json",
    )
    assert (found.state, found.confirmed_by, found.written_at is None) == ("written", mei, False)
    new = Question.objects.get(slug="brand-new")
    assert (new.key_points, new.preview, new.version) == (["This", "That"], True, 1)
    assert sorted(new.skills.values_list("slug", flat=True)) == skills
    assert [role.slug for role in new.roles.all()] == ["clinical-ai-engineer"]
    again = Question.objects.get(pk=old.pk)
    assert (again.key_points, [each.slug for each in again.skills.all()]) == (["One", "Two"], skills[:1])
    assert (again.prompt, list(again.roles.all())) == (old.prompt, list(old.roles.all())), "no column, no change"


def test_the_history_of_each_row_says_who_imported_it_and_from_what(mei, hipaa):
    other = Skill.objects.get(slug=SQL).name
    found = written(
        Skill,
        entries({"slug": HIPAA, "summary": "S"}, {"slug": SQL, "name": other}),
        mei,
        "skills.json",
    )
    assert found.unchanged == 1
    (entry,) = LogEntry.objects.filter(user=mei)
    assert (entry.object_id, entry.action_flag, entry.change_message) == (
        str(hipaa.pk), CHANGE, "Imported from skills.json: summary.",
    )  # fmt: skip
    written(Question, entries(question("brand-new")), mei)
    assert LogEntry.objects.filter(user=mei, action_flag=ADDITION).count() == 1


def test_a_second_import_of_the_same_file_changes_nothing(mei):
    content = entries(question("brand-new"))
    written(Question, content, mei)
    assert outcomes(tried(Question, content, mei)) == ["unchanged"]


def test_what_changed_since_the_try_is_not_overwritten(mei, hipaa):
    found = confirmed(tried(Skill, entries({"slug": HIPAA, "summary": "From the file."}), mei), mei)
    Skill.objects.filter(slug=HIPAA).update(summary="Somebody else's.")
    trying.write_out(found.pk)
    found.refresh_from_db()
    assert (found.state, found.tried_again, found.confirmed_by) == ("ready", True, None)
    assert found.rows.get().changes == {"summary": ["Somebody else's.", "From the file."]}
    hipaa.refresh_from_db()
    assert hipaa.summary == "Somebody else's."
    confirmed(found, mei)
    trying.write_out(found.pk)
    hipaa.refresh_from_db()
    assert hipaa.summary == "From the file."


def test_what_changed_elsewhere_in_the_row_stands_in_nobodys_way(mei, hipaa):
    found = confirmed(tried(Skill, entries({"slug": HIPAA, "summary": "From the file."}), mei), mei)
    Skill.objects.filter(slug=HIPAA).update(exercise="Somebody else's.")
    trying.write_out(found.pk)
    hipaa.refresh_from_db()
    assert (hipaa.summary, hipaa.exercise) == ("From the file.", "Somebody else's.")


def test_a_fault_that_came_since_the_try_stops_all(mei):
    role = Role.objects.create(
        **{f.attname: getattr(Role.objects.first(), f.attname) for f in Role._meta.concrete_fields}
        | {
            "pk": None,
            "id": None,
            "slug": "short-lived",
            "name": "N",
            "short_name": "N",
            "order": 99,
            "blueprint": None,
        }
    )
    found = confirmed(tried(Question, entries(question("a"), question("b", roles=["short-lived"])), mei), mei)
    role.delete()
    trying.write_out(found.pk)
    found.refresh_from_db()
    assert (found.state, faults(found)) == ("faulty", [(2, "roles", "There is no role “short-lived”.")])
    assert not Question.objects.filter(slug="a").exists()


def test_history_tells_who_imported_what(mei, hipaa):
    written(Skill, entries({"slug": "hipaa", "name": "HIPAA as imported"}), mei, "skills.json")
    found = ChangeSet.objects.latest("at")
    assert (found.by, found.doing) == (mei, "Import of skills.json")


# ---------------------------------------------------------------- keys, places, relations within a file


def test_rows_may_change_places(mei, phase):
    first, second = phase.goals.order_by("order")[:2]
    places = (first.order, second.order)
    found = written(
        Goal,
        entries({"key": str(first.key), "order": second.order}, {"key": str(second.key), "order": first.order}),
        mei,
    )
    assert found.state == "written"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.order, first.order) == places


def test_a_place_that_is_taken_is_named(mei, phase):
    first, second = phase.goals.order_by("order")[:2]
    found = tried(Goal, entries({"key": str(second.key), "order": first.order}), mei)
    assert faults(found) == [(1, "order", "Another goal of the phase has that place.")]


def test_new_goals_get_keys_that_stay(mei, phase):
    mine, place = uuid4(), phase.goals.count() + 50
    at = f"{phase.role.slug}/{phase.slug}"
    found = written(
        Goal,
        entries(
            {"key": str(mine), "phase": at, "order": place, "text": "With a key"},
            {"key": "", "phase": at, "order": place + 1, "text": "Without one"},
        ),
        mei,
    )
    assert found.new == 2
    assert set(phase.goals.filter(order__gte=place).values_list("text", flat=True)) == {"With a key", "Without one"}
    assert Goal.objects.get(key=mine).text == "With a key"


def test_only_publishing_publishes(mei, phase):
    goal = phase.goals.first()
    found = tried(Goal, entries({"key": str(goal.key), "published": not goal.published, "text": "T"}), mei)
    assert faults(found) == [(1, "published", "Only publishing changes this.")]
    same = tried(Goal, entries({"key": str(goal.key), "published": goal.published, "text": "T"}), mei)
    assert (same.state, same.rows.get().changes) == ("ready", {"text": [goal.text, "T"]})


def test_a_phase_has_one_milestone(mei, phase):
    found = tried(
        Milestone, entries({"key": str(uuid4()), "phase": f"{phase.role.slug}/{phase.slug}", "text": "T"}), mei
    )
    assert faults(found) == [(1, "phase", "Another row has this already.")]


def test_new_rows_may_refer_to_each_other_whatever_their_order(mei):
    old = Company.objects.first()
    facts = columns_of(Company).state_of(old, trying.Keys())
    found = written(
        Company,
        entries(
            facts | {"slug": "child-co", "name": "Child", "parent": "parent-co"},
            facts | {"slug": "parent-co", "name": "Parent", "parent": ""},
        ),
        mei,
    )
    assert found.state == "written"
    assert Company.objects.get(slug="child-co").parent.slug == "parent-co"
    circle = tried(
        Company,
        entries(facts | {"slug": "one", "parent": "two"}, facts | {"slug": "two", "parent": "one"}),
        mei,
    )
    assert {reason for _, _, reason in faults(circle)} == {"It refers to new rows that refer back to it."}


def test_goals_may_replace_goals_that_come_with_them(mei, phase):
    at, place = f"{phase.role.slug}/{phase.slug}", phase.goals.count() + 50
    one, two = str(uuid4()), str(uuid4())
    written(
        Goal,
        entries(
            {"key": one, "phase": at, "order": place, "text": "New", "replaces": [two]},
            {"key": two, "phase": at, "order": place + 1, "text": "Old", "retired": True},
        ),
        mei,
    )
    assert str(Goal.objects.get(key=one).replaces.get().key) == two


def test_what_a_model_checks_itself_is_checked(mei):
    faq = RoleFaq.objects.select_related("role").first()
    found = tried(RoleFaq, entries({"role": faq.role.slug, "topic": faq.topic, "answer": "About {nothing}."}), mei)
    ((_, column, reason),) = faults(found)
    assert column == "answer"
    assert "Only these may stand in braces" in reason


def test_rows_are_found_by_keys_of_several_parts(mei):
    sample = SampleAnswer.objects.select_related("question").first()
    written(SampleAnswer, entries({"question": sample.question.slug, "number": sample.number, "why": "Because."}), mei)
    sample.refresh_from_db()
    assert sample.why == "Because."
