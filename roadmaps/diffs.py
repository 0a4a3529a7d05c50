"""What changed between two states of a roadmap, and whether it touches anyone's credit. Pure; no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from roadmaps.lineage import heirs_of, parts_of
from roles.blueprint import Criterion, Goal, Milestone, Phase, ResourceLink, Roadmap


class What(StrEnum):
    """What happened to a thing, in the word that learners and editors read."""

    REWORDED = "reworded"
    MOVED = "moved"
    RELINKED = "relinked"  # the goal teaches other skills or tools now
    LOOSENED = "loosened"  # a criterion became optional
    TIGHTENED = "tightened"  # a criterion became required
    NEW = "new"
    RETIRED = "retired"
    SPLIT = "split"
    MERGED = "merged"
    REPLACED = "replaced"


class Thing(StrEnum):
    PHASE = "phase"
    GOAL = "goal"
    MILESTONE = "milestone"
    CRITERION = "criterion"
    RESOURCE = "resource"


# What a learner is asked about. Resources only help: they come and go without asking.
_KEEPS_CREDIT = frozenset({What.SPLIT, What.MERGED, What.REPLACED})
_MAJOR = _KEEPS_CREDIT | {What.TIGHTENED, What.NEW, What.RETIRED}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `keys` names what the change reaches in the older state, or what it adds."""

    what: What
    thing: Thing
    phase: str  # title of the phase, in the newer state where it still exists there
    keys: tuple[str, ...]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def is_major(self) -> bool:
        return self.what in _MAJOR and self.thing is not Thing.RESOURCE

    @property
    def said(self) -> str:
        """What happened, with how many there were or are: “split into 3”, “merged from 2”."""
        if self.what is What.SPLIT:
            return f"split into {len(self.after)}"
        return f"merged from {len(self.before)}" if self.what is What.MERGED else str(self.what)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Change:
        return cls(
            what=What(data["what"]),
            thing=Thing(data["thing"]),
            phase=data["phase"],
            keys=tuple(data["keys"]),
            before=tuple(data["before"]),
            after=tuple(data["after"]),
        )


def diff(old: Roadmap, new: Roadmap) -> list[Change]:
    """Every change from `old` to `new`, in the order of the phases, phases before what they hold."""
    return [
        *_phase_changes(old, new),
        *_goal_changes(old, new),
        *_milestone_changes(old, new),
        *_criterion_changes(old, new),
        *_resource_changes(old, new),
    ]


def is_major(changes: Iterable[Change]) -> bool:
    """Whether learners are asked before they move along."""
    return any(change.is_major for change in changes)


def summary(changes: Iterable[Change]) -> str:
    """The changes in one line: “3 reworded, 1 new, 1 replaced: credit kept”. Empty without changes."""
    counts = Counter(change.what for change in changes)
    said = ", ".join(f"{counts[what]} {what}" for what in What if counts[what])
    return f"{said}: credit kept" if _KEEPS_CREDIT & counts.keys() else said


def _phase_changes(old: Roadmap, new: Roadmap) -> Iterator[Change]:
    before, after = ({phase.slug: phase for phase in roadmap.phases} for roadmap in (old, new))
    for slug, phase in after.items():
        if slug not in before:
            yield Change(What.NEW, Thing.PHASE, phase.title, (slug,), after=(_phase_line(phase),))
            continue
        if _phase_line(before[slug]) != _phase_line(phase):
            lines = (_phase_line(before[slug]),), (_phase_line(phase),)
            yield Change(What.REWORDED, Thing.PHASE, phase.title, (slug,), *lines)
        if before[slug].number != phase.number:
            places = (f"Phase {before[slug].number}",), (f"Phase {phase.number}",)
            yield Change(What.MOVED, Thing.PHASE, phase.title, (slug,), *places)
    for slug, phase in before.items():
        if slug not in after:
            yield Change(
                What.RETIRED,
                Thing.PHASE,
                phase.title,
                (slug,),
                before=(_phase_line(phase),),
            )


def _phase_line(phase: Phase) -> str:
    return f"{phase.title}, {phase.weeks} {'week' if phase.weeks == 1 else 'weeks'}. {phase.summary}".strip()


def _goal_changes(old: Roadmap, new: Roadmap) -> Iterator[Change]:
    before, after = old.live_goals, new.live_goals
    heirs = heirs_of(old, new)
    for key, goal in after.items():
        if key in before:
            yield from _goal_edits(before[key], goal, old, new)
    for key, goal in old.goals.items():
        if len(heirs.get(key, ())) > 1:
            texts = tuple(heir.text for heir in heirs[key])
            yield Change(What.SPLIT, Thing.GOAL, new.phase_of[heirs[key][0].key].title, (key,), (goal.text,), texts)
        elif key in before and key not in after and key not in heirs:
            yield Change(What.RETIRED, Thing.GOAL, old.phase_of[key].title, (key,), before=(goal.text,))
    for key, goal in after.items():
        parts = parts_of(goal, old, new)
        if any(len(heirs[part]) == 1 for part in parts):
            # A goal that stays and takes others in is one of its own parts.
            whole = (key, *parts) if key in before else parts
            what = What.MERGED if len(whole) > 1 else What.REPLACED
            texts = tuple(old.goals[part].text for part in whole)
            yield Change(what, Thing.GOAL, new.phase_of[key].title, whole, texts, (goal.text,))
        elif not parts and key not in before:
            yield Change(What.NEW, Thing.GOAL, new.phase_of[key].title, (key,), after=(goal.text,))


