"""Credentials in the admin: for superusers, to look one up by address and to revoke it."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now

from accounts.access import LearnerRequest, staff
from badges.issuing import revoke
from badges.models import Credential


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="One or two plain sentences. Anybody who opens the badge reads them, so name nobody but the badge.",
    )


@admin.register(Credential)
class CredentialAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the class is not generic at run time
    """What was issued stays as it is; it can only be revoked, for good and with a reason."""

    list_display = ("achieved", "kind", "learner_address", "issued_at", "revoked_at")
    list_filter = ("kind", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("learner",)
    search_fields = ("learner__email", "uuid__exact", "source__exact")
    search_help_text = "A learner's address, or the number or the source of a credential."
    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False
    empty_value_display = "–"
    actions = ("revoke_selected",)
    fieldsets = (
        (None, {"fields": ("achieved", "kind", "learner_address", "source", "issued_at", "kid")}),
        ("What others see", {"fields": ("shows_name", "shows_evidence")}),
        ("Revoked", {"fields": ("revoked_at", "revoked_by", "reason", "revoking")}),
        ("What was achieved and shown", {"classes": ("collapse",), "fields": ("claims_shown",)}),
        ("Signed", {"classes": ("collapse",), "fields": ("jwt",)}),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [path("revoke/", view(credential_revoke), name="badges_credential_revoke"), *super().get_urls()]

    @admin.action(description="Revoke selected credentials", permissions=["view"])
    def revoke_selected(self, request: HttpRequest, chosen: QuerySet[Credential]) -> HttpResponse:
        ids = list(chosen.valid().values_list("pk", flat=True))  # type: ignore[attr-defined]
        if not ids:
            self.message_user(request, "What you selected is revoked already.", messages.INFO)
            return HttpResponseRedirect(request.get_full_path())
        return redirect(reverse("admin:badges_credential_revoke", query={"id": ids}))

    @admin.display(description="learner")
    def learner_address(self, credential: Credential) -> str:
        return credential.learner.email

    @admin.display(description="achieved")
    def achieved(self, credential: Credential) -> str:
        return str(credential)

    @admin.display(description="claims")
    def claims_shown(self, credential: Credential) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(credential.claims, indent=2, ensure_ascii=False))

    @admin.display(description="revoke")
    def revoking(self, credential: Credential) -> SafeString | str:
        if credential.is_revoked:
            return self.get_empty_value_display()
        address = reverse("admin:badges_credential_revoke", query={"id": credential.pk})
        return format_html('<a href="{}">Revoke it, with a reason</a>', address)

    def view_on_site(self, credential: Credential) -> str:
        return credential.get_absolute_url()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@staff
def credential_revoke(request: LearnerRequest) -> HttpResponse:
    """Ask for the reason; posted, revoke."""
    if not request.user.is_superuser:
        raise PermissionDenied
    ids = [int(each) for each in request.GET.getlist("id") if each.isdecimal()]
    chosen = list(Credential.objects.for_page().valid().filter(pk__in=ids[:100]))
    if not chosen:
        messages.info(request, "There is nothing to revoke.")
        return redirect("admin:badges_credential_changelist")
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _revoked(request, chosen, form.cleaned_data["reason"])
    context = {
        **admin.site.each_context(request),
        "title": f"Revoke {chosen[0] if len(chosen) == 1 else f'{len(chosen)} credentials'}",
        "opts": Credential._meta,
        "chosen": chosen,
        "form": form,
    }
    return TemplateResponse(request, "admin/badges/revoke.html", context, status=422 if form.errors else 200)


def _revoked(request: LearnerRequest, chosen: list[Credential], reason: str) -> HttpResponse:
    log = admin.site.get_model_admin(Credential).log_change
    for credential in chosen:
        revoke(source=credential.source, by=request.user, reason=reason, now=now())
        log(request, credential, f"Revoked: {reason}")
    said = f"Revoked “{chosen[0]}”." if len(chosen) == 1 else f"Revoked {len(chosen)} credentials."
    messages.success(request, said)
    return redirect("admin:badges_credential_changelist")
