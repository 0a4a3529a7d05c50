"""What lists can be narrowed by, read from the query string.

A value that makes no sense is said in words and left out; the rest still counts, so that every address shows a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.utils.text import Truncator

from roles.models import Company, Resource, Role, Skill, Statistic, Tool, UseCase, Verification
from roles.models.companies import CompanyQuerySet
from roles.models.resources import ResourceQuerySet
from roles.models.role import RoleQuerySet
from roles.models.skills import SkillQuerySet, ToolQuerySet
from roles.models.statistics import StatisticQuerySet
from roles.teaching import Lesson, Teaching, Use

# What people paste into a search field is cut here; longer texts find nothing anyway.
LONGEST_TEXT = 80
YES_NO = [("yes", "Yes"), ("no", "No")]

type Choices = Iterable[tuple[Any, str]]


@dataclass(frozen=True, slots=True)
class Active:
    """A filter in use, and the query string of the same list without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that could not be used."""

    label: str
    message: str


class FilterForm(forms.Form):
    """A form that is read by GET and never refused."""

    # Fields that order or word the list but narrow nothing.
    unlisted: ClassVar[frozenset[str]] = frozenset({"sort"})

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """The values that can be used, by field name."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    @property
    def active(self) -> list[Active]:
        """The filters in use, in the order of the form."""
        return [
            Active(self.said(name, value), self.query_without(name))
            for name, value in self.chosen.items()
            if name not in self.unlisted
        ]

    @property
    def problems(self) -> list[Problem]:
        return [Problem(str(self[name].label), " ".join(map(str, messages))) for name, messages in self.errors.items()]

    def query_without(self, name: str) -> str:
        """The query string of everything chosen but one."""
        return urlencode({each: value for each, value in self.chosen.items() if each != name})

    def said(self, name: str, value: Any) -> str:
        """A filter in use, in words."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return f"{self[name].label}: {dict(field.choices).get(value, value)}"  # type: ignore[arg-type]
        return f"“{Truncator(value).chars(30)}”"

    def _asked[Q: QuerySet[Any]](self, rows: Q, questions: Mapping[str, Callable[[Q, Any], Q]]) -> Q:
        """The rows narrowed by each question whose field has a value."""
        for name, ask in questions.items():
            if name in self.chosen:
                rows = ask(rows, self.chosen[name])
        return rows


def choice(label: str, choices: Choices, *, any_label: str = "Any") -> forms.ChoiceField:
    """A choice of one or none."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", any_label), *choices],
        error_messages={"invalid_choice": "We know no “%(value)s”, so this filter is left out."},
    )


def text(example: str) -> forms.CharField:
    return forms.CharField(
        label="Search",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.SearchInput(attrs={"autocomplete": "off", "placeholder": example}),
        error_messages={"max_length": f"Search for {LONGEST_TEXT} characters or fewer. The text is left out."},
    )


def number(label: str, *, least: int, most: int) -> forms.IntegerField:
    wrong = f"Give a whole number from {least:,} to {most:,}. This filter is left out."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        widget=forms.Select(),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


class RoleFilter(FilterForm):
    q = text("FHIR, director, device")
    difficulty = choice("Difficulty", Role.Difficulty.choices)
    coding = choice("Coding required", YES_NO)
    remote = choice("Remote friendly", YES_NO)
    months = number("Ready within", least=1, most=60)
    pay = number("First-level pay from", least=0, most=1_000_000)
    profile = choice("Profile", Role.Profile.choices)
    sort = choice(
        "Order",
        [
            ("months", "Fewest months first"),
            ("weeks", "Fewest weeks first"),
            ("pay", "Highest entry pay first"),
            ("demand", "Highest demand first"),
        ],
        any_label="Our order",
    )

    def offer(self, choices: Iterable[tuple[int | None, int | None]]) -> None:
        """Offer the months and entry pays that there are, and whatever the address asks for."""
        months, pays = zip(*choices, strict=True) if choices else ((), ())
        self._offer("months", "Any time", set(months), _in_months)
        self._offer("pay", "Any", set(pays), _in_dollars)

    def _offer(self, name: str, any_label: str, values: set[int | None], said: Any) -> None:
        numbers = {value for value in (*values, self.chosen.get(name)) if value is not None}
        self.fields[name].widget.choices = [("", any_label), *((each, said(each)) for each in sorted(numbers))]

    def said(self, name: str, value: Any) -> str:
        if name == "months":
            return f"Ready within {_in_months(value)}"
        if name == "pay":
            return f"From {_in_dollars(value)} at level 1"
        return super().said(name, value)

    def narrow(self, roles: RoleQuerySet) -> RoleQuerySet:
        return self._asked(
            roles,
            {
                "q": RoleQuerySet.mentioning,
                "difficulty": RoleQuerySet.of_difficulty,
                "coding": lambda those, answer: those.needing_code(answer == "yes"),
                "remote": lambda those, answer: those.open_to_remote(answer == "yes"),
                "months": RoleQuerySet.ready_within,
                "pay": RoleQuerySet.paying_from,
                "profile": RoleQuerySet.with_profile,
            },
        )


