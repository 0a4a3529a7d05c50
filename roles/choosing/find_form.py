"""The few questions of “Find my role”, read from the query string. Nonsense is said and left out."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from roles.choosing.finding import Background, Coding, Liking, Wishes
from roles.choosing.naming import choice_of
from roles.filters import YES_NO, FilterForm, choice

MOST_MONTHS = 60
MOST_HOURS = 60


class KnownOnly(forms.MultipleChoiceField):
    """Several of a few values. Others are passed over here, and said by the form."""

    def clean(self, value: Iterable[str] | None) -> list[str]:
        return [known for known, _ in Liking.choices if known in (value or ())]


def _amount(label: str, most: int) -> forms.IntegerField:
    wrong = f"Give a whole number from 1 to {most}. This answer is left out."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


class FindForm(FilterForm):
    background = choice("Where you come from", Background.choices, any_label="Not answered")
    coding = choice("Writing code", Coding.choices, any_label="Not answered")
    months = _amount("Months you have", MOST_MONTHS)
    hours = _amount("Hours a week", MOST_HOURS)
    remote = choice("Working from home", [("yes", "I want that"), ("no", "Not important")], any_label="Not answered")
    like = KnownOnly(
        label="What you like doing",
        required=False,
        choices=Liking.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def wishes(self) -> Wishes:
        chosen = self.chosen
        return Wishes(
            background=chosen.get("background", ""),
            coding=chosen.get("coding", ""),
            months=chosen.get("months"),
            hours=chosen.get("hours"),
            remote=chosen.get("remote") == YES_NO[0][0],
            likes=tuple(chosen.get("like", ())),
        )

    @property
    def left_out(self) -> tuple[str, ...]:
        """What could not be used, in sentences."""
        given = self.fields["like"].widget.value_from_datadict(self.data, self.files, "like")
        likes = choice_of(given or (), dict(Liking.choices), what="liking")
        return (*(f"{each.label}: {each.message}" for each in self.problems), *likes.problems)
