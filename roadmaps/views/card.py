"""The learner card: what a mentor reads of a learner, notes that mentors keep, and agreements that both sides see."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import access
from accounts.access import LearnerRequest
from mentoring import knowing
from mentoring.acquaintance import agreements_concerning, learners_of
from mentoring.looking import note_look
from mentoring.models import Agreement, Looked, Note
from roadmaps.card_forms import AgreementForm, NoteForm
from roadmaps.learner_card import card_of

_TEMPLATE = "roadmaps/learner_card.html"
# Parts of it: partials, ids and targets of the same names.
NOTES, AGREEMENTS = "notes", "agreements"


@access.mentor
@require_GET
@vary_on_headers("HX-Request")
def learner_card(request: LearnerRequest, number: int) -> HttpResponse:
    """Progress, pace, reviews, advice, notes and agreements. The learner can see that it was opened."""
    return _card(request, number)


@access.mentor
@require_POST
@vary_on_headers("HX-Request")
def note_add(request: LearnerRequest, number: int) -> HttpResponse:
    now = timezone.now()
    learner = get_object_or_404(learners_of(request.user, now), pk=number)
    form = NoteForm(request.POST, prefix="note")
    if not form.is_valid():
        return _card(request, number, part=NOTES, note_form=form)
    try:
        knowing.add_note(learner=learner, by=request.user, now=now, **form.cleaned_data)
    except knowing.NotKeptError as error:
        form.add_error(None, error.reason)
        return _card(request, number, part=NOTES, note_form=form)
    return _done(request, number, NOTES, "The note is kept. Only mentors of this learner read it.")


@access.mentor
@require_http_methods(["GET", "POST"])
def note_change(request: LearnerRequest, number: int) -> HttpResponse:
    """Correct one's own note: the next version of it."""
    now = timezone.now()
    note = _own_note(request, number)
    initial = {"text": note.text, "key": uuid4()}
    form = NoteForm(request.POST if request.method == "POST" else None, prefix="note", initial=initial)
    if request.method == "GET" or not form.is_valid():
        context = {"note": note, "form": form}
        return render(request, "roadmaps/note_change.html", context, status=422 if form.is_bound else 200)
    try:
        knowing.correct_note(note=note, by=request.user, now=now, **form.cleaned_data)
    except knowing.NotKeptError as error:
        return render(request, "roadmaps/note_change.html", {"note": note, "form": form, "lost": error}, status=409)
    messages.success(request, "The note is corrected.")
    return redirect(_place(note.learner_id, NOTES))


@access.mentor
@require_POST
@vary_on_headers("HX-Request")
def note_remove(request: LearnerRequest, number: int) -> HttpResponse:
    note = _own_note(request, number)
    try:
        knowing.take_away_note(note=note, by=request.user, now=timezone.now())
    except knowing.NotKeptError as error:
        return _card(request, note.learner_id, part=NOTES, status=409, lost=error.reason)
    undo = reverse("note_restore", args=[number])
    return _done(request, note.learner_id, NOTES, "The note is taken away.", undo=undo)


@access.mentor
@require_POST
@vary_on_headers("HX-Request")
def note_restore(request: LearnerRequest, number: int) -> HttpResponse:
    note = _own_note(request, number)
    knowing.bring_back_note(note=note, by=request.user, now=timezone.now())
    return _done(request, note.learner_id, NOTES, "The note is back.")


@access.mentor
@require_POST
@vary_on_headers("HX-Request")
def agreement_add(request: LearnerRequest, number: int) -> HttpResponse:
    now = timezone.now()
    learner = get_object_or_404(learners_of(request.user, now), pk=number)
    form = AgreementForm(request.POST, prefix="agreement")
    if not form.is_valid():
        return _card(request, number, part=AGREEMENTS, agreement_form=form)
    try:
        knowing.agree(learner=learner, by=request.user, now=now, **form.cleaned_data)
    except knowing.NotKeptError as error:
        form.add_error(None, error.reason)
        return _card(request, number, part=AGREEMENTS, agreement_form=form)
    return _done(request, number, AGREEMENTS, f"Written down, and {learner.name} is told.")


