"""The catalog: what staff write and everybody reads."""

from roles.models.base import CatalogModel, CatalogVersion, DumpedRow, LoadedRow
from roles.models.checking import KnownFinding, LastCheck
from roles.models.companies import Company, CompanyListing
from roles.models.curriculum import Criterion, Goal, Milestone, Phase, PhaseResource
from roles.models.degree import (
    AccreditationStep,
    Accreditor,
    AdmissionCriterion,
    Certification,
    CostItem,
    CourseworkArea,
    DegreeOption,
    ProgramCheck,
)
from roles.models.guides import Guide, GuideAnswer, GuideSection
from roles.models.history import ChangeSet, RowChange
from roles.models.imports import Import, ImportFile, ImportRow, ImportState, Outcome
from roles.models.ladder import CareerLevel, LevelDuty, LevelTitle, SalaryObservation
from roles.models.links import LinkCheck, LinkState
from roles.models.market import Challenge, EntryPath, EntryStep, MarketDriver, SkillArea, SkillAreaPoint
from roles.models.people import (
    DaySlot,
    RoleFaq,
    RoleFit,
    RoleMetric,
    RolePoint,
    RoleRequirement,
    RoleSector,
)
from roles.models.programs import Program
from roles.models.resources import Resource
from roles.models.reverts import Revert, RevertState
from roles.models.role import Role
from roles.models.search import SearchEntry, SearchKind, SearchWord
from roles.models.skills import Skill, Tool
from roles.models.sources import Claim, Correction, Source, Verification
from roles.models.statistics import Statistic
from roles.models.use_cases import UseCase, UseCaseCompany, UseCaseSkill, UseCaseSolution

__all__ = [
    "AccreditationStep",
    "Accreditor",
    "AdmissionCriterion",
    "CareerLevel",
    "CatalogModel",
    "CatalogVersion",
    "Certification",
    "Challenge",
    "ChangeSet",
    "Claim",
    "Company",
    "CompanyListing",
    "Correction",
    "CostItem",
    "CourseworkArea",
    "Criterion",
    "DaySlot",
    "DegreeOption",
    "DumpedRow",
    "EntryPath",
    "EntryStep",
    "Goal",
    "Guide",
    "GuideAnswer",
    "GuideSection",
    "Import",
    "ImportFile",
    "ImportRow",
    "ImportState",
    "KnownFinding",
    "LastCheck",
    "LevelDuty",
    "LevelTitle",
    "LinkCheck",
    "LinkState",
    "LoadedRow",
    "MarketDriver",
    "Milestone",
    "Outcome",
    "Phase",
    "PhaseResource",
    "Program",
    "ProgramCheck",
    "Resource",
    "Revert",
    "RevertState",
    "Role",
    "RoleFaq",
    "RoleFit",
    "RoleMetric",
    "RolePoint",
    "RoleRequirement",
    "RoleSector",
    "RowChange",
    "SalaryObservation",
    "SearchEntry",
    "SearchKind",
    "SearchWord",
    "Skill",
    "SkillArea",
    "SkillAreaPoint",
    "Source",
    "Statistic",
    "Tool",
    "UseCase",
    "UseCaseCompany",
    "UseCaseSkill",
    "UseCaseSolution",
    "Verification",
]
