import xml.etree.ElementTree as ET
from dataclasses import dataclass

import pytest
from django.template.loader import render_to_string

from roles.blueprint import Goal, Link, Milestone, Phase, Roadmap
from roles.choosing.map_chart import WIDTH, map_chart
from roles.choosing.skill_map import SkillMap, Standing
from roles.models import Skill


@dataclass
class Known:
    """What the map reads of a role."""

    slug: str
    skill_slugs: list[str]
    roadmap: Roadmap | None = None
    short_name: str = "A role"


def taught(slug, *phases):
    """A role whose roadmap teaches these skills, phase by phase."""
    roadmap = Roadmap(
        slug,
        tuple(
            Phase(f"p{number}", number, f"Phase {number}", "data", 4, "", Milestone("m", ""), (_goal(skills),))
            for number, skills in enumerate(phases, start=1)
        ),
    )
    return Known(slug, list(roadmap.skills), roadmap)


def _goal(skills):
    return Goal("-".join(skills), "A goal", tuple(Link(slug, slug) for slug in skills))


def named(slug, *skills):
    return Known(slug, list(skills))


SKILLS = [
    Skill(slug=slug, name=slug.upper(), category=category)
    for slug, category in (
        ("sql", "engineering"),
        ("python", "programming"),
        ("wrangling", "programming"),
        ("models", "machine_learning"),
        ("nlp", "language"),
        ("hipaa", "privacy"),
    )
]
BUILDS_ON = [("wrangling", "python"), ("wrangling", "sql"), ("models", "wrangling"), ("nlp", "models")]
WIDE = taught("wide", ["sql", "python"], ["wrangling", "models"], ["hipaa"])
NARROW = taught("narrow", ["hipaa"], ["nlp"])
SHORT = named("short", "nlp", "models", "python")


def seen(*have, roles=(WIDE, NARROW, SHORT), skills=SKILLS, builds_on=BUILDS_ON):
    return SkillMap(roles, skills, builds_on, have)


def slugs(skills):
    return [skill.slug for skill in skills]


def ways(found):
    return [(way.role.slug, len(way.had), way.total) for way in found]


def entry(found, slug):
    return next(each for _, entries in found.groups for each in entries if each.skill.slug == slug)


def test_the_nearest_role_is_the_one_of_whose_skills_one_has_the_largest_part():
    assert ways(seen("sql", "python", "hipaa").ways) == [("wide", 3, 5), ("narrow", 1, 2)]
    assert ways(seen("hipaa").ways) == [("narrow", 1, 2), ("wide", 1, 5)]


def test_no_role_is_near_while_no_roadmap_teaches_what_one_has():
    assert seen().nearest is None
    assert seen("models", roles=[NARROW, SHORT]).nearest is None
    assert seen("hipaa").nearest.role is NARROW


def test_what_is_missing_comes_in_the_order_of_the_roadmap():
    way = seen("python", "hipaa").ways[1]
    assert way.role is WIDE
    assert [(phase.number, slugs(step.skill for step in steps)) for phase, steps in way.by_phase] == [
        (1, ["sql"]),
        (2, ["wrangling", "models"]),
    ]


def test_a_missing_skill_names_what_to_learn_before_it():
    steps = {step.skill.slug: slugs(step.first) for step in seen("python").ways[0].missing}
    assert steps == {"sql": [], "wrangling": ["sql"], "models": ["wrangling"], "hipaa": []}


def test_roles_whose_skills_are_only_named_stand_apart():
    found = seen("nlp", "models", "python")
    assert [way.role.slug for way in found.ways] == ["narrow", "wide"]
    assert ways(found.named) == [("short", 3, 3)]


def test_without_a_roadmap_what_comes_first_is_learned_first():
    way = seen("hipaa").named[0]
    assert slugs(step.skill for step in way.missing) == ["python", "models", "nlp"]
    assert [phase for phase, _ in way.by_phase] == [None]


def test_a_role_without_skills_is_not_on_the_map():
    assert [role.slug for role in seen(roles=[named("empty"), named("odd", "no-such-skill"), NARROW]).roles] == [
        "narrow"
    ]


def test_roles_with_a_roadmap_come_first_and_keep_their_order():
    assert [role.slug for role in seen(roles=[SHORT, WIDE, NARROW]).roles] == ["wide", "narrow", "short"]


