"""What guides to a degree show: ways to study, admission, accreditation, courses, cost, credentials, checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from roles.guides.parts.rows import LINK, Grouped, Rows, Tables, grouped, skills_of, with_rows
from roles.models import (
    AccreditationStep,
    Accreditor,
    AdmissionCriterion,
    Certification,
    CostItem,
    CourseworkArea,
    DegreeOption,
    ProgramCheck,
    Skill,
    Tool,
)
from roles.nested import CLAIM_FIELDS, every_row_of, its_figure, its_source, made, rows_of


@dataclass(frozen=True, slots=True)
class Accreditation:
    accreditors: list[Accreditor]
    steps: list[AccreditationStep]


@dataclass(frozen=True, slots=True)
class Coursework:
    area: CourseworkArea
    skills: list[Skill]
    tools: list[Tool]


@dataclass(frozen=True, slots=True)
class Costs:
    groups: Grouped[CostItem]
    options: list[DegreeOption]


@dataclass(frozen=True, slots=True)
class Credential:
    certification: Certification
    alternatives: list[Certification]
    skills: list[Skill]


@dataclass(frozen=True, slots=True)
class Checks:
    groups: Grouped[ProgramCheck]
    count: int


def admission_tables() -> Tables:
    return {
        "admission": every_row_of(
            AdmissionCriterion,
            *("kind", "order", "name", "text", "value", "comparator", "scale", "strength", *CLAIM_FIELDS),
            **its_source(),
            **its_figure("statistic"),
        )
    }


def read_admission(rows: Mapping[str, Rows]) -> list[AdmissionCriterion]:
    return made(AdmissionCriterion, rows["admission"])


def options_tables() -> Tables:
    return {
        "options": every_row_of(
            DegreeOption,
            *("slug", "axis", "order", "name", "text", "suits", "tuition_min", "tuition_max"),
            *("months_min", "months_max", "approximate", "pros", "cons", *CLAIM_FIELDS),
            ordered_by=("axis", "order"),
            **its_source(),
        )
    }


def read_options(axis: str) -> Callable[[Mapping[str, Rows]], list[DegreeOption]]:
    return lambda rows: [option for option in made(DegreeOption, rows["options"]) if option.axis == axis]


def accreditation_tables() -> Tables:
    return {
        "accreditors": every_row_of(
            Accreditor,
            *("slug", "order", "abbreviation", "name", "level", "applies_to", "text", "url", *CLAIM_FIELDS),
            **its_source(),
        ),
        "steps": every_row_of(
            AccreditationStep, "order", "title", "text", "where", "url", *CLAIM_FIELDS, **its_source()
        ),
    }


def read_accreditation(rows: Mapping[str, Rows]) -> Accreditation:
    return Accreditation(made(Accreditor, rows["accreditors"]), made(AccreditationStep, rows["steps"]))


def coursework_tables() -> Tables:
    return {
        "coursework": every_row_of(
            CourseworkArea,
            *("slug", "order", "name", "tier", "text", *CLAIM_FIELDS),
            its_skills=skills_of("coursework"),
            its_tools=rows_of(Tool, *LINK, of="coursework", ordered_by=("name",)),
            **its_source(),
            **its_figure("share"),
        )
    }


def read_coursework(rows: Mapping[str, Rows]) -> Grouped[Coursework]:
    areas = [
        Coursework(area, made(Skill, row["its_skills"]), made(Tool, row["its_tools"]))
        for area, row in with_rows(CourseworkArea, rows["coursework"])
    ]
    return grouped(areas, "tier", CourseworkArea.Tier, of=lambda each: each.area)


def cost_tables() -> Tables:
    costs = every_row_of(
        CostItem,
        *("slug", "order", "name", "kind", "amount_min", "amount_max", "approximate", "residency", "text"),
        *CLAIM_FIELDS,
        **its_source(),
    )
    return {"costs": costs, **options_tables()}


def read_cost(rows: Mapping[str, Rows]) -> Costs:
    items = made(CostItem, rows["costs"])
    return Costs(grouped(items, "kind", CostItem.Kind), made(DegreeOption, rows["options"]))


def credentials_tables() -> Tables:
    return {
        "certifications": every_row_of(
            Certification,
            *("slug", "order", "name", "abbreviation", "issuer", "standing", "focus", "text", "aims", "url"),
            *CLAIM_FIELDS,
            its_alternatives=rows_of(Certification, "slug", "name", "abbreviation", of="instead_of"),
            its_skills=skills_of("certifications"),
            **its_source(),
        )
    }


def read_credentials(rows: Mapping[str, Rows]) -> list[Credential]:
    return [
        Credential(each, made(Certification, row["its_alternatives"]), made(Skill, row["its_skills"]))
        for each, row in with_rows(Certification, rows["certifications"])
    ]


def checks_tables() -> Tables:
    return {
        "checks": every_row_of(ProgramCheck, "slug", "group", "order", "text", *CLAIM_FIELDS, **its_source()),
    }


def read_checks(rows: Mapping[str, Rows]) -> Checks:
    checks = made(ProgramCheck, rows["checks"])
    return Checks(grouped(checks, "group", ProgramCheck.Group), len(checks))
