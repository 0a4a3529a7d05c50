"""The pages of imports and exports: what content there is, sending a file, what it would change, the word for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from accounts.access import LearnerRequest, staff
from accounts.models import User
from roles.admin.taking_out import export_response, listed, of_the_list
from roles.exchange import importing
from roles.exchange.columns import Content, columns_of, content_models
from roles.exchange.importing import NotNowError
from roles.exchange.reading import MOST_BYTES, MOST_ROWS
from roles.exchange.telling import columns_told, rows_told
from roles.exchange.writing import Format, NotWritableError
from roles.models import Import, ImportState, Outcome

_A_PAGE = 25


class FileForm(forms.Form):
    file = forms.FileField(
        help_text="CSV, XLSX or JSON, told by what is in it. At most 10 MB and 20,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json"}),
    )

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(f"The file is larger than {MOST_BYTES // 1024**2} MB. Send it in parts.")
        return file


# ---------------------------------------------------------------- what there is, and exports
@staff
def exchange_list(request: LearnerRequest) -> HttpResponse:
    """Every content model, and the imports of late."""
    shown = [each for each in content_models().values() if _may(request.user, each, "view")]
    if not shown:
        raise PermissionDenied
    own = [label for label, model in content_models().items() if _may_import(request.user, model)]
    page = Paginator(Import.objects.into(own).with_people(), _A_PAGE).get_page(request.GET.get("page"))
    models = [(each._meta, each._meta.label_lower in own) for each in shown]
    return _page(request, "list.html", "Import and export", models=models, page=page)


@staff
def exchange_export(request: LearnerRequest, label: str) -> HttpResponse:
    """Which rows, and in which format; the address may be that of a filtered list."""
    model = _content(request.user, label, "view")
    total, some = model._base_manager.count(), None
    if kept := of_the_list(request.GET):
        some = listed(model, request).count()
    title = f"Export {model._meta.verbose_name_plural}"
    return _page(
        request, "export.html", title, content=model._meta, total=total, some=some, kept=kept, formats=list(Format)
    )


@staff
def exchange_file(request: LearnerRequest, label: str) -> HttpResponse:
    model = _content(request.user, label, "view")
    try:
        format = Format(request.GET.get("format", ""))
    except ValueError:
        return redirect("admin:exchange_export", label)
    rows = listed(model, request) if request.GET.get("rows") == "listed" else model._base_manager.all()
    try:
        return export_response(model, rows, format)
    except NotWritableError as error:
        messages.error(request, str(error))
        return redirect("admin:exchange_export", label)


# ---------------------------------------------------------------- imports
@staff
def exchange_send(request: LearnerRequest, label: str) -> HttpResponse:
    """Send a file; what it would change is looked at before anything is written."""
    model = _for_import(request.user, label)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        name = file.name or "file"
        sent = importing.send(model=model, name=name, content=file.read(), by=request.user, now=timezone.now())
        return redirect("admin:import_detail", sent.pk)
    response = _page(
        request,
        "send.html",
        f"Import {model._meta.verbose_name_plural}",
        content=model._meta,
        form=form,
        columns=columns_told(columns_of(model)),
        most_rows=MOST_ROWS,
    )
    response.status_code = 422 if form.errors else 200
    return response


@staff
def import_detail(request: LearnerRequest, number: int) -> HttpResponse:
    """How far it is; then what it would change, row by row; then what it did."""
    found = get_object_or_404(Import.objects.with_people(), pk=number)
    model = _for_import(request.user, found.model)
    facts = {"found": found, "content": model._meta, "silent": found.is_silent(timezone.now())}
    if request.headers.get("HX-Request") == "true":
        response = _page(request, "import.html#progress", str(found), **facts)
        if not found.is_moving:
            response.headers["HX-Refresh"] = "true"
    else:
        chosen = request.GET.get("outcome", "")
        if chosen not in Outcome.values:
            chosen = Outcome.FAULTY if found.state == ImportState.FAULTY else ""
        rows = found.rows.filter(outcome=chosen) if chosen else found.rows.all()
        page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
        counts = [(each, getattr(found, each.value)) for each in Outcome if getattr(found, each.value)]
        response = _page(
            request,
            "import.html",
            str(found),
            page=page,
            rows=rows_told(columns_of(model), list(page)),
            chosen=chosen,
            counts=counts,
            **facts,
        )
    patch_vary_headers(response, ["HX-Request"])
    return response


@staff
@require_POST
def import_confirm(request: LearnerRequest, number: int) -> HttpResponse:
    return _change(
        request,
        number,
        lambda: importing.confirm(
            number=number, seen=request.POST.get("seen", ""), by=request.user, now=timezone.now()
        ),
    )


@staff
@require_POST
def import_drop(request: LearnerRequest, number: int) -> HttpResponse:
    return _change(request, number, lambda: importing.drop(number=number))


@staff
@require_POST
def import_start_again(request: LearnerRequest, number: int) -> HttpResponse:
    return _change(request, number, lambda: importing.start_again(number=number, now=timezone.now()))


def _change(request: LearnerRequest, number: int, change: Any) -> HttpResponse:
    _for_import(request.user, get_object_or_404(Import, pk=number).model)
    try:
        change()
    except NotNowError as error:
        messages.warning(request, str(error))
    return redirect("admin:import_detail", number)


# ---------------------------------------------------------------- rights
def _may(user: User, model: Content, *what: str) -> bool:
    options = model._meta
    return all(user.has_perm(f"{options.app_label}.{each}_{options.model_name}") for each in what)


def _may_import(user: User, model: Content) -> bool:
    return _may(user, model, "view", "add", "change")


def _content(user: User, label: str, *what: str) -> Content:
    """The content model of that name: no other model has an address here."""
    model = content_models().get(label)
    if model is None:
        raise Http404
    if not _may(user, model, *what):
        raise PermissionDenied
    return model


def _for_import(user: User, label: str) -> Content:
    return _content(user, label, "view", "add", "change")


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
    context = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/roles/exchange/{template}", context)


def exchange_urls(site: admin.AdminSite) -> list[URLPattern]:
    view = site.admin_view
    return [
        path("exchange/", view(exchange_list), name="exchange_list"),
        path("exchange/imports/<int:number>/", view(import_detail), name="import_detail"),
        path("exchange/imports/<int:number>/confirm/", view(import_confirm), name="import_confirm"),
        path("exchange/imports/<int:number>/drop/", view(import_drop), name="import_drop"),
        path("exchange/imports/<int:number>/again/", view(import_start_again), name="import_start_again"),
        path("exchange/<str:label>/import/", view(exchange_send), name="exchange_send"),
        path("exchange/<str:label>/export/", view(exchange_export), name="exchange_export"),
        path("exchange/<str:label>/export/file/", view(exchange_file), name="exchange_file"),
    ]
