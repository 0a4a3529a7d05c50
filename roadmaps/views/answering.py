"""The learner's page of a milestone, whole or in parts, as an answer to whatever they did on it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mentoring.hand_in_forms import HandInForm
from mentoring.models import Evidence
from roadmaps.evidence_forms import FORMS, BlockerForm, EvidenceForm
from roadmaps.own_milestone import OwnMilestone
from roadmaps.views.reaching import reached_milestone

_TEMPLATE = "roadmaps/milestone_detail.html"


def page(
    request: HttpRequest, own: OwnMilestone, *, status: int = 200, part: str = "milestone", **more: Any
) -> HttpResponse:
    """The whole page; for htmx the part of it that is asked for."""
    is_part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    name = f"{_TEMPLATE}#{part}" if is_part else _TEMPLATE
    return render(request, name, context_of(own) | {"part": part if is_part else ""} | more, status=status)


def context_of(own: OwnMilestone) -> dict[str, Any]:
    return {
        "own": own,
        "role": own.role,
        "phase": own.phase,
        "forms": {kind: form(criteria=own.asked.criteria) for kind, form in FORMS.items()} if own.may_gather else {},
        "hand_in": HandInForm(auto_id="hand-in-%s"),
        "second": HandInForm(auto_id="second-%s"),
        "blocker": BlockerForm(initial={"blocker": own.standing.enrolment.blocker, "phase": own.phase.number}),
        "address": address_of(own),
        "comment_url": comment_url_of(own),
    }


def address_of(own: OwnMilestone) -> str:
    return reverse("roadmaps:milestone_detail", args=[own.role.slug, own.phase.number])


def comment_url_of(own: OwnMilestone) -> str:
    return reverse("roadmaps:milestone_comment", args=[own.role.slug, own.phase.number])


def done(request: HttpRequest, own: OwnMilestone, said: str, *, part: str, at: str = "", **more: Any) -> HttpResponse:
    """Back to the place on the page; for htmx the part, read anew, and what was done in a toast."""
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, said)
        return redirect(address_of(own) + (f"#{at}" if at else ""))
    return page(request, afresh(own), part=part, said=said, **more)


def not_possible(
    request: HttpRequest, own: OwnMilestone, reason: str, *, kept: Mapping[str, str] | None = None
) -> HttpResponse:
    """Something happened meanwhile: the page as it is now, why, and what the learner wrote."""
    kept = {label: text for label, text in (kept or {}).items() if text}
    response = page(request, afresh(own), status=409, reason=reason, kept=kept)
    response.headers["HX-Retarget"] = "#milestone"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def afresh(own: OwnMilestone) -> OwnMilestone:
    return reached_milestone(own.learner, own.role.slug, own.phase.number, now=own.now)


def written_in(form: EvidenceForm) -> dict[str, str]:
    """What somebody typed into a form that nothing can be done with any more."""
    names = [name for name in ("title", "url", "text") if name in form.fields]
    return {str(form.fields[name].label): form.data.get(name, "") for name in names}


def with_form(own: OwnMilestone, form: EvidenceForm) -> dict[str, Any]:
    """The page's own forms, this one among them."""
    if form.piece is not None:
        return {"changing": form}
    return {"forms": context_of(own)["forms"] | {form.kind.value: form}, "opened": form.kind.value}


def form_for(piece: Evidence, own: OwnMilestone, *args: Any) -> EvidenceForm:
    """The form that changes a piece."""
    return FORMS[piece.kind](*args, criteria=own.asked.criteria, piece=piece)
