"""Views of roadmaps: by what they show."""

from roadmaps.views.blockers import blocker_clear, blocker_state
from roadmaps.views.comments import milestone_comment
from roadmaps.views.drafts import draft_detail, draft_milestone
from roadmaps.views.evidence import evidence_add, evidence_change, evidence_remove, evidence_restore
from roadmaps.views.milestone import (
    milestone_detail,
    milestone_resubmit,
    milestone_second_opinion,
    milestone_submit,
    milestone_withdraw,
)
from roadmaps.views.offers import offer_decide, offer_detail
from roadmaps.views.roadmap import (
    enrolment_list,
    goal_credit,
    goal_state,
    publication_list,
    roadmap_detail,
    roadmap_enrol,
    roadmap_leave,
)

__all__ = [
    "blocker_clear",
    "blocker_state",
    "draft_detail",
    "draft_milestone",
    "enrolment_list",
    "evidence_add",
    "evidence_change",
    "evidence_remove",
    "evidence_restore",
    "goal_credit",
    "goal_state",
    "milestone_comment",
    "milestone_detail",
    "milestone_resubmit",
    "milestone_second_opinion",
    "milestone_submit",
    "milestone_withdraw",
    "offer_decide",
    "offer_detail",
    "publication_list",
    "roadmap_detail",
    "roadmap_enrol",
    "roadmap_leave",
]
