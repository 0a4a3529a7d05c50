"""What every page of the catalog's admin has in common."""

from __future__ import annotations

from itertools import chain
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.contrib.admin.utils import NestedObjects, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from accounts.access import LearnerRequest
from accounts.careful import CarefulAdmin, ask_deferred_constraints, for_staff
from roles.admin.fields import Autocomplete, AutocompleteMany, LinesField, LongLine, Paragraphs
from roles.admin.meeting import meetings
from roles.admin.pages import meet_in_list, meet_on_page, refusal_of, with_version
from roles.admin.places import PlacedForm, PlacedInlineFormSet, PlacedListFormSet
from roles.admin.previewing import PREVIEW, has_page, previewed
from roles.admin.taking_out import EXPORT_ACTIONS
from roles.history.meeting import snapshot_now
from roles.models import Role

_HANGS_ON_IT = "Learners’ work hangs on it. What is published can be retired, and stays for them."
_LONG = 160  # characters from which one line no longer shows a text

# The fields of roles.models.sources.Claim, for a folded part of the page.
CLAIM_FIELDS = (("source", "as_of"), "verification", "as_stated", "editor_note")
CLAIM: Any = (
    "Who says so",
    {
        "classes": ("collapse",),
        "fields": CLAIM_FIELDS,
        "description": "Every figure on a page names its source. Say how far it could be checked.",
    },
)


def roadmap_address(role: Role) -> str | None:
    """The roadmap on the site, or None while there is no such page."""
    try:
        return reverse("roadmaps:roadmap_detail", args=[role.slug])
    except NoReverseMatch:
        return None


def _reaches_hidden_rows(objs: Any, request: HttpRequest) -> bool:
    """Whether deleting would take rows along, or fail by rows, that the person may not see."""
    collector = NestedObjects(using=DEFAULT_DB_ALIAS)
    collector.collect(objs)
    rows = chain(collector.protected, *collector.model_objs.values())
    found: set[type[Model]] = {type(row) for row in rows}
    shown = (each._meta for each in found if not each._meta.auto_created)
    return not all(request.user.has_perm(f"{each.app_label}.view_{each.model_name}") for each in shown)


