"""Places in a list: rows that are counted within their parent, each place taken once.

The database checks places at the end of the transaction, so that rows can change places. A form alone would refuse
that, because it compares with what is stored; the whole list has to be judged as it will be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import BaseConstraint, Max, Model, Q, UniqueConstraint
from django.forms.models import BaseInlineFormSet

from accounts.careful import CarefulListFormSet, write_changes
from roles.admin.meeting import MetForm

type Scope = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """How rows of a model are counted: `field` is unique within `scope`."""

    constraint: UniqueConstraint
    scope: tuple[str, ...]
    field: str

    @classmethod
    def of(cls, model: type[Model]) -> Place | None:
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and constraint.deferrable:
                return cls(constraint, tuple(constraint.fields[:-1]), constraint.fields[-1])
        return None

    def scope_of(self, row: Model) -> Scope | None:
        """The list that a row belongs to, or None while that is not known."""
        values = tuple(getattr(row, row._meta.get_field(name).attname) for name in self.scope)  # type: ignore[union-attr]
        return None if None in values or "" in values else values

    def within(self, scope: Scope) -> Q:
        return Q(**dict(zip(self.scope, scope, strict=True)))


def counted_within(model: type[Model]) -> tuple[tuple[str, ...], str] | None:
    """The fields within which rows are counted, and the field that counts them; None where a row's number is its own.

    Without a constraint on places, the order in which rows are listed says it.
    """
    if place := Place.of(model):
        return place.scope, place.field
    listed = [str(each) for each in model._meta.ordering or ()]
    unique = [each.fields for each in model._meta.constraints if isinstance(each, UniqueConstraint)]
    if "order" not in listed or any("order" in fields for fields in unique):
        return None
    return tuple(listed[: listed.index("order")]), "order"


class PlacedForm(MetForm):
    """A row that may be counted. Left empty, its place is the last one."""

    # Whether a formset around this form judges the places of all its rows together.
    judged_in_list = False
    filled_in: frozenset[str] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = Place.of(self._meta.model)
        if self.place and self.place.field in self.fields:
            field = self.fields[self.place.field]
            field.required = False
            field.help_text = "Leave empty to put it last."

    def judges(self, constraint: BaseConstraint) -> bool:
        return not (self.judged_in_list and self.place and constraint is self.place.constraint)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.judged_in_list and self.place and self.wants_place:
            scope = self.place.scope_of(self.instance)
            if scope is not None:
                self.put(next_place(self.place, self._meta.model, scope))

    @property
    def wants_place(self) -> bool:
        """Whether the place was left to us."""
        name = self.place.field if self.place else ""
        return name in self.fields and name not in self.errors and self.cleaned_data.get(name) is None

    def put(self, number: int) -> None:
        assert self.place
        setattr(self.instance, self.place.field, number)
        self.cleaned_data[self.place.field] = number
        self.filled_in = frozenset({self.place.field})


def next_place(place: Place, model: type[Model], scope: Scope) -> int:
    rows = model._default_manager.filter(place.within(scope))
    return int(rows.aggregate(last=Max(place.field))["last"] or 0) + 1


class _JudgesPlaces:
    """A formset that gives each row of a list its place, or says which place is taken twice."""

    model: type[Model]
    forms: list[PlacedForm]

    # Whether fields stand under column heads, so that none has a label of its own.
    in_columns = False

    def add_fields(self, form: Any, index: int | None) -> None:
        form.judged_in_list = True
        super().add_fields(form, index)  # type: ignore[misc]
        self._say_where(form)
        if self.in_columns:
            for name, field in form.fields.items():
                widget = getattr(field.widget, "widget", field.widget)  # inside of Django's “add another” wrapper
                widget.attrs.setdefault("aria-label", str(field.label or name.replace("_", " ")).capitalize())

    def _say_where(self, form: Any) -> None:
        """For admin_rows.js, which moves rows: the list in which a row is counted, as values and fields of the row."""
        scope, name = counted_within(self.model) or ((), "")
        if name in form.fields:
            parent = getattr(getattr(self, "fk", None), "name", "")  # the same for all rows of an inline
            parts = [
                each if each in form.fields else f"={form.instance.serializable_value(each)}"
                for each in scope
                if each != parent
            ]
            form.fields[name].widget.attrs["data-place"] = " ".join(parts)

    def clean(self) -> None:
        place = Place.of(self.model)
        if place:
            self._settle(place, [form for form in self.forms if stays(form)])
        super().clean()  # type: ignore[misc]

    def save_existing(self, form: Any, obj: Model, commit: bool = True) -> Model:
        if not commit:
            saved: Model = super().save_existing(form, obj, commit=False)  # type: ignore[misc]
            return saved
        write_changes(form)
        form._save_m2m()
        return obj

    def _settle(self, place: Place, rows: list[PlacedForm]) -> None:
        scopes = {scope for form in rows if (scope := place.scope_of(form.instance)) is not None}
        taken = self._taken_by_others(place, scopes)
        # Rows that stay where they are come first: the one that was moved onto them gets the message.
        for form in sorted(rows, key=lambda form: place.field in form.changed_data):
            scope = place.scope_of(form.instance)
            number = form.cleaned_data.get(place.field)
            if scope is None or number is None:
                continue
            if number in taken[scope]:
                form.add_error(place.field, str(place.constraint.get_violation_error_message()))
            taken[scope].add(number)
        for form in rows:
            scope = place.scope_of(form.instance)
            if scope is not None and form.wants_place:
                form.put(max(taken[scope], default=0) + 1)
                taken[scope].add(form.cleaned_data[place.field])

    def _taken_by_others(self, place: Place, scopes: Iterable[Scope]) -> dict[Scope, set[int]]:
        """Places of rows that this page does not show: somebody may just have added them."""
        taken: dict[Scope, set[int]] = defaultdict(set)
        wanted = [place.within(scope) for scope in scopes]
        if wanted:
            here = [form.instance.pk for form in self.forms if form.instance.pk]
            others = self.model._default_manager.filter(reduce(or_, wanted)).exclude(pk__in=here)
            names = [self.model._meta.get_field(name).attname for name in place.scope]  # type: ignore[union-attr]
            for *scope, number in others.order_by().values_list(*names, place.field):
                taken[tuple(scope)].add(number)
        return taken


def stays(form: forms.ModelForm[Any]) -> bool:
    """Whether the row will be there after saving: neither an unused extra row nor one ticked for deletion."""
    if not hasattr(form, "cleaned_data") or form.cleaned_data.get("DELETE"):
        return False
    return bool(form.instance.pk) or form.has_changed()


class PlacedInlineFormSet(_JudgesPlaces, BaseInlineFormSet):  # type: ignore[misc, type-arg]
    """The rows of a parent, on the parent's page."""


class PlacedListFormSet(_JudgesPlaces, CarefulListFormSet):  # type: ignore[misc]
    """Rows of a change list, possibly of several parents, possibly only some of each."""

    in_columns = True
