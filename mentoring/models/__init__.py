"""Mentors and cohorts, and the review of what learners hand in."""

from mentoring.models.decisions import Comment, Decision, Draft, Met, Ruling, SavedReply, Verdict
from mentoring.models.evidence import Evidence, EvidenceKind, Exhibit, FileKind
from mentoring.models.learners import Agreement, Blocker, Handover, Look, Looked, Note
from mentoring.models.mentors import Cohort, Invite, Membership, Mentor
from mentoring.models.submissions import Event, Outcome, Submission, What
from mentoring.models.threads import Kind, State, Thread

__all__ = [
    "Agreement",
    "Blocker",
    "Cohort",
    "Comment",
    "Decision",
    "Draft",
    "Event",
    "Evidence",
    "EvidenceKind",
    "Exhibit",
    "FileKind",
    "Handover",
    "Invite",
    "Kind",
    "Look",
    "Looked",
    "Membership",
    "Mentor",
    "Met",
    "Note",
    "Outcome",
    "Ruling",
    "SavedReply",
    "State",
    "Submission",
    "Thread",
    "Verdict",
    "What",
]
