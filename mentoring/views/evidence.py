"""Files of learners, for themselves and for mentors who may read them: as a download, as a small picture, as text."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts import access
from accounts.access import LearnerRequest
from mentoring.files import keeping
from mentoring.files.reading import lines_of, view_of
from mentoring.looking import note_look
from mentoring.models import Evidence, EvidenceKind, FileKind, Looked
from roles.differences import difference

CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.CSV: "text/csv",
    FileKind.IPYNB: "application/x-ipynb+json",
    FileKind.ZIP: "application/zip",
    FileKind.WEBM: "audio/webm",
    FileKind.OGG: "audio/ogg",
    FileKind.MP4: "audio/mp4",
}


@access.learner
@require_GET
def evidence_file(request: LearnerRequest, number: int) -> HttpResponse:
    """The file as a download, never for the browser to show."""
    piece = _file(request, number)
    try:
        response = keeping.as_download(
            piece.stored,
            name=piece.file_name,
            content_type=CONTENT_TYPES[FileKind(piece.file_kind)],
            sha256=piece.sha256,
        )
    except keeping.DamagedFileError:
        return _damaged(request, piece)
    _note(request, piece)
    return _sent(response)


@access.learner
@require_GET
def evidence_picture(request: LearnerRequest, number: int) -> HttpResponse:
    """A smaller copy of a picture, drawn anew. Whoever sees it has the page open that shows it: that is the look."""
    piece = _file(request, number)
    if piece.file_kind not in (FileKind.PNG, FileKind.JPEG):
        raise Http404
    try:
        return _sent(keeping.as_picture(request, piece.stored, sha256=piece.sha256))
    except keeping.DamagedFileError as error:
        raise Http404 from error


@access.learner
@require_GET
def evidence_sound(request: LearnerRequest, number: int) -> HttpResponse:
    """A spoken answer for the player of the page, whole or in parts. As with pictures, that page is the look."""
    piece = _file(request, number)
    if not piece.is_sound:
        raise Http404
    kind = CONTENT_TYPES[FileKind(piece.file_kind)]
    try:
        sound = keeping.as_sound(request, piece.stored, name=piece.file_name, content_type=kind, sha256=piece.sha256)
    except keeping.DamagedFileError as error:
        raise Http404 from error
    return _sent(sound)


@access.learner
@require_GET
def evidence_detail(request: LearnerRequest, number: int) -> HttpResponse:
    """What can be shown of a file: text, a table, a listing. Nothing of it runs."""
    piece = _file(request, number)
    try:
        with keeping.opened(piece.stored) as source:
            view = view_of(source, kind=piece.file_kind, name=piece.file_name, size=piece.size)
    except keeping.DamagedFileError:
        return _damaged(request, piece)
    _note(request, piece)
    return render(request, "mentoring/evidence_detail.html", {"piece": piece, "view": view})


@access.learner
@require_GET
def evidence_changes(request: LearnerRequest, number: int, before: int) -> HttpResponse:
    """What is different from an earlier version of it, line by line."""
    texts = Evidence.objects.texts().readable_by(request.user, timezone.now()).select_related("thread")
    piece, old = get_object_or_404(texts, pk=number), get_object_or_404(texts, pk=before)
    if (piece.thread_id, piece.kind, piece.file_kind) != (old.thread_id, old.kind, old.file_kind):
        raise Http404
    try:
        compared = difference(_lines(old), _lines(piece))
    except keeping.DamagedFileError:
        return _damaged(request, piece)
    _note(request, piece)
    context = {"piece": piece, "before": old, "difference": compared}
    return render(request, "mentoring/evidence_changes.html", context)


def _lines(piece: Evidence) -> str | list[str]:
    if piece.kind == EvidenceKind.NOTE:
        return piece.text
    with keeping.opened(piece.stored) as source:
        return lines_of(source, kind=piece.file_kind)


def _file(request: LearnerRequest, number: int) -> Evidence:
    files = Evidence.objects.files().select_related("thread")
    return get_object_or_404(files.readable_by(request.user, timezone.now()), pk=number)


def _note(request: LearnerRequest, piece: Evidence) -> None:
    learner = piece.thread.learner_id
    note_look(viewer=request.user, learner=learner, what=Looked.FILE, submission=None, now=timezone.now())


def _damaged(request: LearnerRequest, piece: Evidence) -> HttpResponse:
    return render(request, "mentoring/evidence_damaged.html", {"piece": piece}, status=500)


def _sent(response: HttpResponseBase) -> HttpResponse:
    return cast("HttpResponse", response)
