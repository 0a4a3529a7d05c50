from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts import access
from roles.cards import cards_of, in_order
from roles.filters import ResourceFilter, RoleFilter, SkillFilter, ToolFilter
from roles.models import Resource, Role, Skill, Tool
from roles.skill_profile import by_role, with_uses
from roles.teaching import Teaching, roles_of
from roles.views.answering import results_or_page
from roles.visitor_pages import kept_for_visitors


@access.visitor
@require_GET
@vary_on_headers("HX-Request")
@kept_for_visitors
def role_list(request: HttpRequest) -> HttpResponse:
    """Every role, narrowed and ordered by the query string."""
    form = RoleFilter(request.GET)
    choices = Role.objects.filter_choices()
    form.offer(choices)
    cards = in_order(cards_of(form.narrow(Role.objects.for_cards())), form.chosen.get("sort", ""))
    context = {
        "form": form,
        "full": [card for card in cards if card.ring],
        "others": [card for card in cards if not card.ring],
        "found": len(cards),
        "total": len(choices),
    }
    return results_or_page(request, "roles/role_list.html", context)


@access.visitor
@require_GET
@vary_on_headers("HX-Request")
@kept_for_visitors
def skill_list(request: HttpRequest) -> HttpResponse:
    """Every skill by category, with the roles that teach it."""
    teaching = _teaching()
    form = SkillFilter(request.GET, roles=teaching.roles)
    skills = sorted(form.narrow(Skill.objects.for_lists(), teaching), key=_by_category)
    groups = [
        (Skill.Category(category).label, [(skill, roles_of(teaching.skills.get(skill.slug, ()))) for skill in those])
        for category, those in groupby(skills, key=lambda skill: skill.category)
    ]
    context = {"form": form, "groups": groups, "found": len(skills)}
    return results_or_page(request, "roles/skill_list.html", context)


@access.visitor
@require_GET
@vary_on_headers("HX-Request")
@kept_for_visitors
def tool_list(request: HttpRequest) -> HttpResponse:
    """Every tool by kind, with the roles that use it."""
    teaching = _teaching()
    form = ToolFilter(request.GET, roles=teaching.roles)
    tools = sorted(form.narrow(Tool.objects.for_lists(), teaching).prefetch_related("resources"), key=_by_kind)
    groups = [
        (Tool.Kind(kind).label, [(tool, _roles_meeting(tool, teaching)) for tool in those])
        for kind, those in groupby(tools, key=lambda tool: tool.kind)
    ]
    context = {"form": form, "groups": groups, "found": len(tools)}
    return results_or_page(request, "roles/tool_list.html", context)


@access.visitor
@require_GET
@kept_for_visitors
def tool_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What one does with a tool in care, and the phases that meet it."""
    tool = get_object_or_404(Tool.objects.prefetch_related("resources", "sources"), slug=slug)
    teaching = _teaching()
    lessons = teaching.tools.get(slug, [])
    context = {
        "tool": tool,
        "lessons": by_role(lessons),
        "roles": _roles_meeting(tool, teaching),
        "resources": with_uses(tool.resources.all(), teaching),
        "skills": list(tool.skills.all()),
        "sources": list(tool.sources.all()),
        "met_with": teaching.skills_with(slug),
    }
    return render(request, "roles/tool_detail.html", context)


@access.visitor
@require_GET
@vary_on_headers("HX-Request")
@kept_for_visitors
def resource_list(request: HttpRequest) -> HttpResponse:
    """Every resource once, with the phases that use it."""
    teaching = _teaching()
    form = ResourceFilter(request.GET, roles=teaching.roles)
    resources = with_uses(form.narrow(Resource.objects.all(), teaching), teaching)
    context = {"form": form, "resources": resources, "found": len(resources)}
    return results_or_page(request, "roles/resource_list.html", context)


@access.visitor
@require_GET
@kept_for_visitors
def resource_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One resource: under its right name, with what to know before one opens it."""
    resource = get_object_or_404(Resource.objects.with_day_seen_alive(), slug=slug)
    context = {
        "resource": resource,
        "uses": _teaching().resources.get(slug, []),
        "skills": list(resource.skills.all()),
        "tools": list(resource.tools.all()),
        "corrections": list(resource.corrections.prefetch_related("sources")),
    }
    return render(request, "roles/resource_detail.html", context)


def _teaching() -> Teaching:
    return Teaching(Role.objects.with_roadmap())


def _roles_meeting(tool: Tool, teaching: Teaching) -> list[Role]:
    """The roles that meet a tool in a goal or through a resource of a phase, in the order of roles."""
    lessons = teaching.tools.get(tool.slug, [])
    uses = [use for resource in tool.resources.all() for use in teaching.resources.get(resource.slug, ())]
    met = {role.pk for role in roles_of([*lessons, *uses])}
    return [role for role in teaching.roles if role.pk in met]


def _by_category(skill: Skill) -> tuple[int, str]:
    return Skill.Category.values.index(skill.category), skill.name.lower()


def _by_kind(tool: Tool) -> tuple[int, str]:
    return Tool.Kind.values.index(tool.kind), tool.name.lower()
