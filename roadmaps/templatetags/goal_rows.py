"""The rows of goals on a learner's roadmap: most of the page, and the same for everybody in the same place.

A row depends on the goal, its state and the credit on offer, and on nothing else but the token of the page's forms. So
each row is rendered once a process, with a mark in the token's place, and the token is put in for the whole list.
"""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from roadmaps.models import State
from roadmaps.standing import GoalLine

register = template.Library()

# Where the token goes. No text of an editor's can hold it: PostgreSQL stores no NUL.
_TOKEN = "\x00token\x00"  # noqa: S105


@register.simple_tag(takes_context=True)
def goal_rows(context: Context, lines: Iterable[GoalLine]) -> SafeString:
    """`<li>` for each line, with its forms. Needs `role`, `icons` and `csrf_token` in the context."""
    slug, icons = context["role"].slug, str(context["icons"]())
    row = _row if settings.KEEP_VISITOR_PAGES else _row.__wrapped__
    rows = "".join(row(slug, icons, line) for line in lines)
    return mark_safe(rows.replace(_TOKEN, str(context["csrf_token"])))  # noqa: S308  (rendered by templates)


@lru_cache(maxsize=4096)
def _row(slug: str, icons: str, line: GoalLine) -> str:
    context = {"slug": slug, "icons": icons, "line": line, "states": State, "csrf_token": _TOKEN}
    return get_template("roadmaps/goal_row.html").render(context)
