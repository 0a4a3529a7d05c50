from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import access
from accounts.models import User
from config.seo import occupation
from interviews.models import Question
from roadmaps.standing import Standing, standing_on
from roles.charts import Ring, ring
from roles.models import Role, Skill, Tool
from roles.profile import RoleProfile, profile_of
from roles.teaching import Teaching
from roles.visitor_pages import kept_for_visitors

SAMPLE_QUESTIONS = 3


@access.visitor
@require_GET
@kept_for_visitors
def role_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """All that is known about a role, and where the reader stands on its roadmap."""
    profile = profile_of(slug)
    if profile is None:
        raise Http404
    standing = standing_on(request.user, slug) if isinstance(request.user, User) else None
    context = {
        "profile": profile,
        "role": profile.role,
        "standing": standing if standing and standing.is_current else None,
        "left": standing is not None,
        "ring": _ring(profile, standing),
        "skills": profile.skills(Skill.objects.in_bulk(_slugs(profile, "skills"), field_name="slug")),
        "tools": profile.tools(Tool.objects.in_bulk(_slugs(profile, "tools"), field_name="slug")),
        "questions": Question.objects.previews().of(profile.role)[:SAMPLE_QUESTIONS],
        "related": profile.related(Teaching(Role.objects.with_roadmap())),
        "json_ld": occupation(profile),
    }
    return render(request, "role_detail.html", context)


def _slugs(profile: RoleProfile, kind: str) -> list[str]:
    return list(getattr(profile.roadmap, kind, ()))


def _ring(profile: RoleProfile, standing: Standing | None) -> Ring | None:
    """The reader's own ring where they are on the roadmap, else the published one."""
    if standing and standing.is_current:
        progress = standing.progress
        return ring(progress.roadmap, {each.phase.slug: each.tally.share for each in progress.phases})
    return ring(profile.roadmap) if profile.roadmap else None
