"""The career ladder: levels with titles, years, pay and duties."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.constraints import one_of, rising
from roles.models.base import CatalogModel, bumps_catalog_version
from roles.models.role import Role
from roles.models.search import SearchKind, searchable, shown_by
from roles.models.sources import Claim, Verification


class CareerLevel(Claim):
    """One rung. Years are half-open: with 2 years one stands on the rung that begins at 2. Pay is whole units."""

    natural: ClassVar[tuple[str, ...]] = ("role__slug", "order")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="levels")
    order = models.PositiveSmallIntegerField()
    years_min = models.PositiveSmallIntegerField()
    years_max = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty for the open last rung.")
    salary_min = models.PositiveIntegerField()
    salary_max = models.PositiveIntegerField()
    open_top = models.BooleanField(default=False, help_text="The source writes a plus sign after the upper figure.")
    currency = models.CharField(max_length=3, default="USD")
    period = models.CharField(max_length=8, default="year")

    class Meta:
        ordering = ["role", "order"]
        triggers = [
            *bumps_catalog_version(),
            *shown_by("UPDATE roles_leveltitle SET title = title WHERE level_id = NEW.id", changed=("role", "order")),
        ]
        constraints = [
            one_of("verification", Verification),
            models.UniqueConstraint(
                fields=["role", "order"],
                name="roles_careerlevel_place",
                violation_error_message="The ladder has this rung already.",
            ),
            models.CheckConstraint(
                condition=Q(order__range=(1, 5)),
                name="roles_careerlevel_five_rungs",
                violation_error_message="A ladder has rungs 1 to 5.",
            ),
            models.CheckConstraint(
                condition=Q(salary_min__lt=F("salary_max")),
                name="roles_careerlevel_pay_rises",
                violation_error_message="The upper pay figure must lie above the lower one.",
            ),
            models.CheckConstraint(
                condition=Q(years_max__isnull=True) | Q(years_min__lt=F("years_max")),
                name="roles_careerlevel_years_rise",
                violation_error_message="The last year must lie after the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role.short_name}, level {self.order}"

    @property
    def years(self) -> str:
        """Years of experience, in words: “0 to 2 years”, “12 or more years”."""
        if self.years_max is None:
            return f"{self.years_min} or more years"
        return f"{self.years_min} to {self.years_max} years"

    @property
    def pay(self) -> str:
        """The band as it is shown everywhere: “$220,000 to $350,000+”."""
        plus = "+" if self.open_top else ""
        return f"${self.salary_min:,} to ${self.salary_max:,}{plus}"


_ROLE = (
    "FROM roles_careerlevel AS level JOIN roles_role AS role ON role.id = level.role_id WHERE level.id = NEW.level_id"
)


class LevelTitle(CatalogModel):
    natural: ClassVar[tuple[str, ...]] = ("level__role__slug", "level__order", "order")

    level = models.ForeignKey(CareerLevel, on_delete=models.CASCADE, related_name="titles")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    note = models.CharField(
        max_length=240,
        blank=True,
        help_text="Where nearly the same title means another rung.",
    )

    class Meta:
        ordering = ["level", "order"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.TITLE,
                slug='(SELECT "order"::text FROM roles_careerlevel WHERE id = NEW.level_id)',
                parent=f"(SELECT role.slug {_ROLE})",
                title="NEW.title",
                subtitle=f"(SELECT 'Level ' || level.\"order\" || ' of the role ' || role.name {_ROLE})",
                body="NEW.note",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "order"],
                name="roles_leveltitle_place",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Another title has that place.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LevelDuty(CatalogModel):
    natural: ClassVar[tuple[str, ...]] = ("level__role__slug", "level__order", "order")

    level = models.ForeignKey(CareerLevel, on_delete=models.CASCADE, related_name="duties")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ["level", "order"]
        verbose_name_plural = "level duties"
        triggers = bumps_catalog_version()
        constraints = [
            models.UniqueConstraint(
                fields=["level", "order"],
                name="roles_levelduty_place",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Another duty has that place.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class PayMeasure(models.TextChoices):
    RANGE = "range", "Range"
    MEDIAN = "median", "Median"


class SalaryObservation(Claim):
    """Pay that somebody states for a role without saying for which level. Whole units, by the period."""

    Measure = PayMeasure

    natural: ClassVar[tuple[str, ...]] = ("role__slug", "order")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="pay")
    order = models.PositiveSmallIntegerField(default=1)
    measure = models.CharField(max_length=6, choices=PayMeasure)
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField(null=True, blank=True, help_text="Empty for a single figure.")
    open_top = models.BooleanField(default=False, help_text="The source writes a plus sign after the upper figure.")
    approximate = models.BooleanField(default=False)
    geography = models.CharField(max_length=60, blank=True, help_text="Empty where the source names none.")
    currency = models.CharField(max_length=3, default="USD")
    period = models.CharField(max_length=8, default="year")
    period_assumed = models.BooleanField(default=False, help_text="The source names no period; we take it for a year.")

    class Meta:
        ordering = ["role", "order"]
        triggers = bumps_catalog_version()
        constraints = [
            one_of("measure", PayMeasure),
            one_of("verification", Verification),
            rising("low", "high", what="pay figure"),
            models.UniqueConstraint(
                fields=["role", "order"],
                name="roles_salaryobservation_place",
                violation_error_message="The role has this pay figure already.",
            ),
            models.CheckConstraint(
                condition=~Q(measure="range") | Q(high__isnull=False),
                name="roles_salaryobservation_range_has_ends",
                violation_error_message="A range has an upper figure.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role.short_name}: {self.shown}"

    @property
    def shown(self) -> str:
        """The figure as it is shown everywhere: “$180,000 to $280,000”, “about $110,000”."""
        about = "about " if self.approximate else ""
        if self.high is None:
            return f"{about}${self.low:,}"
        return f"{about}${self.low:,} to ${self.high:,}{'+' if self.open_top else ''}"
