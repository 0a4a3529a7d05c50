"""What the bank brings to the start page of the admin."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count

from interviews.models import Question
from roles.models import Role
from roles.start.concerns import Asked
from roles.start.shelves import Link, list_address, may_view, of_roles, theme


@of_roles
def links_of_roles(asked: Asked) -> Mapping[int, list[Link]]:
    if not may_view(asked.user, Question):
        return {}
    rows = Role.objects.order_by().annotate(total=Count("questions")).values_list("pk", "short_name", "total")
    return {
        pk: [Link("Interview questions", list_address(Question, roles__id__exact=pk), total, of=name)]
        for pk, name, total in rows
    }


theme("Interviews", Question)
