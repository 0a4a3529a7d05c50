"""How files spell the values of content.

Inside, a value is what JSON can say: a text, a number, yes or no, a list, or nothing. Two values are the same exactly
if they are spelled the same, so an export that comes back changes nothing. A relation is spelled by natural keys, never
by numbers of rows: `clinical-ai-engineer`, or `clinical-ai-engineer/foundations` where a key has two parts.

In a cell of CSV or XLSX, lists of keys stand with commas between them, and lists of texts one to a line.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from import_export.widgets import Widget

from roles.exchange.keys import Keys

type Plain = str | int | bool | list[str] | None

BETWEEN_KEYS = ", "
YES, NO = "yes", "no"
_WORDS = {YES: True, "true": True, "1": True, NO: False, "false": False, "0": False}


class _Empty:
    """An empty cell, of which only the row can tell what it means: nothing, or what new rows have."""

    def __repr__(self) -> str:
        return "EMPTY"


EMPTY = _Empty()


class Value(Widget):
    """A value that is no relation. `clean` reads it from a file and `render` writes it, both as spelled above."""

    def __init__(self, field: Any) -> None:
        super().__init__()
        self.field = field

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Raises ValueError with the reason."""
        empty = value is None or value == ""
        if isinstance(self.field, ArrayField):
            return self._checked([] if empty else _lines(value))
        if isinstance(self.field, models.CharField | models.TextField):
            return self._checked("" if empty else _one(value))
        if empty:
            return EMPTY
        return _yes_or_no(value) if isinstance(self.field, models.BooleanField) else self._checked(_one(value).strip())

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Plain:
        found: Plain = plain(value)
        return found

    def _checked(self, value: Any) -> Plain:
        try:
            # The second argument counts only for fields that ask for the row, which none of ours do.
            found: Plain = plain(self.field.clean(value, None))
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error
        return found


class KeyOf(Widget):
    """A relation to one row."""

    def __init__(self, field: Any) -> None:
        super().__init__()
        self.field = field

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return EMPTY if value in (None, "") else _one(value).strip()

    def render(self, value: Any, obj: Any = None, *, keys: Keys, **kwargs: Any) -> Plain:
        return None if value is None else keys.of(self.field.related_model, value)


class KeysOf(KeyOf):
    """A relation to any number of rows. Their order says nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return []
        found = value if isinstance(value, list) else _one(value).replace("\n", ",").split(",")
        return sorted({key for each in found if (key := _one(each).strip())})

    def render(self, value: Any, obj: Any = None, *, keys: Keys, **kwargs: Any) -> Plain:
        return sorted(keys.of(self.field.related_model, each.pk) for each in value.all())


def plain(value: Any) -> Any:
    """A value of a row as it is spelled."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return _one_ending(str(value))


def as_text(value: Plain, *, keys: bool = False) -> str:
    """What stands in a cell, or on a page, for a value; with `keys`, for a list of keys."""
    match value:
        case None:
            return ""
        case bool():
            return YES if value else NO
        case list():
            return (BETWEEN_KEYS if keys else "\n").join(value)
        case _:
            return str(value)


def _yes_or_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    try:
        return _WORDS[_one(value).strip().lower()]
    except KeyError:
        raise ValueError(f"Say “{YES}” or “{NO}”.") from None


def _lines(value: Any) -> list[str]:
    """Texts as JSON lists them, or one to a line; blank lines do not count, as in the admin."""
    found: Iterable[Any] = value if isinstance(value, list) else _one(value).split("\n")
    texts = [_one(each) for each in found]
    if any("\n" in each for each in texts):
        raise ValueError("Each text of the list stands in one line.")
    return [each for each in texts if each.strip()]


def _one(value: Any) -> str:
    """A single value as text, whatever kind of cell it was in."""
    match value:
        case bool():
            return YES if value else NO
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case list() | dict():
            raise ValueError("One value is wanted here, not a list.")
    text = _one_ending(str(value))
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("There is a character in it that is no text.")
    return text


def _one_ending(text: str) -> str:
    """Lines end in one way, whatever program wrote them."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
