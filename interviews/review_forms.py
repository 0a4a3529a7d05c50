"""What a learner fills in to send an answer or a mock interview to a mentor."""

from __future__ import annotations

from typing import Any

from django import forms

from interviews.matters import Matter
from interviews.sending import Sent
from mentoring.hand_in_forms import HandInForm


class SendForm(HandInForm):
    """With the roles whose mentors may read it, where there is more than one."""

    role = forms.ChoiceField(
        label="For which role?",
        help_text="Mentors of that role read it.",
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose one of these roles."},
    )
    with_recording = forms.BooleanField(
        required=False,
        label="Send the recording with it",
        help_text="The mentor hears a copy, which stays with the review when you delete yours.",
    )
    field_order = ("role", "message", "with_recording", "key")

    def __init__(self, *args: Any, matter: Matter, is_first: bool = True, **kwargs: Any) -> None:
        """`is_first`: the role is still to be chosen; a review stays with the role that it began with."""
        super().__init__(*args, **kwargs)
        self._matter = matter
        role = self.fields["role"]
        role.choices = [(each.slug, each.name) for each in matter.roles]  # type: ignore[attr-defined]
        if len(matter.roles) < 2 or not is_first:
            role.required = False
            role.widget = forms.HiddenInput()
        if matter.recording is None:
            del self.fields["with_recording"]
        elif matter.attempt is not None and not matter.attempt.text:
            # Without it there would be nothing to judge.
            self.fields["with_recording"].required = True
            self.fields["with_recording"].error_messages["required"] = "Your answer is the recording: send it, too."

    @property
    def sent(self) -> Sent:
        """Of a valid form."""
        given = self.cleaned_data
        chosen = next((each for each in self._matter.roles if each.slug == given["role"]), self._matter.roles[0])
        return Sent(chosen, given["message"], given.get("with_recording", False), given["key"])
