"""What guides to the market show: what drives it, roles, skills, use cases, challenges, ways in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from roles.guides.parts.rows import LINK, Grouped, Rows, Tables, grouped, once, skills_of, with_rows
from roles.models import (
    Challenge,
    Company,
    EntryPath,
    EntryStep,
    MarketDriver,
    Role,
    SalaryObservation,
    Skill,
    SkillArea,
    SkillAreaPoint,
    Statistic,
    UseCase,
)
from roles.nested import CLAIM_FIELDS, every_row_of, its_one, its_source, made, rows_of


@dataclass(frozen=True, slots=True)
class RoleInBrief:
    role: Role
    pay: list[SalaryObservation]
    figures: list[Statistic]
    use_cases: list[UseCase]


@dataclass(frozen=True, slots=True)
class AreaOfSkill:
    area: SkillArea
    aspects: Grouped[SkillAreaPoint]
    skills: list[Skill]


@dataclass(frozen=True, slots=True)
class Work:
    """A use case with the names of who is named for it and of what it asks for."""

    use_case: UseCase
    companies: list[Company]
    skills: list[Skill]


@dataclass(frozen=True, slots=True)
class Hurdle:
    challenge: Challenge
    skills: list[Skill]


@dataclass(frozen=True, slots=True)
class Step:
    step: EntryStep
    skills: list[Skill]


@dataclass(frozen=True, slots=True)
class WayIn:
    path: EntryPath
    steps: list[Step]
    roles: list[Role]


def drivers_tables() -> Tables:
    return {
        "drivers": every_row_of(
            MarketDriver, "order", "name", "text", *CLAIM_FIELDS, **its_source(), **its_one("use_case", *LINK)
        )
    }


def read_drivers(rows: Mapping[str, Rows]) -> list[MarketDriver]:
    return made(MarketDriver, rows["drivers"])


def roles_tables() -> Tables:
    pay = rows_of(
        SalaryObservation,
        *("order", "measure", "low", "high", "open_top", "approximate", "geography", "period_assumed", *CLAIM_FIELDS),
        **its_source(),
    )
    figures = rows_of(
        Statistic,
        *("slug", "subject", "value_low", "value_high", "unit", "comparator", "horizon", *CLAIM_FIELDS),
        ordered_by=("topic", "order"),
        **its_source(),
    )
    return {
        "roles": rows_of(
            Role,
            *("slug", "name", "short_name", "tagline", "profile", "order"),
            of="source",
            to="source",
            its_pay=pay,
            its_figures=figures,
            its_use_cases=rows_of(UseCase, *LINK, of="roles"),
        )
    }


def read_roles(rows: Mapping[str, Rows]) -> list[RoleInBrief]:
    return [
        RoleInBrief(
            role,
            made(SalaryObservation, row["its_pay"]),
            made(Statistic, row["its_figures"]),
            made(UseCase, row["its_use_cases"]),
        )
        for role, row in with_rows(Role, rows["roles"])
    ]


def areas_tables() -> Tables:
    points = rows_of(SkillAreaPoint, "aspect", "order", "text", *CLAIM_FIELDS, of="area", **its_source())
    return {
        "areas": every_row_of(
            SkillArea,
            *("slug", "order", "name", "summary", "required", *CLAIM_FIELDS),
            its_points=points,
            its_skills=skills_of("areas"),
            **its_source(),
        )
    }


def read_areas(rows: Mapping[str, Rows]) -> list[AreaOfSkill]:
    return [
        AreaOfSkill(
            area,
            grouped(made(SkillAreaPoint, row["its_points"]), "aspect", SkillAreaPoint.Aspect),
            made(Skill, row["its_skills"]),
        )
        for area, row in with_rows(SkillArea, rows["areas"])
    ]


def work_tables() -> Tables:
    return {
        "use_cases": every_row_of(
            UseCase,
            *(*LINK, "order", "summary", *CLAIM_FIELDS),
            its_companies=rows_of(
                Company, *LINK, "status", of="use_case_links__use_case", ordered_by=("use_case_links__order",)
            ),
            its_skills=rows_of(Skill, *LINK, of="use_case_links__use_case", ordered_by=("use_case_links__order",)),
            **its_source(),
        )
    }


def read_work(rows: Mapping[str, Rows]) -> list[Work]:
    return [
        Work(use_case, made(Company, row["its_companies"]), once(made(Skill, row["its_skills"])))
        for use_case, row in with_rows(UseCase, rows["use_cases"])
    ]


def challenges_tables() -> Tables:
    return {
        "challenges": every_row_of(
            Challenge,
            *("group", "order", "name", "text", *CLAIM_FIELDS),
            its_skills=skills_of("challenges"),
            **its_source(),
        )
    }


def read_challenges(rows: Mapping[str, Rows]) -> Grouped[Hurdle]:
    hurdles = [Hurdle(each, made(Skill, row["its_skills"])) for each, row in with_rows(Challenge, rows["challenges"])]
    return grouped(hurdles, "group", Challenge.Group, of=lambda hurdle: hurdle.challenge)


def ways_tables() -> Tables:
    return {
        "paths": every_row_of(
            EntryPath,
            *("slug", "order", "title", "audience", "summary", "body", "query", *CLAIM_FIELDS),
            its_steps=rows_of(EntryStep, "order", "title", "text", of="path", its_skills=skills_of("entry_steps")),
            its_roles=rows_of(Role, "slug", "name", "short_name", "tagline", "profile", "order", of="entry_paths"),
            **its_source(),
        )
    }


def read_ways(rows: Mapping[str, Rows]) -> list[WayIn]:
    return [
        WayIn(
            path,
            [Step(step, made(Skill, each["its_skills"])) for step, each in with_rows(EntryStep, row["its_steps"])],
            made(Role, row["its_roles"]),
        )
        for path, row in with_rows(EntryPath, rows["paths"])
    ]
