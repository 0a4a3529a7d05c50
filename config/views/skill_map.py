from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import access
from accounts.models import User
from roadmaps.standing import proven_skills
from roles.choosing.map_chart import map_chart
from roles.choosing.naming import choice_of
from roles.choosing.skill_map import SkillMap
from roles.models import Role, Skill
from roles.visitor_pages import kept_for_visitors


@access.visitor
@require_GET
@kept_for_visitors
def skill_map(request: HttpRequest) -> HttpResponse:
    """Which skills lead to which roles, seen from the skills that the address names."""
    skills = list(Skill.objects.for_links())
    asked = choice_of(request.GET.getlist("have"), {skill.slug: skill.name for skill in skills}, what="skill")
    found = SkillMap(Role.objects.with_skills(), skills, Skill.objects.foundations(), asked.slugs)
    proven = proven_skills(request.user) if isinstance(request.user, User) else set()
    context = {
        "map": found,
        "chart": map_chart(found) if found.roles else None,
        "problems": asked.problems,
        "proven": len(proven),
        "unused": len(proven - found.have),
        "taken_over": urlencode([("have", slug) for slug in sorted(found.have | proven)]),
    }
    return render(request, "skill_map.html", context)