def _goal_edits(before: Goal, after: Goal, old: Roadmap, new: Roadmap) -> Iterator[Change]:
    was, now = old.phase_of[before.key], new.phase_of[after.key]
    if before.text != after.text:
        yield Change(
            What.REWORDED,
            Thing.GOAL,
            now.title,
            (after.key,),
            (before.text,),
            (after.text,),
        )
    if was.slug != now.slug:
        yield Change(What.MOVED, Thing.GOAL, now.title, (after.key,), (was.title,), (now.title,))
    if _taught(before) != _taught(after):
        yield Change(
            What.RELINKED,
            Thing.GOAL,
            now.title,
            (after.key,),
            _taught(before),
            _taught(after),
        )


def _taught(goal: Goal) -> tuple[str, ...]:
    return tuple(sorted(link.name for link in (*goal.skills, *goal.tools)))


def _milestone_changes(old: Roadmap, new: Roadmap) -> Iterator[Change]:
    before, after = _milestones(old), _milestones(new)
    for key, (phase, milestone) in after.items():
        if key not in before:
            yield Change(What.NEW, Thing.MILESTONE, phase.title, (key,), after=(milestone.text,))
        elif _milestone_lines(before[key][1]) != _milestone_lines(milestone):
            lines = _milestone_lines(before[key][1]), _milestone_lines(milestone)
            yield Change(What.REWORDED, Thing.MILESTONE, phase.title, (key,), *lines)
    for key, (phase, milestone) in before.items():
        if key not in after:
            yield Change(
                What.RETIRED,
                Thing.MILESTONE,
                phase.title,
                (key,),
                before=(milestone.text,),
            )


def _milestones(roadmap: Roadmap) -> dict[str, tuple[Phase, Milestone]]:
    return {phase.milestone.key: (phase, phase.milestone) for phase in roadmap.phases}


def _milestone_lines(milestone: Milestone) -> tuple[str, ...]:
    return tuple(line for line in (milestone.text, milestone.brief) if line)


def _criterion_changes(old: Roadmap, new: Roadmap) -> Iterator[Change]:
    before, after = _criteria(old), _criteria(new)
    for key, (phase, criterion) in after.items():
        if key not in before:
            yield Change(What.NEW, Thing.CRITERION, phase.title, (key,), after=(criterion.text,))
            continue
        was = before[key][1]
        if was.text != criterion.text:
            yield Change(
                What.REWORDED,
                Thing.CRITERION,
                phase.title,
                (key,),
                (was.text,),
                (criterion.text,),
            )
        if was.required != criterion.required:
            what = What.TIGHTENED if criterion.required else What.LOOSENED
            yield Change(what, Thing.CRITERION, phase.title, (key,), after=(criterion.text,))
    for key, (phase, criterion) in before.items():
        if key not in after:
            yield Change(
                What.RETIRED,
                Thing.CRITERION,
                phase.title,
                (key,),
                before=(criterion.text,),
            )


def _criteria(roadmap: Roadmap) -> dict[str, tuple[Phase, Criterion]]:
    return {criterion.key: (phase, criterion) for phase in roadmap.phases for criterion in phase.milestone.criteria}


def _resource_changes(old: Roadmap, new: Roadmap) -> Iterator[Change]:
    before, after = _resources(old), _resources(new)
    for (slug, phase_slug), (phase, link) in after.items():
        was = before.get((slug, phase_slug))
        if was is None:
            yield Change(What.NEW, Thing.RESOURCE, phase.title, (slug,), after=(link.title,))
        elif was[1] != link:
            lines = (_resource_line(was[1]),), (_resource_line(link),)
            yield Change(What.REWORDED, Thing.RESOURCE, phase.title, (slug,), *lines)
    for place, (phase, link) in before.items():
        if place not in after:
            yield Change(
                What.RETIRED,
                Thing.RESOURCE,
                phase.title,
                (link.slug,),
                before=(link.title,),
            )


def _resources(roadmap: Roadmap) -> dict[tuple[str, str], tuple[Phase, ResourceLink]]:
    return {(link.slug, phase.slug): (phase, link) for phase in roadmap.phases for link in phase.resources}


def _resource_line(link: ResourceLink) -> str:
    facts = (link.title, link.provider, link.cost, link.access, link.note)
    return ", ".join(fact for fact in facts if fact)
