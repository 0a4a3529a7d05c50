"""What mentors post on a learner's card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.timezone import localdate

from mentoring.models import Agreement
from mentoring.models.learners import LONGEST_NOTE

_LONGEST_AGREEMENT = Agreement._meta.get_field("text").max_length or 0
_TOO_LONG = "Use at most %(limit_value)d characters. These are %(show_value)d."


class NoteForm(forms.Form):
    """A private note; `key` makes a second post of the same form change nothing."""

    text = forms.CharField(
        label="Private note",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write something.", "max_length": _TOO_LONG},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Load the page again."})


class AgreementForm(forms.Form):
    """What was agreed on, and by when."""

    text = forms.CharField(
        label="What you agreed on",
        max_length=_LONGEST_AGREEMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write what you agreed on.", "max_length": _TOO_LONG},
    )
    due_on = forms.DateField(
        label="By",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Choose a day, such as 2026-11-30."},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Load the page again."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].widget.attrs["min"] = localdate().isoformat()

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if due_on is not None and due_on < localdate():
            raise forms.ValidationError("Choose today or a day to come.")
        return due_on
