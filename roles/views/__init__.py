"""Pages of the catalog."""

from roles.views.catalog import (
    resource_detail,
    resource_list,
    role_list,
    skill_list,
    tool_detail,
    tool_list,
)
from roles.views.comparing import role_compare
from roles.views.finding import role_find
from roles.views.market import company_detail, company_list, figure_list, use_case_detail, use_case_list

__all__ = [
    "company_detail",
    "company_list",
    "figure_list",
    "resource_detail",
    "resource_list",
    "role_compare",
    "role_find",
    "role_list",
    "skill_list",
    "tool_detail",
    "tool_list",
    "use_case_detail",
    "use_case_list",
]
