from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import access
from roles.choosing.columns import columns_of
from roles.choosing.comparing import MOST_ROLES, Comparison
from roles.choosing.naming import choice_of
from roles.models import Role
from roles.visitor_pages import kept_for_visitors


@access.visitor
@require_GET
@kept_for_visitors
def role_compare(request: HttpRequest) -> HttpResponse:
    """Two to four roles side by side, named by the address."""
    roles = list(Role.objects.to_choose_from())
    known = {role.slug: role.short_name for role in roles}
    asked = choice_of(request.GET.getlist("role"), known, what="role", most=MOST_ROLES)
    context = {
        "roles": roles,
        "asked": asked,
        "chosen": [known[slug] for slug in asked.slugs],
        "most": MOST_ROLES,
        "comparison": Comparison(columns_of(asked.slugs)) if len(asked.slugs) > 1 else None,
    }
    return render(request, "roles/role_compare.html", context)
