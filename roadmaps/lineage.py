"""Goals that take the place of others, and what becomes of learners' states. Pure; no database.

A goal is replaced by one other, split into several, or merged with others into one. All three are one thing seen from
two sides: a goal names those whose place it takes. What those were, it inherits, by one rule:

* done, where all of them were done;
* skipped, where all of them were skipped;
* in progress, where any of them was done or in progress;
* to do otherwise.

So every part of a split goal is what the whole was: done parts are done, and of a goal in progress only the learner
knows which part was begun. A merged goal is done only when all of it was. A goal that stays and takes others in is
one of its own parts. Nothing that a learner has is lowered: what is inherited only counts where it is further than
what they have themselves. The old goals keep their states and stay visible.

Who skips editions skips nothing in between: a goal that came and went meanwhile passes on what it replaced itself.
What was passed on once is not passed on again, so a learner who takes a tick back has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from roadmaps.models import State
from roles.blueprint import Goal, Roadmap

# How far a state is. Skipping is a decision of the learner: work counts for more, nothing done for less.
_FURTHER = (State.TODO, State.SKIPPED, State.DOING, State.DONE)


@dataclass(frozen=True, slots=True)
class Inherited:
    """The state that a goal begins with, and the goals that it comes from."""

    state: State
    parts: tuple[str, ...]


def parts_of(goal: Goal, old: Roadmap, new: Roadmap) -> tuple[str, ...]:
    """The goals of `old` whose place a live goal of `new` takes, and did not take in `old` already; by key."""
    before = old.live_goals.get(goal.key)
    known = set(before.replaces) if before else set()
    replaced = (key for key in goal.replaces if key not in known)
    parts = tuple(_known_to(old, new, replaced, met={goal.key}))
    passed_on = {key for part in parts for key in old.goals[part].replaces}
    return tuple(part for part in parts if part not in passed_on)


def _known_to(old: Roadmap, new: Roadmap, keys: Iterable[str], *, met: set[str]) -> Iterator[str]:
    for key in keys:
        if key in met or key in new.live_goals:
            continue
        met.add(key)
        if key in old.goals:
            yield key
        elif key in new.goals:  # came and went between the two
            yield from _known_to(old, new, new.goals[key].replaces, met=met)


def heirs_of(old: Roadmap, new: Roadmap) -> dict[str, list[Goal]]:
    """By key of each goal of `old` that is replaced in `new`: the goals that take its place."""
    heirs: dict[str, list[Goal]] = {}
    for goal in new.live_goals.values():
        for key in parts_of(goal, old, new):
            heirs.setdefault(key, []).append(goal)
    return heirs


def inherited(states: Mapping[str, State], old: Roadmap, new: Roadmap) -> dict[str, Inherited]:
    """What somebody with these states on `old` has on `new` besides: by key of the goals whose state changes."""
    found: dict[str, Inherited] = {}
    for key, goal in new.live_goals.items():
        replaced = parts_of(goal, old, new)
        if not replaced:
            continue
        parts = (key, *replaced) if key in old.live_goals else replaced
        state = merged(states.get(part, State.TODO) for part in parts)
        if _FURTHER.index(state) > _FURTHER.index(states.get(key, State.TODO)):
            found[key] = Inherited(state, replaced)
    return found


def merged(parts: Iterable[State]) -> State:
    """The state of what is made of several."""
    found = set(parts)
    if len(found) == 1:
        return found.pop()
    return State.DOING if found & {State.DONE, State.DOING} else State.TODO
