"""The learner card: what a mentor reads of a learner, notes that mentors keep, and agreements that both sides see."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import access
from accounts.access import LearnerRequest
from accounts.models import User
from mentoring import knowing
from mentoring.acquaintance import agreements_concerning, learners_of
from mentoring.looking import note_look
from mentoring.models import Agreement, Looked, Note
from roadmaps.card_forms import AgreementForm, NoteForm
from roadmaps.learner_card import card_of


@access.mentor
@require_GET
def learner_card(request: LearnerRequest, number: int) -> HttpResponse:
    """Progress, pace, reviews, advice, notes and agreements. The learner can see that it was opened."""
    return _card(request, number)


@access.mentor
@require_POST
def note_add(request: LearnerRequest, number: int) -> HttpResponse:
    now = timezone.now()
    learner = get_object_or_404(learners_of(request.user, now), pk=number)
    form = NoteForm(request.POST, prefix="note")
    if not form.is_valid():
        return _card(request, number, note_form=form)
    try:
        knowing.add_note(learner=learner, by=request.user, now=now, **form.cleaned_data)
    except knowing.NotKeptError as error:
        messages.error(request, error.reason)
    else:
        messages.success(request, "The note is kept. Only mentors of this learner read it.")
    return _back(number, "notes")


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
    return _back(note.learner_id, "notes")


@access.mentor
@require_POST
def note_remove(request: LearnerRequest, number: int) -> HttpResponse:
    note = _own_note(request, number)
    try:
        knowing.take_away_note(note=note, by=request.user, now=timezone.now())
    except knowing.NotKeptError as error:
        messages.error(request, error.reason)
    else:
        undo = {"text": "The note is taken away.", "url": reverse("note_restore", args=[number]), "fields": {}}
        messages.info(request, render_to_string("includes/undo.html", undo, request))
    return _back(note.learner_id, "notes")


@access.mentor
@require_POST
def note_restore(request: LearnerRequest, number: int) -> HttpResponse:
    note = _own_note(request, number)
    knowing.bring_back_note(note=note, by=request.user, now=timezone.now())
    messages.success(request, "The note is back.")
    return _back(note.learner_id, "notes")


@access.mentor
@require_POST
def agreement_add(request: LearnerRequest, number: int) -> HttpResponse:
    now = timezone.now()
    learner = get_object_or_404(learners_of(request.user, now), pk=number)
    form = AgreementForm(request.POST, prefix="agreement")
    if not form.is_valid():
        return _card(request, number, agreement_form=form)
    try:
        knowing.agree(learner=learner, by=request.user, now=now, **form.cleaned_data)
    except knowing.NotKeptError as error:
        messages.error(request, error.reason)
    else:
        messages.success(request, f"Written down, and {learner.name} is told.")
    return _back(number, "agreements")


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
def agreement_settle(request: LearnerRequest, number: int) -> HttpResponse:
    """Either side says that it is settled."""
    agreement = _agreement(request, number)
    knowing.settle(agreement=agreement, by=request.user, now=timezone.now())
    undo = {"text": "The agreement is settled.", "url": reverse("agreement_resume", args=[number]), "fields": {}}
    messages.info(request, render_to_string("includes/undo.html", undo, request))
    return _back_from(agreement, request.user)


@access.learner
@require_POST
def agreement_resume(request: LearnerRequest, number: int) -> HttpResponse:
    """Undo of settling."""
    agreement = _agreement(request, number)
    knowing.resume(agreement=agreement, by=request.user, now=timezone.now())
    messages.success(request, "The agreement stands again.")
    return _back_from(agreement, request.user)


def _card(
    request: LearnerRequest,
    number: int,
    *,
    note_form: NoteForm | None = None,
    agreement_form: AgreementForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    card = card_of(number, to=request.user, now=now)
    if card is None:
        raise Http404
    note_look(viewer=request.user, learner=number, what=Looked.CARD, now=now)
    context = {
        "card": card,
        "learner": card.learner,
        "now": now,
        "note_form": note_form or NoteForm(prefix="note", initial={"key": uuid4()}),
        "agreement_form": agreement_form or AgreementForm(prefix="agreement", initial={"key": uuid4()}),
    }
    return render(request, "roadmaps/learner_card.html", context, status=422 if note_form or agreement_form else 200)


def _own_note(request: LearnerRequest, number: int) -> Note:
    """One's own note on a learner whom one knows."""
    known = learners_of(request.user, timezone.now())
    return get_object_or_404(Note.objects.by(request.user).among(known).select_related("learner"), pk=number)


def _agreement(request: LearnerRequest, number: int) -> Agreement:
    return get_object_or_404(agreements_concerning(request.user, timezone.now()), pk=number)


def _back(learner: int, place: str) -> HttpResponse:
    return redirect(f"{reverse('learner_card', args=[learner])}#{place}")


def _back_from(agreement: Agreement, person: User) -> HttpResponse:
    if agreement.learner_id == person.pk:
        return redirect("agreement_list")
    return _back(agreement.learner_id, "agreements")
