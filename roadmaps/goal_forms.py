"""The goals that take the place of others, as an editor writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import QueryDict

from roadmaps.reshaping import MOST_PARTS, Wanted
from roles.admin.fields import AutocompleteMany, LongLine
from roles.models import Goal, Phase, Skill, Tool

_TEXT = Goal._meta.get_field("text")


class WantedForm(forms.Form):
    """One new goal. What the old ones taught is filled in."""

    text = forms.CharField(
        label="What there is to learn",
        max_length=_TEXT.max_length,
        required=False,  # the formset says how many there have to be
        widget=LongLine,
    )
    skills = forms.ModelMultipleChoiceField(Skill.objects.all(), required=False)
    tools = forms.ModelMultipleChoiceField(Tool.objects.all(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("skills", "tools"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField), "it is stated above"
            field.widget = AutocompleteMany(Goal._meta.get_field(name), admin.site)
            field.widget.choices = field.choices

    @property
    def is_blank(self) -> bool:
        return not str(self["text"].value() or "").strip()

    @property
    def wanted(self) -> Wanted:
        given = self.cleaned_data
        return Wanted(given["text"], list(given["skills"]), list(given["tools"]))


class _WantedForms(forms.BaseFormSet):  # type: ignore[type-arg]  # the class is not generic at run time
    """The new goals of one act. Boxes without a text count for nothing, whatever is filled in beside it."""

    def total_form_count(self) -> int:
        """Never fewer than there have to be, whatever a browser says."""
        return max(super().total_form_count(), self.min_num)

    def add_fields(self, form: WantedForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.empty_permitted = False

    def clean(self) -> None:
        """Whichever boxes are filled in, there have to be enough of them."""
        blank = [form for form in self.forms if form.is_blank]
        missing = self.min_num - (len(self.forms) - len(blank))
        for form in blank[: max(missing, 0)]:
            form.add_error("text", "Say what there is to learn.")

    @property
    def wanted(self) -> list[Wanted]:
        return [form.wanted for form in self.forms if form.cleaned_data.get("text")]


def _wanted_forms(data: QueryDict | None, *, fewest: int, initial: list[dict[str, Any]]) -> _WantedForms:
    made = forms.formset_factory(WantedForm, formset=_WantedForms, extra=0, min_num=fewest, max_num=MOST_PARTS)
    return cast(_WantedForms, made(data, initial=initial, prefix="goal"))


def _with_one_more(data: QueryDict, *, initial: dict[str, Any]) -> QueryDict:
    """What was posted, with boxes for one more goal."""
    more = data.copy()
    said = data.get("goal-TOTAL_FORMS", "")
    number = min(int(said), MOST_PARTS - 1) if said.isascii() and said.isdigit() and len(said) < 4 else 0
    more["goal-TOTAL_FORMS"] = str(number + 1)
    for name in ("skills", "tools"):
        more.setlist(f"goal-{number}-{name}", [str(pk) for pk in initial[name]])
    return more


def _first_words(old: Sequence[Goal], *, parts: int) -> list[dict[str, Any]]:
    """What the boxes begin with: all that the old goals taught, and the text where one takes the place of one."""
    skills = list(dict.fromkeys(skill.pk for goal in old for skill in goal.skills.all()))
    tools = list(dict.fromkeys(tool.pk for goal in old for tool in goal.tools.all()))
    text = old[0].text if len(old) == parts == 1 else ""
    return [{"text": text, "skills": skills, "tools": tools} for _ in range(parts)]


class PlaceForm(forms.Form):
    """In which phase the merged goal stands, where there is a choice."""

    phase = forms.ModelChoiceField(Phase.objects.none(), empty_label=None)

    def __init__(self, *args: Any, phases: QuerySet[Phase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["phase"]
        assert isinstance(field, forms.ModelChoiceField), "it is stated above"
        field.queryset = phases
        field.initial = phases.first()
        if phases.count() == 1:
            field.required, field.widget = False, forms.HiddenInput()


@dataclass(frozen=True, slots=True)
class Words:
    """All that an editor writes for one act. `are_sent`: to be done, not only to get boxes for one more goal."""

    forms: _WantedForms
    place: PlaceForm
    are_sent: bool
    have_one_more: bool

    def are_fine(self) -> bool:
        return self.are_sent and self.forms.is_valid() & self.place.is_valid()

    @property
    def phase(self) -> Phase | None:
        """The chosen one, where there was a choice."""
        phase: Phase | None = self.place.cleaned_data["phase"]
        return phase

    def lead_to_first(self) -> None:
        """The focus goes to the first box that something is wrong with, or to the one that was just added."""
        for form in (*self.forms, self.place) if self.are_sent else ():
            for name in form.fields:
                if name in form.errors:
                    form.fields[name].widget.attrs["autofocus"] = True
                    return
        if self.have_one_more:
            self.forms.forms[-1].fields["text"].widget.attrs["autofocus"] = True


def words_of(data: QueryDict | None, *, old: Sequence[Goal], fewest: int, phases: QuerySet[Phase]) -> Words:
    """What was posted for at least so many goals in the place of the old ones; else what the boxes begin with."""
    begun = _first_words(old, parts=fewest)
    more = data is not None and data.get("do") == "more"
    if data is not None and more:
        data = _with_one_more(data, initial=begun[0])
    forms = _wanted_forms(data, fewest=fewest, initial=begun)
    return Words(forms, PlaceForm(data, phases=phases), are_sent=data is not None and not more, have_one_more=more)
