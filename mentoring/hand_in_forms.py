"""What a learner fills in to hand something in."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

LONGEST_MESSAGE = 1_000


class Prose(forms.CharField):
    """A text of several lines. Browsers send each line's end as two characters, and count one."""

    def __init__(self, *, rows: int, longest: int, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "maxlength": longest})
        super().__init__(max_length=longest, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


class KeyedForm(forms.Form):
    """A form that can come twice: its key is made with the page."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages=dict.fromkeys(("required", "invalid"), "Load the page again, then send the form."),
    )


class HandInForm(KeyedForm):
    """Handing in, the first time or again."""

    message = Prose(
        rows=3,
        longest=LONGEST_MESSAGE,
        required=False,
        label="Message to the mentor",
        help_text="What you are unsure of, or where to look first.",
    )
