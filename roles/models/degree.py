"""What a master's degree in healthcare AI is made of: ways to study, admission, accreditation, courses, cost."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.constraints import one_of, one_place, rising
from roles.models.base import bumps_catalog_version
from roles.models.search import SearchKind, lines, searchable, shown_in
from roles.models.skills import Skill, Tool
from roles.models.sources import Claim, Verification
from roles.models.statistics import Statistic


class StudyAxis(models.TextChoices):
    PLACE = "place", "Where you study"
    TIME = "time", "How fast you study"


class DegreeOption(Claim):
    """A way to study: online or on campus, full or part time. Tuition in US dollars, for the whole program."""

    Axis = StudyAxis

    slug = models.SlugField(max_length=40, unique=True)
    axis = models.CharField(max_length=5, choices=StudyAxis)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    text = models.TextField(help_text="How it works, in two or three sentences.")
    suits = models.CharField(max_length=240, help_text="Whom it suits.")
    tuition_min = models.PositiveIntegerField(null=True, blank=True)
    tuition_max = models.PositiveIntegerField(null=True, blank=True)
    months_min = models.PositiveSmallIntegerField(null=True, blank=True)
    months_max = models.PositiveSmallIntegerField(null=True, blank=True)
    approximate = models.BooleanField(default=False)
    pros = ArrayField(models.CharField(max_length=240), default=list, blank=True)
    cons = ArrayField(models.CharField(max_length=240), default=list, blank=True)

    class Meta:
        ordering = ["axis", "order"]
        triggers = [*bumps_catalog_version(), *shown_in("duration", "formats")]
        constraints = [
            one_of("verification", Verification),
            one_of("axis", StudyAxis),
            one_place("axis", "order", what="way to study"),
            rising("tuition_min", "tuition_max", what="tuition"),
            rising("months_min", "months_max", what="number of months"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tuition(self) -> str:
        """“$35,000 to $50,000”, or “” where none is stated."""
        if self.tuition_min is None or self.tuition_max is None:
            return ""
        return f"${self.tuition_min:,} to ${self.tuition_max:,}"

    @property
    def months(self) -> str:
        """“18 to 24 months”, “about 36 to 48 months”, or “” where none are stated."""
        if self.months_min is None or self.months_max is None:
            return ""
        return f"{'about ' if self.approximate else ''}{self.months_min} to {self.months_max} months"


class AdmissionKind(models.TextChoices):
    DEGREE = "degree", "Bachelor's degree"
    GPA = "gpa", "Grade point average"
    GRE = "gre", "GRE"
    LETTERS = "letters", "Letters of recommendation"
    STATEMENT = "statement", "Personal statement"
    EXPERIENCE = "experience", "Experience"
    WAIVER = "waiver", "Waivers"


class AdmissionStrength(models.TextChoices):
    MOST_TOP = "most_top", "Most top programs"
    USUAL = "usual", "Usual"
    OFTEN = "often", "Often"
    SOME = "some", "Some programs"


class AdmissionCriterion(Claim):
    """Something that programs ask of applicants, as firmly as the source says."""

    Kind = AdmissionKind
    Strength = AdmissionStrength

    natural: ClassVar[tuple[str, ...]] = ("kind",)

    kind = models.CharField(max_length=10, choices=AdmissionKind, unique=True)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    text = models.TextField(help_text="What is asked, and what to prepare. Two or three sentences.")
    value = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    comparator = models.CharField(max_length=6, choices=Statistic.Comparator, blank=True)
    scale = models.CharField(max_length=60, blank=True, help_text="“on a scale of 4.0, which we assume”.")
    strength = models.CharField(max_length=8, choices=AdmissionStrength)
    statistic = models.ForeignKey(Statistic, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["order"]
        verbose_name_plural = "admission criteria"
        triggers = [*bumps_catalog_version(), *shown_in("admission")]
        constraints = [
            one_of("verification", Verification),
            one_of("kind", AdmissionKind),
            one_of("strength", AdmissionStrength),
            one_of("comparator", Statistic.Comparator, blank=True),
            one_place("order", what="criterion"),
        ]

    def __str__(self) -> str:
        return self.name


class AccreditorLevel(models.TextChoices):
    INSTITUTION = "institution", "The whole institution"
    PROGRAM = "program", "A single program"


class Accreditor(Claim):
    """A body that accredits, what exactly, and what its absence means."""

    Level = AccreditorLevel

    slug = models.SlugField(max_length=40, unique=True)
    order = models.PositiveSmallIntegerField()
    abbreviation = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=160)
    level = models.CharField(max_length=11, choices=AccreditorLevel)
    applies_to = models.CharField(max_length=240, help_text="Kinds of program that it accredits.")
    text = models.TextField(help_text="What it means where you find it, and where you do not.")
    url = models.URLField(max_length=500, blank=True, help_text="Where to look a program up.")

    class Meta:
        ordering = ["order"]
        triggers = [*bumps_catalog_version(), *shown_in("accreditation")]
        constraints = [
            one_of("verification", Verification),
            one_of("level", AccreditorLevel),
            one_place("order", what="accreditor"),
        ]

    def __str__(self) -> str:
        return self.abbreviation or self.name


class AccreditationStep(Claim):
    """One step of checking a program's accreditation."""

    natural: ClassVar[tuple[str, ...]] = ("order",)

    order = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=120)
    text = models.TextField(help_text="What to do, where, and what the answer means.")
    where = models.CharField(max_length=160, blank=True, help_text="Name of the register to look in.")
    url = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering = ["order"]
        triggers = [*bumps_catalog_version(), *shown_in("accreditation")]
        constraints = [one_of("verification", Verification)]

    def __str__(self) -> str:
        return self.title


