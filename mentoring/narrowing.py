"""What the queue can be narrowed by, read from the query string; what makes no sense is said and left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from mentoring.models import Kind
from mentoring.queue import Narrowed, Place, Scope
from roles.filters import Active, FilterForm, Problem, choice


class Tab(StrEnum):
    WAITING = ""
    HELD = "held"
    LEARNER = "learner"
    ANSWERED = "answered"


class AfterField(forms.Field):
    """Behind which row a page begins: `2026-11-02T09:00:00+00:00_41`."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": "This is no place in the list. You see its beginning."
    }
    widget = forms.HiddenInput

    def clean(self, value: Any) -> str:
        text = str(value or "")
        if text and place_of(text) is None:
            raise ValidationError(self.error_messages["invalid"])
        return text


def place_of(text: str) -> Place | None:
    """The place that an address names, or None where it makes no sense."""
    at, _, number = text.rpartition("_")
    try:
        moment = datetime.fromisoformat(at)
        order = int(number)
    except ValueError:
        return None
    return Place(moment, order) if moment.tzinfo and 0 <= order < 2**63 else None


class QueueFilter(FilterForm):
    cohort = choice("Cohort", [], any_label="All")
    role = choice("Role", [], any_label="All")
    kind = choice("What", list(Kind.choices), any_label="All")
    again = choice("Round", [("yes", "Later rounds")], any_label="All")
    mine = choice("Whose", [("yes", "My cohorts, or my first refusal")], any_label="All")
    tab = choice("List", [(each.value, each.name.title()) for each in Tab if each])
    after = AfterField(label="Place in the list", required=False)
    unlisted: ClassVar[frozenset[str]] = frozenset({"tab", "after"})

    def __init__(self, data: Any, *, scope: Scope) -> None:
        super().__init__(data)
        self._offer("cohort", [(each.slug, each.name) for each in scope.cohorts])
        self._offer("role", scope.role_choices)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", "All"), *choices]  # type: ignore[attr-defined]

    @property
    def shown(self) -> Tab:
        return Tab(self.chosen.get("tab", ""))

    @property
    def place(self) -> Place | None:
        return place_of(self.chosen.get("after", ""))

    @property
    def narrowed(self) -> Narrowed:
        chosen = self.chosen
        return Narrowed(
            role=chosen.get("role", ""),
            cohort=chosen.get("cohort", ""),
            kind=chosen.get("kind", ""),
            again="again" in chosen,
            mine="mine" in chosen,
        )

    @property
    def kept(self) -> dict[str, str]:
        """What narrows the queue, for a form that goes on with the same."""
        return {name: value for name, value in self.chosen.items() if name not in self.unlisted}

    def query_without(self, name: str) -> str:
        return urlencode({each: value for each, value in self.kept.items() if each != name})

    def query_after(self, place: Place) -> str:
        """The query string of the next page."""
        return _query({each: value for each, value in self.chosen.items() if each != "after"}, place)

    def said(self, name: str, value: Any) -> str:
        if name in ("again", "mine"):
            return str(dict(self.fields[name].choices)[value])  # type: ignore[attr-defined]
        return super().said(name, value)


@dataclass(frozen=True, slots=True)
class Everything:
    """What an address without a query asks for. Reading a form takes longer than asking the database."""

    shown: Tab = Tab.WAITING
    place: Place | None = None
    narrowed: Narrowed = field(default_factory=Narrowed)
    active: tuple[Active, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def kept(self) -> dict[str, str]:
        return {}

    def query_after(self, place: Place) -> str:
        return _query({}, place)


def _query(chosen: dict[str, Any], place: Place) -> str:
    return urlencode(chosen | {"after": f"{place.at.isoformat()}_{place.number}"})