def test_what_one_has_that_is_unknown_counts_nothing():
    assert seen("juggling", "python").have == {"python"}


@pytest.mark.parametrize(
    ("have", "standing"),
    [((), Standing.AHEAD), (("python",), Standing.AHEAD), (("python", "sql"), Standing.READY)],
)
def test_a_skill_is_ready_when_all_its_foundations_are_there(have, standing):
    assert seen(*have).standing("wrangling") == standing
    assert seen("wrangling").standing("wrangling") == Standing.HAD


def test_one_is_told_what_one_could_begin_with():
    assert slugs(each.skill for each in seen("python", "sql").next_skills) == ["wrangling"]
    assert seen().next_skills == []


def test_what_most_roles_need_is_proposed_first():
    roles = [NARROW, SHORT]
    found = seen("python", "wrangling", "models", builds_on=[*BUILDS_ON, ("hipaa", "python")], roles=roles)
    assert [(each.skill.slug, len(each.needs)) for each in found.next_skills] == [("nlp", 2), ("hipaa", 1)]


def test_a_skill_knows_the_phase_that_first_teaches_it():
    needs = [(need.role.slug, need.phase) for need in entry(seen(), "models").needs]
    assert needs == [("wide", 2), ("short", None)]


def test_within_a_category_what_comes_first_stands_first():
    groups = dict(seen().groups)
    assert [each.skill.slug for each in groups["Programming"]] == ["python", "wrangling"]
    assert next(iter(groups)) == "Data engineering"


def test_depth_counts_what_comes_one_after_the_other():
    found = seen()
    assert [found.depth(slug) for slug in ("python", "wrangling", "models", "nlp")] == [0, 1, 2, 3]


def test_a_circle_of_foundations_is_survived():
    circle = [("python", "sql"), ("sql", "python"), ("hipaa", "hipaa")]
    found = seen("python", builds_on=circle)
    assert found.depth("python") == 1
    assert entry(found, "hipaa").builds_on == ()
    assert map_chart(found).arcs


# The drawing


def test_every_skill_has_a_row_and_every_role_a_column():
    chart = map_chart(seen("python"))
    assert sorted(line.entry.skill.slug for line in chart.lines) == sorted(skill.slug for skill in SKILLS)
    assert [column.role.slug for column in chart.columns] == ["wide", "narrow", "short"]
    assert len(chart.headings) == len({skill.category for skill in SKILLS})


def test_rows_follow_each_other_and_columns_stay_inside():
    chart = map_chart(seen(roles=[WIDE, *(named(f"role-{n}", "python") for n in range(30))]))
    ys = [line.y for line in chart.lines]
    assert ys == sorted(set(ys))
    assert chart.height > ys[-1]
    assert all(0 < column.x < WIDTH for column in chart.columns)


def test_a_mark_stands_where_a_role_needs_a_skill():
    chart = map_chart(seen())
    line = next(line for line in chart.lines if line.entry.skill.slug == "nlp")
    assert [(mark.x, mark.phase) for mark in line.marks] == [(chart.columns[1].x, 2), (chart.columns[2].x, None)]


def test_an_arc_leads_from_each_skill_to_what_builds_on_it():
    chart = map_chart(seen("python"))
    assert len(chart.arcs) == len(BUILDS_ON)
    assert [arc.is_open for arc in chart.arcs].count(True) == 1


def test_arcs_stay_on_the_page():
    for arc in map_chart(seen()).arcs:
        assert min(float(number) for number in arc.path.replace("M", " ").replace("C", " ").split()) >= -60


def test_the_drawing_is_sound_and_paints_nothing_itself():
    html = render_to_string("roles/skill_map_drawn.html", {"chart": map_chart(seen("python", "sql")), "icons": ""})
    svg = ET.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])
    names = {name for each in svg.iter() for name in each.attrib}
    assert not names & {"style", "fill", "stroke"}
    assert svg.attrib["role"] == "img"
    assert "6 skills in rows, 3 roles in columns" in svg.attrib["aria-label"]


def test_an_empty_map_can_be_drawn():
    assert map_chart(SkillMap([], [], [])).lines == ()
