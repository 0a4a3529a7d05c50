"""What learners follow: publications of roadmaps, enrolments in them, progress on their goals."""

from roadmaps.models.enrolment import Enrolment, GoalState, State
from roadmaps.models.handed import Handed, Stage
from roadmaps.models.publication import Publication, PublicationKind
from roadmaps.models.schedule import Plan, PlanState

__all__ = [
    "Enrolment",
    "GoalState",
    "Handed",
    "Plan",
    "PlanState",
    "Publication",
    "PublicationKind",
    "Stage",
    "State",
]
