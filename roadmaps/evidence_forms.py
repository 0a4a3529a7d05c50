"""What a learner fills in on a milestone's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.files import File

from mentoring.asked import Criterion
from mentoring.files.inspecting import ENDINGS_TAKEN, inspect
from mentoring.files.refusing import RefusedFileError
from mentoring.hand_in_forms import KeyedForm, Prose
from mentoring.models import Evidence, EvidenceKind
from mentoring.models.evidence import LONGEST_NOTE

LONGEST_BLOCKER = 500
_AGAIN = "Choose the file again: a browser cannot keep it."


class EvidenceForm(KeyedForm):
    """A piece of evidence, and the criteria that it answers."""

    kind: EvidenceKind
    title = forms.CharField(
        max_length=150, label="Title", error_messages={"required": "Give it a title, so that a mentor can refer to it."}
    )
    criteria = forms.TypedMultipleChoiceField(
        required=False,
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        label="What it answers",
        help_text="Tick all that it shows. Without a tick it is about the whole.",
    )
    field_order = ["title", "url", "text", "file", "criteria", "key"]

    def __init__(self, *args: Any, criteria: Sequence[Criterion], piece: Evidence | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"change-{piece.pk}-%s" if piece else f"{self.kind}-%s")
        if piece is not None:
            kwargs.setdefault("initial", self.initial_of(piece))
        super().__init__(*args, **kwargs)
        self.piece = piece
        field = self.fields["criteria"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(each.key, each.text) for each in criteria]

    def initial_of(self, piece: Evidence) -> dict[str, Any]:
        return {"title": piece.title, "criteria": [str(key) for key in piece.criteria]}

    def refuse(self, reason: str) -> None:
        """Say what was found wrong only after the form was read."""
        self.add_error(None, reason)


class LinkForm(EvidenceForm):
    kind = EvidenceKind.LINK
    url = forms.URLField(
        max_length=500,
        assume_scheme="https",
        label="Address",
        widget=forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
        help_text="A repository, a page, a recording. The mentor must be able to open it.",
        error_messages={
            "required": "Give the address.",
            "invalid": "This is no address of a page. It begins with https://",
        },
    )

    def initial_of(self, piece: Evidence) -> dict[str, Any]:
        return super().initial_of(piece) | {"url": piece.url}

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if not url.lower().startswith(("https://", "http://")):
            raise forms.ValidationError("Mentors open pages of the web: begin with https://")
        return url


class NoteForm(EvidenceForm):
    kind = EvidenceKind.NOTE
    text = Prose(
        rows=8,
        longest=LONGEST_NOTE,
        label="Note",
        help_text="Markdown works.",
        error_messages={"required": "Write the note."},
    )

    def initial_of(self, piece: Evidence) -> dict[str, Any]:
        return super().initial_of(piece) | {"text": piece.text}


class FileForm(EvidenceForm):
    kind = EvidenceKind.FILE
    title = forms.CharField(
        max_length=150, required=False, label="Title", help_text="The name of the file, if you leave it empty."
    )
    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ENDINGS_TAKEN}),
        help_text="PDF, PNG, JPEG, CSV, notebook or ZIP, up to 10 MB.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another one."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.piece is not None:
            file = self.fields["file"]
            file.required = False
            file.label = "Another file"
            file.help_text = f"{self.piece.file_name} stays, if you choose none."

    def clean_file(self) -> File[bytes] | None:
        file: File[bytes] | None = self.cleaned_data["file"]
        if file is None:
            return None
        try:
            self.cleaned_data["inspected"] = inspect(file, name=file.name or "")
        except RefusedFileError as error:
            raise forms.ValidationError([error.reason, _AGAIN]) from error
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        inspected = cleaned.get("inspected")
        if not cleaned.get("title") and "title" not in self.errors:
            name = inspected.name if inspected else self.piece.file_name if self.piece else ""
            cleaned["title"] = name
        if self.errors and "file" not in self.errors and inspected:
            self.add_error("file", _AGAIN)
        return cleaned

    def refuse(self, reason: str) -> None:
        super().refuse(reason)
        if "file" in self.files:
            self.add_error("file", _AGAIN)


FORMS: dict[str, type[EvidenceForm]] = {form.kind.value: form for form in (LinkForm, NoteForm, FileForm)}


class PlaceForm(forms.Form):
    """Where a form stood: on the page of a phase's milestone, or on the roadmap's."""

    phase = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class BlockerForm(PlaceForm):
    blocker = Prose(
        rows=3,
        longest=LONGEST_BLOCKER,
        label="What is in the way?",
        error_messages={"required": "Say what is in the way."},
    )
