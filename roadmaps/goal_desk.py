"""Pages on which editors retire, replace, split and merge goals: what it means, whom it reaches, and the new texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounts.access import LearnerRequest, staff
from roadmaps.goal_forms import words_of
from roadmaps.reshaping import MOST_PARTS, NotReshapableError, obstacle_to, put_in_place, reach_of, retire
from roles.history.acting import acting
from roles.models import ChangeSet, Goal, Phase


@dataclass(frozen=True, slots=True)
class Act:
    name: str  # also that of its template
    title: str
    button: str
    fewest: int = 1  # new goals


_REPLACE = Act("replace", "Replace a goal", "Replace it")
_SPLIT = Act("split", "Split a goal", "Split it", fewest=2)
_MERGE = Act("merge", "Merge goals", "Merge them")


@staff
def goal_retire(request: LearnerRequest, number: int) -> HttpResponse:
    """Take a goal off the draft with nothing in its place."""
    _for_editors(request)
    goal = get_object_or_404(_goals(), pk=number)
    if request.method == "POST":
        with acting(by=request.user) as changeset:
            retire(goal=goal, by=request.user)
        admin.site.get_model_admin(Goal).log_change(request, goal, "Retired.")
        return _done(request, goal.phase, f"Retired “{goal}”.", changeset)
    context = {
        "act": Act("retire", "Retire a goal", "Retire it"),
        "goals": [goal],
        "reach": reach_of([goal]),
        "obstacle": "It is retired already." if goal.retired else "",
    }
    return TemplateResponse(request, "admin/roadmaps/goal_retire.html", _page(request, goal, **context))


@staff
def goal_replace(request: LearnerRequest, number: int) -> HttpResponse:
    """Let a new goal take the place of one."""
    _for_editors(request)
    return _placing(request, _REPLACE, [get_object_or_404(_goals(), pk=number)])


@staff
def goal_split(request: LearnerRequest, number: int) -> HttpResponse:
    """Let several new goals take the place of one."""
    _for_editors(request)
    return _placing(request, _SPLIT, [get_object_or_404(_goals(), pk=number)])


@staff
def goal_merge(request: LearnerRequest) -> HttpResponse:
    """Let one new goal take the place of several. Which ones stands in the address; with fewer than two, they are
    chosen first, from the roadmap of the one or of the phase that is named."""
    _for_editors(request)
    asked = request.GET
    chosen = list(_goals().filter(pk__in=_numbers(asked.getlist("goal"))))
    if len(chosen) > 1:
        return _placing(request, _MERGE, chosen)
    phase = chosen[0].phase if chosen else get_object_or_404(_phases(), pk__in=_numbers(asked.getlist("phase")))
    context = {
        "act": _MERGE,
        "phase": phase,
        "phases": _phases().filter(role=phase.role, retired=False).prefetch_related(_living()),
        "chosen": {goal.pk for goal in chosen},
        "too_few": "asked" in asked,
    }
    page = _page(request, chosen[0] if chosen else phase, **context)
    return TemplateResponse(request, "admin/roadmaps/goal_choose.html", page, status=422 if "asked" in asked else 200)


def _placing(request: LearnerRequest, act: Act, goals: list[Goal]) -> HttpResponse:
    """The form for what takes the place of the goals; posted, it does."""
    phases = _phases().filter(goals__in=goals).distinct()
    words = words_of(request.POST if request.method == "POST" else None, old=goals, fewest=act.fewest, phases=phases)
    obstacle = obstacle_to(goals)
    if words.are_fine():
        phase = words.phase or goals[0].phase
        try:
            with acting(by=request.user) as changeset:
                new = put_in_place(of=goals, wanted=words.forms.wanted, phase=phase, by=request.user)
        except NotReshapableError as error:
            obstacle = error.reason
        else:
            return _placed(request, act, goals, new, changeset)
    words.lead_to_first()
    context = {
        "act": act,
        "goals": goals,
        "reach": reach_of(goals),
        "forms": words.forms,
        "place": words.place,
        "tried": words.are_sent,
        "obstacle": obstacle,
        "room": act.fewest > 1 and words.forms.total_form_count() < MOST_PARTS,
        "media": words.forms.media,
    }
    status = 200 if not words.are_sent else 409 if obstacle else 422
    page = _page(request, goals[0], **context)
    return TemplateResponse(request, f"admin/roadmaps/goal_{act.name}.html", page, status=status)


def _placed(request: LearnerRequest, act: Act, old: list[Goal], new: list[Goal], changeset: UUID) -> HttpResponse:
    log = admin.site.get_model_admin(Goal)
    said = {
        "replace": f"“{new[0]}” takes the place of “{old[0]}”.",
        "split": f"Split “{old[0]}” into {len(new)}.",
        "merge": f"Merged {len(old)} goals into “{new[0]}”.",
    }[act.name]
    for goal in old:
        log.log_change(request, goal, said)
    for goal in new:
        log.log_addition(request, goal, said)
    return _done(request, new[0].phase, said, changeset)


def _done(request: LearnerRequest, phase: Phase, said: str, changeset: UUID) -> HttpResponse:
    """Back to the phase, with a way to see what readers will get and a way back."""
    links = [(reverse("admin:roadmaps_publication_publish", args=[phase.role_id]), "See what would be published")]
    if ChangeSet.objects.filter(pk=changeset).exists():
        links.append((reverse("admin:history_revert", args=[changeset]), "Take it back"))
    shown = format_html_join(" ", '<a href="{}">{}</a>', links)
    messages.success(request, format_html("{} Readers see it once the roadmap is published. {}", said, shown))
    return redirect("admin:roles_phase_change", phase.pk)


def _goals() -> QuerySet[Goal]:
    goals = Goal.objects.select_related("phase__role").defer("phase__role__blueprint")
    return goals.prefetch_related("skills", "tools").order_by("phase__role", "phase__order", "order")


def _phases() -> QuerySet[Phase]:
    return Phase.objects.select_related("role").defer("role__blueprint").order_by("role", "order")


def _living() -> Prefetch[str, QuerySet[Goal], str]:
    return Prefetch("goals", Goal.objects.filter(retired=False).order_by("order"), to_attr="living")


def _numbers(given: Sequence[str]) -> list[int]:
    return [int(each) for each in given[:100] if each.isascii() and each.isdigit() and len(each) < 10]


def _for_editors(request: LearnerRequest) -> None:
    if not request.user.has_perms(("roles.change_goal", "roles.add_goal")):
        raise PermissionDenied


def _page(request: HttpRequest, of: Goal | Phase, **context: Any) -> dict[str, Any]:
    act: Act = context["act"]
    phase = of.phase if isinstance(of, Goal) else of
    back = reverse(f"admin:roles_{of._meta.model_name}_change", args=[of.pk])
    shared = {**admin.site.each_context(request), "title": act.title, "opts": Goal._meta}
    return {**shared, "role": phase.role, "of": of, "back": back, **context}
