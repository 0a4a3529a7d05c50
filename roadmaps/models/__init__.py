"""What learners follow: publications of roadmaps, enrolments in them, progress on their goals."""

from roadmaps.models.enrolment import Enrolment, GoalState
from roadmaps.models.publication import Publication

__all__ = ["Enrolment", "GoalState", "Publication"]
