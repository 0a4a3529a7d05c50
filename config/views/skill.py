from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import access
from config.seo import defined_term
from interviews.models import Question
from roles.skill_profile import skill_profile_of
from roles.visitor_pages import kept_for_visitors


@access.visitor
@require_GET
@kept_for_visitors
def skill_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What a skill is, why it matters in care, a first exercise, and everything that teaches and asks for it."""
    profile = skill_profile_of(slug)
    if profile is None:
        raise Http404
    context = {
        "profile": profile,
        "skill": profile.skill,
        "json_ld": defined_term(profile.skill),
        "questions": Question.objects.previews().asking_for(profile.skill),
    }
    return render(request, "skill_detail.html", context)
