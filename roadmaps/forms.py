from django import forms

from roadmaps.models import GoalState


class GoalStateForm(forms.Form):
    """The state that a request wants; the goal stands in the URL."""

    state = forms.TypedChoiceField(choices=GoalState.State.choices, coerce=GoalState.State)


class OfferForm(forms.Form):
    """What the learner decides about the edition they were shown."""

    decision = forms.ChoiceField(
        choices=[("accept", "Move to the new edition"), ("stay", "Stay on mine")],
        error_messages={
            "required": "Choose whether to move or to stay.",
            "invalid_choice": "Choose one of the two.",
        },
    )
    publication = forms.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        error_messages={"required": "Open the offer again, then decide."},
    )
