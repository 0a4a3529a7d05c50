"""The career ladder: levels with titles, years, pay and duties."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.constraints import one_of
from roles.models.base import CatalogModel, bumps_catalog_version
from roles.models.role import Role
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
        triggers = bumps_catalog_version()
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
        triggers = bumps_catalog_version()
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
