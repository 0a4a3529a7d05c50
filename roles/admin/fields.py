"""Form fields and widgets of the catalog's admin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.contrib.postgres.forms import SimpleArrayField
from django.forms.widgets import ChoiceWidget


class LinesField(SimpleArrayField):
    """A list of short texts, one a line; blank lines do not count."""

    default_error_messages = {"item_invalid": "Line %(nth)s:"}

    def __init__(self, base_field: forms.Field, **kwargs: Any) -> None:
        kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 4})
        kwargs["help_text"] = f"{kwargs.get('help_text') or ''} One a line.".strip()
        super().__init__(base_field, delimiter="\n", **kwargs)

    def to_python(self, value: Any) -> list[Any]:  # type: ignore[override]  # a list, as in the base class itself
        if isinstance(value, str):
            value = [line.strip() for line in value.splitlines() if line.strip()]
        return list(super().to_python(value))


class Paragraphs(AdminTextareaWidget):
    """A text whose lines end as they do in the database. Browsers send another ending, which would count as an edit."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"rows": 4, **(attrs or {})})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class LongLine(AdminTextareaWidget):
    """One line of text that is too long to be read in a one-line box. Breaks in it become spaces."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"rows": 2, **(attrs or {})})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return " ".join(value.splitlines()) if isinstance(value, str) else value


class _Labels(AutocompleteMixin, ChoiceWidget):
    """An autocomplete box that survives whatever is posted: the stock one fails on what is no key.

    With `shared`, the labels of all rows come in one query, however many boxes a page has: the boxes of one formset
    are copies, which share `known`. The stock one asks once for every box.
    """

    def __init__(self, *args: Any, shared: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shared = shared
        self.known: dict[str, str] = {}

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        chosen = [str(each) for each in value if each]
        known = self.known if self.shared else {}
        if not known.keys() >= set(chosen):
            rows = self.choices.queryset if self.shared else self.choices.queryset.filter(pk__in=_keys(chosen))
            known.update({str(row.pk): str(row) for row in rows})
        options = []
        if not self.is_required and not self.allow_multiple_selected:
            options.append(self.create_option(name, "", "", False, 0))
        for key in sorted(filter(known.__contains__, chosen), key=lambda key: known[key].lower()):
            options.append(self.create_option(name, key, known[key], True, len(options)))
        return [(None, options, 0)]


def _keys(chosen: list[str]) -> list[int]:
    return [int(each) for each in chosen if each.isascii() and each.isdigit()]


class Autocomplete(_Labels, AutocompleteSelect):
    pass


class AutocompleteMany(_Labels, AutocompleteSelectMultiple):
    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        """Without the button that empties the whole box: it stands in the list of choices, where no button belongs."""
        return {**super().build_attrs(base_attrs, extra_attrs), "data-allow-clear": "false"}


class Stays(forms.CheckboxInput):
    """In place of “Delete?” for a row that may not be deleted."""

    template_name = "admin/widgets/stays.html"
