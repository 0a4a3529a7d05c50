from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import access
from roles.choosing.find_form import FindForm
from roles.choosing.finding import FIRST, ranked
from roles.models import Role, Skill
from roles.visitor_pages import kept_for_visitors


@access.visitor
@require_GET
@kept_for_visitors
def role_find(request: HttpRequest) -> HttpResponse:
    """Roles in the order of a few answers, with reasons for and against each."""
    form = FindForm(request.GET)
    wishes = form.wishes
    skills = {skill.slug: skill for skill in Skill.objects.for_links()}
    matches = ranked(Role.objects.for_finding(), skills, wishes) if wishes.answers else []
    context = {
        "form": form,
        "wishes": wishes,
        "matches": matches,
        "first": FIRST,
        "compare": [match.role.slug for match in matches[:FIRST]],
    }
    return render(request, "roles/role_find.html", context)
