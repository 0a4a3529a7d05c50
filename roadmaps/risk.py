"""Who may need a call: four rules with names, each a function that says in one sentence why it applies. Pure.

No score and no rank. A rule either applies or it does not, its numbers are constants that the pages show, and the
sentence that it gives names what was counted. What a rule leaves out is said beside it (`Rule.spares`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.timezone import localtime

from roadmaps.pace import Pace

# Long enough for a week of rest.
QUIET_DAYS = 14
RETURNS = 2
BEHIND_PERCENT = 20
# Goals are few and weeks of work each: a day after one is due, nobody is behind.
BEHIND_WEEKS = 1
# For so long after joining or enrolling, somebody finds their feet.
NEW_DAYS = 14


@dataclass(frozen=True, slots=True)
class Return:
    """A milestone that came back and is not approved."""

    title: str
    times: int


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules judge by: one learner on one roadmap."""

    now: datetime
    since: datetime  # when they came to it: joined the cohort, or enrolled
    last_sign: datetime | None = None  # the last goal, evidence, submission or comment of theirs
    answered_at: datetime | None = None  # when a mentor last decided on something of theirs
    is_waiting: bool = False  # for a mentor, who has the turn
    is_on_roadmap: bool = True
    is_finished: bool = False  # every goal that counts is done
    pace: Pace | None = None
    returns: tuple[Return, ...] = ()
    blocker: str = ""  # in the learner's words
    blocked_since: datetime | None = None

    @property
    def is_new(self) -> bool:
        return (self.now - self.since).days < NEW_DAYS

    @property
    def quiet_since(self) -> datetime:
        """The last moment at which something happened, on either side."""
        return max(each for each in (self.since, self.last_sign, self.answered_at) if each is not None)

    @property
    def quiet_days(self) -> int:
        return max((self.now - self.quiet_since).days, 0)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that applies to somebody, and why."""

    rule: Rule
    short: str  # for a badge: “21 days quiet”
    sentence: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason for a call. `said`: the rule with its numbers; `spares`: to whom it does not apply."""

    slug: str
    name: str
    said: str
    spares: str
    applies: Callable[[Situation], tuple[str, str] | None]

    def judge(self, situation: Situation) -> Finding | None:
        found = self.applies(situation)
        return None if found is None else Finding(self, *found)


def is_blocked(situation: Situation) -> tuple[str, str] | None:
    """A blocker is stated and stands."""
    if not situation.blocker:
        return None
    since = f" on {_day(situation.blocked_since)}" if situation.blocked_since else ""
    return "Blocker stated", f"Said{since} what is in the way: “{situation.blocker}”"


def is_returned_twice(situation: Situation) -> tuple[str, str] | None:
    """A milestone was returned `RETURNS` times or more and is not approved."""
    worst = max(situation.returns, key=lambda each: each.times, default=None)
    if worst is None or worst.times < RETURNS:
        return None
    also = sum(each.times >= RETURNS for each in situation.returns) - 1
    others = f", and so {'was' if also == 1 else 'were'} {apnumber(also)} more" if also else ""
    return f"Returned {_times(worst.times)}", f"“{worst.title}” was returned {_times(worst.times)}{others}."


def is_quiet(situation: Situation) -> tuple[str, str] | None:
    """Nothing of the learner's happened for `QUIET_DAYS` days."""
    spared = not situation.is_on_roadmap or situation.is_finished or situation.is_new or situation.is_waiting
    days = situation.quiet_days
    if spared or days < QUIET_DAYS:
        return None
    since = _day(situation.quiet_since)
    answered = situation.answered_at is not None and situation.quiet_since == situation.answered_at
    why = f"since a mentor answered on {since}" if answered else f"since {since}"
    return f"{days} days quiet", f"No goal, evidence or comment for {days} days, {why}."


def is_behind(situation: Situation) -> tuple[str, str] | None:
    """At least `BEHIND_PERCENT` of what the plan expects by today is not done, and that is `BEHIND_WEEKS` or more."""
    pace = situation.pace
    if pace is None or not situation.is_on_roadmap or situation.is_finished or situation.is_new:
        return None
    if pace.percent_behind < BEHIND_PERCENT or -pace.gap < BEHIND_WEEKS:
        return None
    return f"{pace.percent_behind}% behind plan", f"{pace.words}. {pace.detail}"


_SPARES = f"Not in somebody’s first {NEW_DAYS} days, and not once they finished or left the roadmap"

# In the order in which they are shown: who asked for help, who tries, who went quiet, who is late.
RULES = (
    Rule("blocker", "Blocker stated", "The learner said what is in the way, and it stands.", "", is_blocked),
    Rule(
        "returned",
        "Returned twice",
        f"A milestone was returned {RETURNS} times or more and is not approved.",
        "",
        is_returned_twice,
    ),
    Rule(
        "quiet",
        f"No progress for {QUIET_DAYS} days",
        f"No goal, evidence, submission or comment of theirs for {QUIET_DAYS} days or more. An answer of a mentor "
        "starts the count anew.",
        f"{_SPARES}; nor while their work waits for a mentor.",
        is_quiet,
    ),
    Rule(
        "behind",
        f"Behind plan by {BEHIND_PERCENT}%",
        f"At least {BEHIND_PERCENT}% of the work that the plan expects by today is not done, and that is at least "
        f"{apnumber(BEHIND_WEEKS)} week.",
        f"{_SPARES}.",
        is_behind,
    ),
)


def findings_of(situation: Situation) -> tuple[Finding, ...]:
    """The rules that apply, in the order of `RULES`."""
    return tuple(found for rule in RULES if (found := rule.judge(situation)) is not None)


@dataclass(frozen=True, slots=True)
class Proportion:
    """To how many of how many a rule applies."""

    rule: Rule
    count: int
    of: int


def proportions(findings: Iterable[tuple[Finding, ...]]) -> tuple[Proportion, ...]:
    """For each rule, to how many people it applies."""
    people = [{found.rule.slug for found in each} for each in findings]
    return tuple(Proportion(rule, sum(rule.slug in each for each in people), len(people)) for rule in RULES)


def _day(at: datetime) -> str:
    at = localtime(at)
    return f"{at:%B} {at.day}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