class CourseworkTier(models.TextChoices):
    CORE = "core", "Core"
    ADVANCED = "advanced", "Advanced"
    ADDITIONAL = "additional", "Additional"
    ELECTIVE = "elective", "Electives"
    PRACTICE = "practice", "Practice"
    LANGUAGES = "languages", "Languages and frameworks"


class CourseworkArea(Claim):
    """A part of the curriculum, with the skills and tools of ours that it meets."""

    Tier = CourseworkTier

    slug = models.SlugField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    tier = models.CharField(max_length=10, choices=CourseworkTier)
    text = models.TextField(help_text="What is taught, and what to ask a program about it.")
    share = models.ForeignKey(
        Statistic, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="Share of programs."
    )
    skills = models.ManyToManyField(Skill, related_name="coursework", blank=True)
    tools = models.ManyToManyField(Tool, related_name="coursework", blank=True)

    class Meta:
        ordering = ["order"]
        triggers = [*bumps_catalog_version(), *shown_in("coursework")]
        constraints = [
            one_of("verification", Verification),
            one_of("tier", CourseworkTier),
            one_place("order", what="area"),
        ]

    def __str__(self) -> str:
        return self.name


class CostKind(models.TextChoices):
    TOTAL = "total", "Total cost of attendance"
    TUITION = "tuition", "Tuition"
    EXTRA = "extra", "Beside tuition"
    AID = "aid", "What lowers it"
    ADVICE = "advice", "What to compare"


class CostItem(Claim):
    """Something that a degree costs or saves. US dollars, for the whole program; tuition and total are never mixed."""

    Kind = CostKind

    slug = models.SlugField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=7, choices=CostKind)
    amount_min = models.PositiveIntegerField(null=True, blank=True)
    amount_max = models.PositiveIntegerField(null=True, blank=True)
    approximate = models.BooleanField(default=False)
    residency = models.CharField(max_length=80, blank=True, help_text="For whom: “public university, in-state”.")
    text = models.TextField(help_text="What is in it, and what to ask.")

    class Meta:
        ordering = ["order"]
        triggers = [*bumps_catalog_version(), *shown_in("cost")]
        constraints = [
            one_of("verification", Verification),
            one_of("kind", CostKind),
            one_place("order", what="cost"),
            rising("amount_min", "amount_max", what="amount"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def amount(self) -> str:
        """“$40,000 to $120,000”, “about $40,000”, or “” where none is stated."""
        about = "about " if self.approximate else ""
        ends = [f"${each:,}" for each in (self.amount_min, self.amount_max) if each is not None]
        return about + " to ".join(ends) if ends else ""


class CertificationAim(models.TextChoices):
    CLINICAL_RESEARCH = "clinical_research", "Clinical research and informatics"
    POLICY = "policy", "Policy, ethics and governance"
    TECHNICAL = "technical", "Technical work"


class CertificationStanding(models.TextChoices):
    VERIFIED = "verified", "The issuer and the credential exist"
    NOT_FOUND = "not_found", "No issuer found"
    GENERIC = "generic", "A kind of certificate, no particular one named"


class Certification(Claim):
    """A credential beside a degree, whether it exists, and for which aim it helps."""

    Aim = CertificationAim
    Standing = CertificationStanding

    slug = models.SlugField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160, unique=True)
    abbreviation = models.CharField(max_length=30, blank=True)
    issuer = models.CharField(max_length=160, blank=True)
    standing = models.CharField(max_length=9, choices=CertificationStanding)
    focus = models.CharField(max_length=240)
    text = models.TextField(help_text="What it asks, what it proves, how long it is valid. Markdown.")
    aims = ArrayField(models.CharField(max_length=17, choices=CertificationAim))
    url = models.URLField(max_length=500, blank=True)
    alternatives = models.ManyToManyField("self", symmetrical=False, related_name="instead_of", blank=True)
    skills = models.ManyToManyField(Skill, related_name="certifications", blank=True)

    class Meta:
        ordering = ["order"]
        triggers = [
            *bumps_catalog_version(),
            *searchable(
                SearchKind.CERTIFICATION,
                title="NEW.name",
                names=lines("NEW.abbreviation", "NEW.issuer"),
                subtitle="NEW.focus",
                body="NEW.text",
            ),
        ]
        constraints = [
            one_of("verification", Verification),
            one_of("standing", CertificationStanding),
            one_place("order", what="certification"),
            models.CheckConstraint(
                condition=Q(aims__contained_by=CertificationAim.values) & Q(aims__len__gte=1),
                name="roles_certification_aims_known",
                violation_error_message="Choose at least one of the aims.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.abbreviation})" if self.abbreviation else self.name

    @property
    def aim_labels(self) -> list[str]:
        return [str(CertificationAim(aim).label) for aim in self.aims]


class ProgramCheckGroup(models.TextChoices):
    ACCREDITATION = "accreditation", "Accreditation"
    PARTNERS = "partners", "Partners and practice"
    CONTENT = "content", "Content"
    FLEXIBILITY = "flexibility", "Flexibility and support"
    COST = "cost", "Cost and aid"
    OUTCOMES = "outcomes", "Outcomes"


class ProgramCheck(Claim):
    """A question to put to a program before one applies."""

    Group = ProgramCheckGroup

    slug = models.SlugField(max_length=60, unique=True)
    group = models.CharField(max_length=13, choices=ProgramCheckGroup)
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200, help_text="So that “yes” is the good answer.")
    why = models.TextField(help_text="Why it matters and how to find out, in one or two sentences.")

    class Meta:
        ordering = ["order"]
        triggers = [*bumps_catalog_version(), *shown_in("programs")]
        constraints = [
            one_of("verification", Verification),
            one_of("group", ProgramCheckGroup),
            one_place("order", what="check"),
        ]

    def __str__(self) -> str:
        return self.text
