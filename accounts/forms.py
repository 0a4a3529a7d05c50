from copy import copy
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest

from accounts.models import HOURS_A_WEEK, User

# Zones that only repeat another one under an old or technical name.
_TECHNICAL = (
    "Etc/",
    "SystemV/",
    "US/",
    "Brazil/",
    "Canada/",
    "Chile/",
    "Mexico/",
    "posix/",
    "right/",
)


@cache
def timezone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Time zones grouped by region: `[("Europe", [("Europe/Berlin", "Berlin"), …]), …]`, UTC first."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones()):
        region, _, city = name.partition("/")
        if city and not name.startswith(_TECHNICAL):
            regions.setdefault(region, []).append((name, city.replace("_", " ").replace("/", ", ")))
    return [("", [("UTC", "UTC")]), *regions.items()]


class SignupForm(forms.Form):
    """What we ask at sign-up besides address and password: nothing visible. The browser fills in its time zone."""

    timezone = forms.CharField(
        required=False,
        max_length=64,
        widget=forms.HiddenInput(attrs={"data-timezone": "", "autocomplete": "off"}),
    )

    def clean_timezone(self) -> str:
        """An unknown zone is no reason to refuse an account: it can be chosen later."""
        name: str = self.cleaned_data["timezone"]
        return name if name in available_timezones() else "UTC"

    def signup(self, request: HttpRequest, user: User) -> None:
        user.timezone = self.cleaned_data["timezone"]
        user.save(update_fields=["timezone"])


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # the class is not generic at run time
    timezone = forms.ChoiceField(
        label="Time zone",
        choices=timezone_choices,
        help_text="Days begin and end by it.",
        widget=forms.Select(attrs={"data-timezone": ""}),
    )
    hours_a_week = forms.IntegerField(
        label="Hours a week",
        min_value=HOURS_A_WEEK[0],
        max_value=HOURS_A_WEEK[1],
        help_text="What you can honestly give. Rest weeks happen.",
    )

    class Meta:
        model = User
        fields = ["display_name", "timezone", "hours_a_week"]
        labels = {"display_name": "Name"}
        help_texts = {"display_name": "As mentors should address you."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = self.instance.timezone
        if saved not in {name for _, group in timezone_choices() for name, _ in group}:
            # An old name of a zone is still a choice for whoever has it.
            self.fields["timezone"] = self._zones_with(saved)

    def _zones_with(self, saved: str) -> forms.ChoiceField:
        field = copy(self.base_fields["timezone"])
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", [(saved, saved)]), *timezone_choices()]
        return field
