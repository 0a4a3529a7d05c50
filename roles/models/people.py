"""What a role is like for the person in it: fit, day, metrics, questions people ask."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.constraints import one_of, one_place
from roles.models.base import CatalogModel, bumps_catalog_version
from roles.models.role import Role
from roles.models.search import part_of
from roles.models.skills import Skill
from roles.models.sources import Claim, Verification


class RolePointKind(models.TextChoices):
    DRIVER = "driver", "Why the role exists"
    WORK = "work", "Core work"
    POSITION = "position", "Place in the organization"
    CONDITION = "condition", "Fields of use"
    SHIFT = "shift", "What changed"
    TOOLING = "tooling", "What the tools made possible"
    EXCELS = "excels", "What marks the best"
    PROMISE = "promise", "What the source page promises"


class RolePoint(Claim):
    """One thing that is true of the job, with who says so."""

    Kind = RolePointKind

    natural: ClassVar[tuple[str, ...]] = ("role__slug", "kind", "order")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=10, choices=Kind)
    order = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["role", "kind", "order"]
        triggers = [*bumps_catalog_version(), *part_of("roles_role", "role_id")]
        constraints = [
            one_of("kind", RolePointKind),
            one_of("verification", Verification),
            models.UniqueConstraint(
                fields=["role", "kind", "order"],
                name="roles_rolepoint_place",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Another point of this kind has that place.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Strength(models.TextChoices):
    """How firmly something is asked for."""

    REQUIRED = "required", "Required"
    PREFERRED = "preferred", "Preferred"


class RoleRequirement(Claim):
    """Something that a role without a roadmap asks of whoever applies."""

    Strength = Strength

    natural: ClassVar[tuple[str, ...]] = ("role__slug", "order")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="requirements")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    strength = models.CharField(max_length=9, choices=Strength, default=Strength.REQUIRED)
    skill = models.ForeignKey(Skill, on_delete=models.SET_NULL, null=True, blank=True, related_name="requirements")

    class Meta:
        ordering = ["role", "order"]
        triggers = [*bumps_catalog_version(), *part_of("roles_role", "role_id")]
        constraints = [
            one_of("strength", Strength),
            one_of("verification", Verification),
            one_place("role", "order", what="requirement"),
        ]

    def __str__(self) -> str:
        return self.text


class RoleSector(CatalogModel):
    """A kind of employer, and what it wants from the role."""

    natural: ClassVar[tuple[str, ...]] = ("role__slug", "order")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="sectors")
    order = models.PositiveSmallIntegerField()
    employer = models.CharField(max_length=80)
    purpose = models.CharField(max_length=240, blank=True)

    class Meta:
        ordering = ["role", "order"]
        triggers = bumps_catalog_version()
        constraints = [
            models.UniqueConstraint(
                fields=["role", "order"],
                name="roles_rolesector_place",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Another employer has that place.",
            ),
        ]

    def __str__(self) -> str:
        return self.employer


class RoleFitPolarity(models.TextChoices):
    FIT = "fit", "A good start"
    NOT_FIT = "not_fit", "Look elsewhere if"


class RoleFit(CatalogModel):
    """A kind of person the role suits, or does not."""

    Polarity = RoleFitPolarity

    natural: ClassVar[tuple[str, ...]] = ("role__slug", "polarity", "order")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="fits")
    polarity = models.CharField(max_length=7, choices=Polarity)
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True, help_text="Where the source contradicts itself.")

    class Meta:
        ordering = ["role", "polarity", "order"]
        triggers = bumps_catalog_version()
        constraints = [
            one_of("polarity", RoleFitPolarity),
            models.UniqueConstraint(
                fields=["role", "polarity", "order"],
                name="roles_rolefit_place",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Another point has that place.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class DaySlot(CatalogModel):
    """One hour of a sample day."""

    natural: ClassVar[tuple[str, ...]] = ("role__slug", "time")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="day")
    time = models.TimeField()
    text = models.CharField(max_length=300)
    skills = models.ManyToManyField(Skill, related_name="day_slots", blank=True)

    class Meta:
        ordering = ["role", "time"]
        triggers = bumps_catalog_version()
        constraints = [
            models.UniqueConstraint(
                fields=["role", "time"],
                name="roles_dayslot_once",
                violation_error_message="The day has something at that time already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.time:%H:%M} {self.text}"

    def natural_key(self) -> tuple[str, str]:
        return (self.role.slug, self.time.isoformat())


class RoleMetricMetric(models.TextChoices):
    DEMAND = "demand", "Future demand"
    REPLACEMENT_RISK = "replacement_risk", "Work that AI may take over"
    MONTHS = "months", "Months to job-ready"
    BARRIER = "barrier", "Entry barrier"
    REMOTE = "remote", "Remote work"


class RoleMetricUnit(models.TextChoices):
    SCORE = "score", "score"
    PERCENT = "percent", "percent"
    MONTHS = "months", "months"
    GRADE = "grade", "grade"
    YES_NO = "yes_no", "yes or no"


class RoleMetricBetter(models.TextChoices):
    """The direction in which the number is good news: sorting and colour follow it."""

    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"


class RoleMetric(Claim):
    """A number by which roles are compared, on the source's own scale."""

    Metric = RoleMetricMetric
    Unit = RoleMetricUnit
    Better = RoleMetricBetter

    natural: ClassVar[tuple[str, ...]] = ("role__slug", "metric")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="metrics")
    metric = models.CharField(max_length=16, choices=Metric)
    value = models.DecimalField(
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        help_text="In the unit; empty for words.",
    )
    word = models.CharField(max_length=60, blank=True, help_text="Where the source grades in words.")
    unit = models.CharField(max_length=8, choices=Unit)
    scale_max = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    better = models.CharField(max_length=6, choices=Better)

    class Meta:
        ordering = ["role", "metric"]
        triggers = bumps_catalog_version()
        constraints = [
            one_of("metric", RoleMetricMetric),
            one_of("unit", RoleMetricUnit),
            one_of("better", RoleMetricBetter),
            one_of("verification", Verification),
            models.UniqueConstraint(
                fields=["role", "metric"],
                name="roles_rolemetric_once",
                violation_error_message="The role has this metric already.",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(word=""),
                name="roles_rolemetric_says_something",
                violation_error_message="Give a value or a word.",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0),
                name="roles_rolemetric_not_negative",
                violation_error_message="The value cannot be negative.",
            ),
            models.CheckConstraint(
                condition=Q(scale_max__isnull=True) | Q(value__isnull=True) | Q(value__lte=F("scale_max")),
                name="roles_rolemetric_on_scale",
                violation_error_message="The value lies above the end of its scale.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()}: {self.shown}"

    @property
    def shown(self) -> str:
        """The value as a reader sees it: “9.2 of 10”, “20%”, “9 months”, “High”."""
        if self.value is None:
            return self.word
        number = f"{self.value.normalize():f}"
        if self.unit == self.Unit.SCORE and self.scale_max is not None:
            return f"{number} of {self.scale_max.normalize():f}"
        if self.unit == self.Unit.PERCENT:
            return f"{number}%"
        if self.unit == self.Unit.MONTHS:
            return f"{number} {'month' if self.value == 1 else 'months'}"
        return number

    @property
    def share(self) -> Decimal:
        """The value as a share of its scale, 0 to 1; 0 where there is no number or scale."""
        if self.value is None or not self.scale_max:
            return Decimal(0)
        return self.value / self.scale_max


class RoleFaqTopic(models.TextChoices):
    DEMAND = "demand", "Demand and risk"
    CODING = "coding", "Coding"
    TIME = "time", "Time and barrier"
    REMOTE = "remote", "Remote work"
    PAY = "pay", "Pay data"


class RoleFaq(CatalogModel):
    """A question people ask, with an answer built from the metrics, so that its numbers cannot drift from theirs."""

    Topic = RoleFaqTopic

    # What an answer may name in braces; RoleFaq.answered() fills them in.
    PLACEHOLDERS: ClassVar[frozenset[str]] = frozenset(
        {"demand", "replacement_risk", "months", "barrier", "weeks", "phases", "role"}
    )

    natural: ClassVar[tuple[str, ...]] = ("role__slug", "topic")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="faqs")
    order = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=8, choices=Topic)
    question = models.CharField(max_length=200)
    answer = models.TextField(
        help_text="May name {demand}, {replacement_risk}, {months}, {barrier}, {weeks}, {phases} and {role}."
    )
    source_says = models.TextField(blank=True, help_text="What the source states, where we do not repeat it.")

    class Meta:
        ordering = ["role", "order"]
        verbose_name, verbose_name_plural = "role FAQ", "role FAQs"
        triggers = bumps_catalog_version()
        constraints = [
            one_of("topic", RoleFaqTopic),
            models.UniqueConstraint(
                fields=["role", "topic"],
                name="roles_rolefaq_once",
                violation_error_message="The role answers this topic already.",
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def clean(self) -> None:
        try:
            self.answered(dict.fromkeys(self.PLACEHOLDERS, ""))
        except (KeyError, ValueError, IndexError, AttributeError) as error:
            known = ", ".join(f"{{{name}}}" for name in sorted(self.PLACEHOLDERS))
            raise ValidationError({"answer": f"Only these may stand in braces: {known}."}) from error

    def answered(self, values: dict[str, str]) -> str:
        """The answer with each `{name}` replaced by its value."""
        return self.answer.format_map(values)
