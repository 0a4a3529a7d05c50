"""Figures about the field, each with who states it, for when and where, and how far it could be checked."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.constraints import one_of, rising
from roles.models.base import CatalogManager, bumps_catalog_version
from roles.models.role import Role
from roles.models.search import SearchKind, lines, searchable
from roles.models.sources import Claim, Verification


class StatisticUnit(models.TextChoices):
    PERCENT = "percent", "percent"
    USD = "usd", "US dollars"
    USD_BILLION = "usd_billion", "billion US dollars"
    USD_TRILLION = "usd_trillion", "trillion US dollars"
    PEOPLE_MILLION = "people_million", "million people"
    PEOPLE = "people", "people"
    HOURS_A_DAY = "hours_a_day", "hours a day"
    MONTHS = "months", "months"
    YEARS = "years", "years"
    SCORE = "score", "grade points"
    PERCENTILE = "percentile", "percentile"


class StatisticComparator(models.TextChoices):
    """How the figure is meant."""

    EQUAL = "eq", "exactly"
    AT_LEAST = "gte", "at least"
    MORE_THAN = "gt", "more than"
    LESS_THAN = "lt", "less than"
    ABOUT = "approx", "about"
    RANGE = "range", "from … to"


class StatisticTopic(models.TextChoices):
    """The question that a figure answers. Figures that answer the same one stand side by side."""

    MARKET_SIZE = "market_size", "How large the market is"
    PAY = "pay", "What people earn"
    PAY_PREMIUM = "pay_premium", "What health adds to pay"
    JOB_GROWTH = "job_growth", "How fast jobs grow"
    DOCUMENTATION = "documentation", "Time spent on documentation"
    ADMINISTRATION = "administration", "Cost of administration"
    DRUG_TIME = "drug_time", "Time to a new drug"
    DRUG_COST = "drug_cost", "Cost of a new drug"
    DIAGNOSTIC_ERROR = "diagnostic_error", "Harm by diagnostic error"
    CHRONIC_PREVALENCE = "chronic_prevalence", "How common chronic disease is"
    CHRONIC_COST = "chronic_cost", "What chronic disease costs"
    ADMISSION_GPA = "admission_gpa", "Grade point average for admission"
    ADMISSION_GRE = "admission_gre", "GRE score for admission"
    DURATION = "duration", "How long a degree takes"
    COMPLETION = "completion", "Who completes a degree"
    TUITION = "tuition", "What tuition costs"
    TOTAL_COST = "total_cost", "What a degree costs in all"
    RETURN = "return", "When a degree has paid off"
    EMPLOYMENT = "employment", "Who finds work after a degree"
    ACCREDITATION = "accreditation", "What accreditation does for graduates"
    COURSEWORK = "coursework", "What programs teach"
    CERTIFICATION = "certification", "What a certification adds"


class StatisticQuerySet(models.QuerySet["Statistic"]):
    def with_sources(self) -> Self:
        """With who states each one, and the better figure beside it."""
        return self.select_related("source", "better_value__source", "role")

    def mentioning(self, text: str) -> Self:
        """Figures whose subject, scope, note or citation contain the text."""
        return self.filter(
            Q(subject__icontains=text)
            | Q(scope__icontains=text)
            | Q(editor_note__icontains=text)
            | Q(attributed_to__icontains=text)
        )

    def verified_as(self, verification: str) -> Self:
        return self.filter(verification=verification)

    def on(self, *topics: str) -> Self:
        return self.filter(topic__in=topics)


StatisticManager = CatalogManager.from_queryset(StatisticQuerySet)


class Statistic(Claim):
    """One figure: a value or a range in a unit, for a time and a place."""

    Unit = StatisticUnit
    Comparator = StatisticComparator
    Topic = StatisticTopic

    slug = models.SlugField(max_length=80, unique=True)
    topic = models.CharField(max_length=20, choices=StatisticTopic)
    order = models.PositiveSmallIntegerField(default=0)
    subject = models.CharField(max_length=200, help_text="What it measures, such as “Median pay of graduates”.")
    value_low = models.DecimalField(max_digits=14, decimal_places=2, help_text="The value, or the lower end.")
    value_high = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=14, choices=StatisticUnit)
    comparator = models.CharField(max_length=6, choices=StatisticComparator, default=StatisticComparator.EQUAL)
    horizon = models.CharField(
        max_length=80, blank=True, help_text="Year or span that it is for: “by 2030”, “2024 to 2034”."
    )
    geography = models.CharField(max_length=80, blank=True, help_text="Empty where the source names none.")
    scope = models.CharField(max_length=200, blank=True, help_text="Of whom or what: base, level, kind of program.")
    attributed_to = models.CharField(max_length=160, blank=True, help_text="Whom the source cites; empty for nobody.")
    better_value = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="worse_values",
        help_text="A figure that can be checked, to show beside it.",
    )  # fmt: skip
    role = models.ForeignKey(Role, on_delete=models.SET_NULL, null=True, blank=True, related_name="statistics")

    objects: ClassVar[StatisticManager[Statistic]] = StatisticManager()

    class Meta:
        ordering = ["topic", "order", "slug"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.FIGURE,
                title="NEW.subject",
                subtitle="concat_ws(', ', nullif(NEW.scope, ''), nullif(NEW.geography, ''), nullif(NEW.horizon, ''))",
                body=lines("NEW.attributed_to", "NEW.editor_note"),
            ),
        ]
        constraints = [
            one_of("verification", Verification),
            one_of("topic", StatisticTopic),
            one_of("unit", StatisticUnit),
            one_of("comparator", StatisticComparator),
            rising("value_low", "value_high", what="value"),
            models.CheckConstraint(
                condition=Q(value_low__gte=0),
                name="roles_statistic_not_negative",
                violation_error_message="The value cannot be negative.",
            ),
            models.CheckConstraint(
                condition=Q(comparator="range", value_high__isnull=False)
                | (~Q(comparator="range") & Q(value_high__isnull=True)),
                name="roles_statistic_range_has_ends",
                violation_error_message="A range has a lower and an upper value; anything else has one value.",
            ),
            models.CheckConstraint(
                condition=Q(better_value__isnull=True) | ~Q(better_value=models.F("id")),
                name="roles_statistic_better_is_another",
                violation_error_message="The better figure must be another one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.shown}"

    def get_absolute_url(self) -> str:
        return f"{reverse('roles:figure_list')}#figure-{self.slug}"

    @property
    def shown(self) -> str:
        """The figure as a reader sees it: “$145,000 to $165,000”, “at least 25%”, “about 18 to 24 months”."""
        if self.value_high is not None:
            return self._in_unit(f"{_number(self.value_low)} to {_number(self.value_high)}")
        said = self._in_unit(_number(self.value_low))
        if self.comparator in (self.Comparator.EQUAL, self.Comparator.RANGE):
            return said
        return f"{self.get_comparator_display()} {said}"

    def _in_unit(self, number: str) -> str:
        match self.unit:
            case self.Unit.PERCENT:
                return f"{number}%"
            case self.Unit.USD:
                return f"${number}".replace(" to ", " to $")
            case self.Unit.USD_BILLION:
                return f"${number} billion".replace(" to ", " to $")
            case self.Unit.USD_TRILLION:
                return f"${number} trillion".replace(" to ", " to $")
            case self.Unit.PEOPLE_MILLION:
                return f"{number} million people"
            case self.Unit.PERCENTILE:
                return f"the {number}th percentile"
            case self.Unit.SCORE:
                return number if "." in number else f"{number}.0"
            case _:
                return f"{number} {self.get_unit_display()}"


def _number(value: Decimal) -> str:
    """“45”, “4.1”, “145,000”: no zeros that say nothing."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")
