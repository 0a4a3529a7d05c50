"""What people read: their own badges, a badge that somebody shows them, and the place to check one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import access
from accounts.access import LearnerRequest
from accounts.models import User
from badges import addresses, certificates, issuing
from badges.checking import check, check_row
from badges.forms import AllowForm, CertificateForm, VerifyForm
from badges.models import Credential
from badges.shelf import Shelf


@access.learner
@require_GET
def badge_list(request: LearnerRequest) -> HttpResponse:
    """One's own badges and certificates, with what others see of them."""
    return render(request, "badges/badge_list.html", {"shelf": Shelf(request.user)})


@access.visitor
@require_GET
def badge_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What anybody sees who was given the address."""
    credential = get_object_or_404(Credential.objects.for_page(), uuid=uuid)
    context = {
        "credential": credential,
        "achievement": credential.achievement,
        "verdict": check_row(credential, now=now()),
        "picture": addresses.preview(credential.uuid),
        "is_mine": credential.learner_id == request.user.pk,
    }
    return render(request, "badges/badge_detail.html", context)


@access.learner
@require_POST
def badge_allow(request: LearnerRequest, uuid: UUID) -> HttpResponse:
    """What others see of a badge from now on."""
    credential = _own(request.user, uuid)
    form = AllowForm(request.POST, instance=credential)
    if not form.is_valid():
        return _refused(request, uuid, form)
    chosen = form.cleaned_data
    issuing.allow(credential, by=request.user, shows_name=chosen["shows_name"], shows_evidence=chosen["shows_evidence"])
    if request.htmx:  # type: ignore[attr-defined]
        entry = Shelf(request.user).entry(uuid)
        response = render(request, "badges/badge_list.html#badge", {"entry": entry, "saved": True})
        patch_vary_headers(response, ["HX-Request"])
        return response
    messages.success(request, f"Saved what others see of “{credential}”.")
    return redirect(f"{reverse('badges:badge_list')}#badge-{uuid}")


@access.learner
@require_GET
def badge_copy(request: LearnerRequest, uuid: UUID) -> HttpResponse:
    """A signed copy for the learner's own hands, made this moment."""
    credential = _own(request.user, uuid, valid=True)
    headers = {
        "Content-Disposition": f'attachment; filename="rounds-{uuid}-my-copy.jwt"',
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(
        issuing.signed_copy(credential, now=now()), content_type="text/plain; charset=utf-8", headers=headers
    )


@access.learner
@require_http_methods(["GET", "POST"])
def certificate(request: LearnerRequest, uuid: UUID) -> HttpResponse:
    """The certificate on paper, with the name that the learner gives; on a plain visit, the name of their profile."""
    credential = _own(request.user, uuid, valid=True, certificate=True)
    form = CertificateForm(
        request.POST if request.method == "POST" else {"name": request.user.display_name},
        auto_id=f"id_{uuid}_%s",
    )
    if not form.is_valid():
        return _refused(request, uuid, form)
    headers = {
        "Content-Disposition": f'attachment; filename="rounds-certificate-{uuid}.pdf"',
        "Cache-Control": "no-store, private",
    }
    pdf = certificates.certificate(credential, name=form.cleaned_data["name"])
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@access.visitor
@require_http_methods(["GET", "POST"])
def badge_verify(request: HttpRequest) -> HttpResponse:
    """Check a credential that one was given."""
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        verdict, credential = check(form.text, email=form.cleaned_data["email"], now=now())
        context |= {"verdict": verdict, "credential": credential}
    return render(request, "badges/badge_verify.html", context, status=422 if form.errors else 200)


def _refused(request: LearnerRequest, uuid: UUID, form: AllowForm | CertificateForm) -> HttpResponse:
    """The whole shelf again, with what was typed and what is wrong with it."""
    shelf = Shelf(request.user, about=uuid, failed=form)
    response = render(request, "badges/badge_list.html", {"shelf": shelf}, status=422)
    response.headers["HX-Retarget"] = "body"  # the answer is the page, whatever part htmx asked for
    return response


def _own(learner: User, uuid: UUID, *, valid: bool = False, certificate: bool = False) -> Credential:
    mine = Credential.objects.of(learner).for_page()
    mine = mine.valid() if valid else mine
    mine = mine.certificates() if certificate else mine
    return get_object_or_404(mine, uuid=uuid)
