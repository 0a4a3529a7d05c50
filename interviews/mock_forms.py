"""What learners post for a mock interview, read and checked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core import signing
from django.db.models import Count, Q
from django.http import QueryDict

from interviews.forms import OPENED, ScoreForm
from interviews.mocking import Marks, Sent
from interviews.models import Aim, MockQuestion
from interviews.models.answers import LONGEST_ANSWER
from interviews.models.mocks import COUNTS, MINUTES
from interviews.rubric import NAMES
from roles.models.role import Role

_AGAIN = {"required": "Load the page again.", "invalid": "Load the page again."}


class StartForm(forms.Form):
    """What a mock interview shall be like."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=_AGAIN, initial=uuid4)
    role = forms.TypedChoiceField(help_text="In brackets: how many questions it has.")
    level = forms.TypedChoiceField(coerce=int, choices=[(str(each), f"Level {each}") for each in range(1, 6)])
    count = forms.TypedChoiceField(
        coerce=int,
        label="Questions",
        choices=[(str(each), str(each)) for each in COUNTS],
        initial=str(COUNTS[1]),
    )
    minutes = forms.TypedChoiceField(
        coerce=int,
        label="Time",
        choices=[(str(each), f"{each} minutes") for each in MINUTES],
        initial=str(MINUTES[1]),
    )

    def __init__(self, data: QueryDict | None = None, *, aim: Aim | None = None) -> None:
        """Filled in for the role that the learner aims at."""
        super().__init__(data, initial={"role": aim.role.slug, "level": aim.level} if aim else {"level": 3})
        # Listed once: a field of rows would ask for them each time that it is looked at.
        asked = Count("questions", filter=Q(questions__retired=False))
        rows: Any = Role.objects.annotate(asked=asked).filter(asked__gt=0).defer("blueprint")
        self.roles: dict[str, Any] = {each.slug: each for each in rows}
        role: Any = self.fields["role"]
        role.choices = [(each.slug, f"{each.name} ({each.asked})") for each in self.roles.values()]
        role.coerce = self.roles.__getitem__
        shown = self.roles.get(self.initial.get("role", "")) or next(iter(self.roles.values()), None)
        if shown is not None and shown.asked < COUNTS[1]:
            self.initial.update(count=COUNTS[0], minutes=MINUTES[0])


class MockAnswerForm(forms.Form):
    """What stands at one place, with what the page knows of what is saved."""

    place = forms.IntegerField(min_value=1, error_messages=_AGAIN)
    revision = forms.IntegerField(min_value=0, error_messages=_AGAIN)
    editor = forms.UUIDField(error_messages=_AGAIN)
    sequence = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    over = forms.IntegerField(min_value=0, required=False)
    opened = forms.CharField(required=False)
    to = forms.CharField(required=False)
    text = forms.CharField(
        required=False,
        strip=False,
        max_length=LONGEST_ANSWER,
        error_messages={"max_length": f"Use at most {LONGEST_ANSWER:,} characters. These are %(show_value)s."},
    )

    @property
    def sent(self) -> Sent:
        found = self.cleaned_data
        return Sent(
            place=found["place"],
            # As browsers send it, lines end otherwise than in the text that the page was made with.
            text=found["text"].replace("\r\n", "\n"),
            revision=found["revision"],
            editor=found["editor"],
            sequence=found["sequence"] or 0,
            over=found["over"],
            opened_at=_moment(found["opened"]),
        )


def _moment(signed: str) -> datetime | None:
    """When the page was opened, by our own clock; None where the form does not say."""
    try:
        return datetime.fromtimestamp(float(signing.loads(signed, salt=OPENED)), UTC)
    except signing.BadSignature:
        return None


def marks_in(data: QueryDict, slots: list[MockQuestion]) -> dict[int, Marks]:
    """What was scored, by place: of the questions that the request tells of, as far as they are scored."""
    found = {}
    for slot in slots:
        if f"q{slot.place}-shown" not in data:
            continue
        form = ScoreForm(data, prefix=f"q{slot.place}", points=len(slot.question.key_points))
        given = form.cleaned
        found[slot.place] = Marks({name: given[name] for name in NAMES if name in given}, form.ticked)
    return found
