"""Parts of a learner's pages that look the same for everybody in the same place.

A publication never changes, so a phase, a goal's row or a cell of the dashboard depends only on which publication it is
from and where the learner stands in it. Each is rendered once a process and put together for the rest. The token of the
page's forms is all that differs: a mark stands in its place and is replaced for the whole part. Other marks stand for a
phase's goals, because phases with all their goals in the same states are rare, and for the address of the badge of an
approved milestone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from roadmaps.models import State
from roadmaps.progress import PhaseProgress
from roadmaps.standing import GoalLine, PhaseLines, Standing

register = template.Library()

# Where the token goes. No text of an editor's can hold it: PostgreSQL stores no NUL.
_TOKEN = "\x00token\x00"  # noqa: S105
_GOALS = SafeString("\x00goals\x00")
_BADGE = SafeString("\x00badge\x00")


@dataclass(frozen=True)
class _Part:
    """What a part depends on, and, not compared, what it takes to render it."""

    template: str
    icons: str
    role: str
    publication: int
    place: tuple[object, ...]
    context: Mapping[str, Any] = field(compare=False)


@register.simple_tag(takes_context=True)
def phase_blocks(context: Context, standing: Standing) -> SafeString:
    """`<li>` for each phase of a roadmap, with its goals and their forms."""
    return _together(context, (_block(context, standing, each) for each in standing.phases))


@register.simple_tag(takes_context=True)
def goal_rows(context: Context, standing: Standing, lines: Iterable[GoalLine]) -> SafeString:
    """`<li>` for each goal, with its forms."""
    return _together(context, [_goals(context, standing, lines)])


@register.simple_tag(takes_context=True)
def phase_cells(context: Context, standing: Standing) -> SafeString:
    """`<li>` for each phase on the dashboard: title, bar and count."""
    name = "roadmaps/phase_cell.html"
    return _together(context, (_part(context, standing, name, _cell(each), each) for each in standing.progress.phases))


def _block(context: Context, standing: Standing, each: PhaseLines) -> str:
    html = _part(context, standing, "roadmaps/phase_block.html", _phase(each), each)
    if each.handed is not None and each.handed.badge is not None:
        html = html.replace(_BADGE, reverse("badges:badge_detail", args=[each.handed.badge]))
    return html.replace(_GOALS, _goals(context, standing, each.lines))


def _goals(context: Context, standing: Standing, lines: Iterable[GoalLine]) -> str:
    return "".join(_part(context, standing, "roadmaps/goal_row.html", _goal(line), line) for line in lines)


def _phase(each: PhaseLines) -> tuple[object, ...]:
    has_badge = each.handed is not None and each.handed.badge is not None
    return (each.phase.number, each.is_current, each.tally, each.stage, has_badge)


def _goal(line: GoalLine) -> tuple[object, ...]:
    return (line.goal.key, line.state, line.credit and line.credit.goal.key)


def _cell(each: PhaseProgress) -> tuple[object, ...]:
    return (each.phase.number, each.tally)


def _part(context: Context, standing: Standing, name: str, place: tuple[object, ...], each: object) -> str:
    enrolment, icons = standing.enrolment, str(context["icons"]())
    role = enrolment.role
    return _rendered(_Part(name, icons, role.slug, enrolment.follows, place, {"role": role, "each": each}))


def _together(context: Context, parts: Iterable[str]) -> SafeString:
    html = "".join(parts).replace(_TOKEN, str(context["csrf_token"]))
    return mark_safe(html)  # noqa: S308  (rendered by templates)


def _rendered(part: _Part) -> str:
    return _kept(part) if settings.KEEP_VISITOR_PAGES else _fresh(part)


@lru_cache(maxsize=4096)
def _kept(part: _Part) -> str:
    return _fresh(part)


def _fresh(part: _Part) -> str:
    context = {"icons": part.icons, "states": State, "csrf_token": _TOKEN, "goals": _GOALS, "badge": _BADGE}
    return get_template(part.template).render(context | dict(part.context))