class _Boxes(BaseModelAdmin):  # type: ignore[type-arg]  # the class is not generic at run time
    """Boxes that fit what goes into them."""

    links_to_related = True
    # Whether boxes of several rows share what they look up.
    looks_up_together = False

    formfield_overrides = {
        ArrayField: {"form_class": LinesField},
        models.TextField: {"widget": Paragraphs},
    }

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if type(db_field) is models.CharField and (db_field.max_length or 0) >= _LONG and not db_field.choices:
            kwargs.setdefault("widget", LongLine)
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Whoever edits a row must not delete what others refer to with one click beside it.
            field.widget.can_delete_related = False
            field.widget.can_change_related = self.links_to_related and field.widget.can_change_related
            field.widget.can_view_related = self.links_to_related and field.widget.can_view_related
        return field

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Every relation to rows that have a page of their own: any of these tables can grow."""
        relations = (*self.model._meta.fields, *self.model._meta.many_to_many)
        found = (each.name for each in relations if each.remote_field and self._is_found(each.related_model))
        return tuple(dict.fromkeys((*super().get_autocomplete_fields(request), *found)))

    def _is_found(self, model: Any) -> bool:
        return self.admin_site.is_registered(model) and bool(self.admin_site.get_model_admin(model).search_fields)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Autocomplete(db_field, self.admin_site, shared=self.looks_up_together)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = AutocompleteMany(db_field, self.admin_site, shared=self.looks_up_together)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class CatalogAdmin(_Boxes, CarefulAdmin):
    form = PlacedForm
    list_formset = PlacedListFormSet
    list_per_page = 100
    actions = EXPORT_ACTIONS
    save_on_top = True
    empty_value_display = "–"
    # What stands in addresses or tells rows apart for good: chosen once, then fixed.
    fixed_fields: ClassVar[tuple[str, ...]] = ("slug",)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        # Before anything is read: what is committed from now on is news to the page.
        seen = snapshot_now() if request.method == "GET" and object_id else ""
        response = super().changeform_view(request, object_id, form_url, extra_context)
        return with_version(request, response, seen)

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> Any:
        """Inside of the transaction in which a page is saved."""
        met = meet_on_page(self, request, object_id) if object_id and request.method == "POST" else None
        if met is not None:
            return met
        response = super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]  # not in stubs
        if PREVIEW in request.POST or (request in meetings and meetings[request].is_provisional):
            transaction.set_rollback(True)
        return response

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._previewed(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._previewed(request, obj) or super().response_change(request, obj)

    def _previewed(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        """Of what was saved, to be taken back: `_changeform_view` sees to that."""
        if PREVIEW not in request.POST:
            return None
        ask_deferred_constraints()
        return previewed(self, request, obj)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["can_preview"] = has_page(self)
        return super().render_change_form(request, context, *args, **kwargs)

    @for_staff
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        seen = snapshot_now() if request.method == "GET" and self.list_editable else ""
        response = super().changelist_view(request, extra_context)
        return with_version(request, response, seen)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.meeting = meetings.get(request)
        if obj is not None and not form.refused:
            form.refused = refusal_of(request)
        return form

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        form = super().get_changelist_form(request, **kwargs)
        form.meeting, form.asks_briefly = meet_in_list(self, request), True
        return form

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        formset = super().get_changelist_formset(request, **kwargs)
        formset.refused = formset.refused or refusal_of(request)
        return formset

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        readonly = tuple(super().get_readonly_fields(request, obj))
        names = {field.name for field in self.model._meta.get_fields()}
        return (*readonly, *(name for name in self.fixed_fields if name in names)) if obj else readonly

    def get_ordering(self, request: HttpRequest) -> Any:
        """Stated outright: where an admin counts something for each row, the database forgets the model's own order."""
        return super().get_ordering(request) or self.opts.ordering

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Where rows stand in the way, they are the reason; a permission would not help. Nobody reads here of rows that
        they may not see, such as learners': that there are some is said."""
        if _reaches_hidden_rows(objs, request):
            return [], {}, set(), [_HANGS_ON_IT]
        doomed, counts, refused, protected = super().get_deleted_objects(objs, request)
        return doomed, counts, set() if protected else refused, protected

    @for_staff
    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Of what the database keeps, not of what the admin notes down."""
        from roles.admin.history import history_row  # which knows every admin of the catalog

        number = unquote(object_id)
        if not number.isascii() or not number.isdigit():
            raise Http404
        return history_row(cast(LearnerRequest, request), self.opts.label_lower, int(number))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else dict(super().get_prepopulated_fields(request, obj))


class _CatalogInline(_Boxes, InlineModelAdmin):  # type: ignore[type-arg]
    links_to_related = False
    looks_up_together = True
    form = PlacedForm
    formset = PlacedInlineFormSet
    extra = 0
    # Relations that a row shows, fetched with the rows.
    one: ClassVar[tuple[str, ...]] = ()
    many: ClassVar[tuple[str, ...]] = ()

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.meeting = meetings.get(request)  # type: ignore[attr-defined]
        return formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows: QuerySet[Model] = super().get_queryset(request)
        if self.one:
            rows = rows.select_related(*self.one)
        return rows.prefetch_related(*self.many)


class Rows(_CatalogInline, admin.TabularInline):  # type: ignore[type-arg]
    """Short rows under column heads."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.in_columns = True
        return formset


class Cards(_CatalogInline, admin.StackedInline):  # type: ignore[type-arg]
    """Rows with long texts, one below the other; where there are many, each is folded behind its name."""

    template = "admin/roles/cards.html"
    open_up_to = 4
