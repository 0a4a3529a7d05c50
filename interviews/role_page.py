"""What a learner sees of one role's interview: readiness by parts, the weakest places, the way to the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accounts.models import User
from interviews.countdown import Countdown
from interviews.models import QuestionCategory
from interviews.readiness import Asked, Readiness, Topic
from interviews.standing import Standing, standing_of
from roles.blueprint import Goal
from roles.models import Role
from roles.teaching import Teaching

# So many weak questions and skills are shown, and so many goals of each skill.
_WEAKEST, _GOALS = 5, 2

# What is recalled better than this is not called weak.
_STRONG = 0.9


@dataclass(frozen=True, slots=True)
class WeakQuestion:
    asked: Asked
    recall: float
    is_due: bool
    goal: Goal | None  # of the role's roadmap, for one of its skills


@dataclass(frozen=True, slots=True)
class WeakSkill:
    topic: Topic
    readiness: Readiness
    goals: tuple[Goal, ...]


@dataclass(frozen=True)
class RolePage:
    role: Role
    standing: Standing
    today: date

    @property
    def readiness(self) -> Readiness:
        return self.standing.readiness

    @property
    def categories(self) -> list[tuple[str, Readiness]]:
        found = self.readiness.by_category()
        return [(str(each.label), found[each.value]) for each in QuestionCategory if each.value in found]

    @cached_property
    def skills(self) -> dict[Topic, Readiness]:
        return self.readiness.by_skill()

    @property
    def weak_skills(self) -> list[WeakSkill]:
        """Those with answers to go by; the weakest first."""
        weak = [(topic, each) for topic, each in self.skills.items() if each.answered and not _is_strong(each)]
        return [WeakSkill(topic, each, self._goals_for(topic)) for topic, each in weak[:_WEAKEST]]

    @property
    def weakest(self) -> list[WeakQuestion]:
        found = [(asked, recall) for asked, recall in self.readiness.weakest if not asked.is_aside]
        return [
            WeakQuestion(asked, recall, asked.is_due_on(self.today), self._goal_for(asked))
            for asked, recall in found[:_WEAKEST]
        ]

    @property
    def next_due(self) -> Asked | None:
        """The due question with the weakest recall."""
        return next((asked for asked, _ in self.readiness.weakest if asked.is_due_on(self.today)), None)

    @property
    def next_new(self) -> Asked | None:
        """The first that was never answered, the lowest level first."""
        new = [each for each in self.readiness.questions if each.memory is None and not each.is_aside]
        return min(new, key=lambda each: each.level, default=None)

    @property
    def next_day(self) -> date | None:
        """The day on which practice brings something back next."""
        awake = (each for each in self.readiness.known if not each.is_aside)
        return min((each.back_on for each in awake if each.back_on), default=None)

    @cached_property
    def countdown(self) -> Countdown | None:
        """None where no day is set."""
        if self.standing.interview_on is None:
            return None
        memories = tuple(each.memory for each in self.readiness.questions)
        return Countdown(self.today, self.standing.interview_on, memories, self.standing.new_a_day)

    @cached_property
    def _teaching(self) -> Teaching:
        return Teaching([self.role])

    def _goals_for(self, topic: Topic) -> tuple[Goal, ...]:
        lessons = self._teaching.skills.get(topic.slug, ())
        return tuple(goal for lesson in lessons for goal in lesson.goals)[:_GOALS]

    def _goal_for(self, asked: Asked) -> Goal | None:
        return next((goal for topic in asked.skills for goal in self._goals_for(topic)), None)


def role_page_of(learner: User, role: Role, *, today: date) -> RolePage | None:
    """None where the learner does not aim at the role: one query."""
    standing = standing_of(learner, role, today=today)
    return RolePage(role, standing, today) if standing else None


def _is_strong(readiness: Readiness) -> bool:
    return (readiness.recall_of_all or 0.0) >= _STRONG
