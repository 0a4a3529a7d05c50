"""Gathering evidence for a milestone: add, change, take away, bring back."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import access
from accounts.access import LearnerRequest
from mentoring import gathering, review
from mentoring.gathering import NotGatheredError
from mentoring.models import Evidence, Kind
from roadmaps import collecting
from roadmaps.evidence_forms import FORMS, EvidenceForm
from roadmaps.own_milestone import OwnMilestone
from roadmaps.views.answering import afresh, done, form_for, not_possible, page, with_form, written_in
from roadmaps.views.reaching import reached_milestone


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def evidence_add(request: LearnerRequest, slug: str, number: int) -> HttpResponse:
    """Add a link, a note or a file."""
    own = reached_milestone(request.user, slug, number, now=timezone.now())
    kind = FORMS.get(request.POST.get("kind", ""))
    if kind is None:
        raise BadRequest("There is no such kind of evidence.")
    form = kind(request.POST, request.FILES, criteria=own.asked.criteria)
    if not own.may_gather:
        return not_possible(request, own, "It is not with you at the moment.", kept=written_in(form))
    if not form.is_valid():
        return _refused(request, own, form)
    thread = review.open_thread(
        learner=request.user, role=own.role, kind=Kind.MILESTONE, subject=own.subject, now=own.now
    )
    try:
        piece = collecting.add(
            thread=thread, given=form.cleaned_data, by=request.user, key=form.cleaned_data["key"], now=own.now
        )
    except NotGatheredError as error:
        return _not_gathered(request, own, form, error)
    said = f"Added: {piece.title}. {_renamed(form)}".rstrip()
    more = {"added": afresh(own).gathered(piece), "kind": kind.kind.value}
    return done(request, own, said, part="added", at=f"evidence-{piece.pk}", **more)


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def evidence_change(request: LearnerRequest, slug: str, number: int, piece: int) -> HttpResponse:
    """Make the next version of a piece."""
    own, old = _reached(request, slug, number, piece)
    form = form_for(old, own, request.POST, request.FILES)
    if not own.may_gather:
        return not_possible(request, own, "It is not with you at the moment.", kept=written_in(form))
    if not form.is_valid():
        return _refused(request, own, form)
    try:
        new = collecting.change(
            evidence=old, given=form.cleaned_data, by=request.user, key=form.cleaned_data["key"], now=own.now
        )
    except NotGatheredError as error:
        return _not_gathered(request, own, form, error)
    said = f"Changed: {new.title}. {_renamed(form)}".rstrip()
    return done(request, own, said, part="row", at=f"evidence-{new.pk}", each=afresh(own).gathered(new))


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def evidence_remove(request: LearnerRequest, slug: str, number: int, piece: int) -> HttpResponse:
    """Leave a piece out of what is handed in next. It can come back."""
    own, old = _reached(request, slug, number, piece)
    try:
        gone = gathering.take_away(evidence=old, by=request.user, now=own.now)
    except NotGatheredError as error:
        return not_possible(request, own, error.reason)
    each = afresh(own).gathered(gone)
    return done(request, own, f"Taken away: {gone.title}", part="row", at="evidence", each=each)


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def evidence_restore(request: LearnerRequest, slug: str, number: int, piece: int) -> HttpResponse:
    """Bring back what was taken away."""
    own, old = _reached(request, slug, number, piece)
    try:
        back = gathering.bring_back(evidence=old, by=request.user, now=own.now)
    except NotGatheredError as error:
        return not_possible(request, own, error.reason)
    each = afresh(own).gathered(back)
    return done(request, own, f"Back again: {back.title}", part="row", at=f"evidence-{back.pk}", each=each)


def _reached(request: LearnerRequest, slug: str, number: int, piece: int) -> tuple[OwnMilestone, Evidence]:
    own = reached_milestone(request.user, slug, number, now=timezone.now())
    rows = Evidence.objects.of(request.user).on(Kind.MILESTONE, own.subject)
    return own, get_object_or_404(rows.select_related("thread"), pk=piece)


def _refused(request: LearnerRequest, own: OwnMilestone, form: EvidenceForm) -> HttpResponse:
    more = with_form(own, form)
    if form.piece is not None:
        return page(request, own, status=422, part="row", each=own.gathered(form.piece), **more)
    return page(request, own, status=422, part="form", form=form, kind=form.kind.value, **more)


def _not_gathered(
    request: LearnerRequest, own: OwnMilestone, form: EvidenceForm, error: NotGatheredError
) -> HttpResponse:
    """No room left is said beside the form; whatever else happened meanwhile, with the page as it is now."""
    now = afresh(own)
    gone = form.piece is not None and form.piece.pk not in {each.pk for each in now.evidence}
    if gone or not now.may_gather:
        return not_possible(request, own, error.reason, kept=written_in(form))
    form.refuse(error.reason)
    return _refused(request, own, form)


def _renamed(form: EvidenceForm) -> str:
    inspected = form.cleaned_data.get("inspected")
    return inspected.note if inspected else ""
