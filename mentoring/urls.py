from django.urls import path

from mentoring.views import away, cohorts, comments, desk, evidence, memberships, queue, replies

app_name = "mentoring"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("next/", queue.claim_next, name="claim_next"),
    path("submissions/<int:number>/", desk.submission_detail, name="submission_detail"),
    path("submissions/<int:number>/claim/", desk.submission_claim, name="submission_claim"),
    path("submissions/<int:number>/release/", desk.submission_release, name="submission_release"),
    path("submissions/<int:number>/extend/", desk.submission_extend, name="submission_extend"),
    path("submissions/<int:number>/draft/", desk.submission_draft, name="submission_draft"),
    path("submissions/<int:number>/return/", desk.submission_return, name="submission_return"),
    path("submissions/<int:number>/approve/", desk.submission_approve, name="submission_approve"),
    path("submissions/<int:number>/comment/", comments.submission_comment, name="submission_comment"),
    path("evidence/<int:number>/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<int:number>/picture/", evidence.evidence_picture, name="evidence_picture"),
    path("evidence/<int:number>/sound/", evidence.evidence_sound, name="evidence_sound"),
    path("evidence/<int:number>/read/", evidence.evidence_detail, name="evidence_detail"),
    path("evidence/<int:number>/changes/<int:before>/", evidence.evidence_changes, name="evidence_changes"),
    path("replies/", replies.reply_list, name="reply_list"),
    path("replies/<int:number>/", replies.reply_change, name="reply_change"),
    path("replies/<int:number>/delete/", replies.reply_delete, name="reply_delete"),
    path("away/", away.away, name="away"),
    path("away/back/", away.back, name="back"),
    path("cohorts/", cohorts.cohort_list, name="cohort_list"),
    path("cohorts/<slug:slug>/invites/", cohorts.invite_list, name="invite_list"),
    path("cohorts/<slug:slug>/leave/", memberships.cohort_leave, name="cohort_leave"),
    path("cohorts/<slug:slug>/learners/<int:number>/handover/", cohorts.handover, name="handover"),
    path("invites/<int:number>/revoke/", cohorts.invite_revoke, name="invite_revoke"),
    path("invites/<int:number>/restore/", cohorts.invite_restore, name="invite_restore"),
]
