"""Which roles suit somebody, with reasons in words. Pure; no database.

Each answer is held against what is stated of a role and becomes at most one reason: for it, against it, worth knowing
without speaking for either, or not to be judged because nobody states it. Roles stand in the order of reasons for minus
reasons against; among equals, by the share of skills of the kinds that one likes, then in the editors' order. What
nobody states counts as nothing: it is said with the role, and so is how many answers could be judged. There is no
percentage of fit, because nothing that is stated would carry one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.db.models import TextChoices

from roles.models import Role, RoleFit, Skill
from roles.models.skills import SkillCategory
from roles.profile import WEEKS_A_MONTH
from roles.words import listed

# From this share of a role's skills on, a kind of skill counts as a reason for the role.
ENOUGH = Decimal("0.25")
# How many of the first roles show whom they suit.
FIRST = 3


class Background(TextChoices):
    BUILDING = "building", "I build AI"
    CARE = "care", "I work in care"
    RESEARCH = "research", "I do research"
    NEITHER = "neither", "None of these"


class Coding(TextChoices):
    WANT = "want", "I want to write code"
    LEARN = "learn", "I can learn to"
    RATHER_NOT = "rather-not", "I would rather not"


class Liking(TextChoices):
    MODELS = "models", "Building models"
    TEXT = "text", "Text and language"
    DATA = "data", "Data and pipelines"
    EVIDENCE = "evidence", "Statistics and evidence"
    CARE = "care", "Patients and workflows"
    RULES = "rules", "Rules and privacy"
    LEADING = "leading", "Leading and products"


_KINDS_LIKED: Mapping[str, tuple[SkillCategory, ...]] = {
    Liking.MODELS: (SkillCategory.MACHINE_LEARNING, SkillCategory.EVALUATION),
    Liking.TEXT: (SkillCategory.LANGUAGE,),
    Liking.DATA: (
        SkillCategory.ENGINEERING,
        SkillCategory.STANDARDS,
        SkillCategory.PROGRAMMING,
        SkillCategory.CLOUD,
    ),
    Liking.EVIDENCE: (SkillCategory.STATISTICS, SkillCategory.EVALUATION),
    Liking.CARE: (SkillCategory.DOMAIN, SkillCategory.WORKFLOW),
    Liking.RULES: (SkillCategory.PRIVACY, SkillCategory.GOVERNANCE, SkillCategory.REGULATION, SkillCategory.ETHICS),
    Liking.LEADING: (SkillCategory.PROFESSIONAL,),
}
_KINDS_BROUGHT: Mapping[str, tuple[SkillCategory, ...]] = {
    Background.BUILDING: (
        SkillCategory.PROGRAMMING,
        SkillCategory.ENGINEERING,
        SkillCategory.MACHINE_LEARNING,
        SkillCategory.LANGUAGE,
        SkillCategory.CLOUD,
    ),
    Background.CARE: (SkillCategory.DOMAIN, SkillCategory.WORKFLOW, SkillCategory.PRIVACY),
    Background.RESEARCH: (SkillCategory.STATISTICS, SkillCategory.EVALUATION, SkillCategory.ETHICS),
}
_COMING_FROM: Mapping[str, str] = {
    Background.BUILDING: "You build AI",
    Background.CARE: "You work in care",
    Background.RESEARCH: "You do research",
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody answered; empty where they did not."""

    background: str = ""
    coding: str = ""
    months: int | None = None
    hours: int | None = None  # said back, but held against nothing: no source states hours
    remote: bool = False  # wanted, or of no importance
    likes: tuple[str, ...] = ()

    @property
    def answers(self) -> int:
        """How many answers there are to hold against a role."""
        return sum(map(bool, (self.background, self.coding, self.months, self.remote, self.likes)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer held against one role."""

    text: str
    weight: int = 0  # 1 for the role, -1 against it, 0 for neither
    is_judged: bool = True


@dataclass(frozen=True)
class Match:
    """A role with everything that speaks for and against it."""

    role: Role
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...]  # worth knowing, whatever one answered
    liked_share: Decimal

    @property
    def reasons_for(self) -> list[str]:
        return [each.text for each in self.verdicts if each.weight > 0]

    @property
    def reasons_against(self) -> list[str]:
        return [each.text for each in self.verdicts if each.weight < 0]

    @property
    def remarks(self) -> list[str]:
        """What speaks for neither."""
        return [*(each.text for each in self.verdicts if each.is_judged and not each.weight), *self.notes]

    @property
    def unknowns(self) -> list[str]:
        return [each.text for each in self.verdicts if not each.is_judged]

    @property
    def judged(self) -> int:
        """How many answers could be held against what is stated."""
        return sum(each.is_judged for each in self.verdicts)

    @property
    def balance(self) -> int:
        return sum(each.weight for each in self.verdicts)

    @property
    def suits(self) -> list[str]:
        return self._fits(RoleFit.Polarity.FIT)

    @property
    def suits_not(self) -> list[str]:
        return self._fits(RoleFit.Polarity.NOT_FIT)

    def _fits(self, polarity: str) -> list[str]:
        return [fit.text for fit in self.role.fits.all() if fit.polarity == polarity]


def ranked(roles: Iterable[Role], skills: Mapping[str, Skill], wishes: Wishes) -> list[Match]:
    """The roles, in the editors' order, put into the order of the wishes. `skills`: all skills by slug."""
    matches = [_Judge(role, skills, wishes).match() for role in roles]
    return sorted(matches, key=lambda match: (-match.balance, -match.liked_share))


class _Judge:
    """Holds one person's answers against one role."""

    def __init__(self, role: Role, skills: Mapping[str, Skill], wishes: Wishes) -> None:
        self.role, self.wishes = role, wishes
        self.skills = [skills[slug] for slug in role.skill_slugs if slug in skills]

    def match(self) -> Match:
        wishes = self.wishes
        asked = (
            (wishes.background, self._background),
            (wishes.coding, self._coding),
            (wishes.months, self._months),
            (wishes.remote, self._remote),
            (wishes.likes, self._likes),
        )
        verdicts = tuple(judge() for answer, judge in asked if answer)
        liked = Decimal(len(self._of(self._liked_kinds))) / len(self.skills) if self.skills else Decimal(0)
        return Match(self.role, verdicts, tuple(self._notes()), liked)

    def _background(self) -> Verdict:
        if self.wishes.background == Background.NEITHER:
            return self._barrier()
        if not self.skills:
            return Verdict("Nobody names its skills, so there is nothing to hold your background against.", 0, False)
        near = self._of(_KINDS_BROUGHT[self.wishes.background])
        coming = _COMING_FROM[self.wishes.background]
        if not near:
            return Verdict(f"{coming}; none of its {len(self.skills)} skills lies near that.", -1)
        text = f"{coming}; {self._count(near, 'lies', 'lie')} near that: {_kinds(near)}."
        return Verdict(text, 1 if self._are_many(near) else 0)

    def _barrier(self) -> Verdict:
        barrier = self.role.entry_barrier
        if not barrier:
            return Verdict("Nobody states how hard it is to get in.", 0, False)
        text = f"You come from another field; its entry barrier is stated as {barrier}."
        return Verdict(text, -1 if barrier == Role.Barrier.HIGH else 1)

    def _coding(self) -> Verdict:
        asks = self.role.coding_required
        if asks is None:
            return self._coding_by_skills()
        said = "it asks for code" if asks else "it asks for none"
        if self.wishes.coding == Coding.LEARN:
            return Verdict(f"You can learn to write code; {said}.")
        if self.wishes.coding == Coding.WANT:
            return Verdict(f"You want to write code; {said}.", 1 if asks else -1)
        return Verdict(f"You would rather not code; {said}.", -1 if asks else 1)

    def _coding_by_skills(self) -> Verdict:
        """Where nobody states whether it asks for code, its skills can tell that it does; never that it does not."""
        written = [skill for skill in self.skills if skill.coding]
        text = "Nobody states whether it asks for code"
        if not written:
            return Verdict(f"{text}.", 0, False)
        text = f"{text}, yet {self._count(written, 'is', 'are')} done by writing it."
        weight = {Coding.WANT: 1, Coding.RATHER_NOT: -1}.get(Coding(self.wishes.coding), 0)
        return Verdict(text, weight if self._are_many(written) else 0)

    def _months(self) -> Verdict:
        months, have = self.role.months_to_ready, self.wishes.months
        assert have is not None, "asked only where somebody gave months"
        if months is None:
            return Verdict("Nobody states how many months it takes.", 0, False)
        about = "about " if self.role.months_approximate else ""
        text = f"You have {have} {_months(have)}; this one states {about}{months}."
        return Verdict(text, 1 if months <= have else -1)

    def _remote(self) -> Verdict:
        remote = self.role.remote_friendly
        if remote is None:
            return Verdict("Nobody states whether it can be done from home.", 0, False)
        if remote:
            return Verdict("You want to work from home; it is stated as open to that.", 1)
        return Verdict("You want to work from home; it is stated as not open to that.", -1)

    def _likes(self) -> Verdict:
        if not self.skills:
            return Verdict("Nobody names its skills, so there is nothing to hold your likings against.", 0, False)
        liked = self._of(self._liked_kinds)
        if not liked:
            return Verdict(f"None of its {len(self.skills)} skills is of the kinds that you like.", -1)
        text = f"{self._count(liked, 'is', 'are')} of the kinds that you like: {_kinds(liked)}."
        return Verdict(text, 1 if self._are_many(liked) else 0)

    def _notes(self) -> Iterable[str]:
        roadmap = self.role.roadmap
        if roadmap is None:
            yield "It has no roadmap here yet."
        elif self.wishes.months:
            in_months = (roadmap.weeks / WEEKS_A_MONTH).quantize(Decimal("0.1"), ROUND_HALF_UP)
            yield f"The phases of its roadmap add up to {roadmap.weeks} weeks, which is {in_months} months."

    @cached_property
    def _liked_kinds(self) -> set[str]:
        return {kind for like in self.wishes.likes for kind in _KINDS_LIKED[like]}

    def _of(self, kinds: Collection[str]) -> list[Skill]:
        return [skill for skill in self.skills if skill.category in kinds]

    def _are_many(self, some: list[Skill]) -> bool:
        return len(some) >= ENOUGH * len(self.skills)

    def _count(self, some: list[Skill], one: str, more: str) -> str:
        """“7 of its 24 skills are”."""
        return f"{len(some)} of its {len(self.skills)} skills {one if len(some) == 1 else more}"


def _kinds(skills: Iterable[Skill]) -> str:
    """The categories of skills, in the order of categories: “statistics and evaluation”."""
    met = {skill.category for skill in skills}
    return listed([label.lower() for value, label in SkillCategory.choices if value in met])


def _months(count: int) -> str:
    return "month" if count == 1 else "months"
