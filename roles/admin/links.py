"""Addresses and what the link check found: a page of those to mend, and a word beside sources and resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import JSONField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.careful import for_staff
from accounts.looking_up import ReadOnlyAdmin
from roles.admin.checking import address_of
from roles.links.rounds import ask_again
from roles.links.used import used
from roles.models import LinkCheck, LinkState


def with_link_found(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows with what was last found of their `url`, for `link_found`."""
    checks = LinkCheck.objects.filter(url=OuterRef("url"))
    parts = ("pk", "state", "reason", "alive_on")
    found = checks.values(found=JSONObject(**{name: name for name in parts}))
    annotated: QuerySet[Any] = rows.annotate(link_found=Subquery(found, output_field=JSONField()))
    return annotated


@admin.display(description="link", ordering="link_found__state")
def link_found(row: Model) -> SafeString | str:
    """What was last found of the row's address, in a word or two, with a link to all of it."""
    found = getattr(row, "link_found", None)
    if not found:
        return "–"
    return render_to_string("admin/roles/link_found.html", {**found, "label": LinkState(found["state"]).label})


class ToMend(admin.SimpleListFilter):
    """Opens with those that an editor should look at."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("all", "All"), *LinkState.choices]

    def choices(self, changelist: Any) -> Iterator[Any]:
        chosen = self.value()
        query = changelist.get_query_string
        yield {"selected": chosen is None, "query_string": query(remove=[self.parameter_name]), "display": "To mend"}
        for value, label in self.lookup_choices:
            display = {"query_string": query({self.parameter_name: value}), "display": label}
            yield {"selected": chosen == str(value), **display}

    def queryset(self, request: HttpRequest, queryset: QuerySet[LinkCheck]) -> QuerySet[LinkCheck]:
        chosen = self.value()
        if chosen in LinkState.values:
            return queryset.filter(state=chosen)
        return queryset if chosen == "all" else queryset & LinkCheck.objects.to_mend()


class LinkList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        """With the rows in which each address stands, all in one query."""
        super().get_results(request)
        places = used() if self.result_list else {}
        for link in self.result_list:
            link.places = places.get(link.url, [])


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnlyAdmin):
    list_display = ("stands_in", "state_shown", "url", "alive_on", "checked_at")
    list_display_links = ("url",)
    list_filter = (ToMend,)
    search_fields = ("url", "leads_to")
    ordering = ("state", "url")
    actions = ("let_ask_again",)
    fields = (
        "url", "state", "reason", "code", "leads_to", "milliseconds", "failures", "checked_at", "alive_on", "due_at",
        "where",
    )  # fmt: skip

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LinkList

    @for_staff
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not settings.LINK_CHECK and request.method == "GET":
            messages.info(
                request, "Links are not checked on this site: the operator has not switched it on (LINK_CHECK)."
            )
        title = "All links" if "state" in request.GET else "Dead links"
        response: HttpResponse = super().changelist_view(request, {"title": title, **(extra_context or {})})
        return response

    @admin.display(description="what was found", ordering="state")
    def state_shown(self, link: LinkCheck) -> str:
        return f"{link.get_state_display()}. {link.reason}".removesuffix(". ")

    @admin.display(description="stands in")
    def stands_in(self, link: LinkCheck) -> SafeString:
        places = link.places  # type: ignore[attr-defined]  # put there by LinkList
        return format_html_join(", ", '<a href="{}">{}</a>', ((address_of(each), each.shown) for each in places))

    @admin.display(description="stands in")
    def where(self, link: LinkCheck) -> SafeString:
        link.places = used().get(link.url, [])  # type: ignore[attr-defined]
        return self.stands_in(link)

    @admin.action(description="Ask these again in the next round", permissions=["view"])
    def let_ask_again(self, request: HttpRequest, queryset: QuerySet[LinkCheck]) -> None:
        count = ask_again(queryset, now=timezone.now())
        self.message_user(request, f"{count} will be asked again in the next round.")
