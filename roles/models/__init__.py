"""The catalog: what staff write and everybody reads."""

from roles.models.base import CatalogModel, CatalogVersion, LoadedRow
from roles.models.curriculum import Criterion, Goal, Milestone, Phase, PhaseResource
from roles.models.ladder import CareerLevel, LevelDuty, LevelTitle
from roles.models.people import (
    DaySlot,
    RoleFaq,
    RoleFit,
    RoleMetric,
    RolePoint,
    RoleSector,
)
from roles.models.resources import Resource
from roles.models.role import Role
from roles.models.skills import Skill, Tool
from roles.models.sources import Claim, Correction, Source, Verification

__all__ = [
    "CareerLevel",
    "CatalogModel",
    "CatalogVersion",
    "Claim",
    "Correction",
    "Criterion",
    "DaySlot",
    "Goal",
    "LevelDuty",
    "LevelTitle",
    "LoadedRow",
    "Milestone",
    "Phase",
    "PhaseResource",
    "Resource",
    "Role",
    "RoleFaq",
    "RoleFit",
    "RoleMetric",
    "RolePoint",
    "RoleSector",
    "Skill",
    "Source",
    "Tool",
    "Verification",
]
