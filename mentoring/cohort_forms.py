"""Forms about mentors and cohorts. Dates are days of the person's own time zone, which the request has switched on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from mentoring import handing_over, inviting
from mentoring.models import Cohort, Handover, Invite, Membership, Mentor
from mentoring.models.learners import LONGEST_NOTE

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class KeyedForm(forms.Form):
    """A form whose second post changes nothing."""

    key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput, error_messages={"invalid": "Load the page again."})


class InviteForm(KeyedForm):
    label = forms.CharField(
        max_length=80, required=False, help_text="Whom it is for, in your words. Only mentors see it."
    )
    limit = forms.IntegerField(
        label="How many people", min_value=1, max_value=500, initial=25, help_text="1 to 500. Then the link is used up."
    )
    expires_on = forms.DateField(label="Works until", widget=_DAY, help_text="To the end of that day, at most a year.")

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if not today <= day <= today + timedelta(days=366):
            raise forms.ValidationError("Choose a day from today on, at most a year ahead.")
        return day

    def make(self, cohort: Cohort, *, by: User) -> Invite:
        """The invite, which works to the end of its last day."""
        return inviting.make(
            cohort=cohort,
            label=self.cleaned_data["label"],
            limit=self.cleaned_data["limit"],
            expires_at=midnight(self.cleaned_data["expires_on"] + timedelta(days=1)),
            by=by,
            key=self.cleaned_data["key"],
        )


class AwayForm(forms.Form):
    away_from = forms.DateField(label="First day away", widget=_DAY)
    back_on = forms.DateField(
        label="Back on", required=False, widget=_DAY, help_text="Empty: until you say that you are back."
    )

    def clean_away_from(self) -> date:
        day: date = self.cleaned_data["away_from"]
        if day < timezone.localdate():
            raise forms.ValidationError("Choose today or a day to come.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, back = cleaned.get("away_from"), cleaned.get("back_on")
        if first and back and back <= first:
            self.add_error("back_on", "Choose a day after the first one.")
        return cleaned

    def since(self, now: datetime) -> datetime:
        """From today on is from now on."""
        day: date = self.cleaned_data["away_from"]
        return now if day == timezone.localdate(now) else midnight(day)

    @property
    def until(self) -> datetime | None:
        day: date | None = self.cleaned_data["back_on"]
        return midnight(day) if day else None

    @property
    def said(self) -> str:
        """What holds once it is saved."""
        first, back = self.cleaned_data["away_from"], self.cleaned_data["back_on"]
        begins = "now" if first == timezone.localdate() else date_format(first, "F j")
        ends = f" until {date_format(back, 'F j')}" if back else ", until you say that you are back"
        return f"You are out of office from {begins} on{ends}."


class HandoverForm(KeyedForm):
    taker = forms.TypedChoiceField(
        label="To", coerce=int, widget=forms.RadioSelect, error_messages={"required": "Choose a mentor."}
    )
    note = forms.CharField(
        label="What the new mentor should know",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The learner does not see it here, but may ask for everything that is held on them.",
    )

    def __init__(self, *args: Any, takers: Sequence[Mentor], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.takers = {mentor.user_id: mentor.user for mentor in takers}
        field = self.fields["taker"]
        assert isinstance(field, forms.TypedChoiceField), "it is stated above"
        field.choices = [(each.user_id, _name(each, now)) for each in takers]
        if len(takers) == 1:
            field.initial = takers[0].user_id

    def hand_over(self, membership: Membership, *, giver: User, by: User) -> Handover | None:
        """Do it; None where that is not possible any more, with the reason on the form."""
        try:
            return handing_over.hand_over(
                learner=membership.learner,
                cohort=membership.cohort,
                giver=giver,
                taker=self.takers[self.cleaned_data["taker"]],
                note=self.cleaned_data["note"],
                by=by,
                key=self.cleaned_data["key"],
                now=self.now,
            )
        except handing_over.NotHandedOverError as error:
            self.add_error(None, error.reason)
            return None


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _name(mentor: Mentor, now: datetime) -> str:
    return f"{mentor.user.name} (out of office)" if mentor.is_away(now) else mentor.user.name
