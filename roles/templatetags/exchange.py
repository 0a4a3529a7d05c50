"""Links from a list of the admin to importing and exporting what it lists."""

from __future__ import annotations

from typing import Any

from django import template

from roles.exchange.columns import content_models

register = template.Library()


@register.inclusion_tag("admin/roles/exchange/links.html", takes_context=True)
def exchange_links(context: dict[str, Any]) -> dict[str, Any]:
    changelist, request = context["cl"], context["request"]
    label = changelist.opts.label_lower
    admin = changelist.model_admin
    return {
        "label": label if label in content_models() else "",
        "may_import": admin.has_add_permission(request) and admin.has_change_permission(request),
        "query": request.GET.urlencode(),
    }
