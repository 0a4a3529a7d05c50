"""Retiring, replacing, splitting and merging the goals of a draft. Learners see none of it before it is published.

Each act is one transaction behind the lock that publishing takes too, so a publication has all of it or nothing. What
becomes of learners' states then is stated in `roadmaps.lineage`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, Max, Q

from accounts.careful import ask_deferred_constraints
from accounts.models import User
from roadmaps.models import Enrolment, GoalState, State
from roles.history.acting import acting
from roles.models import Goal, Phase, Role, Skill, Tool

MOST_PARTS = 6


class NotReshapableError(Exception):
    """The goals cannot be retired or replaced; `reason` is one sentence for the editor."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Wanted:
    """A goal that takes the place of others, as the editor wants it."""

    text: str
    skills: Sequence[Skill] = ()
    tools: Sequence[Tool] = ()


@transaction.atomic
def retire(*, goal: Goal, by: User) -> Goal:
    """Take a goal off the draft without anything in its place. Doing it again changes nothing."""
    (row,) = _locked([goal])
    if not row.retired:
        with acting(by=by, doing="Retired a goal"):
            _off(row)
    return row


@transaction.atomic
def put_in_place(*, of: Sequence[Goal], wanted: Sequence[Wanted], phase: Phase, by: User) -> list[Goal]:
    """Retire goals and let new ones take their place, all of them for each: so one is replaced or split, several are
    merged. The first new one stands where the first old one of the phase stood.

    Doing the same again changes nothing. Raises NotReshapableError.
    """
    old = _locked(of)
    if repeated := _done_already(old, wanted):
        return repeated
    if reason := obstacle_to(old, several=len(wanted) > 1):
        raise NotReshapableError(reason)
    if phase.pk not in {goal.phase_id for goal in old}:
        raise NotReshapableError("The new goal stands in a phase of one of those that it takes the place of.")
    with acting(by=by, doing=_doing(len(old), len(wanted))):
        place = _make_room(old, phase, len(wanted))
        for goal in old:
            _off(goal)
        new = [_added(each, phase, place + number, old) for number, each in enumerate(wanted)]
        ask_deferred_constraints()
    return new


def obstacle_to(goals: Sequence[Goal], *, several: bool = False) -> str:
    """Why others cannot take the place of these goals; empty where they can. `several`: of one, more than one do."""
    if len({goal.phase.role_id for goal in goals}) > 1:
        return "Goals of one roadmap can be merged. Credit stays on the roadmap on which it was earned."
    if several and len(goals) > 1:
        return "Several goals are merged into one, or one is split into several, one after the other."
    heirs = Goal.objects.filter(replaces__in=goals).select_related(None).prefetch_related("replaces").order_by("pk")
    for heir in heirs[:1]:
        old = next(goal for goal in heir.replaces.all() if goal in goals)
        return f"“{heir}” has taken the place of “{old}” already. Change that one instead."
    return ""


def _doing(old: int, new: int) -> str:
    if old > 1:
        return f"Merged {old} goals into one"
    return f"Split a goal into {new}" if new > 1 else "Replaced a goal"


def _locked(goals: Sequence[Goal]) -> list[Goal]:
    """The goals as they are now, in the order of the roadmap. Publishing waits, and so does whoever else reshapes."""
    keys = [goal.pk for goal in goals]
    roles = Role.objects.filter(phases__goals__in=keys).order_by("pk").values_list("pk", flat=True).distinct()
    list(Role.objects.filter(pk__in=list(roles)).order_by("pk").defer("blueprint").select_for_update(no_key=True))
    list(Goal.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True))
    rows = Goal.objects.filter(pk__in=keys).select_related("phase").order_by("phase__order", "order")
    return list(rows)


def _done_already(old: Sequence[Goal], wanted: Sequence[Wanted]) -> list[Goal]:
    """What a double click has made, if it is exactly what is wanted."""
    keys = {goal.pk for goal in old}
    heirs = Goal.objects.filter(replaces__in=keys).distinct().order_by("order").prefetch_related("replaces")
    found = [heir for heir in heirs if {goal.pk for goal in heir.replaces.all()} == keys]
    return found if [heir.text for heir in found] == [each.text for each in wanted] else []


def _off(goal: Goal) -> None:
    goal.retired = True
    goal.save(update_fields=["retired", "order"])


def _make_room(old: Sequence[Goal], phase: Phase, count: int) -> int:
    """Places in a row for new goals, the first of them that of the first old one, which goes to the end of the phase.
    No more rows are moved than have to be: each is a line in the history."""
    first = next(goal for goal in old if goal.phase_id == phase.pk)
    place = first.order
    goals = Goal.objects.filter(phase=phase)
    if count > 1:
        goals.filter(order__gt=place).update(order=F("order") + count - 1)
    last = goals.exclude(pk=first.pk).aggregate(last=Max("order"))["last"] or 0
    first.order = max(last, place + count - 1) + 1
    return place


def _added(wanted: Wanted, phase: Phase, order: int, old: Sequence[Goal]) -> Goal:
    goal = Goal.objects.create(phase=phase, order=order, text=wanted.text)
    goal.skills.set(wanted.skills)
    goal.tools.set(wanted.tools)
    goal.replaces.set(old)
    return goal


# ---------------------------------------------------------------- whom it reaches
@dataclass(frozen=True, slots=True)
class Standing:
    """Where the learners of a roadmap stand with one goal, or with several taken as one."""

    done: int = 0
    doing: int = 0
    skipped: int = 0

    @property
    def begun(self) -> int:
        return self.done + self.doing


@dataclass(frozen=True, slots=True)
class Reach:
    learners: int  # on the roadmap now
    goals: tuple[tuple[Goal, Standing], ...]
    together: Standing  # what the goals that take their place begin with


def reach_of(goals: Sequence[Goal]) -> Reach:
    """Whom an act on the goals reaches: those who are on the roadmap now."""
    if not goals:
        return Reach(0, (), Standing())
    role = goals[0].phase.role_id
    here = Enrolment.objects.current().filter(role=role)
    states = GoalState.objects.filter(enrolment__in=here, goal__in=[goal.key for goal in goals])
    counts = {
        (str(row["goal_id"]), row["state"]): row["learners"]
        for row in states.values("goal_id", "state").annotate(learners=Count("pk"))
    }
    each = tuple(
        (goal, Standing(*(counts.get((str(goal.key), state), 0) for state in (State.DONE, State.DOING, State.SKIPPED))))
        for goal in goals
    )
    # As `lineage.merged` has it, for all learners at once.
    by_learner = states.values("enrolment").annotate(
        **{state: Count("pk", filter=Q(state=state)) for state in (State.DONE, State.DOING, State.SKIPPED)}
    )
    whole, some = len(goals), Q(done__gt=0) | Q(doing__gt=0)
    together = by_learner.aggregate(
        all_done=Count("enrolment", filter=Q(done=whole)),
        all_skipped=Count("enrolment", filter=Q(skipped=whole)),
        some_done=Count("enrolment", filter=some & ~Q(done=whole)),
    )
    return Reach(here.count(), each, Standing(together["all_done"], together["some_done"], together["all_skipped"]))
