"""How the bank is made up, and how a learner stands with one question. Read-only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch

from accounts.models import User
from interviews.models import Attempt, Card, Question, QuestionCategory, Score
from roles.models import Role, Skill
from roles.words import listed

# How many of one's own answers the page of a question shows.
SHOWN = 20


@dataclass
class MadeUp:
    """The questions of one role, counted."""

    role: Role
    total: int = 0
    categories: dict[str, int] = field(default_factory=lambda: dict.fromkeys(QuestionCategory.values, 0))
    levels: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(1, 6), 0))

    @property
    def by_category(self) -> list[tuple[str, int]]:
        return [(str(QuestionCategory(name).label), count) for name, count in self.categories.items()]

    @property
    def said(self) -> str:
        """“14 technical, 15 domain and 3 behavioral”."""
        return listed([f"{count} {label.lower()}" for label, count in self.by_category if count])


def counts_of() -> list[MadeUp]:
    """Every role that has questions, in the order of roles: two queries."""
    rows = (
        Question.roles.through.objects.filter(question__retired=False)
        .values_list("role", "question__category", "question__level")
        .annotate(count=Count("pk"))
        .order_by()
    )
    found: defaultdict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for role, category, level, count in rows:
        found[role].append((category, level, count))
    made_up = []
    for role in Role.objects.filter(pk__in=found).only("slug", "name", "short_name", "order", "profile"):
        each = MadeUp(role)
        for category, level, count in found[role.pk]:
            each.total += count
            each.categories[category] += count
            each.levels[level] += count
        made_up.append(each)
    return made_up


def skills_asked_for() -> list[Skill]:
    """Every skill that an open question asks for, by name: one query."""
    asked = Question.skills.through.objects.filter(question__retired=False).values("skill")
    return list(Skill.objects.for_links().filter(pk__in=asked).order_by("name"))


def answers_of(learner: User, question: Question, *, today: date) -> dict[str, Any]:
    """The learner's card and their last answers, newest first, with grades and scores: three queries."""
    card = Card.objects.of(learner).on(question).first()
    scores = Prefetch("scores", Score.objects.order_by("pk"))
    answers = Attempt.objects.of(learner).on(question).select_related("review").prefetch_related(scores)
    return {
        "card": card,
        "is_put_off": card is not None and card.is_put_off_on(today),
        "answers": list(answers.newest_first()[:SHOWN]) if card is not None else [],
    }
