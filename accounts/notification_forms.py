from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.forms import BoundField

from accounts.channels import choices_of, choose, kinds_for
from accounts.kinds import Audience, Kind, Rhythm
from accounts.models import User


class ReadAllForm(forms.Form):
    until = forms.DateTimeField()


@dataclass(frozen=True, slots=True)
class Row:
    """One kind in the table of choices."""

    kind: Kind
    in_app: BoundField
    mail: BoundField


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: list[Row]


class ChannelsForm(forms.Form):
    """Two fields a kind. Who is no mentor is not asked about a mentor's."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.chosen = choices_of(person, kinds_for(person))
        for kind, channel in self.chosen.items():
            self.fields[f"{kind}-in_app"] = forms.BooleanField(
                label=f"{kind.label}: in the app", required=False, initial=channel.in_app
            )
            self.fields[f"{kind}-mail"] = forms.ChoiceField(
                label=f"{kind.label}: by e-mail", choices=Rhythm.choices, initial=channel.mail
            )

    def sections(self) -> Iterator[Section]:
        """The tables of the page."""
        for audience, title in ((Audience.LEARNER, "About your own work"), (Audience.MENTOR, "About your learners")):
            rows = [
                Row(kind, self[f"{kind}-in_app"], self[f"{kind}-mail"])
                for kind in self.chosen
                if kind.audience == audience
            ]
            if rows:
                yield Section(title, rows)

    @transaction.atomic
    def save(self, *, now: datetime) -> None:
        """Writes what differs from how it was, so that whoever never chose keeps the defaults, whatever they become."""
        for kind, was in self.chosen.items():
            in_app, mail = self.cleaned_data[f"{kind}-in_app"], Rhythm(self.cleaned_data[f"{kind}-mail"])
            if (in_app, mail) != (was.in_app, was.mail):
                choose(person=self.person, kind=kind, in_app=in_app, mail=mail, now=now)
