"""What learners post while they practice, read and checked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core import signing
from django.core.files import File
from django.utils import timezone

from interviews import sheet
from interviews.models import Aim, Habits
from interviews.models.answers import LONGEST_ANSWER
from interviews.rubric import CRITERIA, NAMES, Grade, Scores
from interviews.sheet import Line
from interviews.sounds.inspecting import Sound, inspect
from mentoring.files.refusing import RefusedFileError
from roles.models.role import Role

# An opened question says when it was, signed: a browser's own clock is not asked.
OPENED = "interviews.opened"
_SCALE = [(str(value), str(value)) for value in range(1, 5)]


def opened_at(now: datetime) -> str:
    """The moment when a question was opened, for the form of its answer."""
    return signing.dumps(now.timestamp(), salt=OPENED)


class AnswerForm(forms.Form):
    """An answer before it is locked."""

    attempt = forms.UUIDField(error_messages={"required": "Load the page again.", "invalid": "Load the page again."})
    opened = forms.CharField(required=False)
    text = forms.CharField(
        required=False,
        strip=False,
        max_length=LONGEST_ANSWER,
        error_messages={"max_length": f"Use at most {LONGEST_ANSWER:,} characters. These are %(show_value)s."},
    )

    @property
    def seconds(self) -> int:
        """How long it took, by our own clock; 0 where the form does not say when it was opened."""
        try:
            begun = float(signing.loads(self.cleaned_data["opened"], salt=OPENED))
        except signing.BadSignature:
            return 0
        return max(0, round(timezone.now().timestamp() - begun))


class RecordingForm(AnswerForm):
    """A spoken answer before it is locked."""

    sound: Sound

    recording = forms.FileField(
        error_messages={"required": "There is no recording. Record it again.", "empty": "The recording is empty."}
    )

    def clean_recording(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["recording"]
        try:
            self.sound = inspect(file)
        except RefusedFileError as error:
            raise forms.ValidationError(error.reason) from error
        return file

    @property
    def fault(self) -> str:
        """What is wrong, in one sentence."""
        return str(next(iter(self.errors.values()))[0]) if self.errors else ""


class ScoreForm(forms.Form):
    """Key points that were made, and the rubric."""

    # Whether a criterion without a score is a fault, or only not scored yet.
    says_what_is_missing = False

    points = forms.TypedMultipleChoiceField(coerce=int, required=False)
    substance = forms.TypedChoiceField(coerce=int, choices=_SCALE)
    reasoning = forms.TypedChoiceField(coerce=int, choices=_SCALE)
    grounding = forms.TypedChoiceField(coerce=int, choices=_SCALE)
    delivery = forms.TypedChoiceField(coerce=int, choices=_SCALE)

    def __init__(self, *args: Any, points: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["points"].choices = [(str(each), str(each)) for each in range(1, points + 1)]  # type: ignore[attr-defined]
        for criterion in CRITERIA:
            self.fields[criterion.name].error_messages["required"] = sheet.missing(criterion)

    @property
    def scores(self) -> Scores | None:
        """What was scored, or None as long as something is missing."""
        if not self.is_bound or any(name not in self.cleaned for name in NAMES):
            return None
        return Scores(**{name: self.cleaned[name] for name in NAMES})

    @property
    def cleaned(self) -> dict[str, Any]:
        """What is valid so far; nothing where nothing was sent."""
        self.is_valid()  # cleans once, however often it is asked
        return self.cleaned_data if self.is_bound else {}

    def lines(self, category: str) -> list[Line]:
        """The criteria as pages show them: what each looks at here, its anchors, which one is chosen, what is wrong."""
        faults = {
            name: str(self.errors[name][0]) for name in NAMES if self.says_what_is_missing and name in self.errors
        }
        return sheet.lines(category, chosen=self.cleaned if self.is_bound else {}, faults=faults)

    @property
    def ticked(self) -> list[int]:
        return list(self.cleaned.get("points", [])) if self.is_bound else []


class GradeForm(ScoreForm):
    """The same, with the grade that the learner confirms."""

    says_what_is_missing = True
    rating = forms.TypedChoiceField(
        coerce=lambda value: Grade(int(value)),
        choices=[(str(each.value), each.label) for each in Grade],
        error_messages={"required": "Choose a grade.", "invalid_choice": "Choose one of the four grades."},
    )


class SampleForm(ScoreForm):
    """The rubric alone, for an answer that somebody else gave."""

    says_what_is_missing = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, points=0, **options)


class AimForm(forms.ModelForm):  # type: ignore[type-arg]  # the class is not generic at run time
    """A role to practice for."""

    class Meta:
        model = Aim
        fields = ("level", "interview_on")
        labels = {"level": "Questions up to", "interview_on": "Day of the interview"}
        widgets = {
            "level": forms.Select(),
            "interview_on": forms.DateInput(attrs={"type": "date"}),
        }

    level = forms.TypedChoiceField(
        coerce=int,
        label="Questions up to",
        choices=[(str(each), f"Level {each}") for each in range(1, 6)],
        initial="3",
    )


class NewAimForm(AimForm):
    """A role that the learner does not practice for yet."""

    role = forms.ModelChoiceField(Role.objects.none(), to_field_name="slug", empty_label="Choose a role")
    field_order = ("role", "level", "interview_on")

    def __init__(self, *args: Any, roles: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].queryset = roles  # type: ignore[attr-defined]


class HabitsForm(forms.ModelForm):  # type: ignore[type-arg]  # the class is not generic at run time
    class Meta:
        model = Habits
        fields = ("reviews_a_day", "new_a_day", "keys", "recording")
        help_texts = {
            "reviews_a_day": "What is due beyond that waits, the weakest first.",
            "new_a_day": "0 pauses new questions.",
            "keys": "Space shows the answer, 1 to 4 grade, u takes back, - puts off, @ suspends.",
            "recording": (
                "Adds a button to each question. Recordings are kept in the same storage as your evidence files, under "
                "names that say nothing. Only you hear them, unless you send one to a mentor, and you "
                "delete them whenever you like."
            ),
        }


class DeckForm(forms.Form):
    """Which questions go into a deck."""

    which = forms.ChoiceField(
        label="Which questions",
        choices=[("answered", "Those that I answered"), ("roles", "All of the roles that I practice for")],
        initial="answered",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which questions.", "invalid_choice": "Choose one of the two."},
    )

    @property
    def all_of_roles(self) -> bool:
        return bool(self.cleaned_data["which"] == "roles")

    def refuse(self) -> None:
        """There are none."""
        none = "You practice for no role yet." if self.all_of_roles else "You answered no question yet."
        self.add_error("which", f"{none} There is nothing to put into a deck.")
