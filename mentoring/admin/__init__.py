"""Mentors, cohorts and reviews in the admin. For superusers alone: editors see nothing of learners."""

from mentoring.admin.people import CohortAdmin, MembershipAdmin, MentorAdmin
from mentoring.admin.reviews import DecisionAdmin, LookAdmin, ThreadAdmin

__all__ = ["CohortAdmin", "DecisionAdmin", "LookAdmin", "MembershipAdmin", "MentorAdmin", "ThreadAdmin"]
