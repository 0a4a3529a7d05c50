"""Editing drafts as an editor would, in tests of publishing."""

from __future__ import annotations

from roles.models import Criterion, Goal, Phase, Role


def first_goal(role: Role) -> Goal:
    return Goal.objects.filter(phase__role=role, retired=False).order_by("phase__order", "order").first()


def reword(goal: Goal, text: str = "Say it in other words") -> None:
    goal.text = text
    goal.save()


def retire(goal: Goal) -> None:
    goal.retired = True
    goal.save()


def add_goal(
    role: Role, *, phase: int = 1, text: str = "A new thing to learn", replaces: tuple[Goal, ...] = ()
) -> Goal:
    place = Phase.objects.get(role=role, order=phase)
    last = place.goals.order_by("-order").first()
    goal = Goal.objects.create(phase=place, order=last.order + 1, text=text)
    goal.replaces.set(replaces)
    return goal


def replace(goal: Goal, *texts: str) -> list[Goal]:
    """Retire a goal in favor of one or more new ones."""
    retire(goal)
    return [
        add_goal(goal.phase.role, phase=goal.phase.order, text=text, replaces=(goal,))
        for text in texts or ("Its heir",)
    ]


def add_criterion(role: Role, *, phase: int = 1) -> Criterion:
    milestone = Phase.objects.get(role=role, order=phase).milestone
    return Criterion.objects.create(milestone=milestone, order=99, text="One more thing to show")


def goals_of(role: Role) -> list[Goal]:
    """The goals that are live in the draft, in the roadmap's order."""
    return list(Goal.objects.filter(phase__role=role, retired=False).order_by("phase__order", "order"))
