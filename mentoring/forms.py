"""What people post about a review, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from mentoring.models.decisions import LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class CommentFault:
    """A comment that was not sent: where it was typed, why, and what was typed."""

    place: str  # the id of its talk, or of the form that corrects a comment
    reason: str
    text: str


class CommentForm(forms.Form):
    """A comment and the one thing that it is about; see `mentoring.commenting.say`."""

    text = forms.CharField(
        max_length=LONGEST_TEXT,
        error_messages={
            "required": "Write something.",
            "max_length": f"Use at most {LONGEST_TEXT:,} characters. These are %(show_value)s.",
        },
    )
    criterion = forms.UUIDField(required=False)
    evidence = forms.IntegerField(required=False, min_value=1)
    decision = forms.IntegerField(required=False, min_value=1)
    replaces = forms.IntegerField(required=False, min_value=1)
    submission = forms.IntegerField(required=False, min_value=1)
    key = forms.UUIDField(error_messages={"required": "Load the page again.", "invalid": "Load the page again."})

    @property
    def target(self) -> int | None:
        """The submission that the form names."""
        self.full_clean()
        return self.cleaned_data.get("submission")

    @property
    def said(self) -> dict[str, Any]:
        """What `say` is told, of a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "submission"}

    def fault(self, submission: int, reason: str = "") -> CommentFault:
        """What is wrong, for the page that shows the form again."""
        first = reason or next((str(errors[0]) for errors in self.errors.values()), "")
        about = next((each for each in ("replaces", "criterion", "evidence", "decision") if self.data.get(each)), "")
        anchor = str(self.data.get(about, ""))
        place = f"correct-{anchor}" if about == "replaces" else f"talk-{submission}-{about[:1]}{anchor}"
        return CommentFault(place, first, str(self.data.get("text", "")))


class KeyForm(forms.Form):
    """What every form of an action carries, so that a second post of it changes nothing."""

    key = forms.UUIDField()


class ReplyForm(forms.Form):
    """A saved reply."""

    title = forms.CharField(
        max_length=80,
        help_text="How you find it again.",
        error_messages={"required": "Give it a title.", "max_length": "Use at most 80 characters."},
    )
    text = forms.CharField(
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Markdown works.",
        error_messages={
            "required": "Write what it says.",
            "max_length": f"Use at most {LONGEST_TEXT:,} characters. These are %(show_value)s.",
        },
    )