class TaughtFilter(FilterForm):
    """A list of what roadmaps teach or use: narrowed by one role too."""

    role = choice("Role", [], any_label="Every role")

    def __init__(self, data: Any, *, roles: Iterable[Role]) -> None:
        super().__init__(data)
        offered = [("", "Every role"), *((role.slug, role.short_name) for role in roles)]
        self.fields["role"].choices = offered  # type: ignore[attr-defined]

    def of_role(self, places: Mapping[str, Iterable[Lesson | Use]]) -> list[str]:
        """The slugs that the chosen role's roadmap has."""
        role = self.chosen.get("role")
        return [slug for slug, those in places.items() if any(each.role.slug == role for each in those)]


class SkillFilter(TaughtFilter):
    q = text("HIPAA, statistics")
    category = choice("Category", Skill.Category.choices, any_label="Every category")
    coding = choice("Done by writing code", YES_NO)
    field_order = ("q", "category", "role", "coding")

    def narrow(self, skills: SkillQuerySet, teaching: Teaching) -> SkillQuerySet:
        return self._asked(
            skills,
            {
                "q": SkillQuerySet.mentioning,
                "category": SkillQuerySet.in_category,
                "coding": lambda those, answer: those.done_in_code(answer == "yes"),
                "role": lambda those, _: those.among(self.of_role(teaching.skills)),
            },
        )


class ToolFilter(TaughtFilter):
    q = text("BERT, Google")
    kind = choice("Kind", Tool.Kind.choices, any_label="Every kind")
    license = choice("License", Tool.License.choices)
    field_order = ("q", "kind", "role", "license")

    def narrow(self, tools: ToolQuerySet, teaching: Teaching) -> ToolQuerySet:
        return self._asked(
            tools,
            {
                "q": ToolQuerySet.mentioning,
                "kind": ToolQuerySet.of_kind,
                "license": ToolQuerySet.under_license,
                "role": lambda those, _: those.met_in(
                    tools=self.of_role(teaching.tools), resources=self.of_role(teaching.resources)
                ),
            },
        )


class ResourceFilter(TaughtFilter):
    q = text("Coursera, MIMIC")
    kind = choice("Kind", Resource.Kind.choices, any_label="Every kind")
    cost = choice("Cost", Resource.Cost.choices)
    access = choice("Access", Resource.Access.choices)
    status = choice("Status", Resource.Status.choices)
    field_order = ("q", "kind", "cost", "access", "status", "role")

    def narrow(self, resources: ResourceQuerySet, teaching: Teaching) -> ResourceQuerySet:
        return self._asked(
            resources,
            {
                "q": ResourceQuerySet.mentioning,
                "kind": ResourceQuerySet.of_kind,
                "cost": ResourceQuerySet.costing,
                "access": ResourceQuerySet.with_access,
                "status": ResourceQuerySet.with_status,
                "role": lambda those, _: those.among(self.of_role(teaching.resources)),
            },
        )


class CompanyFilter(FilterForm):
    q = text("radiology, Nuance")
    category = choice("Category", Company.Category.choices, any_label="Every category")
    use_case = choice("Work", [], any_label="Every use case")
    status = choice("Status", Company.Status.choices)

    def __init__(self, data: Any, *, use_cases: Iterable[UseCase]) -> None:
        super().__init__(data)
        offered = [("", "Every use case"), *((use_case.slug, use_case.name) for use_case in use_cases)]
        self.fields["use_case"].choices = offered  # type: ignore[attr-defined]

    def narrow(self, companies: CompanyQuerySet) -> CompanyQuerySet:
        return self._asked(
            companies,
            {
                "q": CompanyQuerySet.mentioning,
                "category": CompanyQuerySet.in_category,
                "use_case": CompanyQuerySet.working_on,
                "status": CompanyQuerySet.with_status,
            },
        )


class FigureFilter(FilterForm):
    q = text("pay, BLS")
    topic = choice("Question", Statistic.Topic.choices, any_label="Every question")
    verification = choice("Checked", Verification.choices)

    def narrow(self, figures: StatisticQuerySet) -> StatisticQuerySet:
        return self._asked(
            figures,
            {
                "q": StatisticQuerySet.mentioning,
                "topic": lambda those, topic: those.on(topic),
                "verification": StatisticQuerySet.verified_as,
            },
        )


def _in_months(months: int) -> str:
    return f"{months} {'month' if months == 1 else 'months'}"


def _in_dollars(dollars: int) -> str:
    return f"${dollars:,}"
