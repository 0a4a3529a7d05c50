"""Credit for skills across roadmaps: what a learner has done elsewhere that a goal here would teach again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from roadmaps.models import State
from roadmaps.progress import States
from roles.blueprint import Goal, Link, Phase, Roadmap


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another roadmap of the same learner."""

    name: str  # the role's short name
    roadmap: Roadmap
    states: States


@dataclass(frozen=True, slots=True)
class Credit:
    """“You did this in …”: the best match that another roadmap offers for one goal."""

    goal: Goal  # the finished goal elsewhere
    phase: Phase
    name: str  # short name of the role whose roadmap it is on
    skills: tuple[Link, ...]  # what both goals teach
    missing: tuple[Link, ...]  # what only the goal here teaches


def credits_for(roadmap: Roadmap, states: States, others: Iterable[Elsewhere]) -> Mapping[str, Credit]:
    """For each open goal, by key, the finished goal elsewhere that shares most of its skills."""
    proven = [
        (elsewhere, goal, {link.slug for link in goal.skills})
        for elsewhere in others
        for key, goal in elsewhere.roadmap.goals.items()
        if elsewhere.states.get(key) == State.DONE
    ]
    found: dict[str, Credit] = {}
    if not proven:
        return found
    for key, goal in roadmap.live_goals.items():
        if states.get(key, State.TODO) in (State.TODO, State.DOING):
            asked = {link.slug for link in goal.skills}
            elsewhere, done, taught = max(proven, key=lambda each: len(asked & each[2]))
            if asked & taught:
                found[key] = _credit(goal, elsewhere, done, taught)
    return found


def _credit(goal: Goal, elsewhere: Elsewhere, done: Goal, taught: set[str]) -> Credit:
    shared = tuple(link for link in goal.skills if link.slug in taught)
    missing = tuple(link for link in goal.skills if link.slug not in taught)
    return Credit(done, elsewhere.roadmap.phase_of[done.key], elsewhere.name, shared, missing)
