import pytest

from roles.blueprint import Goal, Link, Milestone, Phase, ResourceLink, Roadmap
from roles.models import Role
from roles.teaching import Teaching, roles_of

FHIR, SQL, HIPAA = Link("fhir", "FHIR"), Link("sql", "SQL"), Link("hipaa", "HIPAA")
PANDAS = Link("pandas", "pandas")
BOOK = ResourceLink("book", "A book", "book", "Book", note="Chapter 2")


def phase(number, *goals, resources=()):
    return Phase(f"phase-{number}", number, f"Phase {number}", "data", 4, "", Milestone("m", ""), goals, resources)


def role(pk, *phases):
    return Role(pk=pk, slug=f"role-{pk}", short_name=f"Role {pk}", blueprint=Roadmap(f"role-{pk}", phases).to_json())


@pytest.fixture
def teaching():
    return Teaching(
        [
            role(
                1,
                phase(1, Goal("a", "A", (SQL,), (PANDAS,)), Goal("b", "B", (SQL, HIPAA)), resources=(BOOK,)),
                phase(2, Goal("c", "C", (FHIR, SQL)), Goal("d", "D", (HIPAA,), retired=True)),
            ),
            role(2, phase(1, Goal("e", "E", (HIPAA, SQL)), resources=(BOOK,))),
            Role(pk=3, slug="role-3", short_name="Role 3"),
        ]
    )


def test_a_skill_knows_every_phase_and_goal_that_teaches_it(teaching):
    lessons = [(each.role.pk, each.phase.number, [goal.key for goal in each.goals]) for each in teaching.skills["sql"]]
    assert lessons == [(1, 1, ["a", "b"]), (1, 2, ["c"]), (2, 1, ["e"])]


def test_a_retired_goal_teaches_nothing(teaching):
    assert [(each.role.pk, each.phase.number) for each in teaching.skills["hipaa"]] == [(1, 1), (2, 1)]


def test_a_role_without_a_roadmap_teaches_nothing(teaching):
    assert [each.pk for each in teaching.roles] == [1, 2]


def test_skills_of_the_same_goals_come_most_often_shared_first(teaching):
    assert teaching.skills_beside("sql") == [HIPAA, FHIR]


def test_a_resource_knows_every_phase_that_uses_it(teaching):
    assert [(use.role.pk, use.phase.number, use.link.note) for use in teaching.resources["book"]] == [
        (1, 1, "Chapter 2"),
        (2, 1, "Chapter 2"),
    ]


def test_a_tool_brings_the_skills_of_its_goals(teaching):
    assert teaching.skills_with("pandas") == [SQL]
    assert teaching.skills_with("unheard-of") == []


def test_roles_are_named_once(teaching):
    assert [each.pk for each in roles_of(teaching.skills["sql"])] == [1, 2]
