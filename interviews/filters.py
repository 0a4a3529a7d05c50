"""What the bank can be narrowed by, read from the query string."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q

from accounts.models import User
from interviews.models import Card, QuestionCategory
from interviews.models.questions import QuestionQuerySet
from roles.filters import FilterForm, choice, text
from roles.models import Role, Skill

STATES = [
    ("new", "Not answered yet"),
    ("due", "Due"),
    ("learning", "Answered, not due"),
    ("buried", "Put off"),
    ("suspended", "Suspended"),
]


class BankFilter(FilterForm):
    """The bank: for learners also by how they stand with a question."""

    q = text("OMOP, sepsis, leakage")

    def __init__(self, data: Any, *, roles: Sequence[Role], skills: Sequence[Skill], learner: User | None) -> None:
        super().__init__(data)
        self.fields["role"] = choice("Role", [(role.slug, role.short_name) for role in roles])
        self.fields["category"] = choice("Category", QuestionCategory.choices)
        self.fields["level"] = choice("Level", [(str(level), f"Level {level}") for level in range(1, 6)])
        self.fields["skill"] = choice("Skill", [(skill.slug, skill.name) for skill in skills])
        if learner is not None:
            self.fields["state"] = choice("Where you stand", STATES)

    def narrow(self, rows: QuestionQuerySet, *, learner: User | None, today: date | None) -> QuestionQuerySet:
        return self._asked(
            rows,
            {
                "q": lambda found, asked: found.saying(asked),
                "role": lambda found, slug: found.filter(roles__slug=slug),
                "category": lambda found, category: found.filter(category=category),
                "level": lambda found, level: found.filter(level=int(level)),
                "skill": lambda found, slug: found.filter(skills__slug=slug),
                "state": lambda found, state: (
                    found.filter(standing_question(state, learner, today)) if learner and today else found
                ),
            },
        )


def with_cards(rows: QuestionQuerySet, learner: User | None) -> QuestionQuerySet:
    """With roles, and the learner's own card as `mine`."""
    roles = Prefetch("roles", Role.objects.only("slug", "name", "short_name", "order"))
    cards = Card.objects.of(learner) if learner is not None else Card.objects.none()
    return rows.prefetch_related(roles, Prefetch("cards", cards, to_attr="mine"))


def standing_question(state: str, learner: User, today: date) -> Q:
    """What each of STATES means, of a question and one learner's card."""
    here = Q(cards__learner=learner)
    awake = here & Q(cards__suspended_at__isnull=True)
    waits = Q(cards__due_day__lte=today, cards__last_day__lt=today)
    put_off = Q(cards__buried_until__gt=today)
    match state:
        case "due":
            return awake & waits & ~put_off
        case "learning":
            return awake & Q(cards__stability__isnull=False) & ~waits & ~put_off
        case "buried":
            return awake & put_off
        case "suspended":
            return here & Q(cards__suspended_at__isnull=False)
    return ~Q(pk__in=Card.objects.of(learner).filter(stability__isnull=False).values("question"))
