"""How pages of the admin meet: what a post of one is told before its forms are made, and what the answer carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse

from roles.admin.meeting import CHOICE, MINE, SEEN, STOPPED, THEIRS, UNKNOWN, Meeting, meetings, without_version
from roles.admin.missed import PostedRow, posted_rows, put_back, settle
from roles.history.meeting import Theirs, is_snapshot
from roles.history.tables import linked_fields
from roles.history.wording import row_of, who

_SAVES = ("_save", "_continue", "_addanother")
_PAGE = f"{CHOICE}page"


def meet_on_page(page: ModelAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse | None:
    """Lock the rows of the page and find out what others made of them. An answer, where the page's own row is gone."""
    posted = meetings[request].data if request in meetings else request.POST  # another attempt begins anew
    number = unquote(object_id)
    if not number.isascii() or not number.isdigit() or not any(each in posted for each in _SAVES):
        return None
    if not is_snapshot(posted.get(SEEN, "")) or not page.has_change_permission(request):
        return None
    rows = list(_rows_on_page(page, request, posted))
    keys = [(page.model, int(number)), *(row.key for row in rows)]
    meeting = Meeting.of_post(posted, keys)
    meetings[request] = meeting
    own = meeting.theirs.get(keys[0])
    if own and own.deleted:
        faults = _put_back(page, request, keys) if posted.get(_PAGE) == MINE else None
        if faults != []:
            return _gone(page, request, own, rows, faults or [])
        meetings[request] = meeting = Meeting.of_post(posted, keys)
    request.POST = settle(meeting, rows, lambda row, theirs: _form_of(page, request, row, theirs))  # type: ignore[assignment]
    return None


def meet_in_list(page: ModelAdmin[Any], request: HttpRequest) -> Meeting | None:
    """The same for rows of a list that are edited in place."""
    if "_save" not in request.POST or without_version(request):
        return None
    rows = posted_rows(request.POST, "form", page.model)
    meetings[request] = Meeting.of_post(request.POST, [row.key for row in rows])
    return meetings[request]


def refusal_of(request: HttpRequest) -> str:
    """Why the post cannot be saved as a whole; empty where it can."""
    if any(each in request.POST for each in _SAVES) and without_version(request):
        return UNKNOWN
    return STOPPED if request in meetings and meetings[request].conflicts else ""


def with_version(request: HttpRequest, response: Any, seen: str) -> Any:
    """Let the page carry the version that it shows; and say what others changed, once it was saved."""
    meeting = meetings.get(request)
    if isinstance(response, TemplateResponse) and response.context_data is not None:
        # A page that comes back shows what it showed, with what was typed: its version is that of then.
        response.context_data["seen"] = seen or request.POST.get(SEEN, "")
        response.context_data["meeting"] = meeting
    elif meeting and response.status_code == 302:
        for said in dict.fromkeys(meeting.kept):
            messages.info(request, said)
    return response


def _rows_on_page(page: ModelAdmin[Any], request: HttpRequest, posted: QueryDict) -> Iterator[PostedRow]:
    for prefix, _, model in _formsets(page, request):
        yield from posted_rows(posted, prefix, model)


def _formsets(page: ModelAdmin[Any], request: HttpRequest) -> Iterator[tuple[str, Any, Any]]:
    """Prefix, formset and model of each inline, named as the admin names them."""
    met: dict[str, int] = {}
    for formset, inline in page.get_formsets_with_inlines(request, None):
        prefix = formset.get_default_prefix()
        met[prefix] = met.get(prefix, 0) + 1
        yield prefix if met[prefix] == 1 else f"{prefix}-{met[prefix]}", formset, inline.model


def _form_of(page: ModelAdmin[Any], request: HttpRequest, row: PostedRow, theirs: Theirs) -> Any:
    """The form of a row that is gone, as the page showed it, with what was typed."""
    (made,) = (formset.form for prefix, formset, _ in _formsets(page, request) if prefix == row.prefix)
    assert theirs.base
    initial = {each.name: sorted(theirs.base.links.get(each.name, ())) for each in linked_fields(row.model)}
    was = row_of(row.model, row.pk, theirs.base)
    return made(data=meetings[request].data, prefix=f"{row.prefix}-{row.place}", instance=was, initial=initial)


# ---------------------------------------------------------------- a page whose row is gone
def _put_back(page: ModelAdmin[Any], request: HttpRequest, keys: list[Any]) -> list[str]:
    """The page's row and those on it, the page's first."""
    if not page.has_add_permission(request):
        return [f"You may not add {page.opts.verbose_name_plural}."]
    return next((faults for key in keys if (faults := put_back(key))), [])


def _gone(
    page: ModelAdmin[Any], request: HttpRequest, own: Theirs, rows: list[PostedRow], faults: list[str]
) -> HttpResponse:
    assert own.deleted
    posted = meetings[request].data
    said = f"The {page.opts.verbose_name} was deleted by {who(own.deleted.changeset)} while you were editing."
    if posted.get(_PAGE) == THEIRS:
        messages.info(request, "It stays deleted.")
        return HttpResponseRedirect(reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist"))
    again = {name: posted.getlist(name) for name in posted if name not in (_PAGE, "csrfmiddlewaretoken")}
    context = {
        **page.admin_site.each_context(request),
        "title": said,
        "opts": page.opts,
        "at": own.deleted.at,
        "sent": [(name, value) for name, values in again.items() for value in values],
        "typed": list(_typed(page, request, own, rows)),
        "faults": faults,
        "history": reverse("admin:history_row", args=[own.past.model._meta.label_lower, own.past.pk]),
        "choice": _PAGE,
    }
    return TemplateResponse(request, "admin/roles/gone.html", context)


def _typed(
    page: ModelAdmin[Any], request: HttpRequest, own: Theirs, rows: list[PostedRow]
) -> Iterator[tuple[str, str]]:
    """What the person changed on the page, field by field, in rows that were there too."""
    assert own.base
    meeting = meetings[request]
    was = row_of(own.past.model, own.past.pk, own.base)
    initial = {each.name: sorted(own.base.links.get(each.name, ())) for each in linked_fields(own.past.model)}
    forms = [page.get_form(request, was, change=True)(data=meeting.data, instance=was, initial=initial)]
    gone = [(row, theirs) for row in rows if (theirs := meeting.theirs.get(row.key)) and theirs.deleted]
    forms += [_form_of(page, request, row, theirs) for row, theirs in gone]
    for form in forms:
        yield from ((str(form.fields[name].label), str(form[name].data)) for name in form.changed_data)
