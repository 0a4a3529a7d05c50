"""Admin that keeps what people typed, says why the database refused it, and writes only what was changed.

Forms check every constraint before anything is saved, but two editors can still meet: then the database has the last
word. It comes back as a message on the same page, with the same input, never as an error page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, cast
from weakref import WeakKeyDictionary

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.db.models import BaseConstraint, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator

from accounts.access import staff

_RAISED_BY_TRIGGER = "P0001"
_DEADLOCK = "40P01"
_RAISE = "exec_stmt_raise"  # where the database's own code is when a function says RAISE
_ATTEMPTS = 3
_MET_SOMEBODY = "Somebody changed the same rows at the same moment. Look at what stands here now, then save again."

# Why the database refused a request's first attempt. The page is then made again, with this on its form.
_refused: WeakKeyDictionary[HttpRequest, str] = WeakKeyDictionary()


def for_staff[M: Callable[..., Any]](method: M) -> M:
    """The policy `staff`, for a view that is a method of an admin."""
    return method_decorator(cast(Any, staff))(method)


def is_refusal(error: DatabaseError) -> bool:
    """Whether a constraint, a trigger or another transaction was in the way, as opposed to anything being broken."""
    return _state(error).startswith("23") or _state(error) == _RAISED_BY_TRIGGER or is_deadlock(error)


def is_deadlock(error: DatabaseError) -> bool:
    """Whether the database ended this transaction to let another go on. Nothing is wrong with it: it can be repeated.

    Happens where two people put a row in the same place: each then waits for what the other did.
    """
    return _state(error) == _DEADLOCK


def outlasting_deadlocks(act: Callable[[], None]) -> None:
    """Do it in a transaction, and again where another one was in the way. They go on; we begin anew."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
                act()
        except DatabaseError as error:
            if not is_deadlock(error) or attempt == _ATTEMPTS:
                raise
        else:
            return


def _state(error: DatabaseError) -> str:
    return str(getattr(error.__cause__, "sqlstate", None) or "")


def reason_of(error: DatabaseError) -> str:
    """What a person can do about a refusal, in the words of the constraint where it has some."""
    told = getattr(error.__cause__, "diag", None)
    name = getattr(told, "constraint_name", None)
    if name and getattr(told, "source_function", "") == _RAISE:  # a rule that a function of ours states
        return str(getattr(told, "message_primary", ""))
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message is not None:
                return str(constraint.get_violation_error_message())
    return _MET_SOMEBODY


def ask_deferred_constraints() -> None:
    """Let constraints that wait for the end of the transaction speak now, so that nothing is called saved before."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class CarefulForm(forms.ModelForm):  # type: ignore[type-arg]  # the class is not generic at run time
    """A form that puts the message of a constraint beside the field that it is about."""

    refused: ClassVar[str] = ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refused:
            raise ValidationError(self.refused)
        return cleaned

    def validate_constraints(self) -> None:
        exclude = self._get_validation_exclusions()  # type: ignore[attr-defined]
        if not self.instance._state.adding:
            if not self.has_changed():
                return
            # What the form does not show has a stored value, which constraints can be checked with.
            exclude &= self.fields.keys()
        for model, constraints in self.instance.get_constraints():
            for constraint in filter(self.judges, constraints):
                try:
                    constraint.validate(model, self.instance, exclude=exclude)
                except ValidationError as error:
                    self.add_error(self._field_of(constraint), error)

    def judges(self, constraint: BaseConstraint) -> bool:
        """Whether this form alone can tell if the constraint holds."""
        return True

    def _field_of(self, constraint: BaseConstraint) -> str | None:
        """The last field of one or two that a constraint compares; None, meaning the whole form, for more."""
        names: Iterable[str] = ()
        if isinstance(constraint, models.UniqueConstraint):
            names = constraint.fields[-1:]
        elif isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, Q):
            names = constraint.condition.referenced_base_fields
            names = names if len(set(names)) <= 2 else ()
        shown = [name for name in self.fields if name in set(names)]
        return shown[-1] if shown else None


class CarefulListFormSet(forms.BaseModelFormSet):  # type: ignore[type-arg]  # the class is not generic at run time
    """The rows of a change list that are edited in place."""

    refused: ClassVar[str] = ""

    def clean(self) -> None:
        super().clean()
        if self.refused:
            raise ValidationError(self.refused)


def write_changes(form: forms.ModelForm[Any]) -> None:
    """Save the fields that the person changed and no others, so that two people's edits of one row both stay."""
    filled_in: frozenset[str] = getattr(form, "filled_in", frozenset())
    changed = {*form.changed_data, *filled_in}
    names = [field.name for field in form.instance._meta.concrete_fields if field.name in changed]
    if names:
        form.instance.save(update_fields=names)


class CarefulAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the class is not generic at run time
    form = CarefulForm
    list_formset: ClassVar[type[CarefulListFormSet]] = CarefulListFormSet

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            write_changes(form)
        else:
            super().save_model(request, obj, form, change)

    def message_user(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        ask_deferred_constraints()
        super().message_user(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refused = _refused.get(request, "")  # type: ignore[attr-defined]
        return form

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("form", self.form)
        return super().get_changelist_form(request, **kwargs)

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("formset", self.list_formset)
        formset = super().get_changelist_formset(request, **kwargs)
        formset.refused = _refused.get(request, "")  # type: ignore[attr-defined]
        return formset

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        view = super().changeform_view
        return _answer(request, lambda: view(request, object_id, form_url, extra_context))

    @for_staff
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        view = super().changelist_view
        if "_save" in request.POST:
            return _answer(request, lambda: view(request, extra_context))
        return self._once(request, lambda: view(request, extra_context))

    @for_staff
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        view = super().delete_view
        response: HttpResponse = self._once(request, lambda: view(request, object_id, extra_context))
        return response

    def _once(self, request: HttpRequest, view: Callable[[], Any]) -> Any:
        """For what has no form to come back to, such as deleting: the reason is shown on the page before."""
        if request.method != "POST":
            return view()
        try:
            with transaction.atomic():
                return view()
        except DatabaseError as error:
            if not is_refusal(error):
                raise
            messages.error(request, f"Nothing was changed. {reason_of(error)}")
            return HttpResponseRedirect(request.get_full_path())


def _answer(request: HttpRequest, view: Callable[[], Any]) -> Any:
    """Answer a form; if the database refuses it, answer again with the reason on the form and the input kept."""
    if request.method != "POST":
        return view()
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return view()
        except DatabaseError as error:
            if is_deadlock(error) and attempt < _ATTEMPTS:
                continue
            if not is_refusal(error):
                raise
            _refused[request] = reason_of(error)
            break
    return view()
