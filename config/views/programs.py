from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import access
from accounts.access import LearnerRequest
from accounts.models import User
from roles.guides import keeping_programs
from roles.guides.programs import Comparison, Draft, Reading, judged, of_rows, read
from roles.models import Guide, Program, ProgramCheck
from roles.models.guides import SectionShows
from roles.models.programs import MOST_PROGRAMS
from roles.visitor_pages import kept_for_visitors
from roles.words import listed


@access.visitor
@require_GET
@kept_for_visitors
def program_list(request: HttpRequest) -> HttpResponse:
    """Programs side by side: those of the address, or else those that the learner keeps."""
    checks = list(ProgramCheck.objects.select_related("source"))
    known = _known(checks)
    reading = read(request.GET, known)
    learner = request.user if isinstance(request.user, User) else None
    is_own = learner is not None and not reading.filled
    if is_own:
        rows = of_rows(Program.objects.of(learner), known)  # type: ignore[arg-type]
        reading = Reading(rows.drafts, reading.problems)
    return render(request, "guides/program_list.html", _context(checks, reading) | {"is_own": is_own})


@access.learner
@require_POST
def program_save(request: LearnerRequest) -> HttpResponse:
    """Keep the programs as the form has them, or say what is missing with everything as it was typed."""
    checks = list(ProgramCheck.objects.select_related("source"))
    reading = judged(read(request.POST, _known(checks)), Program.objects.of(request.user))
    if reading.has_faults:
        return render(request, "guides/program_list.html", _context(checks, reading) | {"is_own": True}, status=422)
    saved = keeping_programs.save(learner=request.user, drafts=reading.filled)
    if saved:
        messages.success(request, f"Saved: {listed([program.name for program in saved])}.")
    else:
        messages.info(request, "There was nothing to save. Give a program a name first.")
    for problem in reading.problems:
        messages.warning(request, problem)
    return redirect("program_list")


@access.learner
@require_POST
def program_keep(request: LearnerRequest) -> HttpResponse:
    """Put programs beside those that are kept: the ones of an address, or one that was just removed."""
    checks = list(ProgramCheck.objects.all())
    reading = judged(read(request.POST, _known(checks)), [])
    if reading.has_faults or not reading.filled:
        messages.error(request, "Give every program a name of its own first.")
        return redirect(f"{reverse('program_list')}?{reading.query}")
    try:
        kept = keeping_programs.add(learner=request.user, drafts=reading.filled)
    except keeping_programs.NoRoomError:
        messages.error(request, f"There is room for {MOST_PROGRAMS}. Remove one of yours, then keep these.")
        return redirect(f"{reverse('program_list')}?{reading.query}")
    messages.success(request, f"Kept: {listed([program.name for program in kept])}.")
    return redirect("program_list")


@access.learner
@require_POST
def program_remove(request: LearnerRequest, number: int) -> HttpResponse:
    """Take one of the learner's programs away, with a way back."""
    try:
        gone = keeping_programs.remove(learner=request.user, program=number)
    except Program.DoesNotExist as error:
        raise Http404 from error
    draft = Draft(gone.place, gone.name, tuple(gone.checked), gone.note)
    undo = {"text": f"Removed: {gone.name}.", "url": reverse("program_keep"), "fields": draft.fields}
    messages.info(request, render_to_string("includes/undo.html", undo, request))
    return redirect("program_list")


def _known(checks: list[ProgramCheck]) -> dict[str, str]:
    return {check.slug: check.text for check in checks}


def _context(checks: list[ProgramCheck], reading: Reading) -> dict[str, object]:
    return {
        "comparison": Comparison(checks, reading.drafts),
        "reading": reading,
        "guide": Guide.objects.showing(SectionShows.PROGRAMS),
        "most": MOST_PROGRAMS,
    }