@access.learner
@require_GET
def agreement_list(request: LearnerRequest) -> HttpResponse:
    """What a learner agreed on with their mentors."""
    agreements = list(Agreement.objects.of(request.user).open_first())
    standing = [each for each in agreements if each.settled_at is None]
    settled = [each for each in agreements if each.settled_at is not None]
    return render(request, "roadmaps/agreement_list.html", {"standing": standing, "settled": settled})


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def agreement_settle(request: LearnerRequest, number: int) -> HttpResponse:
    """Either side says that it is settled."""
    agreement = _agreement(request, number)
    knowing.settle(agreement=agreement, by=request.user, now=timezone.now())
    undo = reverse("agreement_resume", args=[number])
    return _concerning(request, agreement, "The agreement is settled.", undo=undo)


@access.learner
@require_POST
@vary_on_headers("HX-Request")
def agreement_resume(request: LearnerRequest, number: int) -> HttpResponse:
    """Undo of settling."""
    agreement = _agreement(request, number)
    knowing.resume(agreement=agreement, by=request.user, now=timezone.now())
    return _concerning(request, agreement, "The agreement stands again.")


def _card(
    request: LearnerRequest,
    number: int,
    *,
    part: str = "",
    status: int = 200,
    note_form: NoteForm | None = None,
    agreement_form: AgreementForm | None = None,
    **more: Any,
) -> HttpResponse:
    """The whole card; for htmx the part of it that something was done to."""
    now = timezone.now()
    card = card_of(number, to=request.user, now=now)
    if card is None:
        raise Http404
    note_look(viewer=request.user, learner=number, what=Looked.CARD, now=now)
    is_part = part and request.htmx  # type: ignore[attr-defined]
    context = {
        "card": card,
        "learner": card.learner,
        "now": now,
        "note_form": note_form or NoteForm(prefix="note", initial={"key": uuid4()}),
        "agreement_form": agreement_form or AgreementForm(prefix="agreement", initial={"key": uuid4()}),
        "part": part,
    }
    status = 422 if note_form or agreement_form else status
    return render(request, f"{_TEMPLATE}#{part}" if is_part else _TEMPLATE, context | more, status=status)


def _done(request: LearnerRequest, learner: int, part: str, said: str, *, undo: str = "") -> HttpResponse:
    """Back to the part of the card; for htmx that part, read anew, with what was done and its way back in a toast."""
    if request.htmx:  # type: ignore[attr-defined]
        return _card(request, learner, part=part, said=said, undo=undo)
    _tell(request, said, undo)
    return redirect(_place(learner, part))


def _concerning(request: LearnerRequest, agreement: Agreement, said: str, *, undo: str = "") -> HttpResponse:
    """Back to where whoever did it sees the agreement: a learner in their list, a mentor on the card."""
    if agreement.learner_id != request.user.pk:
        return _done(request, agreement.learner_id, AGREEMENTS, said, undo=undo)
    _tell(request, said, undo)
    return redirect("agreement_list")


def _tell(request: LearnerRequest, said: str, undo: str) -> None:
    back = {"text": said, "url": undo, "fields": {}}
    messages.success(request, render_to_string("includes/undo.html", back, request) if undo else said)


def _own_note(request: LearnerRequest, number: int) -> Note:
    """One's own note on a learner whom one knows."""
    known = learners_of(request.user, timezone.now())
    return get_object_or_404(Note.objects.by(request.user).among(known).select_related("learner"), pk=number)


def _agreement(request: LearnerRequest, number: int) -> Agreement:
    return get_object_or_404(agreements_concerning(request.user, timezone.now()), pk=number)


def _place(learner: int, part: str) -> str:
    return f"{reverse('learner_card', args=[learner])}#{part}"
