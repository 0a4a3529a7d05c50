"""Pages that need several apps."""

from config.views.about import accessibility, corrections, method, privacy, sources
from config.views.dashboard import dashboard
from config.views.guides import guide_detail, guide_list
from config.views.home import home
from config.views.joining import cohort_join
from config.views.programs import program_keep, program_list, program_remove, program_save
from config.views.role import role_detail
from config.views.search import search, search_suggest
from config.views.skill import skill_detail
from config.views.skill_map import skill_map

__all__ = [
    "accessibility",
    "cohort_join",
    "corrections",
    "dashboard",
    "guide_detail",
    "guide_list",
    "home",
    "method",
    "privacy",
    "program_keep",
    "program_list",
    "program_remove",
    "program_save",
    "role_detail",
    "search",
    "search_suggest",
    "skill_detail",
    "skill_map",
    "sources",
]
