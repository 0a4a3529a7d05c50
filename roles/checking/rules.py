"""The rules of the catalog. Those of the question bank are in `interviews.bank_rules`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, models
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from roles.checking.findings import Finding, about, in_one_query, rule, said
from roles.fixtures import catalog_models
from roles.models import (
    CareerLevel,
    Certification,
    Claim,
    Company,
    Correction,
    EntryPath,
    Goal,
    Guide,
    GuideSection,
    Milestone,
    Phase,
    Resource,
    Role,
    Skill,
    SkillArea,
    Source,
    Tool,
    UseCase,
)
from roles.models.role import Profile
from roles.models.skills import ToolKind
from roles.models.sources import SourceKind


@rule("sources-missing", "Texts without a source", "Say what the text rests on, so that readers can look it up.")
def without_sources(today: date) -> Iterator[Finding]:
    silent = "Its text names no source."
    yield from in_one_query(
        about(Skill.objects.filter(sources=None).exclude(what=""), silent, field="sources"),
        about(Tool.objects.filter(sources=None).exclude(what=""), silent, field="sources"),
        about(Guide.objects.filter(sources=None), "It lists no source.", field="sources"),
        about(Correction.objects.filter(sources=None), "It corrects no source.", field="sources"),
    )


@rule("address-missing", "Without an address", "Give the page where readers find it, or say why there is none.")
def without_address(today: date) -> Iterator[Finding]:
    ours = Q(kind=SourceKind.EDITOR)
    yield from in_one_query(
        about(Source.objects.filter(url="").exclude(ours), "Readers cannot open it.", field="url"),
        about(
            Resource.objects.filter(url="", doi="").exclude(status=Resource.Status.NOT_FOUND),
            "It has neither an address nor a DOI.",
            field="url",
        ),
        about(
            Tool.objects.filter(url="").exclude(kind=ToolKind.CATEGORY),
            "Readers are not led to it.",
            field="url",
        ),
    )


@rule("empty-section", "Sections with nothing in them", "Fill them. A page leaves out a heading without content.")
def empty_sections(today: date) -> Iterator[Finding]:
    phases = Phase.objects.filter(retired=False)
    yield from in_one_query(
        *_roles_without(Profile.FULL, "fits", "day", "metrics", "levels", "faqs", "points", "phases"),
        *_roles_without(Profile.SHORT, "points", "requirements", "pay", "named_skills"),
        _without(phases, "goals", Q(goals__retired=False)),
        _without(phases, "resource_links"),
        _without(phases, "milestone"),
        _without(Milestone.objects.all(), "criteria", Q(criteria__retired=False)),
        _without(CareerLevel.objects.all(), "titles"),
        _without(CareerLevel.objects.all(), "duties"),
        _without(UseCase.objects.all(), "solutions"),
        _without(EntryPath.objects.all(), "steps"),
        _without(SkillArea.objects.all(), "points"),
        _without(Guide.objects.all(), "sections"),
        about(
            GuideSection.objects.filter(body__regex=r"^\s*$", shows="", statistics=None),
            "It has neither text nor figures.",
            field="body",
        ),
        *(
            about(
                model.objects.exclude(what="").filter(**{text: ""}),
                f"Its guide has no part “{text.replace('_', ' ')}”.",
                field=text,
            )
            for model in (Skill, Tool)
            for text in ("why_in_care", "exercise", "pitfalls")
        ),
    )


def _roles_without(profile: Profile, *relations: str) -> Iterator[QuerySet[Role, tuple[object, ...]]]:
    for relation in relations:
        yield _without(Role.objects.filter(profile=profile), relation)


def _without[M: models.Model](
    rows: QuerySet[M], relation: str, extra: Q | None = None
) -> QuerySet[M, tuple[object, ...]]:
    """Rows to which nothing of a kind belongs."""
    kind = rows.model._meta.get_field(relation).related_model._meta.verbose_name_plural  # type: ignore[union-attr]
    some = rows.model._default_manager.filter(extra or Q(**{f"{relation}__isnull": False}), pk=OuterRef("pk"))
    return about(rows.filter(~Exists(some)), f"It has no {kind}.", field=relation)


@rule("unlinked", "Nothing leads there", "Link it, so that readers find it where they need it, or take it out.")
def unlinked(today: date) -> Iterator[Finding]:
    goals = Goal.objects.filter(retired=False, phase__retired=False)
    ours = [each for each in Skill._meta.related_objects if each.related_model._meta.app_label == "roles"]
    nowhere = Q(**{f"{each.name}__isnull": True for each in ours if each.related_model is not Skill})
    yield from in_one_query(
        about(Skill.objects.filter(nowhere), "No goal, role, tool or resource leads to it."),
        about(
            Company.objects.filter(listings=None, use_case_links=None, parts=None),
            "No category, use case or company leads to it.",
        ),
        about(goals.filter(skills=None), "It names no skill that it teaches.", field="skills"),
        about(
            Resource.objects.filter(skills=None, tools=None),
            "It names neither a skill nor a tool that it teaches.",
            field="skills",
        ),
        about(Tool.objects.filter(skills=None), "It belongs to no skill.", field="skills"),
        about(Certification.objects.filter(skills=None), "It names no skill.", field="skills"),
    )


@rule(
    "figure-stale",
    "Figures older than a year",
    "Look whether there is a newer one, then change the figure and its date.",
)
def stale_figures(today: date) -> Iterator[Finding]:
    before = today - timedelta(days=365)
    yield from in_one_query(
        *(
            about(
                model._default_manager.filter(as_of__lt=before),
                said("Stated for ", Cast("as_of", models.TextField()), "."),
                field="as_of",
            )
            for model in catalog_models()
            if issubclass(model, Claim)
        )
    )


@rule(
    "resource-gone",
    "Resources that are not what they were",
    "Put another one in their place where phases use them, or say in the note what a learner should do.",
)
def gone_resources(today: date) -> Iterator[Finding]:
    gone = Resource.objects.exclude(status=Resource.Status.OK)
    used = gone.annotate(used=Count("phase_links", filter=Q(phase_links__phase__retired=False)))
    status = models.Case(
        *(models.When(status=value, then=Value(label)) for value, label in Resource.Status.choices),
        output_field=models.TextField(),
    )
    phases = Cast("used", models.TextField())
    words = said(status, "; phases that use it: ", phases, ".")
    yield from in_one_query(about(used.filter(Q(used__gt=0) | Q(note="")), words, field="status"))


@rule("heading-empty", "Headings without content", "Write what the heading promises, or take it out.")
def empty_headings(today: date) -> Iterator[Finding]:
    texts = [
        about(
            model._default_manager.filter(**{f"{each.name}__regex": r"(^|\n)#{1,6}\s"}),
            F(each.name),
            field=each.name,
        )
        for model in catalog_models()
        for each in model._meta.concrete_fields
        if type(each) is models.TextField
    ]
    for found in in_one_query(*texts):
        for heading in headings_without_content(found.words):
            words = f"Nothing stands under “{heading}”."
            yield Finding(found.model, found.row, found.shown, words, found.field, part_of=found.part_of)
            break


_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")


def headings_without_content(text: str) -> list[str]:
    """Headings of a Markdown text that are followed by none of their own: by the end, or by one that is no part."""
    empty, last = [], None
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading:
            if last and len(heading[1]) <= len(last[1]):
                empty.append(last[2])
            last = heading
        elif line.strip():
            last = None
    return [*empty, last[2]] if last else empty


@rule("skills-in-circle", "Skills that build on themselves", "Take one of the links out: nobody could begin.")
def circles_of_skills(today: date) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE way AS (
                SELECT from_skill_id AS start, to_skill_id AS place FROM roles_skill_builds_on
                UNION
                SELECT way.start, link.to_skill_id
                FROM way JOIN roles_skill_builds_on AS link ON link.from_skill_id = way.place
            )
            SELECT skill.id, skill.name FROM way JOIN roles_skill AS skill ON skill.id = way.start
            WHERE way.start = way.place ORDER BY skill.name
            """
        )
        found = cursor.fetchall()
    for number, name in found:
        yield Finding(Skill, number, name, "It builds on itself, by way of others.", "builds_on")
