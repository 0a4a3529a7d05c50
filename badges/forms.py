from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from badges.certificates import LONGEST_NAME, cannot_draw, spelled
from badges.models import Credential
from badges.pictures import credential_in
from badges.verifying import LONGEST

_LARGEST = 1_000_000  # bytes of a file
_ROUGHLY = "1 MB"


class AllowForm(forms.ModelForm):  # type: ignore[type-arg]  # the class is not generic at run time
    """What a learner lets others see."""

    class Meta:
        model = Credential
        fields = ("shows_name", "shows_evidence")
        labels = {"shows_name": "Show my name", "shows_evidence": "Show my evidence"}
        widgets = {"shows_evidence": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_{self.instance.uuid}_%s"


class CertificateForm(forms.Form):
    """The name that stands on a certificate: as the learner spells it this once."""

    name = forms.CharField(
        label="Name on the certificate",
        max_length=LONGEST_NAME,
        required=False,
        help_text="Leave it empty and the certificate names nobody.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        name = spelled(self.cleaned_data["name"])
        if missing := cannot_draw(name):
            raise ValidationError(
                f"Our certificate has letters for Latin, Greek and Cyrillic, and none for {' '.join(missing[:8])}. "
                "Please spell the name in one of these."
            )
        return name


class VerifyForm(forms.Form):
    """A credential, pasted or uploaded."""

    credential = forms.CharField(
        label="The signed credential",
        required=False,
        max_length=LONGEST,
        help_text="It has three parts with dots between them, and begins with ey.",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label="Or a file",
        required=False,
        help_text="A .jwt file, or a badge as an SVG or PNG picture.",
        widget=forms.FileInput(attrs={"accept": ".jwt,.jws,.txt,.svg,.png"}),
    )

    email = forms.EmailField(
        label="Email address of its holder",
        required=False,
        help_text="A learner's own copy is tied to their address. We compare it, and keep it nowhere.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_file(self) -> UploadedFile[bytes] | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > _LARGEST:
            raise ValidationError(f"A credential is never larger than {_ROUGHLY}.")
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if not self.errors and not cleaned.get("credential") and not cleaned.get("file"):
            self.add_error("credential", "Paste a credential, or choose a file.")
        return cleaned

    @property
    def text(self) -> str:
        """What was given; a file wins."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        return credential_in(file.read()) if file else self.cleaned_data["credential"]
