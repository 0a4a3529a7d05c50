"""The content check as a page: what editors should look at, each with a link to where it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts.careful import for_staff
from accounts.looking_up import ReadOnlyAdmin
from roles.checking.findings import Finding, rules
from roles.checking.known import Found, check, set_aside, take_up
from roles.checking.lately import check_and_keep
from roles.models import CatalogModel, KnownFinding

_SHOWN = 25  # of each rule, where all are on one page
_A_PAGE = 200


def address_of(finding: Finding, site: admin.AdminSite = admin.site) -> str:
    """Where a finding is mended: the row's own page, at its field, or the page of what it is a part of."""
    fields = {each.name for each in (*finding.model._meta.concrete_fields, *finding.model._meta.many_to_many)}
    if site.is_registered(finding.model):
        return _page(finding.model, finding.row) + (f"#id_{finding.field}" if finding.field in fields else "")
    return _page(*finding.part_of) if finding.part_of else reverse("admin:index")


def _page(model: type[CatalogModel], row: int) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row])


@dataclass(frozen=True, slots=True)
class Line:
    """A finding on the page."""

    finding: Finding
    known: KnownFinding | None = None

    @property
    def address(self) -> str:
        return address_of(self.finding)

    @property
    def kind(self) -> str:
        return str(self.finding.model._meta.verbose_name)


@dataclass(frozen=True, slots=True)
class Part:
    """What one rule found, as the page shows it."""

    found: Found
    page: Page[Finding]

    @property
    def lines(self) -> list[Line]:
        return [Line(each) for each in self.page.object_list]

    @property
    def known(self) -> list[Line]:
        return [Line(finding, known) for finding, known in self.found.known]


@admin.register(KnownFinding)
class KnownFindingAdmin(ReadOnlyAdmin):
    """Its list is the content check itself; a row is made and taken back there."""

    list_display = ("shown", "rule", "reason")

    @for_staff
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST" and self._settled(request):
            return HttpResponseRedirect(request.get_full_path())
        only = request.GET.get("rule", "")
        found = self._found(only if only in {each.name for each in rules()} else "")
        parts = [_part(each, request, alone=len(found) == 1) for each in found if each.open or each.known]
        context = {
            **self.admin_site.each_context(request),
            **(extra_context or {}),
            "title": parts[0].found.rule.title if only and parts else "Content check",
            "opts": self.opts,
            "parts": parts,
            "alone": bool(only),
            "total": sum(len(each.open) for each in found),
            "quiet": [each.rule for each in found if not each.open],
            "ticked": request.POST.getlist("finding"),
            "may_set_aside": self._may(request, "add"),
            "may_take_up": self._may(request, "delete"),
        }
        return TemplateResponse(request, "admin/roles/content_check.html", context)

    def _found(self, only: str) -> list[Found]:
        return check(today=timezone.localdate(), only=only) if only else check_and_keep(now=timezone.now())

    def _may(self, request: HttpRequest, verb: str) -> bool:
        return request.user.has_perm(f"roles.{verb}_knownfinding")

    def _settled(self, request: HttpRequest) -> bool:
        """Do what the form says; whether it said enough."""
        if "take-up" in request.POST:
            return self._taken_up(request)
        if not self._may(request, "add"):
            raise PermissionDenied
        reason = " ".join(request.POST.get("reason", "").split())
        tokens = set(request.POST.getlist("finding"))
        rule = request.POST.get("rule", "")
        found = check(today=timezone.localdate(), only=rule) if rule in {each.name for each in rules()} else []
        findings = [each for part in found for each in part.open if each.token in tokens]
        if not findings:
            messages.error(request, "Tick the findings that may stay.")
            return False
        if not reason or len(reason) > 300:
            messages.error(request, "Say in a sentence why they may stay, in at most 300 characters.")
            return False
        count = set_aside(rule=rule, findings=findings, reason=reason, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, f"{count} set aside, each until its row changes.")
        return True

    def _taken_up(self, request: HttpRequest) -> bool:
        if not self._may(request, "delete"):
            raise PermissionDenied
        rows = KnownFinding.objects.filter(pk__in=[each for each in request.POST.getlist("known") if each.isdecimal()])
        self.log_deletions(request, rows)
        count = take_up(pks=[each.pk for each in rows])
        if not count:
            messages.error(request, "Tick what should be looked at again.")
            return False
        messages.success(request, f"{count} open again.")
        return True


def _part(found: Found, request: HttpRequest, *, alone: bool) -> Part:
    pages = Paginator(found.open, _A_PAGE if alone else _SHOWN)
    return Part(found, pages.get_page(request.GET.get("p") if alone else 1))
