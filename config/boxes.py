"""The boxes of forms, written without Django's templates: the same HTML, but for blank lines between options.

A template of its own is rendered for each <option> otherwise, and two more for each label and for each list of errors,
empty ones too. A role's page in the admin has 7,700 options, which took half of the time that its editor waited.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.formats import localize
from django.utils.html import conditional_escape

type Context = Mapping[str, Any]

_FOLDER = "django/forms/widgets/"
_OPTION = f"{_FOLDER}select_option.html"


def _shown(value: Any) -> str:
    return html.escape(value) if type(value) is str else conditional_escape(localize(value))


def _stated(value: Any) -> str:
    """A value for programs: a number has no comma for thousands."""
    return conditional_escape(value) if isinstance(value, str) else html.escape(str(value))


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {_shown(name)}" if value is True else f' {_shown(name)}="{_stated(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(context: Context) -> str:
    box = context["widget"]
    value = "" if box["value"] is None else f' value="{_stated(box["value"])}"'
    return f'<input type="{_shown(box["type"])}" name="{_shown(box["name"])}"{value}{_attributes(box["attrs"])}>'


def _textarea(context: Context) -> str:
    box = context["widget"]
    text = _shown(box["value"]) if box["value"] else ""
    return f'<textarea name="{_shown(box["name"])}"{_attributes(box["attrs"])}>\n{text}</textarea>'


def _select(context: Context) -> str | None:
    box = context["widget"]
    if any(option["template_name"] != _OPTION for _, options, _ in box["optgroups"] for option in options):
        return None
    inside = "".join(_grouped(box["optgroups"]))
    return f'<select name="{_shown(box["name"])}"{_attributes(box["attrs"])}>{inside}\n</select>'


def _grouped(groups: list[tuple[Any, list[Any], int]]) -> Iterator[str]:
    for group, options, _ in groups:
        if group:
            yield f'\n  <optgroup label="{_shown(group)}">'
        for each in options:
            value, attributes = _stated(each["value"]), _attributes(each["attrs"])
            yield f'\n  <option value="{value}"{attributes}>{_shown(each["label"])}</option>'
        if group:
            yield "\n  </optgroup>"


def _label(context: Context) -> str:
    label = _shown(context["label"])
    if not context["use_tag"]:
        return label
    tag = _shown(context["tag"])
    return f"<{tag}{_attributes(context['attrs'] or {})}>{label}</{tag}>"


def _errors(context: Context) -> str | None:
    return None if context["errors"] else ""


_INPUTS = (
    "checkbox",
    "date",
    "datetime",
    "email",
    "file",
    "hidden",
    "number",
    "password",
    "search",
    "text",
    "time",
    "url",
)
WRITERS: dict[str, Callable[[Context], str | None]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS},
    f"{_FOLDER}select.html": _select,
    f"{_FOLDER}textarea.html": _textarea,
    "django/forms/label.html": _label,
    "django/forms/errors/list/default.html": _errors,
    "django/forms/errors/list/ul.html": _errors,
}


def written(template: str, context: Context) -> str | None:
    """What the template makes of this, or None where only the template knows."""
    writer = WRITERS.get(template)
    return writer(context) if writer else None
